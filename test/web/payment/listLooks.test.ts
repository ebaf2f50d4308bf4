import { beforeAll, expect, test } from 'vitest';
import { lookWithAxe, openShopInBrowser } from '../../support/browser.js';
import { addMany } from './manyPayments.js';

const { shop, browser } = await openShopInBrowser();
beforeAll(async () => {
  await addMany(shop, 200);
  await shop.issue({ customerId: 'C-1', notes: 'wide', validThrough: '2031-01-01' });
  await shop.request('PUT', '/customers/C-1', { body: { name: 'Donaudampfschifffahrtsgesellschaft'.repeat(5) } });
});

test('the list is for everybody, wide in the light and narrow in the dark, without scripts', async () => {
  const wide = await browser.open({ as: 'manager', width: 1440 });
  await wide.goto('/account-payments?status=active&status=used&sort=-amountMinor');
  await wide.locator('details summary').click();
  expect(await lookWithAxe(wide)).toEqual([]);
  expect(await widthOf(wide)).toBe(1440);

  const narrow = await browser.open({ as: 'cashier', width: 390, colours: 'dark', locale: 'de-DE' });
  await narrow.goto('/account-payments?only=frozen&unknown=1');
  expect(await lookWithAxe(narrow)).toEqual([]);
  await narrow.goto('/account-payments');
  expect(await widthOf(narrow)).toBe(390);
  await narrow.getByLabel('Kundennummer').waitFor({ state: 'hidden' });

  const plain = await browser.open({ as: 'cashier', width: 820, scripts: 'off' });
  await plain.goto('/account-payments');
  const reference = (await plain.locator('tbody a.reference').first().textContent())?.trim() ?? '';
  await plain.getByRole('searchbox', { name: 'Scan or search' }).fill(reference.toLowerCase());
  await plain.keyboard.press('Enter');
  await plain.waitForURL(`**/account-payments/${reference}`);
  await plain.goBack();
  await plain.locator('details summary').click();
  await plain.getByLabel('expired').check();
  await plain.getByRole('button', { name: 'Show' }).first().click();
  await plain.waitForURL('**/account-payments?status=expired');
  expect(await plain.locator('.badge.expired').count()).toBe(20);
  expect(browser.complaints.filter((each) => !each.includes('404'))).toEqual([]);
});

async function widthOf(page: Awaited<ReturnType<typeof browser.open>>): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth');
}
