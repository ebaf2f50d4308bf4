import { beforeAll, expect, test } from 'vitest';
import { putCustomer } from '../../../db/customer/customers.js';
import { apply, expire, hold, refund } from '../../domain/payment/build.js';
import { lookWithAxe, openShopInBrowser } from '../../support/browser.js';
import { book, daysAgo, instantAgo } from './books.js';

const { shop, browser } = await openShopInBrowser({ worker: 'none' });
beforeAll(async () => {
  const sale = { saleShopId: shop.shopId, saleId: 'S-1' };
  await putCustomer(shop.sql, 'C-1', 'Jan Müller');
  await putCustomer(shop.sql, 'C-2', 'Jan Mueller');
  const of = { customerId: 'C-1' };
  await book(shop, { ...of, reference: 'ACC-20261001-A0000000', issuedAt: instantAgo(90) }, [
    [daysAgo(60), apply('a', 4_000, sale)],
    [daysAgo(40), refund('r', 1_000, { ...sale, reason: '🦄'.repeat(500) })],
    [daysAgo(0), hold('h', 500, sale)],
  ]);
  await book(shop, { ...of, reference: 'ACC-20261001-B0000000', issuedAt: instantAgo(50) }, [
    [daysAgo(2), expire('e')],
  ]);
  await book(shop, { ...of, reference: 'ACC-20261001-Y0000000', issuedAt: instantAgo(50), currency: 'JPY' });
});

/** By how much the page itself scrolls sideways. */
const OVER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

test.each([
  { colours: 'light', width: 1440, locale: 'en-GB', paths: ['/customers?q=jan', '/customers/C-1'] },
  {
    colours: 'dark',
    width: 390,
    locale: 'de-DE',
    paths: ['/customers/C-1', '/customers/C-1/statement?from=2026-01-01'],
  },
] as const)('in $colours at $width the pages are usable by everybody', async ({ paths, ...opening }) => {
  const page = await browser.open({ as: 'cashier', ...opening });
  for (const path of paths) {
    await page.goto(path);
    for (const details of await page.locator('details').all()) await details.locator('summary').click();
    for (const picture of await page.locator('picture img').all()) {
      await picture.scrollIntoViewIfNeeded();
      await picture.evaluate((image: { decode: () => Promise<void> }) => image.decode());
    }
    expect(await lookWithAxe(page)).toEqual([]);
    expect(await page.evaluate<number>(OVER)).toBe(0);
  }
  expect(browser.complaints).toEqual([]);
});
