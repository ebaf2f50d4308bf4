import { afterAll, expect, test } from 'vitest';
import { connect, disconnect } from '../../../db/connect.js';
import { createSlots } from '../../../db/slots.js';
import { createSentByCaller } from '../../../service/payment/sentByCaller.js';
import { createSignalLimit } from '../../../service/payment/signalLimit.js';
import { ActorsUnavailable, NO_ACTOR, OutcomeUnknown } from '../../../service/temporal.js';
import { openShop, until, type Shop } from '../../support/shop.js';

const shops: Shop[] = [];
afterAll(() => Promise.all(shops.map((shop) => shop.close())));

const sent = () => Promise.resolve('sent' as const);

async function open(options: Parameters<typeof openShop>[0]): Promise<Shop> {
  const shop = await openShop(options);
  shops.push(shop);
  return shop;
}

test('500 signals wait for a payment and no more; one in the books makes room, and a repeat always has it', async () => {
  const shop = await open({ worker: 'none', keyPatienceMs: 30_000 });
  const [{ reference }, { reference: other }] = [await shop.issue(), await shop.issue()];
  const send = async (to: string, idempotencyKey: string) => {
    const body = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'LIMIT-1' };
    const headers = { Prefer: 'respond-async' };
    return (await shop.post(`/account-payments/${to}/apply`, body, { idempotencyKey, headers })).status;
  };
  for (let i = 0; i < 500; i += 25) {
    const statuses = await Promise.all(Array.from({ length: 25 }, (_, j) => send(reference, `k-${i + j}`)));
    expect(new Set(statuses)).toEqual(new Set([202]));
  }
  expect(await send(reference, 'one-too-many')).toBe(429);
  expect(await send(reference, 'k-7')).toBe(202);
  expect(await send(other, 'k-other')).toBe(202);
  await shop.startWorker();
  await until(async () => (await send(reference, 'one-too-many')) === 202);
  await until(
    async () => (await shop.sql`select 1 from movements where reference = ${reference}`).length === 502,
    40_000,
  );
  await send(reference, 'last');
  const counted = await shop.sql`select 1 from sent_signals where reference = ${reference}`;
  expect(counted).toHaveLength(1);
});

test('while Postgres is away a process counts its own, until it is back', async () => {
  const shop = await open({ worker: 'none' });
  const away = connect(shop.databaseUrl, { name: 'away', connections: 1 });
  await disconnect(away);
  for (const [sql, books] of [
    [away, 'there'],
    [shop.sql, 'away'],
  ] as const) {
    const limit = createSignalLimit({ sql });
    // Each from a caller of its own, who have bounds themselves.
    const ask = (i: number) =>
      limit({ caller: `till-${i}`, reference: 'ACC-1', commandId: `c-${i}`, books, bytes: 1 }, sent);
    // What was never left is not counted.
    const lost = { caller: 'till', reference: 'ACC-1', commandId: 'lost', books, bytes: 1 };
    for (let i = 0; i < 2; i++) expect(await limit(lost, () => Promise.resolve(NO_ACTOR))).toBe(NO_ACTOR);
    for (let i = 0; i < 500; i++) expect(await ask(i)).toBe('sent');
    expect(await ask(500)).toBe('full');
    expect(await limit({ caller: 'till', reference: 'ACC-2', commandId: 'c', books, bytes: 1 }, sent)).toBe('sent');
  }
  const limit = createSignalLimit({ sql: shop.sql, patienceMs: 30_000 });
  for (let i = 0; i <= 500; i++)
    await limit({ caller: `till-${i}`, reference: 'ACC-1', commandId: `c-${i}`, books: 'away', bytes: 1 }, sent);
  expect(await limit({ caller: 'till', reference: 'ACC-1', commandId: 'c', books: 'there', bytes: 1 }, sent)).toBe(
    'sent',
  );
  expect(await limit({ caller: 'till', reference: 'ACC-1', commandId: 'd', books: 'away', bytes: 1 }, sent)).toBe(
    'sent',
  );
});

test('a caller has so many signals waiting, for whatever payments, and others have theirs', async () => {
  const shop = await open({ worker: 'none' });
  let nowMs = 0;
  const asking = createSlots(1);
  const limit = createSentByCaller({ sql: shop.sql, asking, patienceMs: 30_000, most: 3, now: () => nowMs });
  const { reference, commandId } = await refusedIn(shop);
  const send = (caller: string, i: number) => limit(caller, { reference: `ACC-${i}`, commandId: `c-${i}`, places: 1 });
  expect(await limit('one', { reference, commandId, places: 1 })).not.toBe('full');
  for (const i of [1, 2]) expect(await send('one', i)).not.toBe('full');
  // One of them is in the books, and that is looked at when there is no room.
  nowMs += 1_000;
  expect(await send('one', 3)).not.toBe('full');
  expect(await send('one', 4)).toBe('full');
  expect(await send('one', 2)).not.toBe('full');
  // A repeat of what another process left has its place there, and of what is in the books none.
  await shop.sql`insert into sent_signals (command_id, reference) values ('c-4', 'ACC-4')`;
  expect(await send('one', 4)).not.toBe('full');
  expect(await limit('one', { reference, commandId, places: 1 })).not.toBe('full');
  expect(await send('one', 5)).toBe('full');
  expect(await send('another', 5)).not.toBe('full');

  // Nobody waits for what was refused after its payment's end, nor for what meant another customer's payment.
  const outcome = { requestId: 'c-1', caller: 'one', requestHash: 'h', reference: 'ACC-1' };
  await shop.sql`insert into request_keys ${shop.sql({ ...outcome, outcomeCode: 'payment_cancelled' })}`;
  nowMs += 1_000;
  const stranger = { reference, commandId: 'c-6', customerId: 'C-9', places: 1 };
  expect(await limit('one', stranger)).not.toBe('full');
  nowMs += 1_000;
  expect(await limit('one', { reference, commandId: 'c-7', customerId: 'C-1', places: 1 })).not.toBe('full');
  nowMs += 1_000;
  expect(await send('one', 8)).toBe('full');
  nowMs += 2 * 60 * 60 * 1000;
  expect(await send('one', 8)).not.toBe('full');
});

test('a long signal takes the room of several, so that the bytes that wait are bounded too', async () => {
  const shop = shops[0] ?? (await open({ worker: 'none' }));
  const limit = createSignalLimit({ sql: shop.parts.sql, patienceMs: 30_000 });
  for (const books of ['there', 'away'] as const) {
    const [reference, places] = [`ACC-long-${books}`, 50];
    const ask = (i: number, bytes: number) =>
      limit({ caller: `till-${books}-${i}`, reference, commandId: `${reference}-${i}`, books, bytes }, sent);
    for (let i = 0; i < 9; i++) expect(await ask(i, places * 4_096)).toBe('sent');
    expect(await ask(9, places * 4_096 + 1)).toBe('full');
    expect(await ask(9, (places - 1) * 4_096)).toBe('sent');
    expect(await ask(10, 1)).toBe('sent');
    expect(await ask(11, 1)).toBe('full');
  }
  const ofCaller = (i: number, bytes: number) =>
    limit({ caller: 'one', reference: `ACC-${i}`, commandId: `of-one-${i}`, books: 'there', bytes }, sent);
  for (let i = 0; i < 4; i++) expect(await ofCaller(i, 250 * 4_096)).toBe('sent');
  expect(await ofCaller(4, 1)).toBe('full');
});

/** What becomes of a signal, and whether it waits there for all that anybody knows. */
test.each<[became: string, waits: boolean, leave: () => Promise<'sent' | typeof NO_ACTOR>]>([
  ['sent', true, sent],
  ['not answered', true, () => Promise.reject(new OutcomeUnknown('no answer in time'))],
  ['not sent', false, () => Promise.reject(new ActorsUnavailable('Temporal cannot be reached'))],
  ['for nobody', false, () => Promise.resolve(NO_ACTOR)],
])(
  'a signal that was %s counts: %j',
  async (became, waits, leave) => {
    const shop = shops[0] ?? (await open({ worker: 'none' }));
    const limit = createSignalLimit({ sql: shop.parts.sql, patienceMs: 30_000 });
    const reference = `ACC-${became.replaceAll(' ', '-')}`;
    const waiting = async () => (await shop.sql`select from sent_signals where reference = ${reference}`).length;
    for (let i = 0; i < 3; i++) {
      const asked = { caller: 'till', reference, commandId: `${reference}-${i}`, books: 'there', bytes: 1 } as const;
      await limit(asked, leave).catch(() => undefined);
    }
    expect(await waiting()).toBe(waits ? 3 : 0);
    // Sent again and lost then, one that waits goes on to wait.
    const again = { caller: 'till', reference, commandId: `${reference}-0`, books: 'there', bytes: 1 } as const;
    await limit(again, () => Promise.resolve(NO_ACTOR));
    expect(await waiting()).toBe(waits ? 3 : 0);
    // And so it is with all that a caller has: with these, 1,000 places.
    const places = [...Array<number>(99).fill(10), 7];
    for (const [i, each] of places.entries()) {
      const long = { ...again, reference: `${reference}-${i % 50}`, commandId: `${reference}-long-${i}` };
      await limit({ ...long, bytes: each * 4_096 }, leave).catch(() => undefined);
    }
    const one = await limit({ ...again, commandId: `${reference}-more` }, sent);
    expect(one).toBe(waits ? 'full' : 'sent');
  },
  60_000,
);

/** A command that is in the books. */
async function refusedIn(shop: Shop): Promise<{ reference: string; commandId: string }> {
  await shop.startWorker();
  const { reference } = await shop.issue();
  const tooMuch = { customerId: 'C-1', amountMinor: 999_999_999, currency: 'EUR', saleId: 'S-1' };
  await shop.post(`/account-payments/${reference}/apply`, tooMuch);
  return until(async () => {
    const [refused] = await shop.sql<{ reference: string; commandId: string }[]>`
      select reference, command_id from commands where outcome <> 'accepted'`;
    return refused;
  });
}
