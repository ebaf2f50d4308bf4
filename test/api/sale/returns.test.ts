import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { inParallel } from '../../../activities/inParallel.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type PostOptions, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Told = { return: ReturnView; sale: SaleView; recorded: boolean; code: string };
type Share = [reference: string, amountMinor: number];

const lines = [
  { productId: 'bike', amountMinor: 3_000 },
  { productId: 'lock', amountMinor: 2_000 },
];
const say = (saleId: string, verb: string, body: object, options?: PostOptions) =>
  shop.post<Told>(`/sales/${saleId}/${verb}`, { customerId: 'C-1', ...body }, { key: shop.keys.till, ...options });
const giveBack = (saleId: string, more: object = {}, options?: PostOptions) =>
  say(saleId, 'return', { currency: 'EUR', ...more }, options);
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const issue = async (amountMinor: number, more: object = {}) => (await shop.issue({ amountMinor, ...more })).reference;
const where = ({ body }: { body: Told }) =>
  body.return.returned.map(({ reference, amountMinor }): Share => [reference, amountMinor]);

async function sold(shares: Share[]): Promise<string> {
  const saleId = `S-${randomUUID()}`;
  const payments = shares.map(([reference, amountMinor]) => ({ reference, amountMinor }));
  expect(await say(saleId, 'settle', { customerId: 'C-1', currency: 'EUR', lines, payments })).toMatchObject({
    status: 200,
  });
  return saleId;
}

/** Of a sale's movements: what it has taken and not given back, on whichever payments. */
async function netOf(saleId: string): Promise<number> {
  const [row] = await shop.sql<
    { net: number }[]
  >`select coalesce(-sum(amount_minor), 0)::bigint as net from movements where sale_id = ${saleId}`;
  return row?.net ?? Number.NaN;
}

test('part by part and to the last unit it goes back, last used first; a used payment is active again', async () => {
  const [a, b] = [await issue(1_000), await issue(2_000)];
  const saleId = await sold([
    [a, 1_000],
    [b, 2_000],
  ]);
  const first = await giveBack(saleId, { amountMinor: 1_999, reason: 'scratched' });
  expect(first).toMatchObject({
    status: 200,
    body: { recorded: true, return: { amountMinor: 1_999, reason: 'scratched' }, sale: { givenBackMinor: 1_999 } },
  });
  expect(where(first)).toEqual([[b, 1_999]]);
  expect(where(await giveBack(saleId, { amountMinor: 2 }))).toEqual([
    [b, 1],
    [a, 1],
  ]);
  expect(await payment(b)).toMatchObject({ status: 'active', balanceMinor: 2_000 });
  expect(await giveBack(saleId, { amountMinor: 1_000 })).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable', sale: { givenBackMinor: 2_001 } },
  });
  expect(where(await giveBack(saleId))).toEqual([[a, 999]]);
  expect(await giveBack(saleId)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
  expect(await payment(a)).toMatchObject({ status: 'active', balanceMinor: 1_000 });
  expect(await netOf(saleId)).toBe(0);
});

test('lines of a product go back to the payment that paid for it', async () => {
  const bike = await issue(3_000, { type: 'product_specific', productId: 'bike' });
  const generic = await issue(2_000);
  const saleId = await sold([
    [bike, 2_500],
    [generic, 2_000],
  ]);
  expect(where(await giveBack(saleId, { lines: [{ productId: 'bike', amountMinor: 600 }] }))).toEqual([[bike, 600]]);
  expect(where(await giveBack(saleId, { lines: [{ productId: 'bike', amountMinor: 2_400 }] }))).toEqual([
    [generic, 500],
    [bike, 1_900],
  ]);
  expect(await giveBack(saleId, { lines: [{ productId: 'bike', amountMinor: 1 }] })).toMatchObject({
    status: 422,
    body: { code: 'exceeds_product_total' },
  });
  const asked = { lines: [{ productId: 'lock', amountMinor: 1_501 }], preview: true };
  expect(await giveBack(saleId, asked)).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 1_500, otherTenderMinor: 1 } },
  });
  expect(await giveBack(saleId, { lines: [{ productId: 'tent', amountMinor: 1 }] })).toMatchObject({
    status: 422,
    body: { code: 'product_not_in_sale' },
  });
  expect(
    where(await giveBack(saleId, { lines: [{ productId: 'lock', amountMinor: 2_000 }], amountMinor: 1_500 })),
  ).toEqual([[generic, 1_500]]);
  expect(await netOf(saleId)).toBe(0);
});

test('what came from an ended payment is a new one of its kind, without an end, that names the one it replaces', async () => {
  const expired = await issue(1_000, { type: 'product_specific', productId: 'bike', expiresAt: '2040-01-01' });
  const cancelled = await issue(1_000);
  const alive = await issue(1_000);
  const saleId = await sold([
    [expired, 600],
    [cancelled, 700],
    [alive, 800],
  ]);
  await shop.post(`/account-payments/${expired}/expire`, { reason: 'agreed' });
  await shop.post(`/account-payments/${cancelled}/cancel`, {
    customerId: 'C-1',
    disposition: 'paid_out',
    tender: 'cash',
    reason: 'agreed',
  });
  const reply = await giveBack(saleId, {}, { idempotencyKey: saleId });
  expect(reply).toMatchObject({ status: 200, body: { recorded: true, return: { amountMinor: 2_100 } } });
  expect(where(reply)).toEqual([
    [alive, 800],
    [cancelled, 700],
    [expired, 600],
  ]);
  const [toAlive, forCancelled, forExpired] = reply.body.return.returned.map(({ replacement }) => replacement);
  expect(toAlive).toBeNull();
  expect(await payment(forExpired ?? '')).toMatchObject({
    customerId: 'C-1',
    type: 'product_specific',
    productId: 'bike',
    purpose: 'deposit',
    expiresAt: null,
    amountMinor: 600,
    balanceMinor: 600,
    replaces: expired,
    status: 'active',
    createdBy: { caller: 'till-1' },
  });
  expect(await payment(forCancelled ?? '')).toMatchObject({ type: 'generic', amountMinor: 700, replaces: cancelled });
  const movements = await shop.get<{ items: object[] }>(`/account-payments/${forExpired}/movements`);
  expect(movements.body.items).toMatchObject([{ kind: 'issued', amountMinor: 600, counterpart: expired, saleId }]);

  const again = await giveBack(saleId, {}, { idempotencyKey: saleId });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(again.body.return).toEqual(reply.body.return);
  expect(await netOf(saleId)).toBe(0);
  const [count] = await shop.sql<{ count: number }[]>`select count(*) from account_payments where replaces is not null`;
  expect(count?.count).toBe(2);
});

test('two returns at the same moment, from an expired payment: never more than the sale took, one replacement each', async () => {
  const reference = await issue(1_000, { expiresAt: '2040-01-01' });
  const saleId = await sold([[reference, 900]]);
  await shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' });
  const both = await Promise.all([
    giveBack(saleId, { amountMinor: 500 }),
    giveBack(saleId, { amountMinor: 500 }),
    giveBack(saleId, { amountMinor: 300 }),
  ]);
  const given = both.filter(({ status }) => status === 200);
  const refused = both.filter(({ status }) => status === 409);
  expect(given).toHaveLength(2);
  expect(refused.map(({ body }) => body.code)).toEqual(['exceeds_refundable']);
  const returned = given.reduce((sum, { body }) => sum + body.return.amountMinor, 0);
  expect(returned).toBe(800);
  const credits = await shop.sql<
    { amountMinor: number }[]
  >`select amount_minor from account_payments where replaces = ${reference} order by amount_minor`;
  expect(credits.map(({ amountMinor }) => amountMinor)).toEqual([300, 500]);
  expect(await netOf(saleId)).toBe(100);
});

test('what a till gave back at the payment itself is not given back once more', async () => {
  const [a, b] = [await issue(1_000), await issue(1_000)];
  const saleId = await sold([
    [a, 700],
    [b, 800],
  ]);
  await shop.post(`/account-payments/${b}/refund`, { customerId: 'C-1', amountMinor: 800, currency: 'EUR', saleId });
  const reply = await giveBack(saleId);
  expect(reply).toMatchObject({
    status: 200,
    body: {
      return: {
        amountMinor: 700,
        returned: [{ reference: a }],
        notReturned: [],
      },
    },
  });
  expect(await giveBack(saleId, { amountMinor: 10 })).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable' },
  });
  expect(await netOf(saleId)).toBe(0);
});

test('what went back at the payment is not issued once more when it has ended', async () => {
  const reference = await issue(1_000, { expiresAt: '2040-01-01' });
  const saleId = await sold([[reference, 900]]);
  const refund = (amountMinor: number) =>
    shop.post<{ code: string }>(`/account-payments/${reference}/refund`, {
      customerId: 'C-1',
      amountMinor,
      currency: 'EUR',
      saleId,
    });
  expect(await refund(300)).toMatchObject({ status: 200 });
  await shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' });
  expect(await giveBack(saleId)).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 600, returned: [{ reference, amountMinor: 600 }], notReturned: [] } },
  });
  expect(await refund(1)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable', refundableMinor: 0 } });
  expect(await netOf(saleId)).toBe(0);
  expect(await giveBack(saleId, { amountMinor: 1 })).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable' },
  });
});

test('all refunded at the payment, which is then cancelled: a return issues nothing', async () => {
  const reference = await issue(1_000);
  const saleId = await sold([[reference, 100]]);
  await shop.post(`/account-payments/${reference}/refund`, {
    customerId: 'C-1',
    amountMinor: 100,
    currency: 'EUR',
    saleId,
  });
  await shop.post(`/account-payments/${reference}/cancel`, {
    customerId: 'C-1',
    disposition: 'paid_out',
    tender: 'cash',
    reason: 'asked for cash',
  });
  expect(await giveBack(saleId)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
  expect(await netOf(saleId)).toBe(0);
});

test('after a part went back at the payment, everything is what is left', async () => {
  const reference = await issue(1_000);
  const saleId = await sold([[reference, 100]]);
  await shop.post(`/account-payments/${reference}/refund`, {
    customerId: 'C-1',
    amountMinor: 30,
    currency: 'EUR',
    saleId,
  });
  expect(await giveBack(saleId)).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 70, returned: [{ reference, amountMinor: 70 }], notReturned: [] } },
  });
  expect(await netOf(saleId)).toBe(0);
});

test('nothing is issued in place of what was issued in error', async () => {
  const reference = await issue(1_000);
  const saleId = await sold([[reference, 100]]);
  await shop.post(`/account-payments/${reference}/cancel`, {
    customerId: 'C-1',
    disposition: 'issued_in_error',
    reason: 'typed twice',
  });
  expect(await giveBack(saleId)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
});

test('a sale that was paid by single applies is returned like any other, its payment ended or not', async () => {
  const [a, b] = [await issue(1_000), await issue(1_000, { expiresAt: '2040-01-01' })];
  const saleId = `S-${randomUUID()}`;
  for (const [reference, amountMinor] of [
    [a, 100],
    [b, 200],
  ] as const) {
    const spending = { customerId: 'C-1', amountMinor, currency: 'EUR', saleId };
    expect(await shop.post(`/account-payments/${reference}/apply`, spending)).toMatchObject({ status: 200 });
  }
  await shop.post(`/account-payments/${b}/expire`, { reason: 'agreed' });
  expect(await giveBack(saleId, { lines: [{ productId: 'bike', amountMinor: 1 }] })).toMatchObject({
    status: 422,
    body: { code: 'basket_unknown' },
  });
  const first = await giveBack(saleId, { amountMinor: 50 }, { idempotencyKey: saleId });
  expect(first).toMatchObject({ status: 200, body: { return: { returned: [{ reference: b, amountMinor: 50 }] } } });
  expect(first.body.return.returned[0]?.replacement).not.toBeNull();
  expect(await giveBack(saleId)).toMatchObject({ status: 200, body: { return: { amountMinor: 250 } } });
  expect(await giveBack(saleId)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
  const again = await giveBack(saleId, { amountMinor: 50 }, { idempotencyKey: saleId });
  expect(again.body.return).toEqual(first.body.return);
  expect(await netOf(saleId)).toBe(0);
});

test('a return after the workflow has gone finds its own first answer, and gives back what is left', async () => {
  const [a, b] = [await issue(1_000), await issue(1_000)];
  const saleId = await sold([
    [a, 1_000],
    [b, 1_000],
  ]);
  const part = () => giveBack(saleId, { amountMinor: 30 }, { idempotencyKey: saleId });
  const first = await part();
  await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length === 2);
  await shop.saleHandle(saleId).terminate('an operator');
  const again = await part();
  expect(again).toMatchObject({ status: 200, body: { return: first.body.return } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await giveBack(saleId, { lines: [{ productId: 'bike', amountMinor: 3_001 }] })).toMatchObject({
    status: 422,
    body: { code: 'exceeds_product_total' },
  });
  expect(await giveBack(saleId)).toMatchObject({ status: 200, body: { return: { amountMinor: 1_970 } } });
  expect(await netOf(saleId)).toBe(0);
});

test('refund at the payment, then cancel: a return gives nothing more', async () => {
  const reference = await issue(100);
  const saleId = await sold([[reference, 100]]);
  const refund = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId };
  expect(await shop.post(`/account-payments/${reference}/refund`, refund)).toMatchObject({ status: 200 });
  const cancel = { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'cash' };
  expect(await shop.post(`/account-payments/${reference}/cancel`, cancel)).toMatchObject({ status: 200 });
  expect(await giveBack(saleId)).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable', refundableMinor: 0 },
  });
});

test('shoes paid partly by card: credit goes back first, and the answer names the rest; a preview moves nothing', async () => {
  const reference = await issue(40);
  const saleId = `S-${randomUUID()}`;
  const shoe = [{ productId: 'shoe', amountMinor: 90 }];
  const payments = [{ reference, amountMinor: 40 }];
  await say(saleId, 'settle', { customerId: 'C-1', currency: 'EUR', lines: shoe, payments });
  const preview = await giveBack(saleId, { lines: shoe, preview: true });
  expect(preview).toMatchObject({ status: 200, body: { return: { at: null, amountMinor: 40, otherTenderMinor: 50 } } });
  expect(await netOf(saleId)).toBe(40);
  const back = await giveBack(saleId, { lines: shoe, keptMinor: 5 });
  expect(back).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 35, keptMinor: 5, otherTenderMinor: 50 }, sale: { keptMinor: 5 } },
  });
  expect(await giveBack(saleId)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
  expect(await payment(reference)).toMatchObject({ balanceMinor: 35 });
});

test('a fee that is all of an ended payment is kept for good', async () => {
  const reference = await issue(1_000, { expiresAt: '2040-01-01' });
  const saleId = await sold([[reference, 100]]);
  await shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' });
  const fee = () => giveBack(saleId, { payments: [{ reference, amountMinor: 20 }], keptMinor: 30 });
  expect(await fee()).toMatchObject({ status: 200, body: { return: { amountMinor: 20, keptMinor: 30 } } });
  expect(await giveBack(saleId, { keptMinor: 51 })).toMatchObject({ status: 409, body: { refundableMinor: 50 } });
  const kept = await giveBack(saleId, { keptMinor: 50 });
  expect(kept).toMatchObject({ status: 200, body: { return: { amountMinor: 0, keptMinor: 50 } } });
  expect(await giveBack(saleId)).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable', refundableMinor: 0 },
  });
  const more = shop.sql`insert into kept_fees ${shop.sql({ commandId: randomUUID(), saleShopId: shop.shopId, shopId: shop.shopId, caller: 'till-1', returnId: 'R', saleId, reference, keptMinor: 1 })}`;
  await expect(more).rejects.toThrow('got back more than it took');
  await expect(shop.sql`delete from kept_fees`).rejects.toThrow();
});

test("after its time a return is a manager's call, not a dead end", async () => {
  const short = await openShop({ returnPeriodMs: 1 });
  try {
    const { reference } = await short.issue({ amountMinor: 100 });
    const payments = [{ reference, amountMinor: 100 }];
    const settle = { customerId: 'C-1', currency: 'EUR', lines, payments };
    await short.post('/sales/late/settle', settle, { key: short.keys.till });
    const back = (key: string) => short.post('/sales/late/return', { customerId: 'C-1', currency: 'EUR' }, { key });
    expect(await back(short.keys.till)).toMatchObject({ status: 409, body: { code: 'sale_closed' } });
    expect(await back(short.keys.manager)).toMatchObject({ status: 200, body: { return: { amountMinor: 100 } } });
  } finally {
    await short.close();
  }
});

test('a quote is less what the sale has taken already', async () => {
  const saleId = `S-${randomUUID()}`;
  const { reference } = await shop.issue({ amountMinor: 1_000, customerId: 'C-quoted' });
  const asked = { customerId: 'C-quoted', currency: 'EUR', amountMinor: 600, saleId };
  await shop.post(`/account-payments/${reference}/apply`, asked);
  const basket = { customerId: 'C-quoted', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 700 }] };
  const { body } = await shop.post<object>(`/sales/${saleId}/quote`, basket);
  expect(body).toMatchObject({ totalMinor: 700, leftToPayMinor: 0, payments: [{ reference, amountMinor: 100 }] });
});

test('the database refuses more in place of an ended payment than its sale took', async () => {
  const reference = await issue(1_000, { expiresAt: '2040-01-01' });
  const saleId = await sold([[reference, 900]]);
  await shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' });
  const back = await giveBack(saleId, { amountMinor: 800 });
  const replacement = back.body.return.returned[0]?.replacement ?? '';
  const second = 'ACC-20261123-0THER001';
  const written = await shop.sql<{ name: string }[]>`
    select attname as name from pg_attribute
     where attrelid = 'account_payments'::regclass and attnum > 0 and attgenerated = '' and not attisdropped`;
  const columns = shop.sql(written.map(({ name }) => name));
  const copy = (amountMinor: number) =>
    shop.sql.begin(async (tx) => {
      await tx`insert into account_payments (${columns})
        select ${columns} from (
          select (jsonb_populate_record(p, jsonb_build_object('reference', ${second}::text,
                   'amount_minor', ${amountMinor}::int, 'balance_minor', ${amountMinor}::int))).*
            from account_payments p where reference = ${replacement}) copied`;
      await tx`insert into commands (reference, command_id, revision, kind, body_hash, outcome, rules, caller, shop_id,
                                     decided_at)
               select ${second}, command_id, revision, kind, body_hash, outcome, rules, caller, shop_id, decided_at
                 from commands where reference = ${replacement}`;
      await tx`insert into movements (reference, sequence, command_id, kind, amount_minor, balance_before_minor,
                                      balance_after_minor, sale_shop_id, sale_id, counterpart, caller,
                                      shop_id, moved_at)
               select ${second}, 1, command_id, kind, ${amountMinor}, 0, ${amountMinor}, sale_shop_id, sale_id,
                      counterpart, caller, shop_id, moved_at
                 from movements where reference = ${replacement}`;
      if (amountMinor === 100) throw new Error('only to see that it fits');
    });
  await expect(copy(101)).rejects.toThrow('got back more than it took');
  await expect(copy(100)).rejects.toThrow('only to see that it fits');
});

test('a hundred and fifty returns of one sale go on from run to run, each once', { timeout: 400_000 }, async () => {
  const reference = await issue(1_000);
  const saleId = await sold([[reference, 1_000]]);
  // Eight wait for one sale, and on a busy machine one of them for too long, or while it goes on from run to run: then
  // it asks again, as it is told to.
  const replies = await inParallel(8, 150, async (i) => {
    const ask = () =>
      until(async () => {
        const options = { idempotencyKey: `${saleId}-${i}`, headers: { Prefer: 'wait=0' } };
        const reply = await giveBack(saleId, { amountMinor: 1 + (i % 3) }, options);
        return reply.status !== 504 && reply.status !== 429 && reply;
      });
    const first = await ask();
    return i % 10 === 0 ? ask() : first;
  });
  expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  const { body } = await shop.get<{ sale: SaleView }>(`/sales/${saleId}`);
  expect(body.sale).toMatchObject({ givenBackMinor: 300, takenMinor: 1_000 });
  expect(body.sale.returns).toHaveLength(150);
  await until(async () => (await netOf(saleId)) === 700);
  const runs = [];
  for await (const run of shop.client.workflow.list({ query: `WorkflowId = 'sale/${shop.shopId}/${saleId}'` }))
    runs.push(run.historyLength);
  expect(runs.length).toBeGreaterThan(1);
  expect(Math.max(...runs), 'however many wait').toBeLessThan(1_800);
});

test('after its time a sale takes no more returns, and its workflow ends', async () => {
  const opened: Shop[] = [];
  try {
    const at = '/sales/S-short';
    const { short, reference } = await beforeItEnds(async ({ lifetimeMs: returnPeriodMs }) => {
      const own = await openShop({ returnPeriodMs });
      opened.push(own);
      const { reference: issued } = await own.issue({ amountMinor: 100 });
      const basket = { customerId: 'C-1', currency: 'EUR', lines, payments: [{ reference: issued, amountMinor: 60 }] };
      expect(await own.post(`${at}/settle`, basket)).toMatchObject({ status: 200 });
      expect(await own.post(`${at}/return`, { currency: 'EUR', amountMinor: 10 })).toMatchObject({ status: 200 });
      return { short: own, reference: issued };
    }, 3_000);
    await until(async () => (await short.saleHandle('S-short').describe()).status.name === 'COMPLETED');
    const late = { customerId: 'C-1', currency: 'EUR', amountMinor: 10 };
    expect(await short.post(`${at}/return`, late, { key: short.keys.till })).toMatchObject({
      status: 409,
      body: { code: 'sale_closed' },
    });
    expect(
      await short.post(`/account-payments/${reference}/refund`, {
        customerId: 'C-1',
        currency: 'EUR',
        amountMinor: 50,
        saleId: 'S-short',
      }),
    ).toMatchObject({ status: 200 });
  } finally {
    for (const each of opened) await each.close();
  }
});
