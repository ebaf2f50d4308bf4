import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expire, issue as issueOf } from '../../domain/payment/build.js';
import { replacePayment } from '../../../activities/payment/issue.js';
import { reserveIssue, reserveReplacement } from '../../../db/payment/issueReservations.js';
import type { Issue } from '../../../domain/payment/command.js';
import { createSlots } from '../../../db/slots.js';
import { createCalendar, instantOf } from '../../../domain/instants.js';
import { makeReference } from '../../../domain/reference.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { ActorsUnavailable } from '../../../service/temporal.js';
import { book } from '../../web/customer/books.js';
import { aDeposit, openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Told = { code: string; source: string; payment: AccountPaymentView; payments: object[] };

/** What somebody reserves who is cut off before the start. */
function aReservation(more: Partial<Issue> = {}) {
  const [reference, commandId] = [
    makeReference(Date.now(), createCalendar('UTC'), crypto.getRandomValues(new Uint8Array(8))),
    randomUUID(),
  ];
  const issuedAt = instantOf(Date.now());
  const by = { caller: 'till-1', shopId: shop.shopId };
  const issue = issueOf({ commandId, reference, issuedAt, by, customerId: 'C-1', expiresAt: null, ...more });
  return { commandId, reference, bodyHash: 'x', issuedAt, notes: null, issue };
}

async function reserved(): Promise<string> {
  const { reference } = await reserveIssue(shop.sql, aReservation());
  return reference;
}

const balanceOf = (reference: string) =>
  until(async () => {
    const { body } = await shop.get<AccountPaymentView & { source: string }>(`/account-payments/${reference}`);
    return body.source === 'actor' && body.balanceMinor;
  });

test('a command starts what was reserved, and is decided', async () => {
  const reference = await reserved();
  const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: randomUUID() };
  const stranger = await shop.post<Told>(`/account-payments/${reference}/apply`, { ...spending, customerId: 'C-2' });
  expect(stranger).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
  expect(await shop.post(`/account-payments/${reference}/apply`, spending)).toMatchObject({
    status: 200,
    body: { payment: { balanceMinor: 9_900 } },
  });
});

test('so does a command that waits with Temporal: it is answered at once', async () => {
  const reference = await reserved();
  const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: randomUUID() };
  const prefer = { headers: { Prefer: 'respond-async' } };
  expect(await shop.post(`/account-payments/${reference}/apply`, spending, prefer)).toMatchObject({ status: 200 });
});

test('a sale and a gift start what was reserved, and draw on it', async () => {
  const [ofSale, ofGift] = [await reserved(), await reserved()];
  const lines = [{ productId: 'bike', amountMinor: 1_000 }];
  const payments = [{ reference: ofSale, amountMinor: 1_000 }];
  const basket = { customerId: 'C-1', currency: 'EUR', lines, payments };
  expect(await shop.post(`/sales/${randomUUID()}/settle`, basket)).toMatchObject({ status: 200 });
  const gift = { reference: ofGift, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 1_000, currency: 'EUR' };
  expect(await shop.post('/gifts', gift)).toMatchObject({ status: 201 });
  expect([await balanceOf(ofSale), await balanceOf(ofGift)]).toEqual([9_000, 9_000]);
});

test('who reads what was reserved starts it, and hears of it though nothing can be started', async () => {
  const [start, reference] = [shop.parts.actors.start, await reserved()];
  shop.parts.actors.start = () => Promise.reject(new ActorsUnavailable('away'));
  const read = () => shop.get<Told>(`/account-payments/${reference}`);
  expect(await read()).toMatchObject({ status: 200, body: { source: 'reservation', balanceMinor: 10_000 } });
  shop.parts.actors.start = start;
  expect(await read()).toMatchObject({ status: 200, body: { source: 'reservation' } });
  expect(await balanceOf(reference)).toBe(10_000);
});

test('a workflow that ended before anything of it was recorded is missing, and not unknown', async () => {
  const slow = await openShop({ worker: 'none' });
  try {
    const reservation = aReservation();
    await reserveIssue(slow.sql, reservation);
    await slow.actors.start(reservation.issue);
    await slow.client.workflow.getHandle(reservation.reference).terminate('by mistake');
    const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S' };
    expect(await slow.post(`/account-payments/${reservation.reference}/apply`, spending)).toMatchObject({
      status: 503,
      body: { code: 'actor_missing' },
    });
  } finally {
    await slow.close();
  }
});

/** 70 of 100 are left when it ends, and 30 are the sale's; in the books, too. */
async function ended(saleId: string): Promise<string> {
  const { reference } = await shop.issue({ amountMinor: 100 });
  const spending = { customerId: 'C-1', amountMinor: 30, currency: 'EUR', saleId };
  expect(await shop.post(`/account-payments/${reference}/apply`, spending)).toMatchObject({ status: 200 });
  const expiry = await shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' });
  expect(expiry).toMatchObject({ status: 200, body: { recorded: true } });
  return reference;
}

const replacementOf = (reference: string) =>
  until(async () => {
    const [row] = await shop.sql<{ reference: string; status: string; amountMinor: number }[]>`
      select reference, status, amount_minor from account_payments where replaces = ${reference}`;
    return row;
  });

test('a reinstatement that was cut off is there once somebody hears that it has been', async () => {
  const reference = await ended(randomUUID());
  const reinstate = () =>
    shop.post<Told>(`/account-payments/${reference}/reinstate`, { customerId: 'C-1', reason: 'was in hospital' });
  const { start } = shop.parts.actors;
  shop.parts.actors.start = () => Promise.reject(new Error('cut off'));
  expect(await reinstate()).toMatchObject({ status: 500 });
  shop.parts.actors.start = start;
  expect(await reinstate()).toMatchObject({ status: 409, body: { code: 'already_reinstated' } });
  expect(await replacementOf(reference)).toMatchObject({ status: 'active', amountMinor: 70 });
});

test('what is in the books is not started again, though Temporal knows nothing of it any more', async () => {
  const sale = { saleShopId: shop.shopId, saleId: randomUUID() };
  const replaces = await ended(sale.saleId);
  const funding = { kind: 'replacement', source: 'paid', replaces, origin: 'return', ...sale } as const;
  const { reference, issue } = aReservation({ amountMinor: 30, funding });
  const { issuedAt, kind: _, reference: __, rules: ___, ...issuing } = issue;
  const { commandId } = issue;
  const row = { commandId, reference, bodyHash: 'x', issuedAt, notes: null, issue };
  const replacing = { commandId, ...sale, replaces, amountMinor: 30, keptMinor: 0, nowMs: Date.now() };
  await reserveReplacement(shop.sql, replacing, () => row);
  await book(shop, issue, [[Date.now(), expire('its-end')]]);
  const ways = { client: shop.client, sql: shop.sql, asking: createSlots(1) };
  expect(await replacePayment(ways, { issuing, replaces, sale, keptMinor: 0 }, shop.taskQueue)).toEqual({ reference });
  await expect(shop.client.workflow.getHandle(reference).describe()).rejects.toThrow(WorkflowNotFoundError);
});

test('who is not told in time that a reference was promised is not told that nothing has changed', async () => {
  const [wanted, idempotencyKey] = [{ ...aDeposit, customerId: 'C-1' }, randomUUID()];
  const other = await shop.sql.reserve();
  await other`begin`;
  // Reading goes on, writing waits.
  await other`lock table issue_reservations in share mode`;
  const first = await shop.post<Told>('/account-payments', wanted, { idempotencyKey });
  await other`rollback`;
  other.release();
  expect(first).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
  expect(await shop.post<Told>('/account-payments', wanted, { idempotencyKey })).toMatchObject({ status: 201 });
});

test('a replacement of which a return was cut off is there once a return hears that nothing is left', async () => {
  const sale = { saleShopId: shop.shopId, saleId: randomUUID() };
  const reference = await ended(sale.saleId);
  const funding = { kind: 'replacement', source: 'paid', replaces: reference, origin: 'return', ...sale } as const;
  const replacement = aReservation({ amountMinor: 30, funding });
  const { commandId } = replacement;
  const replacing = { commandId, ...sale, replaces: reference, amountMinor: 30, keptMinor: 0, nowMs: Date.now() };
  await reserveReplacement(shop.sql, replacing, () => replacement);
  expect(await shop.post<Told>(`/sales/${sale.saleId}/return`, { currency: 'EUR' })).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable' },
  });
  expect(await replacementOf(reference)).toEqual({
    reference: replacement.reference,
    status: 'active',
    amountMinor: 30,
  });
});

test('why nothing is reserved in place of a payment yet has a name, for operators see no more of it', async () => {
  const sale = { saleShopId: shop.shopId, saleId: randomUUID() };
  const replacing = { ...sale, commandId: randomUUID(), amountMinor: 30, keptMinor: 0, nowMs: Date.now() };
  const reserve = (replaces: string) =>
    reserveReplacement(shop.sql, { ...replacing, replaces }, () => {
      throw new Error('nothing is to be issued');
    });
  const { reference } = await shop.issue();
  const recorded = async (heldMinor: number) =>
    (await shop.sql`select from account_payments where reference = ${reference} and held_minor = ${heldMinor}`).length >
    0;
  await until(() => recorded(0));
  await expect(reserve('ACC-20200101-00000000')).rejects.toMatchObject({ name: 'SourceMissing' });
  await expect(reserve(reference)).rejects.toMatchObject({ name: 'SourceNotEnded' });
  const hold = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId: sale.saleId, lifetimeMs: 60_000 };
  await shop.tell(reference, 'hold', { commandId: randomUUID(), by: { caller: 'operator' }, ...hold });
  await until(() => recorded(10));
  await expect(reserve(reference)).rejects.toMatchObject({ name: 'SourceHeld' });
});
