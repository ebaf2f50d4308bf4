import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../../db/connect.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { HoldView, ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { rerecordPayment } from '../../../scripts/rerecordPayment.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type Shop } from '../../support/shop.js';

/** Who cuts a sale off once its payments have done what this kind of command asks of them. */
let cut: { after: 'capture' | 'release'; saleId: string } | undefined;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    around: (activities) => ({
      ...activities,
      command: async (asked, lines) => {
        const answers = await activities.command(asked, lines);
        const due = asked.some(({ command }) => command.kind === cut?.after) ? cut : undefined;
        if (due) {
          cut = undefined;
          await shop.saleHandle(due.saleId).terminate('an operator');
        }
        return answers;
      },
    }),
  });
});
afterAll(() => shop.close());

type Told = { hold: HoldView; return: ReturnView; sale: SaleView; code: string };
type Share = [reference: string, amountMinor: number];

const newSale = () => `S-${randomUUID()}`;
const say = (saleId: string, verb: string, body: object, idempotencyKey: string = randomUUID()) =>
  shop.post<Told>(`/sales/${saleId}/${verb}`, { customerId: 'C-1', ...body }, { key: shop.keys.till, idempotencyKey });
const sharesOf = (payments: Share[]) => payments.map(([reference, amountMinor]) => ({ reference, amountMinor }));
const basket = (payments: Share[], more: object = {}) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines: [{ productId: 'bike', amountMinor: 100 }],
  payments: sharesOf(payments),
  ...more,
});
const issue = async (amountMinor: number, more: object = {}) => (await shop.issue({ amountMinor, ...more })).reference;
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const answered = (saleId: string, count: number) =>
  until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length === count);

/** Single applies to a sale, one after the other. */
async function pay(saleId: string, payments: Share[]): Promise<void> {
  for (const [reference, amountMinor] of payments) {
    const paid = { customerId: 'C-1', amountMinor, currency: 'EUR', saleId };
    expect(await shop.post(`/account-payments/${reference}/apply`, paid)).toMatchObject({ status: 200 });
  }
}

/** A hold in the books, and a capture or release of it that was cut off before it was answered. */
async function cutOff(
  payments: Share[],
  verb: 'capture' | 'release',
  more: object = {},
): Promise<{ saleId: string; holdId: string; again: () => ReturnType<typeof say> }> {
  const saleId = newSale();
  const { body } = await say(saleId, 'hold', basket(payments));
  const { holdId } = body.hold;
  await answered(saleId, 1);
  cut = { after: verb, saleId };
  const again = () => say(saleId, verb, { holdId, ...more }, `${saleId}-${verb}`);
  expect([200, 504]).toContain((await again()).status);
  expect(cut).toBeUndefined();
  return { saleId, holdId, again };
}

test('in a second life of a sale every repeat gets its first answer, and not only the first that comes', async () => {
  const [p, q] = [await issue(100), await issue(30)];
  const saleId = newSale();
  const settled = () =>
    say(
      saleId,
      'settle',
      basket([
        [p, 70],
        [q, 30],
      ]),
      `${saleId}-settle`,
    );
  const back = () => say(saleId, 'return', { currency: 'EUR', amountMinor: 30 }, `${saleId}-back`);
  expect(await settled()).toMatchObject({ status: 200 });
  expect(await back()).toMatchObject({ body: { return: { amountMinor: 30, returned: [{ reference: q }] } } });
  await answered(saleId, 2);
  await shop.saleHandle(saleId).terminate('an operator');
  expect(await say(saleId, 'return', { currency: 'EUR', amountMinor: 10 })).toMatchObject({ status: 200 });
  const repeat = await back();
  expect(repeat).toMatchObject({ status: 200, body: { return: { amountMinor: 30, returned: [{ reference: q }] } } });
  expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await settled()).toMatchObject({ status: 200, body: { sale: { takenMinor: 100, givenBackMinor: 40 } } });
  expect([(await payment(p)).balanceMinor, (await payment(q)).balanceMinor]).toEqual([40, 30]);
});

test('a capture that was cut off goes on under its own key: what it took it took, and takes it once', async () => {
  const [p, q] = [await issue(60), await issue(40)];
  const all = await cutOff(
    [
      [p, 60],
      [q, 40],
    ],
    'capture',
    {
      payments: sharesOf([
        [p, 60],
        [q, 40],
      ]),
    },
  );
  const told = { status: 200, body: { sale: { status: 'completed', takenMinor: 100, heldMinor: 0, missingMinor: 0 } } };
  expect(await all.again()).toMatchObject(told);
  expect(await all.again()).toMatchObject(told);
  expect(await say(all.saleId, 'capture', { holdId: all.holdId })).toMatchObject({ body: { code: 'hold_closed' } });
  expect([(await payment(p)).balanceMinor, (await payment(q)).balanceMinor]).toEqual([0, 0]);
});

test('what was left by a capture that was cut off is not taken by another one', async () => {
  const p = await issue(60);
  const less = await cutOff([[p, 60]], 'capture', { payments: sharesOf([[p, 30]]) });
  expect(await say(less.saleId, 'capture', { holdId: less.holdId })).toMatchObject({
    status: 409,
    body: { code: 'hold_closed' },
  });
  expect(await less.again()).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
  expect(await payment(p)).toMatchObject({ balanceMinor: 30, heldMinor: 0 });
});

test('a delivery that was cut off leaves held what it left held, whoever asks next', async () => {
  for (const next of ['its own key', 'another key'] as const) {
    const p = await issue(60);
    const heldUntil = new Date(Date.now() + 3_600_000).toISOString();
    const first = { payments: sharesOf([[p, 30]]), keepRest: true, heldUntil };
    const { saleId, holdId, again } = await cutOff([[p, 60]], 'capture', first);
    if (next === 'its own key') expect(await again()).toMatchObject({ status: 200, body: { sale: { heldMinor: 30 } } });
    const second = { holdId, payments: sharesOf([[p, 30]]), keepRest: true, heldUntil };
    expect(await say(saleId, 'capture', second), next).toMatchObject({
      status: 200,
      body: { sale: { status: 'completed', takenMinor: 60, heldMinor: 0 } },
    });
    expect(await payment(p)).toMatchObject({ status: 'used', heldMinor: 0 });
  }
});

test('a late capture of what was released takes nothing, though the books do not know of the release', async () => {
  const p = await issue(60);
  const { saleId, holdId, again } = await cutOff([[p, 60]], 'release');
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
  expect(await payment(p)).toMatchObject({ balanceMinor: 60, heldMinor: 0 });
  expect((await again()).status).toBe(409);
});

test('a payment that is past its time and held for the next delivery does not stop the sale', async () => {
  const { p, saleId, holdId, endsAt } = await beforeItEnds(async ({ expiresAt }) => {
    const [reference, id] = [await issue(100, { expiresAt }), newSale()];
    const { body } = await say(id, 'hold', basket([[reference, 70]]));
    const heldUntil = new Date(Date.now() + 3_600_000).toISOString();
    const first = { holdId: body.hold.holdId, payments: sharesOf([[reference, 40]]), keepRest: true, heldUntil };
    expect(await say(id, 'capture', first)).toMatchObject({ status: 200, body: { sale: { heldMinor: 30 } } });
    return { p: reference, saleId: id, holdId: first.holdId, endsAt: expiresAt };
  });
  await until(() => Promise.resolve(Date.now() > Date.parse(endsAt)));
  expect(await say(saleId, 'return', { currency: 'EUR' })).toMatchObject({
    status: 409,
    body: { code: 'hold_open', payments: [{ reference: p, code: 'hold_open' }] },
  });
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 70 } },
  });
  expect(await say(saleId, 'return', { currency: 'EUR' })).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 70 } },
  });
});

test('who edits a basket after a part of it was delivered has to know what that cost', async () => {
  const [p, q] = [await issue(60), await issue(200)];
  const saleId = newSale();
  const { body } = await say(
    saleId,
    'hold',
    basket([
      [p, 60],
      [q, 40],
    ]),
  );
  const heldUntil = new Date(Date.now() + 3_600_000).toISOString();
  const first = { holdId: body.hold.holdId, payments: sharesOf([[p, 60]]), keepRest: true, heldUntil };
  expect(await say(saleId, 'capture', first)).toMatchObject({ status: 200 });
  const edited = (more: object) => basket([[q, 100]], { replaces: body.hold.holdId, ...more });
  expect(await say(saleId, 'hold', edited({}))).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(await say(saleId, 'hold', edited({ takenMinor: 60 }))).toMatchObject({ body: { code: 'exceeds_basket' } });
  const fitting = basket([[q, 30]], { replaces: body.hold.holdId, takenMinor: 60 });
  expect(await say(saleId, 'hold', fitting)).toMatchObject({ status: 200, body: { sale: { heldMinor: 30 } } });
});

test('a repeated return gives nothing back twice, though a backup of the books lost what its sale answered', async () => {
  const [p, q] = [await issue(100), await issue(30)];
  const saleId = newSale();
  await pay(saleId, [
    [p, 100],
    [q, 30],
  ]);
  const back = (amountMinor = 30) =>
    say(saleId, 'return', { currency: 'EUR', amountMinor }, `${saleId}-back-${amountMinor}`);
  const given = { status: 200, body: { return: { amountMinor: 30, returned: [{ reference: q, amountMinor: 30 }] } } };
  const balances = async () => Promise.all([p, q].map(async (each) => (await payment(each)).balanceMinor));
  expect(await back()).toMatchObject(given);
  await answered(saleId, 1);
  await until(async () => {
    const rows = await shop.sql`select from movements where reference = ${q} and kind = 'refunded'`;
    return rows.length === 1;
  });
  // Postgres goes back to before the return, Temporal stays, and the sale's workflow has ended.
  await behindItsBack(async (sql) => {
    await sql`delete from sale_commands where sale_id = ${saleId}`;
    await sql`delete from sale_plans where sale_id = ${saleId}`;
    await sql`delete from movements where reference = ${q} and kind = 'refunded'`;
    await sql`delete from commands where reference = ${q} and kind = 'refund'`;
    await sql`update account_payments set revision = 2, balance_minor = 0, status = 'used', last_sequence = 2
               where reference = ${q}`;
  });
  await shop.saleHandle(saleId).terminate('its time is over');

  // Another return comes first, then the repeat: what that gave back the books do not say yet.
  expect(await back(1)).toMatchObject({ status: 200 });
  expect(await back()).toMatchObject({ status: 503, body: { code: 'return_begun' } });
  const before = await balances();
  expect(await rerecordPayment(shop, q)).toBe(1);
  expect(await back()).toMatchObject(given);
  expect(await balances()).toEqual(before);
  // And in a life of which nothing but its steps is left.
  await answered(saleId, 2);
  await behindItsBack((sql) => sql`delete from sale_commands where sale_id = ${saleId}`);
  await shop.saleHandle(saleId).terminate('its time is over');
  expect(await back()).toMatchObject(given);
  expect(await balances()).toEqual(before);
});

test('a return of which the books know some steps waits until they know all of them', async () => {
  const [p, q] = [await issue(60), await issue(40)];
  const saleId = newSale();
  await pay(saleId, [
    [p, 60],
    [q, 40],
  ]);
  const back = () => say(saleId, 'return', { currency: 'EUR' }, `${saleId}-all`);
  expect(await back()).toMatchObject({ status: 200, body: { return: { amountMinor: 100 } } });
  await answered(saleId, 1);
  const refunded = () => shop.sql`select from movements where reference in (${p}, ${q}) and kind = 'refunded'`;
  await until(async () => (await refunded()).length === 2);
  await behindItsBack(async (sql) => {
    await sql`delete from sale_commands where sale_id = ${saleId}`;
    await sql`delete from sale_plans where sale_id = ${saleId}`;
    await sql`delete from movements where reference in (${p}, ${q}) and kind = 'refunded'`;
    await sql`delete from commands where reference in (${p}, ${q}) and kind = 'refund'`;
    await sql`update account_payments set revision = 2, balance_minor = 0, status = 'used', last_sequence = 2
               where reference in (${p}, ${q})`;
  });
  await shop.saleHandle(saleId).terminate('its time is over');

  expect(await rerecordPayment(shop, p)).toBe(1);
  expect(await back()).toMatchObject({ status: 503, body: { code: 'return_begun' } });
  expect(await rerecordPayment(shop, q)).toBe(1);
  const { status, body } = await back();
  expect([status, body.return?.amountMinor]).toEqual([200, 100]);
  expect(body.return?.returned.map(({ reference, amountMinor }) => [reference, amountMinor]).sort()).toEqual(
    [
      [p, 60],
      [q, 40],
    ].sort(),
  );
});

test('a return is known by what it gave or kept in place of an ended payment, however its sale lives on', async () => {
  const [issued, kept] = [{ amountMinor: 100 }, { keptMinor: 100 }];
  for (const asked of [issued, kept]) {
    const [q, p] = [await issue(100), await issue(200)];
    const saleId = newSale();
    const apply = async (reference: string) => {
      const paid = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId };
      expect(await shop.post(`/account-payments/${reference}/apply`, paid)).toMatchObject({ status: 200 });
    };
    if (asked === issued) await apply(q);
    await apply(p);
    const cancel = { customerId: 'C-1', disposition: 'forfeited', reason: 'asked for' };
    expect(await shop.post(`/account-payments/${p}/cancel`, cancel)).toMatchObject({ status: 200 });
    const back = () => say(saleId, 'return', { currency: 'EUR', ...asked }, `${saleId}-back`);
    await until(
      async () => (await shop.sql`select from commands where reference = ${p} and kind = 'cancel'`).length === 1,
    );
    const first = await until(async () => {
      const reply = await back();
      return reply.status === 504 ? false : reply;
    });
    expect(first).toMatchObject({ status: 200, body: { return: { returned: [{ reference: p, ...asked }] } } });
    if (asked === kept) await apply(q);
    await answered(saleId, 1);
    const replacement = first.body.return.returned[0]?.replacement ?? '';
    await until(async () => replacement === '' || (await payment(replacement)).revision > 0);

    // A backup lost all of it, another return began the sale anew, and then what was given came back to the books.
    const tables = ['issue_reservations', 'kept_fees'];
    for (const table of tables)
      await shop.sql`create table ${shop.sql(`lost_${table}`)} as select * from ${shop.sql(table)} where sale_id = ${saleId}`;
    await behindItsBack(async (sql) => {
      for (const table of ['sale_commands', 'sale_plans', ...tables])
        await sql`delete from ${sql(table)} where sale_id = ${saleId}`;
    });
    await shop.saleHandle(saleId).terminate('its time is over');
    const one = { currency: 'EUR', payments: sharesOf([[q, 1]]) };
    expect(await say(saleId, 'return', one)).toMatchObject({ status: 200 });
    await behindItsBack(async (sql) => {
      for (const table of tables) {
        await sql`insert into ${sql(table)} select * from ${sql(`lost_${table}`)}`;
        await sql`drop table ${sql(`lost_${table}`)}`;
      }
    });
    expect(await back()).toMatchObject({ status: 503, body: { code: 'return_begun' } });
    const given = { returned: [{ reference: p, ...asked, replacement: first.body.return.returned[0]?.replacement }] };
    expect(await back()).toMatchObject({ status: 200, body: { return: given } });
    expect((await payment(q)).balanceMinor).toBe(1);
  }
});

test('a return is not given again though the books forgot that its payment had any part in the sale', async () => {
  const [p, q] = [await issue(60), await issue(40)];
  const saleId = newSale();
  await pay(saleId, [
    [p, 60],
    [q, 40],
  ]);
  const back = () => say(saleId, 'return', { currency: 'EUR', amountMinor: 40 }, `${saleId}-back`);
  const given = { status: 200, body: { return: { amountMinor: 40, returned: [{ reference: q, amountMinor: 40 }] } } };
  expect(await back()).toMatchObject(given);
  await answered(saleId, 1);
  await until(async () => (await shop.sql`select from movements where reference = ${q}`).length === 3);
  await behindItsBack(async (sql) => {
    for (const table of ['sale_commands', 'sale_plans']) await sql`delete from ${sql(table)} where sale_id = ${saleId}`;
    await sql`delete from movements where reference = ${q} and sequence > 1`;
    await sql`delete from commands where reference = ${q} and revision > 1`;
    await sql`update account_payments set revision = 1, balance_minor = 40, status = 'active', last_sequence = 1
               where reference = ${q}`;
  });
  await shop.saleHandle(saleId).terminate('its time is over');

  expect(await back()).toMatchObject({ status: 503, body: { code: 'return_begun' } });
  expect(await rerecordPayment(shop, q)).toBe(2);
  expect(await back()).toMatchObject(given);
  expect([(await payment(p)).balanceMinor, (await payment(q)).balanceMinor]).toEqual([0, 40]);
});

/** As a backup that is put back does. */
async function behindItsBack(write: (sql: Sql) => Promise<unknown>): Promise<void> {
  await shop.sql.begin(async (transaction) => {
    const sql = transaction as unknown as Sql;
    await sql`set local session_replication_role = replica`;
    await write(sql);
  });
}
