import { randomUUID } from 'node:crypto';
import type { SaleView } from '../../domain/sale/sale.js';
import { until, type Shop } from './shop.js';

export type Filled = Awaited<ReturnType<typeof fillShop>>;

const CUSTOMER = 'C-1';
const lines = [
  { productId: 'BIKE-7', amountMinor: 120_000 },
  { productId: 'LOCK', amountMinor: 4_995 },
];

/** Something of everything that the pages can show. */
export async function fillShop(shop: Shop) {
  const named = (path: string, name: string) => shop.request('PUT', path, { body: { name } });
  await named(`/customers/${CUSTOMER}`, 'Zoë Ångström');
  await named('/customers/C-2', 'Zoë Ångström');
  await named('/customers/C-3', 'Зоя Анатольевна Рождественская-Преображенская');
  await named('/products/BIKE-7', 'Touring bike, blue');
  await named('/products/LOCK', 'Lock');
  const issue = async (more: Record<string, unknown> = {}) =>
    (await shop.issue({ customerId: CUSTOMER, ...more })).reference;
  const told = async (path: string, body: object) => {
    const options = { idempotencyKey: randomUUID() };
    // Asked again under its key where a busy machine gave no answer in time.
    const reply = await until(async () => {
      const answer = await shop.post<{ sale: SaleView }>(path, body, options);
      return answer.status < 500 && answer;
    });
    if (reply.status >= 300) throw new Error(`${path}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const basket = { customerId: CUSTOMER, currency: 'EUR', lines };

  const active = await issue({ amountMinor: 250_000, validThrough: '2040-12-31', notes: 'Collects the bike in May.' });
  const only = await issue({ type: 'product_specific', productId: 'BIKE-7', amountMinor: 30_000 });
  const frozen = await issue({ purpose: 'store_credit', amountMinor: 1_250 });
  const ended = await issue({ purpose: 'gift', amountMinor: 2_000, customerId: 'C-3' });
  await told('/sales/S-1/settle', {
    ...basket,
    payments: [
      { reference: active, amountMinor: 60_000 },
      { reference: only, amountMinor: 10_000 },
    ],
  });
  const some = [{ productId: 'LOCK', amountMinor: 4_995 }];
  await told('/sales/S-1/return', { currency: 'EUR', lines: some, keptMinor: 500, reason: 'the key is missing' });
  const at = `/account-payments/${active}`;
  await shop.post(`${at}/apply`, { customerId: CUSTOMER, currency: 'EUR', amountMinor: 9_999_999, saleId: 'S-2' });
  const held = await told('/sales/S-3/hold', { ...basket, payments: [{ reference: active, amountMinor: 40_000 }] });
  await told('/gifts', {
    reference: active,
    customerId: CUSTOMER,
    toCustomerId: 'C-2',
    amountMinor: 1_000,
    currency: 'EUR',
  });
  await told(`/account-payments/${frozen}/freeze`, { cause: 'staff', reason: 'asked by the customer' });
  await told(`/account-payments/${ended}/expire`, { reason: 'asked by the customer' });
  // The pages tell what the books have.
  await until(async () => {
    const rows = await shop.sql`select from account_payments where status = 'expired' or frozen_causes <> '{}'`;
    return rows.length === 2;
  });
  return { customerId: CUSTOMER, saleId: 'S-1', heldSaleId: 'S-3', holdId: held.sale.holdId, active, frozen, ended };
}
