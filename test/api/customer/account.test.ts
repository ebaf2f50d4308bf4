import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentRow } from '../../../db/payment/accountPayments.js';
import type { CustomerTotal, CustomerUsageRow } from '../../../db/customer/accounts.js';
import { recordBatch } from '../../../db/payment/record.js';
import { handle } from '../../../domain/payment/handle.js';
import { apply, recorded, NOW } from '../../domain/payment/build.js';
import { openShop, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Account = {
  name: string | null;
  totals: CustomerTotal[];
  activePayments: AccountPaymentRow[];
  endedPayments: AccountPaymentRow[];
  usages: { items: CustomerUsageRow[]; next: string | null };
};
const account = async (id: string, query = '') => (await shop.get<Account>(`/customers/${id}/account${query}`)).body;
const spend = (reference: string, customerId: string, amountMinor: number, currency = 'EUR') =>
  shop.post(`/account-payments/${reference}/apply`, { customerId, amountMinor, currency, saleId: `S-${amountMinor}` });

test("a customer's account: totals by currency, active payments soonest expiry first, all usages newest first", async () => {
  await shop.request('PUT', '/customers/A-1', { body: { name: 'Ada' } });
  const never = await shop.issue({ customerId: 'A-1' });
  const late = await shop.issue({ customerId: 'A-1', expiresAt: '2040-01-01', amountMinor: 500 });
  const soon = await shop.issue({ customerId: 'A-1', expiresAt: '2030-01-01', amountMinor: 300 });
  const yen = await shop.issue({ customerId: 'A-1', currency: 'JPY', amountMinor: 70 });
  await shop.issue({ customerId: 'A-2' });
  await spend(never.reference, 'A-1', 1_000);
  await spend(yen.reference, 'A-1', 70, 'JPY');
  await shop.actors.command(late.reference, 'hold', {
    commandId: 'h',
    by: { caller: 'x' },
    customerId: 'A-1',
    amountMinor: 200,
    currency: 'EUR',
    saleId: 'S',
    lifetimeMs: 600_000,
  } as never);
  await spend(soon.reference, 'A-1', 100);
  const { name, totals, activePayments, usages } = await account('A-1');
  expect(name).toBe('Ada');
  expect(totals).toEqual([{ currency: 'EUR', balanceMinor: 9_700, heldMinor: 200, availableMinor: 9_500 }]);
  expect(activePayments.map(({ reference }) => reference)).toEqual([soon.reference, late.reference, never.reference]);
  expect(
    usages.items.map(({ reference, amountMinor, balanceBeforeMinor, balanceAfterMinor, currency }) => [
      reference,
      amountMinor,
      balanceBeforeMinor,
      balanceAfterMinor,
      currency,
    ]),
  ).toEqual([
    [soon.reference, 100, 300, 200, 'EUR'],
    [yen.reference, 70, 70, 0, 'JPY'],
    [never.reference, 1_000, 10_000, 9_000, 'EUR'],
  ]);
  expect(await account('A-9')).toMatchObject({
    name: null,
    totals: [],
    activePayments: [],
    usages: { items: [], next: null },
  });
});

test('what ended stands in it however it ended, the last first, whenever it was issued', async () => {
  const issue = async () => (await shop.issue({ customerId: 'E-1', amountMinor: 50 })).reference;
  const [last, first, second, active] = [await issue(), await issue(), await issue(), await issue()];
  await spend(first, 'E-1', 50);
  expect(await shop.post(`/account-payments/${second}/expire`, { reason: 'agreed' })).toMatchObject({ status: 200 });
  const forfeit = { customerId: 'E-1', disposition: 'forfeited', reason: 'agreed' };
  expect(await shop.post(`/account-payments/${last}/cancel`, forfeit)).toMatchObject({ status: 200 });
  const { activePayments, endedPayments } = await account('E-1');
  expect(endedPayments.map(({ reference, status }) => [reference, status])).toEqual([
    [last, 'cancelled'],
    [second, 'expired'],
    [first, 'used'],
  ]);
  expect(activePayments.map(({ reference }) => reference)).toEqual([active]);
});

test('what may be used: generic for any basket, product-specific for its product, nothing used up or fully held', async () => {
  const generic = await shop.issue({ customerId: 'B-1' });
  const bike = await shop.issue({
    customerId: 'B-1',
    type: 'product_specific',
    productId: 'bike',
    expiresAt: '2040-01-01',
  });
  const soon = await shop.issue({ customerId: 'B-1', expiresAt: '2030-01-01' });
  const held = await shop.issue({ customerId: 'B-1', amountMinor: 50 });
  const used = await shop.issue({ customerId: 'B-1', amountMinor: 60 });
  await shop.issue({ customerId: 'B-1', currency: 'USD' });
  await shop.issue({ customerId: 'B-2' });
  const hold = {
    commandId: 'h',
    by: { caller: 'x' },
    customerId: 'B-1',
    amountMinor: 50,
    currency: 'EUR',
    saleId: 'S',
    lifetimeMs: 600_000,
  };
  await shop.actors.command(held.reference, 'hold', hold);
  await spend(used.reference, 'B-1', 60);
  const offered = async (query: string) =>
    (await shop.get<{ items: AccountPaymentRow[] }>(`/customers/B-1/applicable-payments?${query}`)).body.items.map(
      ({ reference }) => reference,
    );
  expect(await offered('currency=EUR')).toEqual([soon.reference, generic.reference]);
  expect(await offered('currency=EUR&productId=bike')).toEqual([bike.reference, soon.reference, generic.reference]);
  expect(await offered('currency=EUR&productId=lock&productId=bike')).toEqual([
    bike.reference,
    soon.reference,
    generic.reference,
  ]);
  expect(await shop.get('/customers/B-1/applicable-payments')).toMatchObject({
    status: 400,
    body: { code: 'missing_field' },
  });
});

test('an account with 10,000 usages is read from first page to last, the last pages as fast as the first', async () => {
  for (let payment = 0; payment < 20; payment++) {
    const reference = `ACC-20261123-M${String(payment).padStart(7, '0')}`;
    const state = recorded({ reference, customerId: 'M-1', expiresAt: null, amountMinor: 1_000_000 });
    for (let i = 0; i < 500; i++) handle(state, apply(`a${i}`, 1 + i, { customerId: 'M-1' }), NOW + i);
    await recordBatch(shop.sql, { terms: state.payment.terms, records: state.outbox }, 'run');
  }
  await shop.sql`analyze`;
  await account('M-1');
  const seen = new Set<string>();
  const took: number[] = [];
  for (let query = '?limit=200'; ;) {
    const askedAt = performance.now();
    const { usages } = await account('M-1', query);
    took.push(performance.now() - askedAt);
    for (const { reference, sequence } of usages.items) seen.add(`${reference} ${sequence}`);
    if (usages.next === null) break;
    query = `?limit=200&cursor=${usages.next}`;
  }
  expect(seen.size).toBe(10_000);
  expect(took.length).toBe(50);
  const median = (times: number[]) => times.sort((a, b) => a - b)[times.length / 2] ?? 0;
  // The fastest, for a busy machine may make any page slow, and what reads all that is before a page makes all of them.
  expect(Math.min(...took.slice(-20))).toBeLessThan(5 * median(took.slice(0, 20)));
});
