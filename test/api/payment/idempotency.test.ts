import { afterAll, beforeAll, expect, test } from 'vitest';
import { issue as issueOf } from '../../domain/payment/build.js';
import { reserveIssue } from '../../../db/payment/issueReservations.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { canonicalJson } from '../../../domain/payment/command.js';
import { sha256 } from '../../../domain/sha256.js';
import { addKey } from '../../../scripts/adminKey.js';
import { makeKey } from '../../../api/http/keys.js';
import { aDeposit, openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
let nowMs = Date.parse('2026-11-23T22:59:59Z');
beforeAll(async () => {
  shop = await openShop({ now: () => nowMs });
});
afterAll(() => shop.close());

type Issued = { payment: AccountPaymentView; recorded: boolean };
type Used = { usage: object; payment: AccountPaymentView; code?: string };

const spend = (reference: string, idempotencyKey: string, overrides: object = {}, key = shop.keys.till) =>
  shop.post<Used>(
    `/account-payments/${reference}/apply`,
    { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1', ...overrides },
    { idempotencyKey, key },
  );

test('a repeat of an issue after midnight, and ten at once, find one payment and one reference', async () => {
  nowMs = Date.parse('2026-11-23T22:59:59Z');
  const issue = () => shop.post<Issued>('/account-payments', aDeposit, { idempotencyKey: 'midnight' });
  const first = await issue();
  expect(first.status).toBe(201);
  expect(first.body.payment.reference).toMatch(/^ACC-20261123-/);
  nowMs = Date.parse('2026-11-23T23:00:01Z');
  const repeats = await Promise.all(Array.from({ length: 10 }, issue));
  for (const repeat of repeats) {
    expect(repeat.status).toBe(201);
    expect(repeat.body.payment).toEqual(first.body.payment);
    expect(repeat.headers.get('Location')).toBe(first.headers.get('Location'));
    expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
  }
  const atOnce = await Promise.all(
    Array.from({ length: 10 }, () => shop.post<Issued>('/account-payments', aDeposit, { idempotencyKey: 'at-once' })),
  );
  expect(new Set(atOnce.map(({ body }) => body.payment.reference)).size).toBe(1);
  expect(atOnce[0]?.body.payment.reference).toMatch(/^ACC-20261124-/);
});

test('a reference that was reserved before a crash is the one that the repeat starts', async () => {
  const reservation = {
    commandId: sha256(`${shop.shopId}\nadmin-1\ncrashed`),
    reference: 'ACC-20200229-CRASHED0',
    bodyHash: sha256(`POST /v1/account-payments\n${canonicalJson(aDeposit)}`).slice(0, 22),
    issuedAt: '2020-02-29T10:00:00.000Z',
    notes: null,
    issue: issueOf({
      commandId: sha256(`${shop.shopId}\nadmin-1\ncrashed`),
      reference: 'ACC-20200229-CRASHED0',
      issuedAt: '2020-02-29T10:00:00.000Z',
      customerId: 'C-1',
    }),
  };
  await reserveIssue(shop.sql, reservation);
  const repeat = () => shop.post<Issued>('/account-payments', aDeposit, { idempotencyKey: 'crashed' });
  for (const reply of [await repeat(), await repeat()]) {
    expect(reply).toMatchObject({
      status: 201,
      body: { payment: { reference: reservation.reference, issuedAt: reservation.issuedAt }, recorded: true },
    });
  }
});

test('an issue that starts late, after its answer was lost, is still one payment', async () => {
  const key = 'lost-answer';
  const first = await shop.post<Issued>('/account-payments', aDeposit, {
    idempotencyKey: key,
    headers: { Prefer: 'wait=0' },
  });
  const second = await shop.post<Issued>('/account-payments', aDeposit, { idempotencyKey: key });
  expect(second.body.payment.reference).toBe(first.body.payment.reference);
  const other = await shop.post('/account-payments', { ...aDeposit, amountMinor: 1 }, { idempotencyKey: key });
  expect(other).toMatchObject({ status: 422, body: { code: 'command_id_reused' } });
});

test('the same key with another body is refused, with the fields in another order it is the same', async () => {
  const { reference } = await shop.issue();
  const first = await spend(reference, 'k1');
  expect(await spend(reference, 'k1', { amountMinor: 101 })).toMatchObject({
    status: 422,
    body: { code: 'command_id_reused' },
  });
  const shuffled = { saleId: 'S-1', currency: 'EUR', amountMinor: 100, customerId: 'C-1' };
  const again = await shop.post<Used>(`/account-payments/${reference}/apply`, shuffled, {
    idempotencyKey: 'k1',
    key: shop.keys.till,
  });
  expect(again).toMatchObject({ status: 200, body: { usage: first.body.usage, payment: { balanceMinor: 9_900 } } });
});

test('a refused command stays refused when money has come back, and shows the payment as it is now', async () => {
  const { reference } = await shop.issue();
  await spend(reference, 'all', { amountMinor: 10_000 });
  expect(await spend(reference, 'late')).toMatchObject({ status: 409, body: { code: 'payment_used' } });
  await shop.post(`/account-payments/${reference}/refund`, {
    customerId: 'C-1',
    amountMinor: 500,
    currency: 'EUR',
    saleId: 'S-1',
  });
  const again = await spend(reference, 'late');
  expect(again).toMatchObject({ status: 409, body: { code: 'payment_used', payment: { balanceMinor: 500 } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await spend(reference, 'new')).toMatchObject({ status: 200 });
});

test("two callers' equal keys are two commands; one caller's two bearer keys are one", async () => {
  const { reference } = await shop.issue();
  const rotated = makeKey();
  await addKey(shop.sql, rotated, 'till-1', 'till', { shopId: shop.shopId });
  const other = await shop.keyOf('till', 'till-2');
  const first = await spend(reference, 'same');
  expect(await spend(reference, 'same', {}, rotated)).toMatchObject({
    status: 200,
    body: { usage: first.body.usage, payment: { balanceMinor: 9_900 } },
  });
  expect(await spend(reference, 'same', {}, other)).toMatchObject({
    status: 200,
    body: { payment: { balanceMinor: 9_800 } },
  });
});

test('the answers outlive the actor: after its end a repeat gets what it got, and news get the end', async () => {
  const { reference } = await shop.issue();
  const spent = await spend(reference, 'spent');
  const refused = await spend(reference, 'refused', { amountMinor: 99_999 });
  const at = `/account-payments/${reference}`;
  const cancel = () =>
    shop.post<object>(
      `${at}/cancel`,
      { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'cash', staffId: 'anna' },
      { idempotencyKey: 'cancel' },
    );
  const cancelled = await cancel();
  await until(async () => (await shop.get<{ source: string }>(at)).body.source === 'records');

  const again = await spend(reference, 'spent');
  expect(again).toMatchObject({
    status: 200,
    body: { usage: spent.body.usage, payment: { status: 'cancelled', balanceMinor: 0 }, recorded: true },
  });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await spend(reference, 'refused', { amountMinor: 99_999 })).toMatchObject({
    status: refused.status,
    body: { code: 'insufficient_balance' },
  });
  expect(await cancel()).toMatchObject({ status: 200, body: cancelled.body });
  expect(await spend(reference, 'spent', { amountMinor: 1 })).toMatchObject({
    status: 422,
    body: { code: 'command_id_reused' },
  });
  expect(await spend(reference, 'news')).toMatchObject({ status: 409, body: { code: 'payment_cancelled' } });
  expect(await spend(reference, 'foreign', { customerId: 'C-9' })).toMatchObject({
    status: 404,
    body: { code: 'payment_not_found' },
  });
  const late = await shop.post(
    `${at}/apply`,
    { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' },
    { headers: { Prefer: 'respond-async' } },
  );
  expect(late, 'never 202 to an actor that has ended').toMatchObject({
    status: 409,
    body: { code: 'payment_cancelled' },
  });
});

test('an issue repeated after the payment has ended shows its end, and starts nothing', async () => {
  const issue = () => shop.post<Issued>('/account-payments', aDeposit, { idempotencyKey: 'ended' });
  const { reference } = (await issue()).body.payment;
  await shop.post(`/account-payments/${reference}/cancel`, {
    customerId: 'C-1',
    disposition: 'issued_in_error',
    reason: 'typo',
  });
  await until(
    async () => (await shop.get<{ source: string }>(`/account-payments/${reference}`)).body.source === 'records',
  );
  expect(await issue()).toMatchObject({
    status: 201,
    body: { payment: { reference, status: 'cancelled' }, recorded: true },
  });
});
