import { WorkflowNotFoundError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { SaleView } from '../../../domain/sale/sale.js';
import { inParallel } from '../../../activities/inParallel.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type PostOptions, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Told = {
  sale: SaleView;
  recorded: boolean;
  code: string;
  payments: { reference: string; code: string; detail: string; availableMinor: number | null }[];
};
type Share = [reference: string, amountMinor: number];

const plain = (all: { productId: string; amountMinor: number }[]) =>
  all.map(({ productId, amountMinor }) => ({ productId, amountMinor }));
const lines = [
  { productId: 'bike', amountMinor: 30_000 },
  { productId: 'lock', amountMinor: 5_000 },
];
const shares = (all: Share[]) => all.map(([reference, amountMinor]) => ({ reference, amountMinor }));
const newSale = () => `S-${randomUUID()}`;
/** A capture or release means the hold that there is, unless it names another. */
const say = async (saleId: string, verb: string, body: object = {}, options?: PostOptions) => {
  const of = verb === 'capture' || verb === 'release' ? { holdId: await holdOf(saleId) } : {};
  const named = { customerId: 'C-1', ...of, ...body };
  return shop.post<Told>(`/sales/${saleId}/${verb}`, named, { key: shop.keys.till, ...options });
};
const holdOf = async (saleId: string) =>
  (await shop.get<{ sale?: SaleView }>(`/sales/${saleId}`)).body.sale?.holdId ?? 'none';
const basket = (payments: Share[], more: object = {}) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines,
  payments: shares(payments),
  ...more,
});
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const issue = async (amountMinor: number, more: object = {}) => (await shop.issue({ amountMinor, ...more })).reference;
const issueThree = () => Promise.all([issue(1_000), issue(2_000), issue(3_000)]);

test('a sale is held over three payments, and captured', async () => {
  const [a, b, c] = await issueThree();
  const saleId = newSale();
  const held = await say(
    saleId,
    'hold',
    basket(
      [
        [a, 1_000],
        [b, 500],
        [c, 3_000],
      ],
      { lifetimeMs: 600_000, staffId: 'anna' },
    ),
  );
  expect(held).toMatchObject({
    status: 200,
    body: {
      recorded: true,
      sale: { saleId, status: 'held', totalMinor: 35_000, heldMinor: 4_500, leftToPayMinor: 30_500, takenMinor: 0 },
    },
  });
  expect(await payment(b)).toMatchObject({ balanceMinor: 2_000, heldMinor: 500, availableMinor: 1_500 });
  const captured = await say(saleId, 'capture');
  expect(captured).toMatchObject({
    status: 200,
    body: { recorded: true, sale: { status: 'completed', heldMinor: 0, takenMinor: 4_500, leftToPayMinor: 30_500 } },
  });
  expect(await payment(a)).toMatchObject({ status: 'used', balanceMinor: 0, heldMinor: 0 });
  expect(await payment(b)).toMatchObject({ balanceMinor: 1_500, heldMinor: 0 });
  const listed = await shop.get<{ items: AccountPaymentView[] }>(`/account-payments?saleId=${saleId}`);
  expect(listed.body.items.map(({ reference }) => reference).sort()).toEqual([a, b, c].sort());
  const movements =
    await shop.sql`select amount_minor, caller, staff_id from movements where sale_id = ${saleId} order by amount_minor`;
  expect(movements.map((each) => ({ ...each }))).toEqual([
    { amountMinor: -3_000, caller: 'till-1', staffId: null },
    { amountMinor: -1_000, caller: 'till-1', staffId: null },
    { amountMinor: -500, caller: 'till-1', staffId: null },
  ]);
});

test('less than was held may be captured; what is not named gives nothing, and nothing stays held', async () => {
  const [a, b, c] = await issueThree();
  const saleId = newSale();
  await say(
    saleId,
    'hold',
    basket([
      [a, 1_000],
      [b, 2_000],
      [c, 3_000],
    ]),
  );
  expect(
    await say(saleId, 'capture', {
      payments: shares([
        [a, 1_001],
        [c, 1],
      ]),
    }),
  ).toMatchObject({
    status: 409,
    body: {
      code: 'exceeds_held_amount',
      payments: [{ reference: a, code: 'exceeds_held_amount', availableMinor: 1_000 }],
      sale: { status: 'held' },
    },
  });
  expect(
    await say(saleId, 'capture', {
      payments: shares([
        [a, 400],
        [c, 3_000],
      ]),
    }),
  ).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 3_400, heldMinor: 0 } },
  });
  expect(await payment(a)).toMatchObject({ balanceMinor: 600, heldMinor: 0 });
  expect(await payment(b)).toMatchObject({ balanceMinor: 2_000, heldMinor: 0 });
  expect(await payment(c)).toMatchObject({ status: 'used', heldMinor: 0 });
});

test('one payment that refuses names itself and why, and leaves nothing held anywhere', async () => {
  const [a, b, c] = await issueThree();
  const foreign = await issue(1_000, { customerId: 'C-2' });
  const tent = await issue(1_000, { type: 'product_specific', productId: 'tent' });
  const dollars = await issue(1_000, { currency: 'USD' });
  const saleId = newSale();
  const refused = await say(
    saleId,
    'settle',
    basket([
      [a, 1_000],
      [b, 2_001],
      [foreign, 100],
      [tent, 100],
      [dollars, 100],
      ['ACC-20200101-00000000', 1],
      [c, 3_000],
    ]),
  );
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'insufficient_balance', sale: { status: 'refused', heldMinor: 0, takenMinor: 0 } },
  });
  expect(refused.body.payments.map(({ reference, code, availableMinor }) => [reference, code, availableMinor])).toEqual(
    [
      [b, 'insufficient_balance', 2_000],
      [foreign, 'payment_not_found', null],
      [tent, 'product_not_in_sale', 1_000],
      [dollars, 'currency_mismatch', 1_000],
      ['ACC-20200101-00000000', 'payment_not_found', null],
    ],
  );
  expect(refused.body.payments[0]?.detail).toBe('The available balance is smaller than that.');
  for (const reference of [a, b, c, foreign, tent])
    expect(await payment(reference)).toMatchObject({ status: 'active', heldMinor: 0 });
  expect(await shop.sql`select * from movements where sale_id = ${saleId}`).toEqual([]);
  expect(await say(saleId, 'capture')).toMatchObject({ status: 404, body: { code: 'hold_not_found' } });

  const again = await say(
    saleId,
    'settle',
    basket([
      [a, 1_000],
      [b, 2_000],
      [c, 3_000],
    ]),
  );
  expect(again).toMatchObject({ status: 200, body: { sale: { status: 'completed', takenMinor: 6_000 } } });
});

test("a payment of one product gives no more than its product's lines, however many of them there are", async () => {
  const one = await issue(20_000, { type: 'product_specific', productId: 'bike' });
  const other = await issue(20_000, { type: 'product_specific', productId: 'bike' });
  expect(
    await say(
      newSale(),
      'settle',
      basket([
        [one, 20_000],
        [other, 10_001],
      ]),
    ),
  ).toMatchObject({
    status: 422,
    body: {
      code: 'exceeds_product_total',
      payments: [{ reference: other, fitsMinor: 10_000 }],
    },
  });
  for (const reference of [one, other]) expect(await payment(reference)).toMatchObject({ revision: 1, heldMinor: 0 });
  expect(
    await say(
      newSale(),
      'settle',
      basket([
        [one, 20_000],
        [other, 10_000],
      ]),
    ),
  ).toMatchObject({ status: 200 });
});

test('the same request is one sale, a repeat is told so, and another key finds the sale taken', async () => {
  const [a, b] = await issueThree();
  const saleId = newSale();
  const asked = basket([
    [a, 300],
    [b, 400],
  ]);
  const copies = await Promise.all(
    Array.from({ length: 5 }, () => say(saleId, 'settle', asked, { idempotencyKey: saleId })),
  );
  for (const copy of copies) expect(copy).toMatchObject({ status: 200, body: { sale: { takenMinor: 700 } } });
  expect(copies.filter(({ headers }) => headers.get('Idempotent-Replayed') === 'true')).toHaveLength(4);
  expect(await payment(a)).toMatchObject({ balanceMinor: 700, revision: 3 });
  expect(await say(saleId, 'settle', basket([[a, 301]]), { idempotencyKey: saleId })).toMatchObject({
    status: 422,
    body: { code: 'command_id_reused' },
  });
  for (const verb of ['settle', 'hold'])
    expect(await say(saleId, verb, asked)).toMatchObject({
      status: 409,
      body: { code: 'sale_exists', sale: { status: 'completed' } },
    });
  expect(await payment(a)).toMatchObject({ balanceMinor: 700, revision: 3 });

  const held = newSale();
  await say(held, 'hold', asked, { idempotencyKey: held });
  expect(await say(held, 'hold', asked)).toMatchObject({
    status: 409,
    body: { code: 'sale_exists', sale: { status: 'held' } },
  });
  const repeat = await say(held, 'hold', asked, { idempotencyKey: held });
  expect(repeat).toMatchObject({ status: 200, body: { sale: { status: 'held' } } });
  expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
});

test('a refused request stays refused, though it would do by now', async () => {
  const a = await issue(1_000);
  const saleId = newSale();
  const asked = basket([[a, 600]]);
  const other = newSale();
  await say(other, 'hold', asked);
  expect(await say(saleId, 'settle', asked, { idempotencyKey: saleId })).toMatchObject({
    status: 409,
    body: { code: 'insufficient_balance', payments: [{ availableMinor: 400 }] },
  });
  await say(other, 'release');
  const repeat = await say(saleId, 'settle', asked, { idempotencyKey: saleId });
  expect(repeat).toMatchObject({
    status: 409,
    body: { code: 'insufficient_balance', payments: [{ availableMinor: 400 }] },
  });
  expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await payment(a)).toMatchObject({ balanceMinor: 1_000, heldMinor: 0 });
});

test('what is released is free again, and cannot be captured; the sale may be tried again', async () => {
  const a = await issue(1_000);
  const saleId = newSale();
  await say(saleId, 'hold', basket([[a, 800]]));
  expect(await say(saleId, 'release')).toMatchObject({
    status: 200,
    body: { sale: { status: 'released', heldMinor: 0 }, recorded: true },
  });
  expect(await payment(a)).toMatchObject({ availableMinor: 1_000 });
  expect(await say(saleId, 'capture')).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
  expect(await say(saleId, 'release')).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
  expect(await say(saleId, 'return', { currency: 'EUR' })).toMatchObject({
    status: 409,
    body: { code: 'sale_not_completed' },
  });
  expect(await say(saleId, 'hold', basket([[a, 900]]))).toMatchObject({
    status: 200,
    body: { sale: { status: 'held', heldMinor: 900 } },
  });
});

test('a till that does not come back leaves nothing held, and comes too late', async () => {
  const { a, b, saleId } = await beforeItEnds(async ({ lifetimeMs }) => {
    const [id, [one, other]] = [newSale(), await issueThree()];
    const shares: Share[] = [
      [one, 800],
      [other, 900],
    ];
    await say(id, 'hold', basket(shares, { lifetimeMs }));
    expect(await payment(one)).toMatchObject({ heldMinor: 800 });
    return { a: one, b: other, saleId: id };
  });
  await until(async () => (await shop.get<{ sale: SaleView }>(`/sales/${saleId}`)).body.sale.status === 'lapsed');
  for (const reference of [a, b]) expect(await payment(reference)).toMatchObject({ heldMinor: 0, status: 'active' });
  expect(await say(saleId, 'capture')).toMatchObject({
    status: 409,
    body: { code: 'hold_expired', sale: { status: 'lapsed' } },
  });
  expect(await say(saleId, 'settle', basket([[a, 800]]))).toMatchObject({ status: 200 });
});

test('a capture or release that comes late, for a hold that has ended, leaves the next hold of that sale alone', async () => {
  const a = await issue(1_000);
  const saleId = newSale();
  const first = await say(saleId, 'hold', basket([[a, 800]]));
  await say(saleId, 'release', { holdId: first.body.sale.holdId });
  const second = await say(saleId, 'hold', basket([[a, 900]]));
  expect(second.body.sale.holdId).not.toBe(first.body.sale.holdId);
  for (const verb of ['capture', 'release']) {
    expect(await say(saleId, verb, { holdId: first.body.sale.holdId })).toMatchObject({
      status: 409,
      body: { code: 'hold_closed', sale: { status: 'held', heldMinor: 900 } },
    });
  }
  expect(await say(saleId, 'capture', { holdId: second.body.sale.holdId })).toMatchObject({
    status: 200,
    body: { sale: { takenMinor: 900 } },
  });
});

test('two tills that want the same money: one gets it, the other hears what is left', async () => {
  const a = await issue(1_000);
  const tills = await Promise.all(
    ['till-7', 'till-8'].map(async (caller) =>
      say(newSale(), 'hold', basket([[a, 700]]), { key: await shop.keyOf('till', caller) }),
    ),
  );
  expect(tills.map(({ status }) => status).sort()).toEqual([200, 409]);
  const refused = tills.find(({ status }) => status === 409);
  expect(refused?.body).toMatchObject({
    code: 'insufficient_balance',
    payments: [{ reference: a, availableMinor: 300 }],
  });
});

/** Lets go of what a sale holds on one payment, past the sale. */
async function letGoOf(reference: string): Promise<void> {
  const [hold] = await shop.sql<{ commandId: string }[]>`
    select command_id from commands where reference = ${reference} and kind = 'hold' order by revision desc limit 1`;
  await shop.tell(reference, 'release', { commandId: randomUUID(), holdId: hold?.commandId });
}

test('a hold that is gone when the sale completes is taken as if there had been none', async () => {
  const [a, b, c] = await issueThree();
  const saleId = newSale();
  const shares: Share[] = [
    [a, 1_000],
    [b, 2_000],
    [c, 300],
  ];
  await say(saleId, 'hold', basket(shares));
  await letGoOf(b);
  expect(await say(saleId, 'capture')).toMatchObject({
    status: 200,
    body: { recorded: true, sale: { status: 'completed', takenMinor: 3_300, missingMinor: 0 } },
  });
});

test('money that is gone when the sale completes is missing, and what was taken stays taken', async () => {
  const [a, b, c] = await issueThree();
  const saleId = newSale();
  const shares: Share[] = [
    [a, 1_000],
    [b, 2_000],
    [c, 300],
  ];
  await say(saleId, 'hold', basket(shares));
  await letGoOf(b);
  const elsewhere = { customerId: 'C-1', amountMinor: 1_000, currency: 'EUR', saleId: newSale() };
  await shop.post(`/account-payments/${b}/apply`, elsewhere);
  expect(await say(saleId, 'capture')).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 1_300, missingMinor: 2_000, givenBackMinor: 0 } },
  });
  const [row] = await shop.sql<{ count: number }[]>`
    select count(*) from movements where sale_id = ${saleId} and kind = 'refunded'`;
  expect(row?.count).toBe(0);
  expect(await say(saleId, 'return', { currency: 'EUR' })).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 1_300 }, sale: { takenMinor: 1_300, givenBackMinor: 1_300, missingMinor: 2_000 } },
  });
});

test('a sale charges once, whatever becomes of its workflow', async () => {
  const [a, b] = await issueThree();
  const saleId = newSale();
  const settle = (shares: Share[], idempotencyKey: string) =>
    say(saleId, 'settle', basket(shares), { idempotencyKey: `${saleId}${idempotencyKey}` });
  expect(await settle([[a, 600]], 'k')).toMatchObject({ status: 200 });
  await shop.saleHandle(saleId).terminate('an operator');
  const again = await settle([[a, 600]], 'k');
  expect(again).toMatchObject({ status: 200, body: { sale: { status: 'completed', takenMinor: 600 } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  for (const reference of [a, b])
    expect(await settle([[reference, 100]], reference)).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(await payment(a)).toMatchObject({ balanceMinor: 400, heldMinor: 0 });
});

test('a refused settlement is never decided anew, whatever becomes of its workflow', async () => {
  const a = await issue(1_000);
  const [first, saleId] = [newSale(), newSale()];
  await say(first, 'hold', basket([[a, 600]]));
  const settle = () => say(saleId, 'settle', basket([[a, 600]]), { idempotencyKey: saleId });
  expect(await settle()).toMatchObject({ status: 409, body: { code: 'insufficient_balance' } });
  await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length === 1);
  // Nothing is held and the books have its answer, so it may have ended by itself before an operator ends it.
  await shop
    .saleHandle(saleId)
    .terminate('an operator')
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  await say(first, 'release');
  expect(await settle()).toMatchObject({ status: 409, body: { code: 'insufficient_balance' } });
  expect(await payment(a)).toMatchObject({ balanceMinor: 1_000, heldMinor: 0 });
});

test('what a sale took by single applies counts: a settlement that knows goes on, one that does not is refused', async () => {
  const customerId = 'C-quoted';
  const { reference: a } = await shop.issue({ amountMinor: 1_000, customerId });
  const saleId = newSale();
  const spending = { customerId, amountMinor: 60, currency: 'EUR', saleId };
  expect(await shop.post(`/account-payments/${a}/apply`, spending)).toMatchObject({ status: 200 });
  const hundred = { customerId, currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 100 }] };
  expect(await say(saleId, 'settle', { ...hundred, payments: [{ reference: a, amountMinor: 100 }] })).toMatchObject({
    status: 409,
    body: { code: 'sale_exists' },
  });
  const quote = await shop.post<{ payments: object[]; takenMinor: number }>(`/sales/${saleId}/quote`, hundred);
  expect(quote.body).toMatchObject({ takenMinor: 60, payments: [{ reference: a, amountMinor: 40, takenMinor: 60 }] });
  const { payments, takenMinor } = quote.body;
  const settled = await say(saleId, 'settle', { ...hundred, payments, takenMinor });
  expect(settled).toMatchObject({ status: 200 });
  expect(await say(saleId, 'return', { customerId, currency: 'EUR' })).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 100 } },
  });
});

test('what an operator may do to a sale by mistake does not end it: a cancellation, a signal, a malformed update', async () => {
  const a = await issue(1_000);
  const saleId = newSale();
  await say(saleId, 'hold', basket([[a, 800]]));
  const handle = shop.saleHandle(saleId);
  const holdId = await holdOf(saleId);
  await handle.cancel();
  await handle.signal('nonsense', { a: 1 });
  for (const malformed of [{ nothing: 1 }, 'x', null, { commandId: 'op', payments: [] }]) {
    await expect(handle.executeUpdate('capture', { args: [malformed] })).rejects.toMatchObject({
      cause: { type: 'MalformedMessage' },
    });
  }
  expect(await handle.executeUpdate('capture', { args: [{ commandId: 'op-1', holdId }] })).toMatchObject({
    outcome: 'accepted',
    sale: { status: 'completed', takenMinor: 800 },
  });
  expect(await say(saleId, 'return', { currency: 'EUR', amountMinor: 300 })).toMatchObject({
    status: 200,
    body: { sale: { givenBackMinor: 300 } },
  });
  expect((await handle.describe()).status.name).toBe('RUNNING');
  const [movement] = await shop.sql<
    { caller: string }[]
  >`select caller from movements where sale_id = ${saleId} and kind = 'applied'`;
  expect(movement?.caller).toBe('operator');
});

test('the largest sale that the door lets in: a hundred payments, five hundred lines', async () => {
  const references = await inParallel(16, 100, () => issue(10));
  const many = Array.from({ length: 500 }, (_, i) => ({
    productId: `${i}`.padStart(64, 'p'),
    amountMinor: 1_000_000_000_000,
    currency: 'EUR',
  }));
  const all = references.map((reference) => ({ reference, amountMinor: 10 }));
  const saleId = newSale();
  const body = { customerId: 'C-1', currency: 'EUR', lines: many, payments: all };
  const settled = await until(async () => {
    const reply = await say(saleId, 'settle', body, { idempotencyKey: saleId });
    return reply.status < 500 && reply;
  });
  expect(settled).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 1_000, totalMinor: 500_000_000_000_000 } },
  });
  expect(
    await say(newSale(), 'settle', {
      ...body,
      payments: [...all, { reference: 'ACC-20200101-00000000', amountMinor: 1 }],
    }),
  ).toMatchObject({ status: 400, body: { code: 'no_payments' } });
  const preview = await until(async () => {
    const reply = await say(saleId, 'return', { currency: 'EUR', lines: plain(many), preview: true });
    return reply.status < 500 && reply;
  });
  expect(preview).toMatchObject({ status: 200, body: { return: { amountMinor: 1_000 } } });
  const back = await until(async () => {
    const reply = await say(
      saleId,
      'return',
      { currency: 'EUR', amountMinor: 1_000, lines: plain(many) },
      { idempotencyKey: `${saleId}-back` },
    );
    return reply.status < 500 && reply;
  });
  expect(back).toMatchObject({ status: 200, body: { sale: { givenBackMinor: 1_000 } } });
});

test('a sale that nobody has begun is not found', async () => {
  const nobody = newSale();
  for (const verb of ['capture', 'release'])
    expect(await say(nobody, verb)).toMatchObject({ status: 404, body: { code: 'sale_not_found' } });
  expect(await say(nobody, 'return', { currency: 'EUR' })).toMatchObject({
    status: 404,
    body: { code: 'sale_not_found' },
  });
  expect(await shop.get(`/sales/${nobody}`)).toMatchObject({ status: 404, body: { code: 'sale_not_found' } });
});

test('a payment whose workflow was terminated is not drawn on, and the sale says so', async () => {
  const [a, b] = await issueThree();
  await until(async () => (await shop.sql`select 1 from account_payments where reference = ${b}`).length === 1);
  await shop.client.workflow.getHandle(b).terminate('by mistake');
  const saleId = newSale();
  const settling = say(
    saleId,
    'settle',
    basket([
      [a, 100],
      [b, 100],
    ]),
  );
  const told = await until(async () => {
    const { raw } = await shop
      .saleHandle(saleId)
      .describe()
      .catch(() => ({ raw: undefined }));
    return raw?.pendingActivities?.[0]?.lastFailure?.message;
  });
  expect(told).toBe(`${b}: its workflow is missing`);
  expect(await settling).toMatchObject({
    status: 409,
    body: { code: 'payment_unavailable', payments: [{ reference: b }] },
  });
  expect(await payment(a)).toMatchObject({ heldMinor: 0, balanceMinor: 1_000 });
});

test('a payment that can hold no more is refused by name, for good under this key', async () => {
  const a = await issue(1_000);
  const hold = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S', lifetimeMs: 600_000 };
  const ofTill = (i: number) => ({ by: { caller: `till-${i % 10}` }, requestHash: 'x'.repeat(22) });
  await Promise.all(
    Array.from({ length: 100 }, (_, i) => shop.tell(a, 'hold', { commandId: `h${i}`, ...ofTill(i), ...hold })),
  );
  const saleId = newSale();
  const asked = () => say(saleId, 'hold', basket([[a, 10]]), { idempotencyKey: saleId });
  expect(await asked()).toMatchObject({
    status: 409,
    body: { code: 'payment_busy', payments: [{ reference: a, availableMinor: 900 }] },
  });
  await shop.actors.command(a, 'release', { commandId: 'r', by: { caller: 'x' }, holdId: 'h0' } as never);
  expect(await asked()).toMatchObject({ status: 409, body: { code: 'payment_busy' } });
  expect(await say(saleId, 'hold', basket([[a, 10]]))).toMatchObject({ status: 200 });
});

test('a till that has twenty sales open holds no more of a payment; another one does, and what is open goes on', async () => {
  const a = await issue(1_000);
  const key = await shop.keyOf('till', 'till-of-many');
  const hold = (saleId: string, more: object = {}, as = key) =>
    shop.post<{ hold: { holdId: string } }>(`/sales/${saleId}/hold`, { ...basket([[a, 10]]), ...more }, { key: as });
  const sales = Array.from({ length: 20 }, newSale);
  const held = await Promise.all(sales.map((saleId) => hold(saleId)));
  expect(held.map(({ status }) => status)).toEqual(sales.map(() => 200));
  const refused = { status: 409, body: { code: 'too_many_holds', payments: [{ reference: a, availableMinor: 800 }] } };
  expect(await hold(newSale())).toMatchObject(refused);
  expect(await hold(newSale(), {}, shop.keys.till)).toMatchObject({ status: 200 });
  const [first = '', second = ''] = sales;
  const replaces = held[0]?.body.hold.holdId;
  const edited = await hold(first, { replaces, payments: [{ reference: a, amountMinor: 40 }] });
  expect(edited).toMatchObject({ status: 200, body: { sale: { heldMinor: 40 } } });
  const taken = { customerId: 'C-1', holdId: held[1]?.body.hold.holdId };
  expect(await shop.post(`/sales/${second}/capture`, taken, { key })).toMatchObject({ status: 200 });
  expect(await hold(newSale())).toMatchObject({ status: 200 });
});

test('a used, an expired and a cancelled payment are refused by name', async () => {
  const [used, expired, cancelled] = await issueThree();
  await shop.post(`/account-payments/${used}/apply`, {
    customerId: 'C-1',
    amountMinor: 1_000,
    currency: 'EUR',
    saleId: 'before',
  });
  await shop.post(`/account-payments/${expired}/expire`, { reason: 'x' });
  await shop.post(`/account-payments/${cancelled}/cancel`, {
    customerId: 'C-1',
    disposition: 'forfeited',
    reason: 'x',
  });
  const refused = await say(
    newSale(),
    'hold',
    basket([
      [used, 1],
      [expired, 1],
      [cancelled, 1],
    ]),
  );
  expect(refused.body.payments.map(({ code }) => code)).toEqual([
    'payment_used',
    'payment_expired',
    'payment_cancelled',
  ]);
});

test('a quote proposes what a hold then takes, and changes nothing', async () => {
  const customerId = `C-${randomUUID()}`;
  const generic = await issue(1_000, { customerId });
  const soon = await issue(700, { customerId, expiresAt: '2031-01-01' });
  const bike = await issue(50_000, { customerId, type: 'product_specific', productId: 'bike' });
  await issue(9_000, { customerId, currency: 'USD' });
  await issue(9_000, { customerId, type: 'product_specific', productId: 'tent' });
  const quoted = await shop.post<{ payments: { reference: string; amountMinor: number }[] }>(
    '/sales/S-q/quote',
    { customerId, currency: 'EUR', lines },
    { key: shop.keys.till },
  );
  expect(quoted).toMatchObject({
    status: 200,
    body: {
      payments: [
        { reference: bike, amountMinor: 30_000 },
        { reference: soon, amountMinor: 700 },
        { reference: generic, amountMinor: 1_000 },
      ],
      totalMinor: 35_000,
      coveredMinor: 31_700,
      leftToPayMinor: 3_300,
    },
  });
  expect(await payment(bike)).toMatchObject({ revision: 1, heldMinor: 0 });
  expect(await shop.get('/sales/S-q')).toMatchObject({ status: 404 });
  const settled = await say(newSale(), 'settle', {
    customerId,
    currency: 'EUR',
    lines,
    payments: quoted.body.payments,
  });
  expect(settled).toMatchObject({ status: 200, body: { sale: { takenMinor: 31_700, leftToPayMinor: 3_300 } } });
});
