import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordReserved } from '../../db/payment/record.js';
import type { Batch } from '../../domain/payment/record.js';
import type { Activities } from '../../workflows/activities.js';
import { openShop, until, type Shop } from '../support/shop.js';
import { tablesWith } from '../support/tablesWith.js';

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

test('notes that were erased are nowhere, and a record that is repeated does not bring them back', async () => {
  const notes = 'Wears a green hat, asks for Jo';
  const { reference } = await shop.issue({ notes });
  await until(async () => (await tablesWith(shop.sql, notes)).includes('public.account_payments'));
  expect(await tablesWith(shop.sql, notes)).toEqual(['public.account_payments']);

  const erased = await shop.request('PATCH', `/account-payments/${reference}`, { body: { notes: null } });
  expect(erased).toMatchObject({ status: 200, body: { notes: null } });
  expect(await tablesWith(shop.sql, notes)).toEqual([]);

  const [issue] = batches.filter(({ terms }) => terms.reference === reference);
  if (!issue) throw new Error('the issue was not recorded');
  await recordReserved(shop.sql, issue, { workflowId: reference, runId: 'again' });
  expect(await tablesWith(shop.sql, notes)).toEqual([]);
});
