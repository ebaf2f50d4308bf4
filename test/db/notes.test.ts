import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordReserved } from '../../db/payment/record.js';
import type { Batch } from '../../domain/payment/record.js';
import type { Activities } from '../../workflows/activities.js';
import { openShop, until, type Shop } from '../support/shop.js';
import { tablesWith } from '../support/tablesWith.js';

let shop: Shop;
const batches: Batch[] = [];
/** What is recorded waits for it. */
let gate = Promise.resolve();
const around = (activities: Activities): Activities => ({
  ...activities,
  record: async (batch) => {
    batches.push(batch);
    await gate;
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

/** Lets nothing be recorded from now on; what it returns lets it again. */
function shut(): () => void {
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => void (open = resolve));
  return () => open();
}

const notesOf = async (reference: string) =>
  (await shop.get<{ notes: string | null }>(`/account-payments/${reference}`)).body.notes;
const recorded = (reference: string) =>
  until(async () => (await shop.sql`select notes from account_payments where reference = ${reference}`)[0]);

test('notes of what is not recorded yet are told, can be changed, and are there afterwards', async () => {
  const open = shut();
  const { reference } = await shop.issue({ notes: 'Pays in June' });
  expect(await notesOf(reference)).toBe('Pays in June');
  const changed = await shop.request('PATCH', `/account-payments/${reference}`, { body: { notes: 'Pays in July' } });
  expect(changed).toMatchObject({ status: 200, body: { reference, status: 'active', notes: 'Pays in July' } });
  expect(await notesOf(reference)).toBe('Pays in July');
  open();
  expect(await recorded(reference)).toEqual({ notes: 'Pays in July' });
  expect(await notesOf(reference)).toBe('Pays in July');
  expect(await tablesWith(shop.sql, 'Pays in July')).toEqual(['public.account_payments']);
});

test('notes that change in the moment in which the issue is recorded stay as they were changed', async () => {
  const open = shut();
  const { reference } = await shop.issue({ notes: 'Calls on Monday' });
  await shop.sql.begin(async (tx) => {
    await tx`select from issue_reservations where reference = ${reference} for update`;
    open();
    await until(async () => {
      const waiting = await shop.sql`
        select from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%issue_reservations%'`;
      return waiting.length > 0;
    });
    await tx`update issue_reservations set notes = 'Calls on Friday' where reference = ${reference}`;
  });
  expect(await recorded(reference)).toEqual({ notes: 'Calls on Friday' });
});
