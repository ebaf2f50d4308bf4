import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClosingActivities } from '../../activities/finance/closing.js';
import { findDifferences } from '../../activities/reconciliation/reconcile.js';
import { readIssue } from '../../activities/reconciliation/readTold.js';
import type { Sql } from '../../db/connect.js';
import type { HoldView, SaleView } from '../../domain/sale/sale.js';
import { bringBack, completeBooks } from '../../scripts/completeBooks.js';
import { restoreAll } from '../../scripts/restoreAll.js';
import { restorePayment } from '../../scripts/restorePayment.js';
import { addNamespace, openShop, until, type Shop } from '../support/shop.js';

/** A namespace of its own: what is put back is all that there is. */

let shop: Shop;
const gate = { isShut: false };
beforeAll(async () => {
  shop = await openShop({
    namespace: await addNamespace(),
    around: (activities) => ({
      ...activities,
      record: async (batch) => {
        if (gate.isShut) throw new Error('the recorder is stopped');
        return activities.record(batch);
      },
    }),
  });
});
afterAll(() => shop.close());

type Told = { hold: HoldView; sale: SaleView };
const TABLES = ['movements', 'commands', 'account_payments', 'issue_reservations'] as const;

async function behindItsBack(write: (sql: Sql) => Promise<unknown>): Promise<void> {
  await shop.sql.begin(async (transaction) => {
    const sql = transaction as unknown as Sql;
    await sql`set local session_replication_role = replica`;
    await write(sql);
  });
}

const revisionOf = async (reference: string): Promise<number> =>
  (await shop.sql<{ revision: number }[]>`select revision from account_payments where reference = ${reference}`)[0]
    ?.revision ?? 0;
const isRecorded = (reference: string, revision: number) =>
  until(async () => (await revisionOf(reference)) === revision);
const apply = async (reference: string, amountMinor: number) => {
  const paid = { customerId: 'C-1', amountMinor, currency: 'EUR', saleId: 'S-1' };
  expect(await shop.post(`/account-payments/${reference}/apply`, paid)).toMatchObject({ status: 200 });
};
const aPayment = async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  await apply(reference, 10);
  await isRecorded(reference, 2);
  return reference;
};
/** The books know of one decision more than the workflow, as when Temporal is put back. */
const ahead = async (reference: string) => {
  await shop.sql`insert into commands (reference, command_id, revision, kind, body_hash, outcome, rules, caller, shop_id,
                                       decided_at, details)
                 values (${reference}, 'other life', 3, 'freeze', 'x', 'accepted', 1, 'x', ${shop.shopId}, now(),
                         ${shop.sql.json({ cause: 'staff' })})`;
  await shop.sql`update account_payments set revision = 3, frozen_causes = '{staff}' where reference = ${reference}`;
};
/** A gap in its commands, and the same again without it. */
const writeRevision = (reference: string, from: number, to: number) =>
  behindItsBack(
    (sql) => sql`update commands set revision = ${to} where reference = ${reference} and revision = ${from}`,
  );
const statusOf = async (reference: string) => (await shop.client.workflow.getHandle(reference).describe()).status.name;

const ended = (reference: string) => shop.client.workflow.getHandle(reference).terminate('by mistake');
const balanceOf = async (reference: string) => {
  const payment = await shop.actors.payment(reference);
  return payment === 'no_actor' ? undefined : payment.balanceMinor;
};

test('restoring: what ended by itself after the moment of a backup is not started again', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  await isRecorded(reference, 1);
  const paidOut = { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'asked for' };
  expect(await shop.post(`/account-payments/${reference}/cancel`, paidOut)).toMatchObject({ status: 200 });
  await until(async () => (await statusOf(reference)) === 'COMPLETED');
  await behindItsBack(async (sql) => {
    for (const table of ['movements', 'commands'])
      await sql`delete from ${sql(table)} where reference = ${reference} and command_id <>
                  (select command_id from commands where reference = ${reference} and revision = 1)`;
    await sql`update account_payments set status = 'active', revision = 1, last_sequence = 1, balance_minor = 100,
                     ended_balance_minor = null where reference = ${reference}`;
  });
  expect(await restorePayment(shop, reference)).toBe('ended by itself');
  expect(await restorePayment(shop, reference, 'what_was_not_recorded')).toBe('ended by itself');
  expect(await bringBack(shop, reference)).toEqual({ reservation: 'there', commands: 1 });
  expect(await restorePayment(shop, reference)).toBe('ended');
  expect(await statusOf(reference)).toBe('COMPLETED');
});

test('restoring: what was answered and not recorded is brought, or had by a reset, and never spent twice', async () => {
  const [brought, reset, sent] = [await aPayment(), await aPayment(), await aPayment()];
  gate.isShut = true;
  const unrecorded = { Prefer: 'wait=0' };
  const spend = async (reference: string, amountMinor: number) => {
    const paid = { customerId: 'C-1', amountMinor, currency: 'EUR', saleId: 'S-1' };
    const reply = await shop.post(`/account-payments/${reference}/apply`, paid, { headers: unrecorded });
    expect(reply).toMatchObject({ status: 200, body: { recorded: false } });
  };
  const batchOf = (reference: string) =>
    until(async () => {
      const { events = [] } = await shop.client.workflow.getHandle(reference).fetchHistory();
      return events?.filter((each) => each.activityTaskScheduledEventAttributes).length === 3;
    });
  await spend(brought, 80);
  await batchOf(brought);
  await spend(reset, 70);
  await batchOf(reset);
  await spend(reset, 10);
  const message = { customerId: 'C-1', amountMinor: 80, currency: 'EUR', saleId: 'S-1', commandId: 'by signal' };
  // Nobody hears it before its payment has ended.
  await shop.stopWorker();
  await shop.client.workflow.getHandle(sent).signal('apply', message);
  for (const each of [brought, reset, sent]) await ended(each);
  await shop.startWorker();

  expect(await restorePayment(shop, brought)).toBe('rerecord first');
  expect(await bringBack(shop, brought)).toEqual({ reservation: 'there', commands: 1 });
  expect(await restorePayment(shop, brought)).toBe('restored');
  expect(await balanceOf(brought)).toBe(10);

  for (const each of [reset, sent]) {
    expect(await restorePayment(shop, each)).toBe('reset first');
    expect(await statusOf(each)).toBe('TERMINATED');
    const { events = [] } = await shop.client.workflow.getHandle(each).fetchHistory();
    const completed = events?.filter((event) => event.workflowTaskCompletedEventAttributes).at(-1);
    await shop.client.workflowService.resetWorkflowExecution({
      namespace: shop.client.options.namespace,
      workflowExecution: { workflowId: each },
      reason: 'terminated',
      workflowTaskFinishEventId: completed?.eventId ?? null,
      requestId: randomUUID(),
    });
    expect(await restorePayment(shop, each)).toBe('still running');
    await until(async () => (await balanceOf(each).catch(() => undefined)) === 10);
  }
  gate.isShut = false;
  await isRecorded(reset, 4);
});

test('restoring: a person can say that what was not recorded is lost', async () => {
  const reference = await aPayment();
  gate.isShut = true;
  await shop.client.workflow
    .getHandle(reference)
    .signal('freeze', { commandId: 'unheard', cause: 'staff', reason: 'x' });
  await ended(reference);
  gate.isShut = false;
  expect(await restorePayment(shop, reference)).toMatch(/first$/);
  expect(await restorePayment(shop, reference, 'what_was_not_recorded')).toBe('restored');
});

test('a restored payment is found as it is now, and not as it was issued', async () => {
  const { reference } = await shop.issue({ amountMinor: 100, expiresAt: '2099-01-01T00:00:00Z' });
  const extend = { customerId: 'C-1', expiresAt: '2101-01-01T00:00:00Z', reason: 'goodwill' };
  expect(await shop.post(`/account-payments/${reference}/extend`, extend)).toMatchObject({ status: 200 });
  await apply(reference, 100);
  await isRecorded(reference, 3);
  await ended(reference);
  expect(await restorePayment(shop, reference)).toBe('restored');
  const { searchAttributes } = await shop.client.workflow.getHandle(reference).describe();
  expect(searchAttributes).toMatchObject({ PaymentStatus: ['used'], ExpiresAt: [new Date(extend.expiresAt)] });
});

test('an issue that was promised, and whose workflow was ended before it could bring it, is found and brought', async () => {
  gate.isShut = true;
  const { reference } = await shop.asShipped(() => shop.issue({ amountMinor: 100 }));
  await ended(reference);
  gate.isShut = false;
  const look = async () =>
    (await findDifferences({ ...shop, lookedAtAgainAfterMs: 0 }, { scope: 'named', references: [reference] })).found;
  expect((await look()).map(({ kind }) => kind)).toEqual(['row_missing']);
  expect(await restorePayment(shop, reference)).toBe('not in the books');
  expect(await bringBack(shop, reference)).toEqual({ reservation: 'there', commands: 1 });
  expect((await look()).map(({ kind }) => kind)).toEqual(['actor_missing']);
  expect(await restorePayment(shop, reference)).toBe('restored');
  expect(await look()).toEqual([]);
  await apply(reference, 100);
});

test('putting Temporal back: what fails is told, ends no workflow, stops no other, and is done the next time', async () => {
  const [behind, missing, brokenBehind, brokenMissing] = [
    await aPayment(),
    await aPayment(),
    await aPayment(),
    await aPayment(),
  ];
  for (const each of [behind, brokenBehind]) await ahead(each);
  for (const each of [missing, brokenMissing]) await shop.client.workflow.getHandle(each).terminate('lost');
  for (const each of [brokenBehind, brokenMissing]) await writeRevision(each, 2, 99);

  const told = async () => new Map((await restoreAll(shop)).map((each) => [each.reference, each.told]));
  expect(await told()).toEqual(
    new Map([
      [behind, 'restored'],
      [missing, 'restored'],
      [brokenBehind, 'failed'],
      [brokenMissing, 'failed'],
    ]),
  );
  expect(await statusOf(brokenBehind)).toBe('RUNNING');
  await writeRevision(brokenBehind, 99, 2);
  expect(await told()).toEqual(
    new Map([
      [brokenBehind, 'restored'],
      [brokenMissing, 'failed'],
    ]),
  );
  expect(await shop.actors.payment(brokenBehind)).toMatchObject({ revision: 3, frozenCauses: ['staff'] });
  // Nor from books of which the end is gone: it would have again what it had spent.
  await behindItsBack(
    (sql) => sql`update commands set reference = ${behind} where reference = ${brokenMissing} and revision = 99`,
  );
  await expect(restorePayment(shop, brokenMissing)).rejects.toThrow('the row stands at the last');
  await behindItsBack(
    (sql) => sql`update commands set reference = ${brokenMissing} where reference = ${behind} and revision = 99`,
  );
  await writeRevision(brokenMissing, 99, 2);
  expect(await told()).toEqual(new Map([[brokenMissing, 'restored']]));
});

test('completing the books: nothing is issued while a payment that they had is not promised', async () => {
  const [taken, other] = [await aPayment(), await aPayment()];
  const gates = () => shop.sql`select from books_compared`;
  await behindItsBack(async (sql) => {
    for (const table of TABLES) await sql`delete from ${sql(table)} where reference = ${taken}`;
    await sql`delete from books_compared`;
  });
  // Its key has brought another payment meanwhile.
  const issue = await readIssue(shop.client, taken);
  await behindItsBack(
    (sql) => sql`update issue_reservations set command_id = ${issue?.commandId ?? ''} where reference = ${other}`,
  );
  const completed = await completeBooks({ client: shop.client, sql: shop.sql });
  expect(completed).toMatchObject({ commands: 0, left: [taken], unpromised: [taken], issuing: 'shut' });
  expect(await gates()).toHaveLength(0);
  // Nor is anything closed that would prove less than was so.
  const closing = createClosingActivities({ client: shop.client, sql: shop.sql });
  const notNow = { type: 'not_closed', message: 'RecordsUnavailable' };
  await expect(closing.closeDaysInBooks(null)).rejects.toMatchObject(notNow);
  const month = { legalEntity: 'main', month: '2026-01', closedBy: 'x', requestId: 'x', seenPosition: 0 };
  await expect(closing.closeMonthInBooks(month, null)).rejects.toMatchObject(notNow);
  expect(await bringBack(shop, taken)).toEqual({ reservation: "another's", commands: 0 });
  expect(await revisionOf(taken)).toBe(0);

  const anyway = await completeBooks({ client: shop.client, sql: shop.sql }, 'anyway');
  expect(anyway).toMatchObject({ left: [taken], unpromised: [taken], issuing: 'open' });
  expect(await gates()).toHaveLength(1);

  await behindItsBack((sql) => sql`update issue_reservations set command_id = 'its own' where reference = ${other}`);
  expect(await completeBooks({ client: shop.client, sql: shop.sql })).toMatchObject({
    commands: 2,
    reservations: 1,
    left: [],
    issuing: 'open',
  });
});

test('completing the books sends nobody to a payment whose first history is gone and whose promise is there', async () => {
  const reference = await aPayment();
  const handle = shop.client.workflow.getHandle(reference);
  const { runId } = await handle.describe();
  await handle.terminate('by mistake');
  expect(await restorePayment(shop, reference)).toBe('restored');
  await apply(reference, 5);
  await isRecorded(reference, 3);
  const { workflowService } = shop.client;
  const { namespace } = shop.client.options;
  await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: reference, runId } });
  await until(async () => (await readIssue(shop.client, reference)) === undefined);
  await behindItsBack(async (sql) => {
    for (const table of ['movements', 'commands'])
      await sql`delete from ${sql(table)} where reference = ${reference} and command_id in
                  (select command_id from commands where reference = ${reference} and revision = 3)`;
    await sql`update account_payments set revision = 2, last_sequence = 2, balance_minor = 90
               where reference = ${reference}`;
  });
  expect(await completeBooks({ client: shop.client, sql: shop.sql })).toMatchObject({
    commands: 1,
    payments: 1,
    left: [],
    issuing: 'open',
  });
});

test('completing the books: sales have again what they had told, in its order, and fees that were kept', async () => {
  const say = async (saleId: string, verb: string, body: object, idempotencyKey: string = randomUUID()) => {
    const asked = { customerId: 'C-1', ...(verb !== 'capture' && { currency: 'EUR' }), ...body };
    const reply = await shop.post<Told>(`/sales/${saleId}/${verb}`, asked, { key: shop.keys.till, idempotencyKey });
    expect(reply, `${saleId} ${verb}`).toMatchObject({ status: 200 });
    return reply;
  };
  const [one, two, three, ended] = await Promise.all(
    [100, 40, 30, 50].map(async (amountMinor) => (await shop.issue({ amountMinor })).reference),
  );
  const basket = (...drawn: [reference: string | undefined, amountMinor: number][]) => ({
    lines: [{ productId: 'bike', amountMinor: drawn.reduce((sum, [, amountMinor]) => sum + amountMinor, 0) }],
    payments: drawn.map(([reference, amountMinor]) => ({ reference, amountMinor })),
  });
  await say('by apply', 'settle', basket([one, 60]), 'settle');
  await say('by apply', 'return', { lines: [{ productId: 'bike', amountMinor: 10 }] });
  await say('by apply', 'return', { amountMinor: 5 });
  await say('by captures', 'settle', basket([two, 20], [three, 30]));
  const { hold } = (await say('held', 'hold', basket([two, 20]))).body;
  await say('held', 'capture', { holdId: hold.holdId });
  await say('with a fee', 'settle', basket([ended, 20]));
  const cancel = { customerId: 'C-1', disposition: 'forfeited', reason: 'asked for' };
  expect(await shop.post(`/account-payments/${ended ?? ''}/cancel`, cancel)).toMatchObject({ status: 200 });
  await until(async () => {
    const [row] =
      await shop.sql`select from account_payments where reference = ${ended ?? ''} and status = 'cancelled'`;
    return row !== undefined;
  });
  await say('with a fee', 'return', { keptMinor: 20 });

  const tell = async () => ({
    answers: await shop.sql`
      select sale_id, command_id, kind, body_hash, outcome, customer_id, currency, lines, answer, caller, staff_id,
             shop_id, sale_shop_id, decided_at from sale_commands order by sale_id, number`,
    plans: await shop.sql`select sale_id, command_id, body_hash, plan from sale_plans order by sale_id, command_id`,
    fees: await shop.sql`select command_id, sale_id, return_id, reference, kept_minor, sale_shop_id, shop_id, caller,
             staff_id from kept_fees`,
  });
  await until(async () => (await shop.sql`select from sale_commands`).length === 8);
  const told = await tell();
  expect([told.plans.length, told.fees.length]).toEqual([3, 1]);
  // What somebody answered since it was put back comes after what is brought.
  await behindItsBack(async (sql) => {
    await sql`
      delete from sale_commands where number <> (select max(number) from sale_commands where sale_id = 'by apply')`;
    for (const table of ['sale_plans', 'kept_fees', 'books_compared']) await sql`delete from ${sql(table)}`;
  });
  await expect(shop.sql`
    insert into kept_fees (command_id, sale_id, return_id, sale_shop_id, shop_id, caller, reference, kept_minor)
    values ('meanwhile', 'with a fee', 'R', ${shop.shopId}, ${shop.shopId}, 'till-1', ${ended ?? ''}, 1)`).rejects.toThrow(
    'have not been compared',
  );

  const completed = await completeBooks({ client: shop.client, sql: shop.sql });
  expect(completed).toMatchObject({ answers: 7, fees: 1, left: [], issuing: 'open' });
  expect(await tell()).toEqual(told);
  expect(await completeBooks({ client: shop.client, sql: shop.sql })).toMatchObject({ answers: 0, fees: 0, left: [] });
  await shop.saleHandle('by apply').terminate('its time is over');
  const again = await say('by apply', 'settle', basket([one, 60]), 'settle');
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(again.body.sale).toMatchObject({ takenMinor: 60, givenBackMinor: 15 });
});

test('completing the books: a gift of which they lost what became of it is given, and its key is answered', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  const wanted = { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 30, currency: 'EUR' };
  const give = async (idempotencyKey: string) => {
    const reply = await shop.post<{ gift: { giftId: string; toReference: string } }>('/gifts', wanted, {
      idempotencyKey,
    });
    expect(reply.status, idempotencyKey).toBe(201);
    return reply.body.gift;
  };
  const [undecided, lost] = [await give('one'), await give('other')];
  const tell = () => shop.sql`
    select gift_id, status, to_reference, source_revision from gifts
     where gift_id in (${undecided.giftId}, ${lost.giftId}) order by gift_id`;
  const told = await tell();
  await behindItsBack(async (sql) => {
    await sql`update gifts set status = 'pending', to_reference = null, source_revision = null, decided_at = null
               where gift_id = ${undecided.giftId}`;
    await sql`delete from gifts where gift_id = ${lost.giftId}`;
  });
  expect(await completeBooks({ client: shop.client, sql: shop.sql })).toMatchObject({ gifts: 1, issuing: 'open' });
  expect(await give('other')).toMatchObject({ giftId: lost.giftId, toReference: lost.toReference });
  expect(await tell()).toEqual(told);
  expect(await shop.actors.payment(reference)).toMatchObject({ balanceMinor: 40 });
});
