import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { putCustomer } from '../../../db/customer/customers.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { lookWithAxe, openShopInBrowser } from '../../support/browser.js';

const { shop, browser } = await openShopInBrowser();

test('a deposit is used on a sale by the keyboard alone, without scripts, on a phone and in the dark', async () => {
  const customerId = `C-${randomUUID().slice(0, 8)}`;
  await putCustomer(shop.sql, customerId, 'מרים אבן, Straßenbahnfahrerin <b>');
  const terms = { customerId, amountMinor: 8_000, type: 'product_specific', productId: 'BIKE-7' };
  const { reference } = await shop.issue(terms);
  const page = await browser.open({ as: 'cashier', scripts: 'off', width: 390 });
  let keys = 0;
  const press = async (key: string, times = 1) => {
    for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
    keys += times;
  };
  await page.goto('/till');
  // The field that is to be typed in has the focus by the first picture of the page, not before.
  const focused = () => page.locator('input:focus').waitFor();
  await focused();
  // As a scanner types.
  await page.keyboard.type(reference);
  await press('Enter');
  await page.waitForURL(/customerId=/);
  await focused();
  await page.keyboard.type('BIKE-7');
  await press('Tab');
  await page.keyboard.type('120');
  await press('Enter');
  await page.waitForURL(/line=/);
  expect(await page.locator('.till-left').innerText()).toBe('€40.00');
  await focused();
  while (keys < 25 && (await page.locator('button[value=complete]:focus').count()) === 0) await press('Tab');
  await press('Enter');
  await page.waitForURL(/slips/);
  expect(keys).toBeLessThan(25);
  const { body } = await shop.get<AccountPaymentView>(`/account-payments/${reference}`);
  expect(body).toMatchObject({ balanceMinor: 0, status: 'used' });
  const slip = new URL(page.url()).pathname;
  await page.context().close();

  for (const [colours, width] of [
    ['light', 390],
    ['dark', 1440],
  ] as const) {
    const other = await browser.open({ as: 'cashier', width, colours });
    const more = await shop.issue({ customerId, amountMinor: 3_000 });
    for (const path of [
      `/till?customerId=${customerId}&line=12000+BIKE-7&line=500+LOCK&chosen=${encodeURIComponent(`1000 ${more.reference}`)}`,
      slip,
    ]) {
      await other.goto(path);
      // The bar, which stays in sight, then lies over nothing.
      await other.setViewportSize({ width, height: 2_600 });
      expect(await lookWithAxe(other)).toEqual([]);
      const wide = await other.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(wide).toBeLessThanOrEqual(0);
      if (process.env['SHOTS']) {
        const name = `${process.env['SHOTS']}/till-${colours}-${width}-${path === slip ? 'slip' : 'till'}.png`;
        await other.screenshot({ path: name, fullPage: true });
      }
    }
    await other.context().close();
  }
  expect(browser.complaints).toEqual([]);
});
