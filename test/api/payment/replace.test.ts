import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { ActorsUnavailable } from '../../../service/temporal.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type Reply, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Answer = { code: string; payment: AccountPaymentView; recorded: boolean };
const named = { customerId: 'C-1', reason: 'was in hospital' };
const at = (reference: string, call: string) => `/account-payments/${reference}/${call}`;
const say = (
  reference: string,
  call: string,
  body: object,
  idempotencyKey: string = randomUUID(),
): Promise<Reply<Answer>> => shop.post<Answer>(at(reference, call), body, { idempotencyKey });
const reinstate = (reference: string, more: object = {}, key: string = randomUUID()) =>
  say(reference, 'reinstate', { ...named, ...more }, key);

/** 70 of 100 are left when it ends; in the books, too. */
async function ended(call: 'expire' | 'cancel', body: object): Promise<string> {
  const { reference } = await shop.issue({ amountMinor: 100, taxCode: 'DE19', tender: 'cash' });
  const spend = { customerId: 'C-1', amountMinor: 30, currency: 'EUR', saleId: randomUUID() };
  expect(await say(reference, 'apply', spend)).toMatchObject({ status: 200 });
  expect(await say(reference, call, body)).toMatchObject({ status: 200, body: { recorded: true } });
  return reference;
}
const expired = () => ended('expire', { reason: 'agreed' });
const cancelled = (disposition: string, tender?: string) =>
  ended('cancel', { customerId: 'C-1', disposition, tender, reason: 'x' });

test('what has expired or was forfeited is reinstated: what it had left, with all that it was', async () => {
  for (const reference of [await expired(), await cancelled('forfeited')]) {
    const reply = await reinstate(reference, { validThrough: '2040-12-31' });
    expect(reply).toMatchObject({
      status: 201,
      body: {
        payment: {
          amountMinor: 70,
          balanceMinor: 70,
          status: 'active',
          customerId: 'C-1',
          purpose: 'deposit',
          funding: 'replacement',
          origin: 'reinstatement',
          replaces: reference,
          sourceFunding: 'paid',
          taxCode: 'DE19',
          validThrough: '2040-12-31',
          saleId: null,
        },
        recorded: true,
      },
    });
    expect(reply.headers.get('Location')).toBe(`/v1/account-payments/${reply.body.payment.reference}`);
    const movements = await shop.get<{ items: object[] }>(at(reply.body.payment.reference, 'movements'));
    expect(movements.body.items).toMatchObject([
      { kind: 'issued', amountMinor: 70, counterpart: reference, reason: named.reason },
    ]);
  }
});

test('once, whoever asks under however many keys at once', async () => {
  const reference = await expired();
  const keys = Array.from({ length: 6 }, () => randomUUID());
  const replies = await Promise.all([...keys, ...keys].map((key) => reinstate(reference, {}, key)));
  const made = replies.filter(({ status }) => status === 201);
  expect(made).toHaveLength(2);
  expect(new Set(made.map(({ body }) => body.payment.reference)).size).toBe(1);
  const others = replies.filter(({ status }) => status !== 201);
  expect(new Set(others.map(({ body }) => body.code))).toEqual(new Set(['already_reinstated']));
  const [count] = await shop.sql<{ count: number }[]>`
    select count(*) from account_payments where replaces = ${reference}`;
  expect(count).toEqual({ count: 1 });
});

test('a key means one reinstatement: with another body it is refused, and repeated it is answered as before', async () => {
  const reference = await expired();
  const key = randomUUID();
  const first = await reinstate(reference, { validThrough: '2040-12-31' }, key);
  expect(first).toMatchObject({ status: 201 });
  expect(await reinstate(reference, { validThrough: '2041-12-31' }, key)).toMatchObject({
    status: 422,
    body: { code: 'command_id_reused' },
  });
  const again = await reinstate(reference, { validThrough: '2040-12-31' }, key);
  expect(again).toMatchObject({ status: 201, body: { payment: { reference: first.body.payment.reference } } });
});

test('a replacement that a return issued does not stand in the way, and each gives back its own', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  const saleId = randomUUID();
  const spend = { customerId: 'C-1', amountMinor: 30, currency: 'EUR', saleId };
  await say(reference, 'apply', spend);
  await say(reference, 'expire', { reason: 'agreed' });
  const back = await shop.post(`/sales/${saleId}/return`, { currency: 'EUR' });
  expect(back).toMatchObject({ status: 200, body: { return: { amountMinor: 30 } } });
  expect(await reinstate(reference)).toMatchObject({ status: 201, body: { payment: { amountMinor: 70 } } });
});

test('nothing else is reinstated', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  const refused = { status: 409, body: { code: 'not_reinstatable' } };
  expect(await reinstate(reference)).toMatchObject(refused);
  expect(await reinstate(await cancelled('paid_out', 'cash'))).toMatchObject(refused);
  expect(await reinstate(await cancelled('issued_in_error'))).toMatchObject(refused);
  const lost = await expired();
  const stranger = await reinstate(lost, { customerId: 'C-2' });
  expect(stranger).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
  expect(stranger.body).not.toHaveProperty('payment');
  const till = await shop.post(at(lost, 'reinstate'), named, { key: shop.keys.till });
  expect(till).toMatchObject({ status: 403 });
});

test('one that was frozen comes back frozen', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  await say(reference, 'freeze', { reason: 'stolen' });
  await say(reference, 'expire', { reason: 'agreed' });
  const { body } = await reinstate(reference);
  expect(body.payment).toMatchObject({ frozenCauses: ['staff'], availableMinor: 0 });
});

test('a reissue ends a payment and goes on with what it had, its expiry and its sales', async () => {
  const { reference } = await shop.issue({ amountMinor: 100, expiresAt: '2040-12-31' });
  const saleId = randomUUID();
  await say(reference, 'apply', { customerId: 'C-1', amountMinor: 30, currency: 'EUR', saleId });
  const key = randomUUID();
  const first = await say(reference, 'reissue', { customerId: 'C-1', reason: 'worn out' }, key);
  expect(first).toMatchObject({
    status: 201,
    body: { payment: { amountMinor: 70, origin: 'reissue', replaces: reference } },
  });
  const old = (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
  expect(old).toMatchObject({ status: 'cancelled', endedBalanceMinor: 70 });
  expect(first.body.payment.expiresAt).toBe(old.expiresAt);
  const again = await say(reference, 'reissue', { customerId: 'C-1', reason: 'worn out' }, key);
  expect(again).toMatchObject({ status: 201, body: { payment: { reference: first.body.payment.reference } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await reinstate(reference)).toMatchObject({ status: 409, body: { code: 'not_reinstatable' } });
  const back = await shop.post(`/sales/${saleId}/return`, { currency: 'EUR' });
  expect(back).toMatchObject({ status: 200, body: { return: { amountMinor: 30 } } });
});

test('a reissue waits for the record of the end, however little its sender does, and never says that nothing changed', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  const body = { customerId: 'C-1', reason: 'worn out' };
  const prefer = { headers: { Prefer: 'wait=0' } };
  expect(await shop.post(at(reference, 'reissue'), body, prefer)).toMatchObject({ status: 201 });

  const other = await shop.issue({ amountMinor: 100 });
  const start = shop.parts.actors.start;
  shop.parts.actors.start = () => Promise.reject(new ActorsUnavailable('away'));
  const lost = await say(other.reference, 'reissue', body);
  shop.parts.actors.start = start;
  expect(lost).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
  expect(await say(other.reference, 'reissue', body)).toMatchObject({ status: 201 });
});

test('a reissue that was cut off after the end is finished by whoever asks next', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  const cut = shop.parts.actors.start;
  shop.parts.actors.start = () => Promise.reject(new Error('cut off'));
  const lost = await say(reference, 'reissue', { customerId: 'C-1', reason: 'worn out' });
  shop.parts.actors.start = cut;
  expect(lost.status).toBe(500);
  const next = await say(reference, 'reissue', { customerId: 'C-1', reason: 'again' });
  expect(next).toMatchObject({ status: 201, body: { payment: { amountMinor: 100, origin: 'reissue' } } });
  const rows = await until(async () => {
    const found = await shop.sql`select from account_payments where replaces = ${reference}`;
    return found.length > 0 && found;
  });
  expect(rows).toHaveLength(1);
});

const reissue = (reference: string, key?: string) => say(reference, 'reissue', { customerId: 'C-1', reason: 'x' }, key);

test('what stood in the way of a reissue does not stand in the way of the next one, under another key', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  await say(reference, 'freeze', { reason: 'stolen' });
  const key = randomUUID();
  expect(await reissue(reference, key)).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  await say(reference, 'thaw', { reason: 'found again' });
  const hold = { customerId: 'C-1', amountMinor: 60, currency: 'EUR', giftId: 'G', lifetimeMs: 600_000 };
  await shop.tell(reference, 'hold', { commandId: 'held', by: { caller: 'x', shopId: shop.shopId }, ...hold });
  expect(await reissue(reference)).toMatchObject({ status: 409, body: { code: 'hold_open' } });
  await shop.tell(reference, 'release', { commandId: 'let-go', by: { caller: 'x' }, holdId: 'held' });
  expect(await reissue(reference, key)).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  expect(await reissue(reference)).toMatchObject({ status: 201, body: { payment: { amountMinor: 100 } } });
});

test('what was cancelled as something else is not reissued', async () => {
  const reference = await cancelled('forfeited');
  expect(await reissue(reference)).toMatchObject({ status: 409, body: { code: 'payment_cancelled' } });
});

test('a reissue that is finished after its expiry is issued all the same: it expires, and can be reinstated', async () => {
  await shop.sql`
    create function away() returns trigger language plpgsql as
      $$ begin raise exception 'Postgres is away' using errcode = '57P03'; end $$`;
  // Its cancellation is accepted, and all that follows is lost.
  const { reference, key } = await beforeItEnds(async ({ expiresAt }) => {
    const [issued, ofTry] = [await shop.issue({ amountMinor: 100, expiresAt }), randomUUID()];
    await shop.sql`
      create trigger away before insert on issue_reservations for each row execute function away()`;
    const { status } = await reissue(issued.reference, ofTry);
    await shop.sql`drop trigger away on issue_reservations`;
    expect(status).toBeGreaterThanOrEqual(500);
    return { reference: issued.reference, key: ofTry };
  });
  const row = await until(async () => (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body);
  expect(row).toMatchObject({ status: 'cancelled', endedBalanceMinor: 100 });
  await until(() => Promise.resolve(Date.parse(row.expiresAt ?? '') < Date.now()));
  const { status, body } = await reissue(reference, key);
  expect(status).toBe(201);
  const { reference: anew } = body.payment;
  await until(
    async () =>
      (await shop.sql`select from account_payments where reference = ${anew} and status = 'expired'`).length > 0,
  );
  expect(await reinstate(anew)).toMatchObject({ status: 201, body: { payment: { balanceMinor: 100 } } });
});
