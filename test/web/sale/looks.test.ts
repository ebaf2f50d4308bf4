import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { putCustomer } from '../../../db/customer/customers.js';
import { putProduct } from '../../../db/product/products.js';
import { lookWithAxe, openShopInBrowser } from '../../support/browser.js';
import { until } from '../../support/shop.js';
import { sell } from './selling.js';

const { shop, browser } = await openShopInBrowser();
beforeAll(async () => {
  await putCustomer(shop.sql, 'C-1', 'Анна-Мария د. Weißenberger-Möller');
  await putProduct(shop.sql, 'bike', 'Touring bike, blue');
});

async function expectFit(page: Page): Promise<void> {
  expect(await lookWithAxe(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
}

const issue = async (amountMinor: number) => (await shop.issue({ amountMinor })).reference;

test('a cashier finds a sale, takes some of it back without scripts, and sees what went where', async () => {
  const { saleId } = await sell(shop, 'settle', [
    [await issue(2_500), 2_500],
    [await issue(2_000), 1_500],
  ]);
  const page = await browser.open({ as: 'cashier', width: 390, scripts: 'off', locale: 'de-DE' });
  await page.goto('/sales');
  await page.getByLabel('Verkaufsnummer').fill(saleId);
  await page.getByRole('button', { name: 'Finden' }).click();
  await page.getByRole('link', { name: 'Zurücknehmen' }).click();
  await page.getByRole('radio', { name: /Ein Teil der Artikel/ }).check();
  await page.getByLabel('Touring bike, blue').fill('31');
  await page.getByRole('button', { name: 'Zeigen, was wohin geht' }).click();
  await page.getByText('Noch nicht erledigt').waitFor();
  await page.getByLabel('Touring bike, blue').fill('12,50');
  await page.getByRole('button', { name: 'Zeigen, was wohin geht' }).click();
  await page.getByRole('button', { name: '12,50 € zurückgeben' }).click();
  await page.getByText('Die Rückgabe ist erledigt.').waitFor();
  // What is refused is no page that is there; the browser says so.
  expect(browser.complaints.splice(0)).toEqual([expect.stringContaining('422')]);
});

test.each([
  [1440, 'light', 'en-GB'],
  [390, 'dark', 'de-DE'],
] as const)('at %i pixels, %s, in %s, all pages fit and read well', async (width, colours, locale) => {
  const held = await sell(shop, 'hold', [
    [await issue(2_500), 2_500],
    [await issue(2_000), 1_500],
  ]);
  const { saleId } = await sell(shop, 'settle', [
    [await issue(2_500), 2_500],
    [await issue(2_000), 1_500],
  ]);
  const some = { currency: 'EUR', lines: [{ productId: 'lock', amountMinor: 1_700 }], keptMinor: 200, reason: 'torn' };
  await shop.post(`/sales/${saleId}/return`, some);
  const frozen = await issue(700);
  await shop.post(`/account-payments/${frozen}/freeze`, { cause: 'staff', reason: 'asked by the customer' });
  const gift = { reference: frozen, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 1, currency: 'EUR' };
  await shop.post('/gifts', gift);
  const manager = await browser.open({ as: 'manager', width, colours, locale });
  await until(async () => {
    await manager.goto('/attention');
    return manager.locator('main li').nth(1).isVisible();
  });
  for (const path of ['/attention', '/sales', `/sales/${saleId}`, `/sales/${saleId}/return`]) {
    await manager.goto(path);
    await expectFit(manager);
  }
  await manager.getByRole('button', { name: /^(Show|Zeigen)/ }).click();
  await expectFit(manager);
  const cashier = await browser.open({ as: 'cashier', width, colours, locale });
  await until(async () => {
    await cashier.goto('/held');
    return cashier.getByText(held.saleId).first().isVisible();
  });
  await expectFit(cashier);
  await cashier
    .getByRole('link', { name: `${held.saleId}`, exact: false })
    .last()
    .click();
  await expectFit(cashier);
  expect(browser.complaints).toEqual([]);
});
