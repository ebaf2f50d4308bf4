import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { Line } from '../../../domain/payment/command.js';
import type { SaleRead } from '../../../domain/sale/read.js';
import type { ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

type Told = { hold: { holdId: string }; return: ReturnView; sale: SaleView | null; code: string; recorded: boolean };
type Share = [reference: string, amountMinor: number, takenMinor?: number];

const newSale = () => `S-${randomUUID()}`;
const bike: Line[] = [{ productId: 'bike', amountMinor: 100 }];
/** Asked again under its key where a busy machine gave no answer in time. */
const say = (saleId: string, verb: string, body: object, idempotencyKey: string = randomUUID()) =>
  until(async () => {
    const asked = { customerId: 'C-1', ...body };
    const told = await shop.post<Told>(`/sales/${saleId}/${verb}`, asked, { key: shop.keys.till, idempotencyKey });
    return told.status < 500 && told;
  });
const basket = (payments: Share[], more: object = {}) => ({
  currency: 'EUR',
  lines: bike,
  payments: payments.map(([reference, amountMinor, takenMinor]) => ({ reference, amountMinor, takenMinor })),
  ...more,
});
const issue = async (amountMinor: number, more: object = {}) => (await shop.issue({ amountMinor, ...more })).reference;
const balanceOf = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body.balanceMinor;
async function apply(saleId: string, [reference, amountMinor]: Share, more: object = {}): Promise<void> {
  const paid = { customerId: 'C-1', amountMinor, currency: 'EUR', saleId, ...more };
  const applied = await shop.post(`/account-payments/${reference}/apply`, paid);
  expect(applied).toMatchObject({ status: 200, body: { recorded: true } });
}
const letGo = async (saleId: string, holdId: string, key?: string) =>
  expect(await say(saleId, 'release', { holdId }, key)).toMatchObject({ status: 200 });

const endings = {
  released: letGo,
  lapsed: (saleId: string) =>
    until(async () => (await shop.get<Told>(`/sales/${saleId}`)).body.sale?.status === 'lapsed'),
  'taken up by a repeated release': async (saleId: string, holdId: string) => {
    await letGo(saleId, holdId, `${saleId}-release`);
    await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length === 2);
    await shop.saleHandle(saleId).terminate('an operator');
    await letGo(saleId, holdId, `${saleId}-release`);
  },
} as const satisfies Record<string, (saleId: string, holdId: string) => Promise<unknown>>;

test.each(Object.entries(endings))(
  'a sale that was %s and paid since is charged only by who knows that',
  async (how, end) => {
    const [p, q] = [await issue(100), await issue(60)];
    const saleId = newSale();
    let lifetimeMs = how === 'lapsed' ? 500 : 60_000;
    // A machine that is too slow for one that lapses so soon is given longer.
    const holdId = await until(async () => {
      const told = await say(saleId, 'hold', basket([[p, 100]], { lifetimeMs }));
      lifetimeMs *= 2;
      return told.status === 200 && told.body.hold.holdId;
    });
    await end(saleId, holdId);
    await apply(saleId, [q, 60]);
    for (const verb of ['settle', 'hold']) {
      const again = await say(saleId, verb, basket([[p, 100]]));
      expect(again, verb).toMatchObject({ status: 409, body: { code: 'sale_exists', takenMinor: 60 } });
    }
    expect(await balanceOf(p)).toBe(100);
    expect(await say(saleId, 'settle', basket([[p, 40]], { takenMinor: 60 }))).toMatchObject({ status: 200 });
    expect([await balanceOf(p), await balanceOf(q)]).toEqual([60, 0]);
  },
);

test("nobody hears what another customer's payments gave to a sale, and nobody takes it for unpaid", async () => {
  const saleId = newSale();
  await apply(saleId, [await issue(60), 60]);
  const q = await issue(100, { customerId: 'C-2' });
  const asked = { customerId: 'C-2', currency: 'EUR', lines: bike };
  const quoted = await say(saleId, 'quote', asked);
  expect(quoted).toMatchObject({
    status: 200,
    body: { takenMinor: 0, payments: [{ reference: q, amountMinor: 100 }] },
  });
  expect(await say(saleId, 'quote', { ...asked, customerId: 'C-1' })).toMatchObject({ body: { takenMinor: 60 } });
  const settled = await say(saleId, 'settle', { ...basket([[q, 100]]), customerId: 'C-2' });
  expect(settled).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(settled.body).not.toHaveProperty('takenMinor');
  expect(await balanceOf(q)).toBe(100);
});

test('a sale that took in two currencies gives back each in its own', async () => {
  const [euros, dollars] = [await issue(60), await issue(70, { currency: 'USD' })];
  const saleId = newSale();
  await apply(saleId, [dollars, 70], { currency: 'USD' });
  await apply(saleId, [euros, 20]);
  const ofUsd = { reference: dollars, customerId: 'C-1', currency: 'USD', takenMinor: 70, givenBackMinor: 0 };
  const applied = await shop.get<{ sale: SaleRead }>(`/sales/${saleId}`);
  expect(applied).toMatchObject({
    status: 200,
    body: { sale: { saleId, status: 'applied', customerId: 'C-1', currency: 'USD', takenMinor: 70, holdId: null } },
  });
  expect(applied.body.sale.payments).toMatchObject([ofUsd, { reference: euros, currency: 'EUR', takenMinor: 20 }]);
  const quoted = await say(saleId, 'quote', { currency: 'EUR', lines: bike });
  expect(quoted).toMatchObject({ body: { takenMinor: 20, coveredMinor: 80 } });
  expect(await say(saleId, 'settle', basket([[euros, 40, 20]]))).toMatchObject({ status: 200 });
  const { sale } = (await shop.get<{ sale: SaleRead }>(`/sales/${saleId}`)).body;
  expect(sale).toMatchObject({ status: 'completed', currency: 'EUR', takenMinor: 60, leftToPayMinor: 40 });
  expect(sale.payments).toMatchObject([{ reference: euros, currency: 'EUR', takenMinor: 60 }, ofUsd]);
  for (const [currency, reference, amountMinor] of [
    ['USD', dollars, 70],
    ['EUR', euros, 60],
  ] as const) {
    const back = await say(saleId, 'return', { currency });
    expect(back, currency).toMatchObject({
      status: 200,
      body: { return: { returned: [{ reference, amountMinor }] } },
    });
    expect(await balanceOf(reference)).toBe(amountMinor);
  }
  expect((await shop.get<{ sale: SaleRead }>(`/sales/${saleId}`)).body.sale).toMatchObject({
    takenMinor: 60,
    givenBackMinor: 60,
    returns: [{ returned: [{ reference: dollars }] }, { returned: [{ reference: euros }] }],
  });
});

test('a sale that nobody began and no payment gave anything to is not there', async () => {
  expect(await shop.get(`/sales/${newSale()}`)).toMatchObject({ status: 404, body: { code: 'sale_not_found' } });
});

test('who believes something else of what a sale has taken is told what it is now, also when asked again', async () => {
  const [p, q] = [await issue(100), await issue(60)];
  const saleId = newSale();
  await apply(saleId, [q, 60]);
  const key = randomUUID();
  const settle = () => say(saleId, 'settle', basket([[p, 100]]), key);
  expect(await settle()).toMatchObject({ status: 409, body: { code: 'sale_exists', takenMinor: 60 } });
  const refunded = await shop.post(`/account-payments/${q}/refund`, {
    customerId: 'C-1',
    amountMinor: 25,
    currency: 'EUR',
    saleId,
  });
  expect(refunded).toMatchObject({ status: 200 });
  expect(await settle()).toMatchObject({ status: 409, body: { code: 'sale_exists', takenMinor: 35 } });
  expect(await say(saleId, 'settle', basket([[p, 65]], { takenMinor: 35 }))).toMatchObject({ status: 200 });
  const again = await say(saleId, 'hold', basket([[p, 1]]));
  expect(again).toMatchObject({ status: 409, body: { code: 'sale_exists', takenMinor: 100 } });
});

test('a try that was refused says neither what was sold nor to whom', async () => {
  const [p, q] = [await issue(1), await issue(60, { customerId: 'C-2' })];
  const saleId = newSale();
  expect(await say(saleId, 'hold', basket([[p, 100]]))).toMatchObject({ body: { code: 'insufficient_balance' } });
  await apply(saleId, [q, 60], { customerId: 'C-2' });
  const back = (more: object) => say(saleId, 'return', { customerId: 'C-2', currency: 'EUR', ...more });
  expect(await back({ lines: bike })).toMatchObject({ status: 422, body: { code: 'basket_unknown' } });
  const returned = await back({});
  expect(returned).toMatchObject({ status: 200, body: { return: { amountMinor: 60, otherTenderMinor: 0 } } });
  expect(returned.body.sale, 'of another customer').toBeNull();
});

test("a product's own payments together take no more than its lines, whenever they took it", async () => {
  const forBike = { type: 'product_specific', productId: 'bike' };
  const [p, q] = [await issue(300, forBike), await issue(500, forBike)];
  const lines = [
    { productId: 'bike', amountMinor: 500 },
    { productId: 'lock', amountMinor: 300 },
  ];
  const saleId = newSale();
  await apply(saleId, [p, 300], { lines });
  const settle = (amountMinor: number) => say(saleId, 'settle', basket([[q, amountMinor]], { lines, takenMinor: 300 }));
  expect(await settle(500)).toMatchObject({
    status: 422,
    body: { code: 'exceeds_product_total', payments: [{ reference: q, fitsMinor: 200 }] },
  });
  expect(await settle(200)).toMatchObject({ status: 200 });
});

test('an edited basket counts what was delivered of its product', async () => {
  const forBike = { type: 'product_specific', productId: 'bike' };
  const [p, q] = [await issue(500, forBike), await issue(500, forBike)];
  const lines = [
    { productId: 'bike', amountMinor: 500 },
    { productId: 'lock', amountMinor: 300 },
  ];
  const saleId = newSale();
  const { holdId } = (await say(saleId, 'hold', basket([[p, 500]], { lines }))).body.hold;
  const heldUntil = new Date(Date.now() + 3_600_000).toISOString();
  const payments = [{ reference: p, amountMinor: 300 }];
  const first = await say(saleId, 'capture', { holdId, payments, keepRest: true, heldUntil });
  expect(first).toMatchObject({ status: 200 });
  const edit = (amountMinor: number) =>
    say(saleId, 'hold', basket([[q, amountMinor]], { lines, replaces: holdId, takenMinor: 300 }));
  expect(await edit(500)).toMatchObject({ status: 422, body: { code: 'exceeds_product_total' } });
  expect(await edit(200)).toMatchObject({ status: 200 });
});

test('a return tells that it is recorded once what went back can be read', async () => {
  const p = await issue(60);
  const saleId = newSale();
  await apply(saleId, [p, 60]);
  const waitsForNothing = await shop.post<Told>(
    `/sales/${saleId}/return`,
    { customerId: 'C-1', currency: 'EUR', amountMinor: 10 },
    { headers: { Prefer: 'wait=0' } },
  );
  expect(waitsForNothing).toMatchObject({ status: 200, body: { sale: null, recorded: false } });
  const back = await say(saleId, 'return', { currency: 'EUR' });
  expect(back).toMatchObject({ status: 200, body: { sale: null, recorded: true } });
  const [row] = await shop.sql`select -sum(amount_minor)::bigint as net from movements where sale_id = ${saleId}`;
  expect(row).toEqual({ net: 0 });
});

test.each([
  { payments: [{ reference: 'ACC-20260101-00000000', amountMinor: 1 }], lines: bike },
  { payments: [{ reference: 'ACC-20260101-00000000', amountMinor: 1 }], amountMinor: 1 },
  { order: 'otherFirst' },
  { order: 'creditFirst', amountMinor: 1 },
])('a return that says what means nothing is malformed: %j', async (more) => {
  const reply = await say('S-nowhere', 'return', { currency: 'EUR', ...more });
  expect(reply).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
});
