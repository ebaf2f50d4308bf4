import { afterAll, expect, test } from 'vitest';
import { connect, disconnect } from '../../../db/connect.js';
import { createSlots } from '../../../db/slots.js';
import { createSentByCaller } from '../../../service/payment/sentByCaller.js';
import { createSignalLimit } from '../../../service/payment/signalLimit.js';
import { openShop, until, type Shop } from '../../support/shop.js';

const shops: Shop[] = [];
afterAll(() => Promise.all(shops.map((shop) => shop.close())));

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
    const ask = (i: number) => limit({ caller: `till-${i}`, reference: 'ACC-1', commandId: `c-${i}`, books });
    for (let i = 0; i < 1_000; i++) expect(await ask(i)).toBe('room');
    expect(await ask(1_000)).toBe('full');
    expect(await limit({ caller: 'till', reference: 'ACC-2', commandId: 'c', books })).toBe('room');
  }
  const limit = createSignalLimit({ sql: shop.sql, patienceMs: 30_000 });
  for (let i = 0; i <= 1_000; i++)
    await limit({ caller: `till-${i}`, reference: 'ACC-1', commandId: `c-${i}`, books: 'away' });
  expect(await limit({ caller: 'till', reference: 'ACC-1', commandId: 'c', books: 'there' })).toBe('room');
  expect(await limit({ caller: 'till', reference: 'ACC-1', commandId: 'd', books: 'away' })).toBe('room');
});

test('a caller has so many signals waiting, for whatever payments, and others have theirs', async () => {
  const shop = await open({ worker: 'none' });
  let nowMs = 0;
  const asking = createSlots(1);
  const limit = createSentByCaller({ sql: shop.sql, asking, patienceMs: 30_000, most: 3, now: () => nowMs });
  const { reference, commandId } = await refusedIn(shop);
  const send = (caller: string, i: number) => limit(caller, { reference: `ACC-${i}`, commandId: `c-${i}` });
  expect(await limit('one', { reference, commandId })).toBe('room');
  for (const i of [1, 2]) expect(await send('one', i)).toBe('room');
  // One of them is in the books, and that is looked at when there is no room.
  nowMs += 1_000;
  expect(await send('one', 3)).toBe('room');
  expect(await send('one', 4)).toBe('full');
  expect(await send('one', 2)).toBe('room');
  expect(await send('another', 5)).toBe('room');
  nowMs += 2 * 60 * 60 * 1000;
  expect(await send('one', 4)).toBe('room');
});

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
