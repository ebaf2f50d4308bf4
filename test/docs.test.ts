import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putCustomer } from '../db/customer/customers.js';
import { openShop, until, type Shop } from './support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

const production = readFileSync(new URL('../docs/production.md', import.meta.url), 'utf8');

test('what is told to be done after a backup erases names, notes and messages again, and nothing of anybody else', async () => {
  const [erased, kept, friend] = ['C-1042', 'C-2000', 'C-3000'];
  for (const customerId of [erased, kept, friend]) {
    await putCustomer(shop.sql, customerId, `Name of ${customerId}`);
    const { reference } = await shop.issue({ customerId, notes: `Notes of ${customerId}` });
    if (customerId === friend) continue;
    const gift = { reference, customerId, toCustomerId: friend, amountMinor: 100, currency: 'EUR' };
    const asked = [{ ...gift, message: `Message of ${customerId}` }, { idempotencyKey: randomUUID() }] as const;
    // Asked again under its key where a busy machine gave no answer in time.
    await until(async () => (await shop.post('/gifts', ...asked)).status < 300);
  }
  const told = async () => {
    const rows = await shop.sql<{ customerId: string; said: string }[]>`
      select customer_id, name as said from customers union all
      select customer_id, notes from account_payments where notes is not null union all
      select issue ->> 'customerId', notes from issue_reservations where notes is not null union all
      select customer_id, message from gifts where message is not null`;
    return [...new Set(rows.map(({ customerId, said }) => `${customerId}: ${said.replace(/ of .*/, '')}`))].sort();
  };
  const ofKept = [`${kept}: Message`, `${kept}: Name`, `${kept}: Notes`];
  const ofFriend = [`${friend}: Name`, `${friend}: Notes`];
  await until(async () => (await told()).length === 8);

  const blocks = [...production.matchAll(/```sql\n([^`]*)```/g)].map(([, block = '']) => block);
  const statements = blocks.find((block) => block.includes(erased)) ?? '';
  expect(statements).toContain('update');
  await shop.sql.unsafe(statements);
  expect(await told()).toEqual([...ofKept, ...ofFriend]);
});
