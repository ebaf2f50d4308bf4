import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { insertCustomer } from '../../../db/customer/contacts.js';
import { putProduct } from '../../../db/product/products.js';
import { ActorsUnavailable } from '../../../service/temporal.js';
import { createPages } from '../../../web/createPages.js';
import { lookWithAxe, openShopInBrowser } from '../../support/browser.js';

/** What becomes of new payments meanwhile. */
let outage: Error | undefined;
const { shop, browser } = await openShopInBrowser(
  {},
  {
    pagesAt: ({ actors, parts, desk }) => {
      const start: typeof actors.start = (...asked) => (outage ? Promise.reject(outage) : actors.start(...asked));
      const here = { publicUrl: undefined, temporalUiUrl: undefined };
      return createPages({ ...parts, actors: { ...actors, start }, desk, ...here });
    },
  },
);
beforeAll(async () => {
  const contacts = { phone: '+49 30 1234567', email: 'anna@example.com' };
  await insertCustomer(shop.sql, { customerId: 'C-1', name: 'Anna Schmidt', ...contacts });
  await insertCustomer(shop.sql, { customerId: 'C-2', name: 'Anna Schulz', phone: null, email: null });
  await putProduct(shop.sql, 'BIKE-7', 'Touring bike, blue');
});
afterEach(() => {
  outage = undefined;
  // That a form was refused, or found nobody there, Chromium tells as a resource that failed.
  expect(browser.complaints.filter((each) => !/status of (401|403|422|503)/.test(each))).toEqual([]);
});

async function fillIn(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /^prepayment/ }).check();
  await page.getByRole('radio', { name: 'paid in cash' }).check();
  await page.getByLabel('Amount', { exact: true }).fill('25');
}

test('customer and product are found while they are typed, and what is found is chosen by the keyboard', async () => {
  const page = await browser.open({ as: 'manager', width: 390 });
  const asked: string[] = [];
  page.on('request', (request) => void (request.method() === 'POST' && asked.push(request.postData() ?? '')));
  await page.goto('/account-payments/new');
  await page.locator('#customerSearch').focus();
  await page.keyboard.type('anna sch');
  await page.getByRole('radio', { name: /Anna Schulz/ }).waitFor();
  expect(await page.locator('#customerSearch').inputValue()).toBe('anna sch');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  const chosen = () => page.locator('[name=customerId]:checked').inputValue();
  const customerId = await chosen();
  expect(['C-1', 'C-2']).toContain(customerId);
  await page.getByRole('radio', { name: /one product only/ }).check();
  await page.locator('#productSearch').focus();
  await page.keyboard.type('tour');
  await page.getByRole('radio', { name: /Touring/ }).check();
  expect(await chosen()).toBe(customerId);
  expect(await lookWithAxe(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  await page.getByRole('radio', { name: /^deposit/ }).check();
  await page.getByRole('radio', { name: 'paid in cash' }).check();
  await page.getByLabel('Amount', { exact: true }).fill('25');
  await page.getByRole('button', { name: 'Issue', exact: true }).click();
  await page.waitForURL(/slip\?first/);
  expect(asked.length).toBeGreaterThan(1);
});

test('a password goes with no search', async () => {
  const page = await browser.open({ as: 'cashier' });
  await page.goto('/account-payments/new');
  await page.locator('details.signs summary').click();
  await page.locator('#signature').fill('a password of a manager');
  const asked = page.waitForRequest((request) => request.method() === 'POST');
  await page.locator('#customerSearch').fill('anna');
  const typed = new URLSearchParams((await asked).postData() ?? '');
  expect([typed.get('customerSearch'), typed.has('signature')]).toEqual(['anna', false]);
});

test('without an answer the form stays as it was typed and says why, and sent again it issues once', async () => {
  const page = await browser.open({ as: 'manager' });
  await page.goto('/account-payments/new?customerId=C-1');
  await fillIn(page);
  await page.locator('#notes').fill('for the spring');
  outage = new ActorsUnavailable('away');
  const send = page.getByRole('button', { name: 'Issue', exact: true });
  await send.click();
  await page.locator('.unanswered', { hasText: 'The account payments cannot be reached.' }).waitFor();
  expect(await page.locator('#notes').inputValue()).toBe('for the spring');
  outage = undefined;
  await send.click();
  await page.waitForURL(/slip\?first/);
  const rows = await shop.sql`select from account_payments where notes = 'for the spring'`;
  expect(rows).toHaveLength(1);
});

test('what is wrong shows as it does with scripts off', async () => {
  const seen = [];
  for (const scripts of ['on', 'off'] as const) {
    const page = await browser.open({ as: 'cashier', scripts });
    await page.goto('/account-payments/new?customerId=C-1');
    await page.getByLabel('Amount', { exact: true }).fill('many');
    await page.getByRole('button', { name: 'Issue', exact: true }).click();
    await page.locator('.summary:focus').waitFor();
    expect(await page.getByLabel('Amount', { exact: true }).inputValue()).toBe('many');
    seen.push(await page.locator('form.issue').innerText());
  }
  expect(seen[0]).toBe(seen[1]);
});

test('who was signed out signs in and goes on with all that was typed', async () => {
  const page = await browser.open({ as: 'manager' });
  await page.goto('/account-payments/new?customerId=C-1');
  await fillIn(page);
  await page.locator('#notes').fill('Anna calls in spring');
  await page.context().clearCookies();
  await page.locator('#customerSearch').fill('anna');
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  expect(page.url()).not.toContain('Anna');
  const { username, password } = await shop.staffMember('manager');
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('form.issue').waitFor();
  expect(await page.locator('#notes').inputValue()).toBe('Anna calls in spring');
  expect(await page.getByLabel('Amount', { exact: true }).inputValue()).toBe('25');
  expect(await page.locator('[name=customerId]:checked').inputValue()).toBe('C-1');
  expect(await page.locator('[name=purpose]:checked').inputValue()).toBe('prepayment');
});

test.each(['on', 'off'] as const)('a field shows when the choice above needs it, with scripts %s', async (scripts) => {
  const page = await browser.open({ as: 'manager', scripts });
  await page.goto('/account-payments/new?customerId=C-1');
  const shown = () => Promise.all(['#productSearch', '#receiptId'].map((field) => page.locator(field).isVisible()));
  expect(await shown()).toEqual([false, false]);
  await page.getByRole('radio', { name: /one product only/ }).check();
  expect(await shown()).toEqual([true, false]);
  await page.locator('[name=money][value=return]').check();
  expect(await shown()).toEqual([true, true]);
  await page.locator('#receiptId').fill('R-1');
  await page.locator('[name=type][value=generic]').check();
  await page.locator('[name=money][value=cash]').check();
  expect(await shown()).toEqual([false, false]);
  await page.getByRole('button', { name: 'Issue', exact: true }).click();
  // What is wrong with a field that is not needed shows it again.
  await page.locator('.summary').waitFor();
  expect(await shown()).toEqual([false, true]);
});

test('a slip is printed by its button, which is there where a script can press it', async () => {
  const { reference } = await shop.issue({ customerId: 'C-1' });
  const page = await browser.open({ as: 'cashier' });
  await page.goto(`/account-payments/${reference}/slip`);
  await page.evaluate('window.print = () => { document.title = "printed"; }');
  await page.getByRole('button', { name: 'Print' }).click();
  expect(await page.title()).toBe('printed');
  const withoutScripts = await browser.open({ as: 'cashier', scripts: 'off' });
  await withoutScripts.goto(`/account-payments/${reference}/slip`);
  expect(await withoutScripts.getByText('print this page as your browser does').isVisible()).toBe(true);
  expect(await withoutScripts.locator('.prints').isVisible()).toBe(false);
});
