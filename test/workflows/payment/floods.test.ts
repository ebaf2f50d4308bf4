import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { inParallel } from '../../../activities/inParallel.js';
import { end, startService } from '../../support/services.js';
import { openShopOfProcesses, until, type Shop } from '../../support/shop.js';

let shop: Shop;
let env: Record<string, string>;
let worker: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  ({ shop, env } = await openShopOfProcesses());
  worker = await startService('worker', env);
});
afterAll(async () => {
  await end(worker, 'SIGTERM');
  await shop.close();
});

const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
/** A sixth of what `npm run test:abuse` sends, and several times what a run may have. */
const COMMANDS = 1_350;
const SIGNALS = 3_000;
const LIVE = 1_200;
/** One by one an apply takes some 20 ms where nothing else is at work; each half of the flood takes tens of seconds. */
const LEAST_BESIDE = 3;
/** Without a pause between its applies, who only watches would be a flood of its own. */
const PAUSE_MS = 250;

/** Every command at least twice, and some signals that say nothing. */
const messageOf = (i: number) => (i < 2 * COMMANDS ? { commandId: `n${Math.floor(i / 2)}`, ...spending } : 'nothing');

test(
  '3,000 signals on one payment, live and from an empty cache: the worker lives, nobody waits for their end, nothing is lost',
  { timeout: 900_000 },
  async () => {
    const { reference } = await shop.issue({ amountMinor: 1_000_000 });
    const { reference: other } = await shop.issue({ amountMinor: 1_000_000 });
    const flooded = shop.client.workflow.getHandle(reference);
    const flood = (from: number, to: number) =>
      inParallel(3, to - from, (i) => sendSignal(reference, messageOf(from + i)));

    const untilTaken = (commands: number) =>
      until(async () => {
        const payment = await flooded.query<AccountPaymentView>('payment').catch(() => undefined);
        return payment && payment.balanceMinor <= 1_000_000 - commands && payment;
      }, 400_000);

    const first = watch(other);
    await flood(0, LIVE);
    await untilTaken(LIVE / 2);
    const live = await first.decided();

    await end(worker, 'SIGTERM');
    refused = 0;
    const flooding = flood(LIVE, SIGNALS);
    await until(() => Promise.resolve(refused > 0), 400_000);
    worker = await startService('worker', env);
    const second = watch(other);
    await flooding;
    const taken = await untilTaken(COMMANDS);
    const cold = await second.decided();

    expect(taken).toMatchObject({ balanceMinor: 1_000_000 - COMMANDS, revision: COMMANDS + 1 });
    expect(worker.exitCode).toBe(null);
    // On a machine of any speed: others go on all the while, and do not wait until it is over.
    for (const decided of [live, cold]) expect(decided).toBeGreaterThan(LEAST_BESIDE);
  },
);

let refused = 0;
/** Once a run has had 1,200 signals the server takes no more before the next run: a sender tries again. */
async function sendSignal(reference: string, message: unknown): Promise<void> {
  const sent = () =>
    shop.client.workflow
      .getHandle(reference)
      .signal('apply', message)
      .then(
        () => true,
        () => ((refused += 1), false),
      );
  await until(sent, 400_000);
}

/** Applies to a payment one by one, each until it is decided, until it is asked how many were. */
function watch(reference: string): { decided: () => Promise<number> } {
  let watching = true;
  let decided = 0;
  const done = (async () => {
    while (watching) {
      const sameKey = { idempotencyKey: randomUUID(), headers: { Prefer: 'wait=0' } };
      await until(
        async () => (await shop.post(`/account-payments/${reference}/apply`, spending, sameKey)).status === 200,
        400_000,
      );
      decided += 1;
      await pause(PAUSE_MS);
    }
  })();
  return {
    decided: async () => {
      watching = false;
      await done;
      return decided;
    },
  };
}
