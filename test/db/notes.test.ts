import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordReserved } from '../../db/payment/record.js';
import type { Batch } from '../../domain/payment/record.js';
import type { Activities } from '../../workflows/activities.js';
import { openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
const batches: Batch[] = [];
const around = (activities: Activities): Activities => ({
  ...activities,
  record: (batch) => {
    batches.push(batch);
    return activities.record(batch);
  },
});
beforeAll(async () => void (shop = await openShop({ around })));
afterAll(() => shop.close());

/** In which tables a text stands, wherever in a row. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await shop.sql<{ name: string }[]>`
    select schemaname || '.' || tablename as name from pg_tables where schemaname in ('public', 'staff') order by 1`;
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await shop.sql.unsafe(`select from ${name} r where r::text like '%' || $1 || '%' limit 1`, [text]);
      return rows.length > 0 ? [name] : [];
    }),
  );
  return found.flat();
}

test('notes that were erased are nowhere, and a record that is repeated does not bring them back', async () => {
  const notes = 'Wears a green hat, asks for Jo';
  const { reference } = await shop.issue({ notes });
  await until(async () => (await tablesWith(notes)).includes('public.account_payments'));
  expect(await tablesWith(notes)).toEqual(['public.account_payments']);

  const erased = await shop.request('PATCH', `/account-payments/${reference}`, { body: { notes: null } });
  expect(erased).toMatchObject({ status: 200, body: { notes: null } });
  expect(await tablesWith(notes)).toEqual([]);

  const [issue] = batches.filter(({ terms }) => terms.reference === reference);
  if (!issue) throw new Error('the issue was not recorded');
  await recordReserved(shop.sql, issue, { workflowId: reference, runId: 'again' });
  expect(await tablesWith(notes)).toEqual([]);
});
