import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../api/createApp.js';
import { createKeyring } from '../../../api/http/keys.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { openShop, until, type Shop } from '../../support/shop.js';

/** What is told while nobody can be asked what a key was used for, and after that. */

let shop: Shop;
/** The same service while the registry of keys does not answer. */
let cutOff: ReturnType<typeof createApp>;
/** Payments whose decisions do not reach the books. */
const unrecorded = new Set<string>();

beforeAll(async () => {
  shop = await openShop({
    around: (activities) => ({
      ...activities,
      record: (batch) => {
        if (unrecorded.has(batch.terms.reference)) throw new Error('not recorded');
        return activities.record(batch);
      },
    }),
  });
  const requestKeys = () => Promise.resolve({ standing: 'unknown' } as const);
  cutOff = createApp({ ...shop.parts, requestKeys }, createKeyring({ sql: shop.parts.sql }));
});
afterAll(() => shop.close());

type Answer = { code: string; payment: AccountPaymentView };
const named = { customerId: 'C-1', reason: 'it is worn out' };
const spend = () => ({ customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: randomUUID() });
const reused = { status: 422, body: { code: 'command_id_reused' } };

async function say(app: typeof cutOff, path: string, wish: object, key: string, headers: Record<string, string> = {}) {
  const said = {
    Authorization: `Bearer ${shop.keys.admin}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': key,
    ...headers,
  };
  const reply = await app.request(`/v1/account-payments/${path}`, {
    method: 'POST',
    headers: said,
    body: JSON.stringify(wish),
  });
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Answer };
}

test('a reissue that was cut off is finished, though its key was used for something else since', async () => {
  const [{ reference }, other, key] = [await shop.issue({ amountMinor: 100 }), await shop.issue(), randomUUID()];
  unrecorded.add(reference);
  const first = await shop.asShipped(() => say(cutOff, `${reference}/reissue`, named, key));
  expect(first).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
  expect(await say(shop.app, `${other.reference}/apply`, spend(), key)).toMatchObject({ status: 200 });
  unrecorded.delete(reference);
  const finished = await until(async () => {
    const told = await say(shop.app, `${reference}/reissue`, named, key);
    return told.status !== 504 && told;
  });
  expect(finished).toMatchObject({ status: 201, body: { payment: { amountMinor: 100, replaces: reference } } });
});

test('the key of a reissue is known once that is recorded', async () => {
  const [{ reference }, other, key] = [await shop.issue(), await shop.issue(), randomUUID()];
  expect(await say(cutOff, `${reference}/reissue`, named, key)).toMatchObject({ status: 201 });
  expect(await say(shop.app, `${other.reference}/apply`, spend(), key)).toMatchObject(reused);
  const because = { ...named, reason: 'another' };
  expect(await say(shop.app, `${reference}/reissue`, because, key)).toMatchObject(reused);
  expect(await say(shop.app, `${reference}/reissue`, named, key)).toMatchObject({ status: 201 });
});

test('a signal under a key that the payment knows is answered at once', async () => {
  const [{ reference }, key, asked] = [await shop.issue(), randomUUID(), spend()];
  const apply = `${reference}/apply`;
  const later = (wish: object, idempotencyKey: string) =>
    say(cutOff, apply, wish, idempotencyKey, { Prefer: 'respond-async' });
  expect(await say(cutOff, apply, asked, key)).toMatchObject({ status: 200 });
  expect(await later({ ...asked, amountMinor: 99 }, key)).toMatchObject(reused);
  const again = await later(asked, key);
  expect(again.status).toBe(200);
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await later(spend(), randomUUID())).toMatchObject({ status: 202 });
});
