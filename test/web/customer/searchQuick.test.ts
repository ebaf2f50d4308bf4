import { beforeAll, expect, test } from 'vitest';
import { putCustomer } from '../../../db/customer/customers.js';
import { openShopInBrowser } from '../../support/browser.js';

const { shop, browser } = await openShopInBrowser({ worker: 'none' });
beforeAll(async () => {
  await putCustomer(shop.sql, 'C-1', 'Ada Lovelace');
  await putCustomer(shop.sql, 'C-2', 'Ada Miller');
});

test('customers are found while they are typed, nobody is opened before it is asked for, and keys lead there', async () => {
  const page = await browser.open({ as: 'cashier', width: 390 });
  await page.goto('/customers');
  await page.locator('#q:focus').waitFor();
  await page.keyboard.type('ada');
  await page.getByRole('link', { name: 'Ada Miller' }).waitFor();
  await page.keyboard.type(' love');
  await page.getByRole('link', { name: 'Ada Miller' }).waitFor({ state: 'detached' });
  expect(await page.getByRole('link', { name: 'Ada Lovelace' }).count()).toBe(1);
  expect([new URL(page.url()).pathname, await page.locator('#q:focus').inputValue()]).toEqual([
    '/customers',
    'ada love',
  ]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/customers/C-1');
  await page.goto('/customers');
  await page.locator('#q:focus').waitFor();
  await page.keyboard.type('ada mil');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/customers/C-2');
  await page.goto('/customers');
  await page.locator('#q').fill('nobody of this name');
  await page.locator('.empty', { hasText: 'nobody of this name' }).waitFor();
  await page.context().clearCookies();
  await page.locator('#q').fill('ada');
  await page.waitForURL(/sign-in\?to=%2Fcustomers%3Fq%3Dada/);
  expect(browser.complaints).toEqual([]);
});
