import type { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { findDifferences, reconcile } from '../../activities/reconciliation/reconcile.js';
import type { Sql } from '../../db/connect.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { Difference } from '../../domain/reconciliation/difference.js';
import type { Reconciling } from '../../domain/reconciliation/reconciled.js';
import { restorePayment } from '../../scripts/restorePayment.js';
import { ensureSchedules } from '../../scripts/schedules.js';
import { connectWorker } from '../../worker/connect.js';
import { createReconciler } from '../../worker/createReconciler.js';
import { addNamespace, openShop, until, type Shop } from '../support/shop.js';

/** A namespace of its own: it compares all that is there. */

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

const parts = () => ({ client: shop.client, sql: shop.sql, lookedAtAgainAfterMs: 0 });
const differencesOf = async (...references: string[]): Promise<readonly Difference[]> =>
  (await findDifferences(parts(), { scope: 'named', references })).found;
const named = (found: readonly Difference[]) => found.map(({ kind, subject }) => `${kind} ${subject}`.trim());

const ask = async (reference: string, act: string, body: object) => {
  const reply = await shop.post<{ payment: AccountPaymentView }>(`/account-payments/${reference}/${act}`, body);
  expect(reply.status, `${act}: ${JSON.stringify(reply.body)}`).toBe(200);
  return reply.body.payment;
};
const money = (amountMinor: number) => ({ customerId: 'C-1', amountMinor, currency: 'EUR' });

/** Issued, used in two sales, given back to with a fee, paid out, refused, frozen and thawed: ten revisions. */
async function aLife(): Promise<string> {
  const { reference } = await shop.issue({ amountMinor: 1_000 });
  await ask(reference, 'apply', { ...money(300), saleId: 'S-1' });
  await ask(reference, 'apply', { ...money(200), saleId: 'S-2' });
  await ask(reference, 'refund', { ...money(100), keptMinor: 20, saleId: 'S-1', reason: 'came back' });
  await ask(reference, 'pay-out', { ...money(50), tender: 'cash', reason: 'asked for' });
  const refused = await shop.post(`/account-payments/${reference}/apply`, { ...money(9_000), saleId: 'S-3' });
  expect(refused.status).toBe(409);
  await ask(reference, 'freeze', { cause: 'staff', reason: 'lost' });
  await ask(reference, 'thaw', { cause: 'staff', reason: 'found' });
  return reference;
}

/** As somebody does who may switch the constraints off. */
async function behindItsBack(write: (sql: Sql) => Promise<unknown>): Promise<void> {
  await shop.sql.begin(async (transaction) => {
    const sql = transaction as unknown as Sql;
    await sql`set local session_replication_role = replica`;
    await write(sql);
  });
}

const addMovement = (sql: Sql, reference: string) => sql`
  insert into movements (reference, sequence, command_id, kind, amount_minor, balance_before_minor, balance_after_minor,
                         shop_id, caller, moved_at, tender, recorded_at, booked_on)
  select reference, sequence + 1, 'by hand', 'paid_out', -10, balance_after_minor, balance_after_minor - 10, shop_id, 'x', now(),
         'cash', now(), booked_on from movements where reference = ${reference} order by sequence desc limit 1`;

type Tampering = [what: string, write: (sql: Sql, reference: string) => Promise<unknown>, found: string[]];
const tamperings: Tampering[] = [
  [
    'a movement that says more',
    (sql, r) =>
      sql`update movements set amount_minor = -310, balance_after_minor = 690 where reference = ${r} and sequence = 2`,
    ['movement 2', 'sale main/S-1'],
  ],
  [
    'a movement that names another sale',
    (sql, r) => sql`update movements set sale_id = 'S-9' where reference = ${r} and sequence = 3`,
    ['movement 3', 'sale main/S-9', 'sale main/S-2'],
  ],
  [
    'a movement of another kind',
    (sql, r) => sql`update movements set tender = 'card' where reference = ${r} and sequence = 5`,
    ['movement 5'],
  ],
  [
    'a movement of another person',
    (sql, r) => sql`update movements set staff_id = 'x' where reference = ${r} and sequence = 5`,
    ['movement 5'],
  ],
  [
    'a command of another person, that asked for more',
    (sql, r) =>
      sql`update commands set staff_id = 'x', details = details || '{"amountMinor": 1}' where reference = ${r} and revision = 6`,
    ['command 6'],
  ],
  [
    'a reason, which can be erased',
    async (sql, r) => {
      await sql`update movements set reason = null where reference = ${r}`;
      await sql`update commands set details = details - 'reason' where reference = ${r}`;
    },
    [],
  ],
  [
    'a movement that is gone',
    (sql, r) => sql`delete from movements where reference = ${r} and sequence = 5`,
    ['movement 5'],
  ],
  [
    'the first movement, gone',
    (sql, r) => sql`delete from movements where reference = ${r} and sequence = 1`,
    ['movement 1'],
  ],
  ['a movement that nobody made', addMovement, ['movement 6']],
  [
    'a movement that nobody made, and the row with it',
    async (sql, r) => {
      await addMovement(sql, r);
      await sql`update account_payments set last_sequence = 6, balance_minor = 540 where reference = ${r}`;
    },
    ['balance', 'sequence', 'movement 6'],
  ],
  [
    'a command that was turned into another',
    (sql, r) => sql`update commands set outcome = 'accepted' where reference = ${r} and revision = 6`,
    ['command 6'],
  ],
  [
    'a refusal that is gone',
    (sql, r) => sql`delete from commands where reference = ${r} and revision = 6`,
    ['command 6'],
  ],
  [
    'a fee that was not kept',
    (sql, r) => sql`update commands set kept_minor = 0 where reference = ${r} and revision = 4`,
    ['command 4', 'sale main/S-1'],
  ],
  [
    'another balance',
    (sql, r) => sql`update account_payments set balance_minor = 999 where reference = ${r}`,
    ['balance'],
  ],
  [
    'another status',
    (sql, r) =>
      sql`update account_payments set status = 'cancelled', balance_minor = 0, ended_balance_minor = 550 where reference = ${r}`,
    ['status', 'balance'],
  ],
  ['something held', (sql, r) => sql`update account_payments set held_minor = 7 where reference = ${r}`, ['held']],
  [
    'a freeze that nobody asked for',
    (sql, r) => sql`update account_payments set frozen_causes = '{staff}' where reference = ${r}`,
    ['frozen'],
  ],
  [
    'an expiry that nobody gave',
    (sql, r) => sql`update account_payments set expires_at = '2999-01-01' where reference = ${r}`,
    ['expiry'],
  ],
  [
    'the last of it taken back, as a backup does',
    async (sql, r) => {
      await sql`delete from commands where reference = ${r} and revision = 8`;
      await sql`update account_payments set revision = 7, frozen_causes = '{staff}' where reference = ${r}`;
    },
    ['row_behind'],
  ],
  [
    'all of it, as a backup does',
    async (sql, r) => {
      for (const table of ['movements', 'commands', 'account_payments'])
        await sql`delete from ${sql(table)} where reference = ${r}`;
    },
    ['row_missing'],
  ],
  ['its reservation', (sql, r) => sql`delete from issue_reservations where reference = ${r}`, ['reservation_missing']],
];

const saidOf = (found: string[]) => found.map((each) => each.replace('main/', `${shop.shopId}/`));

test.each(tamperings)('%s is found, and named', async (_, write, found) => {
  const reference = await aLife();
  expect(await differencesOf(reference)).toEqual([]);
  await behindItsBack((sql) => write(sql, reference));
  expect(named(await differencesOf(reference))).toEqual(saidOf(found));
});

test('of what a run before decided the workflow knows enough to name what was done to it', async () => {
  // What a command said beside its hash it knows no more; some movements are of the last command.
  const known = tamperings.filter(([what]) => !/another (sale)|asked for more|nobody made|taken back|fee/.test(what));
  const lives: string[] = [];
  for (const _ of known) lives.push(await aLife());
  for (const reference of lives) {
    await until(async () => {
      const [row] = await shop.sql<{ revision: number }[]>`
        select revision from account_payments where reference = ${reference}`;
      return row?.revision === 8;
    });
    await shop.client.workflow.getHandle(reference).terminate('by mistake');
    expect(await restorePayment(shop, reference)).toBe('restored');
    await ask(reference, 'apply', { ...money(1), saleId: 'S-4' });
  }
  expect(await differencesOf(...lives)).toEqual([]);
  for (const [i, [, write]] of known.entries()) await behindItsBack((sql) => write(sql, lives[i] ?? ''));
  const found = await differencesOf(...lives);
  for (const [i, [what, , differences]] of known.entries()) {
    const own = named(found.filter(({ reference }) => reference === lives[i]));
    expect(own, what).toEqual(expect.arrayContaining(saidOf(differences)));
  }
});

test('what waits to be recorded is no difference', async () => {
  const reference = await aLife();
  gate.isShut = true;
  const reply = await shop.post<{ recorded: boolean }>(
    `/account-payments/${reference}/apply`,
    { ...money(10), saleId: 'S-1' },
    { headers: { Prefer: 'wait=0' } },
  );
  const unrecorded = await shop.asShipped(() => shop.issue({ amountMinor: 5 }));
  expect(reply).toMatchObject({ status: 200, body: { recorded: false } });
  expect(await differencesOf(reference, unrecorded.reference)).toEqual([]);
  gate.isShut = false;
  await until(async () => (await shop.actors.payment(reference).catch(() => undefined)) !== undefined);
});

test('a payment that differs is frozen, thawed only when it agrees again, and what was found stands for ever', async () => {
  const [sound, reference] = [await aLife(), await aLife()];
  await behindItsBack(
    (sql) => sql`update movements set amount_minor = -310, balance_after_minor = 690
                                    where reference = ${reference} and sequence = 2`,
  );
  const first = await reconcile(parts(), { scope: 'named', references: [sound, reference] });
  expect(first).toMatchObject({ outcome: 'differ', compared: 2, differing: 1, frozen: 1 });
  expect(await shop.actors.payment(reference)).toMatchObject({ frozenCauses: ['reconciliation'] });
  expect(await shop.actors.payment(sound)).toMatchObject({ frozenCauses: [] });
  const thaw = () => shop.post(`/account-payments/${reference}/thaw`, { cause: 'reconciliation', reason: 'looked at' });
  expect(await thaw()).toMatchObject({ status: 409, body: { code: 'books_differ' } });
  const open = await shop.sql`select kind from reconciliation_differences where reference = ${reference}`;
  // Again: nothing is written down twice, and nothing is decided twice.
  expect(await reconcile(parts(), { scope: 'named', references: [reference] })).toMatchObject({ frozen: 1 });
  expect(await shop.sql`select kind from reconciliation_differences where reference = ${reference}`).toEqual(open);

  await behindItsBack(
    (sql) => sql`update movements set amount_minor = -300, balance_after_minor = 700
                                    where reference = ${reference} and sequence = 2`,
  );
  expect(await reconcile(parts(), { scope: 'named', references: [reference] })).toMatchObject({ outcome: 'agree' });
  expect(await thaw()).toMatchObject({ status: 200 });
  expect(await shop.actors.payment(reference)).toMatchObject({ frozenCauses: [] });
  await expect(shop.sql`delete from reconciliation_differences where reference = ${reference}`).rejects.toThrow(
    'append-only',
  );
});

test('a workflow that knows less than the books is found at the first look, one that is gone too', async () => {
  const [reset, gone] = [await aLife(), await aLife()];
  await shop.sql`insert into commands (reference, command_id, revision, kind, body_hash, outcome, rules, caller, shop_id,
                                       decided_at, details)
                 values (${reset}, 'other life', 9, 'freeze', 'x', 'accepted', 1, 'x', ${shop.shopId}, now(), '{}')`;
  await shop.sql`update account_payments set revision = 9, frozen_causes = '{staff}' where reference = ${reset}`;
  await shop.client.workflow.getHandle(gone).terminate('by mistake');
  expect(named(await differencesOf(reset, gone))).toEqual(['row_ahead', 'actor_missing']);
});

test('all of them: what is only on one side counts too, and so many at once freeze none', async () => {
  const lost = await shop.issue({ amountMinor: 5 });
  await until(
    async () => (await shop.sql`select from account_payments where reference = ${lost.reference}`).length === 1,
  );
  await behindItsBack(async (sql) => {
    for (const table of ['movements', 'commands', 'account_payments'])
      await sql`delete from ${sql(table)} where reference = ${lost.reference}`;
  });
  const all = await reconcile(parts(), { scope: 'all' });
  expect(named(all.differences.filter(({ reference }) => reference === lost.reference))).toEqual(['row_missing']);
  expect(all).toMatchObject({ outcome: 'alarm', frozen: 0 });
  const changed = await findDifferences(parts(), { scope: 'changed' });
  expect(changed.compared).toContain(lost.reference);
});

test('what differs at one look and no more at the next is no difference', async () => {
  const [passing, lasting] = [await aLife(), await aLife()];
  const write = (heldMinor: number, ...references: string[]) =>
    behindItsBack(
      (sql) => sql`update account_payments set held_minor = ${heldMinor} where reference in ${sql(references)}`,
    );
  await write(7, passing, lasting);
  let looks = 0;
  const onPage = () => {
    // The first look is done, and the second waits.
    looks += 1;
    if (looks === 1) righted = write(0, passing);
  };
  let righted: Promise<unknown> = Promise.resolve();
  const asked = { scope: 'named', references: [passing, lasting] } as const;
  const { found } = await findDifferences({ ...parts(), lookedAtAgainAfterMs: 1_500, onPage }, asked);
  await righted;
  expect(looks).toBe(2);
  expect(found.map(({ reference }) => reference)).toEqual([lasting]);
});

test('each hour what was recorded since is compared, and what was reported, however long ago it was recorded', async () => {
  const [recorded, reported, neither] = [await aLife(), await aLife(), await aLife()];
  await behindItsBack(async (sql) => {
    await sql`update commands set recorded_at = now() - interval '2 days'
               where reference in ${sql([reported, neither])} or reference = ${recorded} and revision < 8`;
    await sql`insert into ledger_conflicts (reference, last_met_at)
              values (${reported}, now() - interval '1 hour')`;
  });
  const { compared } = await findDifferences(parts(), { scope: 'changed' });
  expect([recorded, reported, neither].map((each) => compared.includes(each))).toEqual([true, true, false]);
});

test('of which only the books can be asked is looked at again as it was the first time', async () => {
  const reference = await aLife();
  const cancelled = { customerId: 'C-1', disposition: 'forfeited', reason: 'gone' };
  await ask(reference, 'cancel', cancelled);
  await until(
    async () =>
      (await shop.sql`select from account_payments where reference = ${reference} and status = 'cancelled'`).length > 0,
  );
  // Its history is there still, and says of another movement that it differs.
  await behindItsBack(async (sql) => {
    await sql`update commands set decided_at = now() - interval '40 days' where reference = ${reference}`;
    await sql`update movements set amount_minor = -310, balance_after_minor = 690
               where reference = ${reference} and sequence = 2`;
  });
  const { found } = await findDifferences(parts(), { scope: 'all' });
  expect(found.filter((each) => each.reference === reference)).not.toEqual([]);
});

test('one that refuses to be frozen keeps no other from it, and the comparison is noted', async () => {
  const [sound, odd] = [await aLife(), await aLife()];
  await behindItsBack((sql) => sql`update account_payments set held_minor = 7 where reference in ${sql([sound, odd])}`);
  await shop.client.workflow.getHandle(odd).terminate('by mistake');
  const sale = { saleShopId: shop.shopId, saleId: odd };
  const { taskQueue } = shop;
  const args = [{ origin: 'begun', sale, returnPeriodMs: 60_000 }];
  await shop.client.workflow.start('sale', { workflowId: odd, taskQueue, args });
  const notFrozen: string[] = [];
  const onNotFrozen = (reference: string) => void notFrozen.push(reference);
  const told = await reconcile({ ...parts(), onNotFrozen }, { scope: 'named', references: [odd, sound] });
  expect(told).toMatchObject({ outcome: 'differ', differing: 2, frozen: 1 });
  expect(notFrozen).toEqual([odd]);
  expect(await shop.sql`select from reconciliations where differing = 2 and scope = 'named'`).toHaveLength(1);
});

test('a schedule has it done on a queue of its own, and is as the settings say however often they are said', async () => {
  const { connection, options } = shop.client;
  for (const timeZone of ['Europe/Berlin', 'Asia/Tokyo'])
    await ensureSchedules(connection as Connection, options.namespace, timeZone);
  const schedule = await shop.client.schedule.getHandle('reconcile-all').describe();
  expect(schedule.spec.timezone).toBe('Asia/Tokyo');
  expect(schedule.info.nextActionTimes[0]?.toISOString()).toMatch(/T18:40:00/);

  const native = await connectWorker({ address: inject('temporalAddress') });
  const { taskQueue } = shop;
  const reconciler = await createReconciler({
    connection: native,
    namespace: options.namespace,
    sql: shop.sql,
    taskQueue,
  });
  const reference = await aLife();
  const asked: Reconciling = { scope: 'named', references: [reference] };
  const summary: unknown = await reconciler.runUntil(
    shop.client.workflow.execute('reconciliation', { taskQueue, workflowId: 'by hand', args: [asked] }),
  );
  expect(summary).toEqual({ outcome: 'agree', compared: 1, differing: 0, frozen: 0 });
  await native.close();
});
