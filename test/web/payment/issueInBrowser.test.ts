import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { insertCustomer } from '../../../db/customer/contacts.js';
import { putProduct } from '../../../db/product/products.js';
import { lookWithAxe, openShopInBrowser } from '../../support/browser.js';

const { shop, browser } = await openShopInBrowser();
beforeAll(async () => {
  const contacts = { phone: '+49 30 1234567', email: 'anna@example.com' };
  await insertCustomer(shop.sql, { customerId: 'C-1', name: 'Anna Schmidt', ...contacts });
  await putProduct(shop.sql, 'BIKE-7', 'Touring bike, blue');
});

/** Nothing to complain of, and nothing that hangs over the edge. */
async function expectFit(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
}

test('a cashier without scripts finds, chooses, issues and prints; a manager signs', async () => {
  const page = await browser.open({ as: 'cashier', width: 390, scripts: 'off', locale: 'de-DE' });
  await page.goto('/account-payments/new');
  await page.getByLabel('Kunden suchen', { exact: true }).fill('030 1234567');
  await page.getByLabel('Kunden suchen', { exact: true }).press('Enter');
  await page.getByText('Niemand gefunden').waitFor();
  await page.getByLabel('Kunden suchen', { exact: true }).fill('anna');
  await page.getByRole('button', { name: 'Suchen: Kunden suchen' }).click();
  await page.getByRole('radio', { name: /Anna Schmidt/ }).check();
  await page.getByRole('radio', { name: /nur ein Artikel/ }).check();
  await page.getByLabel('Artikel suchen', { exact: true }).fill('tour');
  await page.getByRole('button', { name: 'Suchen: Artikel suchen' }).click();
  await page.getByRole('radio', { name: /Touring/ }).check();
  await page.getByRole('radio', { name: /Anzahlung/ }).check();
  await page.getByRole('radio', { name: 'bar bezahlt' }).check();
  await page.getByLabel('Betrag', { exact: true }).fill('1.234,50');
  await page.getByRole('button', { name: 'Ausstellen' }).click();
  await page.getByText('Noch nicht erledigt').waitFor();
  await expectFit(page);
  const { username, password } = await shop.staffMember('manager');
  await page.getByLabel('Benutzername der Leitung').fill(username);
  await page.getByLabel('Passwort der Leitung').fill(password);
  await page.getByRole('button', { name: 'Ausstellen' }).click();
  await page.getByText('1.234,50').first().waitFor();
  await expectFit(page);
  expect(page.url()).toMatch(/\/slip\?first/);

  for (const [paper, widthPt] of [
    ['58 mm', 164],
    ['80 mm', 227],
    ['A4', 595],
  ] as const) {
    await page.getByRole('link', { name: paper, exact: true }).click();
    await page.locator('.papers [aria-current]', { hasText: paper }).waitFor();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    expect(Math.round(Number(/\/MediaBox\s*\[0 0 ([\d.]+)/.exec(pdf)?.[1]))).toBe(widthPt);
  }
  // That a form was refused, Chromium tells as a resource that failed.
  expect(browser.complaints.filter((each) => !each.includes('status of 422'))).toEqual([]);
});

test.each([
  ['light', 390],
  ['dark', 1440],
] as const)('the form and the slip read well in %s', async (colours, width) => {
  const { reference } = await shop.issue();
  const page = await browser.open({ as: 'cashier', colours, width });
  await page.goto('/account-payments/new?customerId=C-1');
  expect(await lookWithAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Issue', exact: true }).click();
  await page.getByText('Not done yet').waitFor();
  await page.evaluate('document.querySelectorAll("details").forEach((each) => (each.open = true))');
  expect(await lookWithAxe(page)).toEqual([]);
  await page.goto(`/account-payments/${reference}/slip`);
  expect(await lookWithAxe(page)).toEqual([]);
  await expectFit(page);
});
