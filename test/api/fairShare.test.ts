import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../api/createApp.js';
import { createLimits } from '../../api/http/limits.js';
import { createKeyring } from '../../api/http/keys.js';
import type { Actors } from '../../service/actors.js';
import type { RecordedWatch } from '../../service/recordedWatch.js';
import { randomUUID } from 'node:crypto';
import { openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

const FLOOD = 'flood';
const TILLS = 4;
const SALES = 15;
const TOGETHER = 6;

/** Looks on at which commands of whom are with the actors at once. */
function watched(actors: Actors) {
  const atWork = new Map<string, number>();
  const begun = new Map<string, number>();
  const add = (to: Map<string, number>, caller: string, n: number) => to.set(caller, (to.get(caller) ?? 0) + n);
  const command: Actors['command'] = async (reference, kind, message) => {
    const caller = message.by?.caller ?? '';
    add(atWork, caller, 1);
    add(begun, caller, 1);
    try {
      return await actors.command(reference, kind, message);
    } finally {
      add(atWork, caller, -1);
    }
  };
  return {
    actors: { ...actors, command },
    atWork: (caller: string) => atWork.get(caller) ?? 0,
    begun: (caller: string) => begun.get(caller) ?? 0,
  };
}

/** Spends a cent of a payment as a till, and tells the status of the answer. */
function spenderAt(app: ReturnType<typeof createApp>) {
  return async (reference: string, key: string, prefer = 'wait=2'): Promise<number> => {
    const headers = {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
      Prefer: prefer,
    };
    const body = JSON.stringify({ customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'SHARE-1' });
    return (await app.request(`/v1/account-payments/${reference}/apply`, { method: 'POST', headers, body })).status;
  };
}

/**
 * How long others wait follows from how much is at work beside them, which no busy machine changes: with four tills
 * that sell, six of the flood's make ten in place of four, where all 64 would make 68.
 */
test('of 64 callers of one key few are at work beside others, which sell as before', async () => {
  const { actors, atWork, begun } = watched(shop.actors);
  const limits = createLimits({ together: TOGETHER });
  const spend = spenderAt(createApp({ ...shop.parts, actors }, createKeyring({ sql: shop.sql }), { limits }));
  const tills = await Promise.all(
    Array.from({ length: TILLS }, async (_, i) => ({
      key: await shop.keyOf('till', `honest-${i}`),
      reference: (await shop.issue()).reference,
    })),
  );
  const flooded = await Promise.all(Array.from({ length: 8 }, async () => (await shop.issue()).reference));
  const key = await shop.keyOf('till', FLOOD);
  let standing: 'selling' | 'over' = 'selling';
  const floods = Array.from({ length: 64 }, async (_, i) => {
    while (standing === 'selling') await spend(flooded[i % flooded.length] ?? '', key);
  });

  let mostBeside = 0;
  const selling = tills.map(async (till) => {
    for (let i = 0; i < SALES; i++) {
      expect([200, 504]).toContain(await spend(till.reference, till.key));
      // What the flood began while it was alone is over by then.
      if (i <= SALES / 2) continue;
      mostBeside = Math.max(mostBeside, atWork(FLOOD));
    }
  });
  await Promise.all(selling);
  standing = 'over';
  await Promise.all(floods);
  expect(tills.map((_, i) => begun(`honest-${i}`))).toEqual(Array<number>(TILLS).fill(SALES));
  expect(begun(FLOOD)).toBeGreaterThan(0);
  expect(mostBeside).toBeGreaterThan(0);
  expect(mostBeside, 'no more than is well done at once').toBeLessThanOrEqual(TOGETHER);
});

/** A signal is answered when it is left; whoever leaves many would have as many decided and recorded as it can send. */
test('what one of many callers leaves without waiting is done before it leaves more, beside others', async () => {
  const undone = new Set<string>();
  let mostBeside = 0;
  // As long as it takes: how fast this machine records is not what is asked here.
  const untilRecorded: RecordedWatch = async (awaited, patienceMs) => {
    const recorded = await shop.parts.untilRecorded(awaited, patienceMs > 0 ? 60_000 : 0);
    if ('commandId' in awaited && recorded) undone.delete(awaited.commandId);
    return recorded;
  };
  const signal: Actors['signal'] = async (reference, kind, message) => {
    const { commandId } = message;
    if (message.by?.caller === FLOOD) undone.add(commandId);
    void untilRecorded({ reference, commandId }, 60_000);
    return shop.actors.signal(reference, kind, message);
  };
  const limits = createLimits({ together: TOGETHER });
  const parts = { ...shop.parts, actors: { ...shop.actors, signal }, untilRecorded };
  const spend = spenderAt(createApp(parts, createKeyring({ sql: shop.sql }), { limits }));
  const { reference } = await shop.issue();
  const flooded = await Promise.all(Array.from({ length: 8 }, async () => (await shop.issue()).reference));
  const [key, honest] = [await shop.keyOf('till', FLOOD), await shop.keyOf('till', 'honest-left')];
  let standing: 'selling' | 'over' = 'selling';
  const floods = Array.from({ length: 64 }, async (_, i) => {
    while (standing === 'selling')
      expect([202, 429]).toContain(await spend(flooded[i % flooded.length] ?? '', key, 'respond-async'));
  });
  const sell = async () => expect(await spend(reference, honest, 'wait=0')).toBe(200);
  // What the flood left while it was alone is done by then.
  await until(async () => {
    await sell();
    return undone.size <= TOGETHER;
  });
  for (let i = 0; i < SALES; i++) {
    await sell();
    mostBeside = Math.max(mostBeside, undone.size);
  }
  standing = 'over';
  await Promise.all(floods);
  expect(mostBeside).toBeGreaterThan(0);
  expect(mostBeside).toBeLessThanOrEqual(TOGETHER);
});
