import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { freePort } from '../../../scripts/servers/ports.js';
import { startPostgres } from '../../../scripts/servers/postgres.js';
import { openShopInBrowser } from '../../support/browser.js';

const folder = join(inject('folder'), `quick-${randomUUID()}`);
const postgres = await startPostgres({ folder, port: await freePort() });
afterAll(() => postgres.stop());
const { shop, browser } = await openShopInBrowser({ postgresUrl: postgres.url, patience: 'ample_without_books' });

test('while Postgres is away a till keeps what was typed, says so, and completes with it', async () => {
  const customerId = `C-${randomUUID().slice(0, 8)}`;
  const [first, second] = [
    await shop.issue({ customerId, amountMinor: 10_000 }),
    await shop.issue({ customerId, amountMinor: 5_000 }),
  ];
  const page = await browser.open({ as: 'cashier' });
  await page.goto(`/till?customerId=${customerId}&line=12000+BIKE-7`);
  const [one, other] = [page.locator(`#use-${first.reference}`), page.locator(`#use-${second.reference}`)];
  expect([await one.inputValue(), await other.inputValue()]).toEqual(['100.00', '20.00']);
  await postgres.stop();

  await one.fill('40');
  await page.locator('.unanswered', { hasText: 'The books cannot be reached.' }).waitFor();
  await page.locator('#product').fill('LO');
  expect([await one.inputValue(), await other.inputValue()]).toEqual(['40', '20.00']);
  await page.locator('#product').fill('');
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  await page.waitForURL(/slips/);
  const { body } = await shop.get<AccountPaymentView>(`/account-payments/${first.reference}`);
  expect(body).toMatchObject({ balanceMinor: 6_000 });
  expect(browser.complaints.filter((each) => !each.includes('status of 503'))).toEqual([]);
});
