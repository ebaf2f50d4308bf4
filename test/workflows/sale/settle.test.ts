import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Batch } from '../../../domain/payment/record.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { SaleView } from '../../../domain/sale/sale.js';
import { messageOf } from '../../../domain/payment/command.js';
import { BACKSTOP_MS } from '../../../domain/sale/lifetimes.js';
import { saleStepId } from '../../../domain/sale/stepId.js';
import type { Activities } from '../../../workflows/activities.js';
import { openShop, until, type PostOptions, type Shop } from '../../support/shop.js';

/** What stands in the way of an activity; nothing unless a test says so. */
type Stopped = 'begin' | 'complete' | 'recall' | 'recordSale';
let inTheWay: Partial<{ [Name in Stopped]: (work: Activities[Name]) => Activities[Name] }> = {};
/** Whose decisions the books are not told. */
let unrecorded: string | undefined;
const batches: Batch[] = [];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    around: (activities) => ({
      ...activities,
      begin: (beginning) => {
        const work: Activities['begin'] = (asked) => activities.begin(asked);
        return (inTheWay.begin?.(work) ?? work)(beginning);
      },
      complete: (completing) => {
        const work: Activities['complete'] = (asked) => activities.complete(asked);
        return (inTheWay.complete?.(work) ?? work)(completing);
      },
      recall: (...asked) => {
        const work: Activities['recall'] = (...again) => activities.recall(...again);
        return (inTheWay.recall?.(work) ?? work)(...asked);
      },
      recordSale: (records) => {
        const work: Activities['recordSale'] = (again) => activities.recordSale(again);
        return (inTheWay.recordSale?.(work) ?? work)(records);
      },
      record: async (batch) => {
        if (batch.terms.reference === unrecorded) throw new Error('not now');
        batches.push(batch);
        return activities.record(batch);
      },
    }),
  });
});
afterEach(() => {
  inTheWay = {};
  unrecorded = undefined;
});
afterAll(() => shop.close());

type Told = { sale: SaleView; recorded: boolean; code: string; payments: { reference: string; code: string }[] };
type Share = [reference: string, amountMinor: number];

const atOnce = { Prefer: 'wait=0' };
const newSale = () => `S-${randomUUID()}`;
const issue = async (amountMinor: number, more: object = {}) => (await shop.issue({ amountMinor, ...more })).reference;
/** On a slow hour a till hears that the outcome is unknown, and asks again under the same key. */
const settle = (saleId: string, payments: Share[], options: PostOptions = {}, more: object = {}) => {
  const { idempotencyKey = randomUUID() } = options;
  const body = {
    customerId: 'C-1',
    currency: 'EUR',
    lines: [{ productId: 'bike', amountMinor: 500 }],
    payments: payments.map(([reference, amountMinor]) => ({ reference, amountMinor })),
    ...more,
  };
  return until(async () => {
    const reply = await shop.post<Told>(`/sales/${saleId}/settle`, body, { ...options, idempotencyKey });
    return reply.status < 500 && reply;
  });
};
const read = async (saleId: string) => (await shop.get<{ sale: SaleView }>(`/sales/${saleId}`)).body.sale;
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const kindsOf = async (reference: string) =>
  (await shop.sql<{ kind: string }[]>`select kind from commands where reference = ${reference} order by revision`).map(
    ({ kind }) => kind,
  );
/** The sale's row in the books, once there is one. */
const written = (saleId: string) =>
  until(async () => {
    const [row] = await shop.sql<{ outcome: string; status: string; missing: number }[]>`
      select outcome, answer -> 'attempt' -> 'phase' ->> 'status' as status,
             (answer -> 'attempt' -> 'sources' -> 0 ->> 'missingMinor')::int as missing
        from sale_commands where sale_id = ${saleId}`;
    return row;
  });

/** Stands before an activity until it is opened. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** A try that a crash cuts off, once, before its work or after it; and what happens before the next one. */
function cutOffOnce(when: 'before' | 'after', meanwhile: () => Promise<unknown>): typeof inTheWay {
  let tries = 0;
  return {
    begin: (work) => async (beginning) => {
      if ((tries += 1) > 1) return work(beginning);
      if (when === 'after') await work(beginning);
      await meanwhile();
      throw new Error('the worker crashed here');
    },
  };
}

test('one payment is asked once, without a hold, and the books have the sale as they have any other', async () => {
  const [reference, saleId] = [await issue(300), newSale()];
  const told = await settle(saleId, [[reference, 100]]);
  expect(told).toMatchObject({ status: 200, body: { recorded: true, sale: { status: 'completed', takenMinor: 100 } } });
  expect(await kindsOf(reference)).toEqual(['issue', 'apply']);
  expect(await written(saleId)).toMatchObject({ outcome: 'accepted', status: 'completed' });
  expect(await settle(saleId, [[reference, 100]])).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(await shop.post(`/sales/${saleId}/return`, { currency: 'EUR' })).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 100 } },
  });
});

test('what one payment refuses is refused, remembered, and may be tried again under another key', async () => {
  const [reference, saleId, idempotencyKey] = [await issue(100), newSale(), randomUUID()];
  for (const _ of ['first', 'again'])
    expect(await settle(saleId, [[reference, 200]], { idempotencyKey })).toMatchObject({
      status: 409,
      body: { code: 'insufficient_balance', payments: [{ reference, code: 'insufficient_balance' }] },
    });
  expect(await written(saleId)).toMatchObject({ outcome: 'insufficient_balance', status: 'refused' });
  expect(await settle(saleId, [[reference, 100]])).toMatchObject({ status: 200, body: { sale: { takenMinor: 100 } } });
});

test('a settlement is told when it is decided, and recorded together with its holds', async () => {
  const [p, q, saleId] = [await issue(300), await issue(300), newSale()];
  const { opened, open } = gate();
  inTheWay = {
    complete: (work) => async (completing) => {
      await opened;
      return work(completing);
    },
  };
  const shares: Share[] = [
    [p, 100],
    [q, 50],
  ];
  const promised = { status: 'completed', takenMinor: 150, heldMinor: 0, leftToPayMinor: 350 };
  expect(await settle(saleId, shares, { headers: atOnce })).toMatchObject({
    status: 200,
    body: { recorded: false, sale: promised },
  });
  expect(await read(saleId)).toMatchObject({ status: 'completed', heldMinor: 0 });
  expect(await payment(p)).toMatchObject({ balanceMinor: 300, heldMinor: 100 });
  const { holdId } = await read(saleId);
  expect(await shop.post(`/sales/${saleId}/release`, { holdId })).toMatchObject({
    status: 409,
    body: { code: 'sale_completing' },
  });
  // A sale that did not go on would leave its holds in the books, a moment later.
  await until(async () => (await kindsOf(p)).includes('hold'));
  open();
  await until(async () => (await kindsOf(q)).includes('capture'));
  expect(await payment(q)).toMatchObject({ balanceMinor: 250, heldMinor: 0 });
  expect(await written(saleId)).toMatchObject({ outcome: 'accepted', status: 'completed' });

  inTheWay = {};
  const next = newSale();
  expect(await settle(next, shares)).toMatchObject({ status: 200, body: { recorded: true, sale: promised } });
  const together = batches.filter(({ records }) => records.length === 2);
  expect(together.map(({ records }) => records.map(({ kind }) => kind))).toContainEqual(['hold', 'capture']);
  expect((await kindsOf(p)).slice(-2)).toEqual(['hold', 'capture']);
});

test('once it is told nothing is put back: a hold that is gone is taken anew, what is spent is missing', async () => {
  const [p, q, r] = [await issue(100), await issue(100), await issue(100)];
  for (const [gone, spentMinor, missingMinor] of [
    [p, 0, 0],
    [q, 80, 60],
  ] as const) {
    const saleId = newSale();
    const { opened, open } = gate();
    inTheWay = {
      complete: (work) => async (completing) => {
        await opened;
        return work(completing);
      },
    };
    const shares: Share[] = [
      [gone, 60],
      [r, 20],
    ];
    const told = await settle(saleId, shares, { headers: atOnce });
    expect(told).toMatchObject({ status: 200, body: { sale: { status: 'completed', takenMinor: 80 } } });
    const sale = { saleShopId: shop.shopId, saleId };
    const holdId = saleStepId(sale, told.body.sale.holdId, 'hold', gone);
    await shop.tell(gone, 'release', { commandId: randomUUID(), by: { caller: 'operator' }, holdId });
    if (spentMinor > 0) {
      const spend = { customerId: 'C-1', amountMinor: spentMinor, currency: 'EUR', saleId: newSale() };
      expect(await shop.post(`/account-payments/${gone}/apply`, spend)).toMatchObject({ status: 200 });
    }
    open();
    expect(await written(saleId)).toMatchObject({ outcome: 'accepted', status: 'completed', missing: missingMinor });
    expect(await read(saleId)).toMatchObject({ status: 'completed', missingMinor, takenMinor: 80 - missingMinor });
  }
});

test('a try that a crash cut off takes nothing when the books speak against the sale by then', async () => {
  for (const when of ['before', 'after'] as const) {
    const [p, q, other, saleId] = [await issue(100), await issue(100), await issue(100), newSale()];
    const charge = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId };
    inTheWay = cutOffOnce(when, () => shop.post(`/account-payments/${other}/apply`, charge));
    const shares: Share[] = [
      [p, 60],
      [q, 60],
    ];
    expect(await settle(saleId, shares)).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
    expect(await payment(p)).toMatchObject({ balanceMinor: 100, heldMinor: 0 });
    expect(await payment(q)).toMatchObject({ balanceMinor: 100, heldMinor: 0 });
  }
});

test('of one payment too: its apply never happens, unless it has; then the sale is completed', async () => {
  for (const when of ['before', 'after'] as const) {
    const [p, other, saleId] = [await issue(100), await issue(100), newSale()];
    const charge = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId };
    // Otherwise the books would know that it has begun.
    unrecorded = p;
    inTheWay = cutOffOnce(when, () => shop.post(`/account-payments/${other}/apply`, charge));
    const told = await settle(saleId, [[p, 60]], { headers: atOnce });
    unrecorded = undefined;
    if (when === 'before') {
      expect(told).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
      expect(await kindsOf(p)).toEqual(['issue']);
      await until(async () => (await kindsOf(p)).includes('release'));
      expect(await payment(p)).toMatchObject({ balanceMinor: 100 });
    } else {
      expect(told).toMatchObject({ status: 200, body: { sale: { status: 'completed' } } });
      await until(async () => (await kindsOf(p)).includes('apply'));
      expect(await payment(p)).toMatchObject({ balanceMinor: 40 });
    }
  }
});

test('what was told from the books after a crash is told again while they are away', async () => {
  const [reference, saleId, idempotencyKey] = [await issue(300), newSale(), randomUUID()];
  const completed = { status: 200, body: { sale: { status: 'completed', takenMinor: 100 } } };
  inTheWay = {
    ...cutOffOnce('after', () => written(saleId)),
    recall: () => () => Promise.resolve({ books: 'away' }),
  };
  for (const _ of ['first', 'again'])
    expect(await settle(saleId, [[reference, 100]], { idempotencyKey })).toMatchObject(completed);
  expect(await payment(reference)).toMatchObject({ balanceMinor: 200 });
});

test('the books have the answers of a sale in the order in which it gave them, and repeats of its holds are equal', async () => {
  const [p, q, poor, saleId] = [await issue(300), await issue(300), await issue(10), newSale()];
  const { opened, open } = gate();
  inTheWay = {
    recordSale: (work) => async (records) => {
      await opened;
      return work(records);
    },
  };
  const shares: Share[] = [
    [p, 100],
    [q, 50],
  ];
  expect(await settle(saleId, [[poor, 20]])).toMatchObject({ status: 409 });
  expect(await settle(saleId, shares)).toMatchObject({ status: 200, body: { recorded: true } });
  open();
  const outcomes = () => shop.sql<{ outcome: string }[]>`
    select outcome from sale_commands where sale_id = ${saleId} order by number`;
  await until(async () => (await outcomes()).length === 2);
  expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(['insufficient_balance', 'accepted']);

  // One that the books know asks its payments after them: in time, but as if it were at once.
  inTheWay = {};
  const next = newSale();
  expect(await settle(next, [[poor, 20]])).toMatchObject({ status: 409 });
  await until(async () => (await shop.saleHandle(next).describe()).status.name === 'COMPLETED');
  expect(await settle(next, shares, {}, { lifetimeMs: 600_000 })).toMatchObject({ status: 200 });
  const lifetimes = await shop.sql<{ ms: number }[]>`
    select (details ->> 'lifetimeMs')::int as ms from commands where sale_id = ${next} and kind = 'hold'`;
  expect(lifetimes.map(({ ms }) => ms)).toEqual([600_000 + BACKSTOP_MS, 600_000 + BACKSTOP_MS]);
});

test('a refusal that the books told leaves nothing held of what a try asked that was cut off', async () => {
  const [p, q, other, saleId, idempotencyKey] = [await issue(100), await issue(100), await issue(100), newSale(), 'K'];
  const charge = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId };
  expect(await shop.post(`/account-payments/${other}/apply`, charge)).toMatchObject({ status: 200 });
  const shares: Share[] = [
    [p, 60],
    [q, 60],
  ];
  const refused = { status: 409, body: { code: 'sale_exists' } };
  const ask = () => settle(saleId, shares, { idempotencyKey: idempotencyKey + saleId });
  expect(await ask()).toMatchObject(refused);
  // It would end by itself, after a minute.
  await shop.saleHandle(saleId).terminate('an operator');
  // As where the registry was away: a repeat that is known as one asks the books alone.
  await shop.sql`delete from request_keys`;
  let tries = 0;
  inTheWay = {
    begin: (work) => async (beginning) => {
      if ((tries += 1) > 1) return work(beginning);
      // As it does while the books are away.
      for (const { reference, command } of beginning.asked)
        await shop.tell(reference, 'hold', { ...messageOf(command), lines: beginning.command.lines });
      expect(await payment(p)).toMatchObject({ heldMinor: 60 });
      throw new Error('the worker crashed here');
    },
  };
  expect(await ask()).toMatchObject(refused);
  expect(tries).toBe(2);
  for (const reference of [p, q]) expect(await payment(reference)).toMatchObject({ balanceMinor: 100, heldMinor: 0 });
});

test('a payment that does not answer for as long as a hold would last gives nothing afterwards', async () => {
  const [p, q, saleId, idempotencyKey] = [await issue(100), await issue(100), newSale(), randomUUID()];
  const { opened, open } = gate();
  inTheWay = {
    begin: (work) => async (beginning) => {
      await opened;
      return work(beginning);
    },
  };
  const ask = (id: string, shares: Share[]) =>
    settle(id, shares, { idempotencyKey: idempotencyKey + id, headers: atOnce }, { lifetimeMs: 1_000 });
  for (const [id, shares] of [
    [saleId, [[p, 60]]],
    [`${saleId}-2`, [[p, 60], [q, 60]]], // prettier-ignore
  ] as [string, Share[]][]) {
    expect(await ask(id, shares)).toMatchObject({ status: 409, body: { code: 'hold_expired' } });
  }
  open();
  for (const reference of [p, q]) {
    await until(async () => (await kindsOf(reference)).includes('release'));
    expect(await payment(reference)).toMatchObject({ balanceMinor: 100, heldMinor: 0 });
  }
});

test('what a sale refuses without asking is decided before its first step', async () => {
  const [p, q] = [await issue(100, { type: 'product_specific', productId: 'bike' }), await issue(100)];
  const lines = [{ productId: 'bike', amountMinor: 50 }];
  const cases: [Share[], number, string, object][] = [
    [[[p, 60]], 422, 'exceeds_basket', { lines }],
    [[[p, 60]], 422, 'exceeds_product_total', { lines: [...lines, { productId: 'lock', amountMinor: 50 }] }],
    [[[p, 10], [q, 0]], 400, 'invalid_amount', {}], // prettier-ignore
    [[[p, 0]], 400, 'invalid_amount', {}],
    [[], 400, 'no_payments', {}],
    [[[p, 10], [p, 10]], 400, 'payment_named_twice', {}], // prettier-ignore
  ];
  for (const [shares, status, code, more] of cases)
    expect(await settle(newSale(), shares, {}, more)).toMatchObject({ status, body: { code } });
  expect(await payment(p)).toMatchObject({ revision: 1 });
  expect(await payment(q)).toMatchObject({ revision: 1 });
});
