import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { beforeItEnds } from '../support/beforeItEnds.js';
import { aDeposit, openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Shown = AccountPaymentView & { validThrough: string | null; notes: string | null };
type Answer = { payment: Shown; code: string };
const issue = (more: object) => shop.post<Answer>('/account-payments', { ...aDeposit, ...more });
const at = (reference: string, call = '') => `/account-payments/${encodeURIComponent(reference)}${call}`;

test('ids as shops have them go through bodies, addresses, workflows and rows', async () => {
  for (const saleId of ['Shop/0042', '#1001', 'Order 7-12', 'gid://shop/1', '__proto__', 'x'.repeat(128)]) {
    const { body } = await issue({ customerId: saleId, amountMinor: 100 });
    const { reference } = body.payment;
    const basket = { customerId: saleId, currency: 'EUR', lines: [{ productId: saleId, amountMinor: 100 }] };
    const sale = `/sales/${encodeURIComponent(saleId)}`;
    const settled = await shop.post(`${sale}/settle`, { ...basket, payments: [{ reference, amountMinor: 100 }] });
    expect(settled, saleId).toMatchObject({ status: 200, body: { sale: { saleId, takenMinor: 100 } } });
    expect(await shop.get(sale)).toMatchObject({ status: 200, body: { sale: { saleId } } });
    expect(await shop.post(`${sale}/return`, { currency: 'EUR' })).toMatchObject({ status: 200 });
    expect(await shop.get(`/customers/${encodeURIComponent(saleId)}/account`)).toMatchObject({
      body: { customerId: saleId, totals: [{ balanceMinor: 100, heldMinor: 0, availableMinor: 100 }] },
    });
  }
  for (const customerId of ['a@b.example', '.', '..', ' a', 'a ', 'x'.repeat(129), 'é', ''])
    expect(await issue({ customerId }), customerId).toMatchObject({ status: 400, body: { code: 'invalid_id' } });
});

test('a reference is read however it is typed, and a repeat of it typed otherwise is a repeat', async () => {
  const { reference } = (await issue({})).body.payment;
  const typed = reference.toLowerCase().replaceAll('0', 'o').replaceAll('-', ' ');
  expect(await shop.get(at(typed))).toMatchObject({ status: 200, body: { reference } });
  const spending = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId: 'S-1' };
  const first = await shop.post(at(reference, '/apply'), spending, { idempotencyKey: 'typed' });
  const again = await shop.post(at(typed, '/apply'), spending, { idempotencyKey: 'typed' });
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  const lines = [{ productId: 'bike', amountMinor: 10 }];
  const basket = { customerId: 'C-1', currency: 'EUR', lines, payments: [{ reference: typed, amountMinor: 10 }] };
  expect(await shop.post('/sales/S-typed/settle', basket)).toMatchObject({
    status: 200,
    body: { sale: { payments: [{ reference }] } },
  });
  const found = await shop.get<{ items: Shown[] }>(`/account-payments?q=${encodeURIComponent(typed.slice(4))}`);
  expect(found.body.items.map((row) => row.reference)).toEqual([reference]);
  expect(await shop.get(at('ACC-20261123-0'))).toMatchObject({ status: 404 });
  const malformed = { ...basket, payments: [{ reference: 'ACC-1', amountMinor: 1 }] };
  expect(await shop.post('/sales/S-x/settle', malformed)).toMatchObject({ status: 400, body: { code: 'invalid_id' } });
});

test('the last day on which a payment is good goes in as it comes out, and a save does not move it', async () => {
  const { payment } = (await issue({ validThrough: '2030-12-31' })).body;
  expect(payment).toMatchObject({ validThrough: '2030-12-31', expiresAt: '2030-12-31T23:00:00.000Z' });
  const { reference } = payment;
  const extend = (validity: object) =>
    shop.post<Answer>(at(reference, '/extend'), { customerId: 'C-1', reason: 'x', ...validity });
  expect(await extend({ validThrough: '2030-12-31' })).toMatchObject({
    status: 422,
    body: { code: 'expires_at_not_later', payment: { validThrough: '2030-12-31' } },
  });
  expect(await extend({ validThrough: '2031-01-01' })).toMatchObject({
    status: 200,
    body: { payment: { validThrough: '2031-01-01' } },
  });
  expect(await extend({})).toMatchObject({ status: 400, body: { code: 'missing_field' } });
  const both = { validThrough: '2032-01-01', expiresAt: '2032-01-01' };
  for (const reply of [await extend(both), await issue(both)]) expect(reply).toMatchObject({ status: 400 });
  const list = await shop.get<{ items: Shown[] }>(`/account-payments?q=${reference}`);
  expect(list.body.items).toMatchObject([{ validThrough: '2031-01-01' }]);
  expect(await extend({ validThrough: '9998-12-31' })).toMatchObject({
    status: 200,
    body: { payment: { validThrough: '9998-12-31' } },
  });
  expect(await extend({ validThrough: null })).toMatchObject({ body: { payment: { validThrough: null } } });
});

test.each([
  { expiresAt: '9999-12-31T00:00:00Z' },
  { expiresAt: '9999-01-01' },
  { expiresAt: '0000-01-01T00:00:00Z' },
  { expiresAt: '9999-12-31T23:59:59-12:00' },
  { validThrough: '9999-01-01' },
  { validThrough: '10000-01-01' },
  { validThrough: '2027-02-30' },
])('%j is malformed, and neither late nor unanswered', async (validity) => {
  expect(await issue(validity)).toMatchObject({ status: 400, body: { code: 'invalid_expires_at' } });
});

test('texts are counted as people count them, kept in one form, and an empty one is none', async () => {
  const decomposed = 'Jose\u0301';
  const { reference } = (await issue({ notes: decomposed })).body.payment;
  expect((await shop.get<Shown>(at(reference))).body.notes).toBe('Jos\u00e9');
  expect((await shop.get<Shown>(at((await issue({ notes: '' })).body.payment.reference))).body.notes).toBeNull();
  const cancel = (reason: string) =>
    shop.post<Answer>(at(reference, '/cancel'), { customerId: 'C-1', disposition: 'forfeited', reason });
  expect(await cancel('😀'.repeat(501))).toMatchObject({ status: 400, body: { code: 'invalid_text' } });
  expect(await cancel('😀'.repeat(500))).toMatchObject({ status: 200 });
  await shop.request('PUT', '/customers/C-jose', { body: { name: decomposed } });
  for (const q of ['jos\u00e9', decomposed.toUpperCase(), 'c-JOSE'])
    expect(await shop.get(`/customers?q=${encodeURIComponent(q)}`)).toMatchObject({
      status: 200,
      body: { items: [{ customerId: 'C-jose', name: 'Jos\u00e9' }] },
    });
});

test('a total counts of what is past its time only what is held', async () => {
  type Account = { totals: { balanceMinor: number; heldMinor: number; availableMinor: number }[] };
  const totals = await beforeItEnds(async ({ expiresAt }) => {
    const [customerId, saleId] = [`C-${randomUUID()}`, `S-${randomUUID()}`];
    const { reference } = (await issue({ customerId, amountMinor: 100, expiresAt })).body.payment;
    const lines = [{ productId: 'bike', amountMinor: 40 }];
    const basket = { customerId, currency: 'EUR', lines, payments: [{ reference, amountMinor: 40 }] };
    expect(await shop.post(`/sales/${saleId}/hold`, basket)).toMatchObject({ status: 200 });
    const ofCustomer = async () => (await shop.get<Account>(`/customers/${customerId}/account`)).body.totals;
    expect(await ofCustomer()).toMatchObject([{ balanceMinor: 100, heldMinor: 40, availableMinor: 60 }]);
    return ofCustomer;
  });
  await until(async () => (await totals())[0]?.balanceMinor === 40);
  expect(await totals()).toMatchObject([{ balanceMinor: 40, heldMinor: 40, availableMinor: 0 }]);
});

test('who names another customer is told nothing of a sale or a payment', async () => {
  const { reference } = (await issue({ customerId: 'C-owner', amountMinor: 100 })).body.payment;
  const lines = [{ productId: 'bike', amountMinor: 50 }];
  const payments = [{ reference, amountMinor: 50 }];
  const hold = (customerId: string) =>
    shop.post('/sales/S-owner/hold', { customerId, currency: 'EUR', lines, payments });
  expect(await hold('C-owner')).toMatchObject({ status: 200 });
  const other = await hold('C-other');
  expect(other).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(JSON.stringify(other.body)).not.toMatch(/C-owner|"amountMinor"|takenMinor|heldMinor/);
  for (const [call, body] of [
    ['apply', { amountMinor: 1, currency: 'EUR', saleId: 'S-2' }],
    ['refund', { amountMinor: 1, currency: 'EUR', saleId: 'S-2' }],
    ['pay-out', { amountMinor: 1, currency: 'EUR', tender: 'cash', reason: 'x' }],
    ['cancel', { disposition: 'forfeited', reason: 'x' }],
    ['extend', { expiresAt: null, reason: 'x' }],
  ] as const) {
    const reply = await shop.post(at(reference, `/${call}`), { customerId: 'C-other', ...body });
    expect(reply, call).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
    expect(JSON.stringify(reply.body), call).not.toMatch(/C-owner|balanceMinor/);
  }
});

test('what a stranger asked is no decision: it has no revision, and no book', async () => {
  const { reference } = (await issue({ customerId: 'C-owner', amountMinor: 100 })).body.payment;
  const asked = { customerId: 'C-other', amountMinor: 1, currency: 'EUR', saleId: 'S-3' };
  for (const _ of [1, 2]) expect(await shop.post(at(reference, '/apply'), asked)).toMatchObject({ status: 404 });
  const own = await shop.post(at(reference, '/apply'), { ...asked, customerId: 'C-owner' });
  expect(own).toMatchObject({ status: 200, body: { payment: { revision: 2 }, recorded: true } });
  expect(await shop.sql`select kind from commands where reference = ${reference} order by revision`).toEqual([
    { kind: 'issue' },
    { kind: 'apply' },
  ]);
});
