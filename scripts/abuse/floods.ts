import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { makeKey } from '../../api/http/keys.js';
import { inParallel } from '../../activities/inParallel.js';
import { note } from './tills.js';
import type { Acknowledged } from './books.js';
import type { Ask, Reply } from './http.js';

/** What a flood works with. */
export type Scene = {
  readonly till: Ask;
  /** Another key, which is revoked while it floods. */
  readonly revoked: Ask;
  readonly revoke: () => Promise<void>;
  /** Of the same machine's other address, for keys that open nothing are counted by address. */
  readonly stranger: Ask;
  readonly port: number;
  readonly client: Client;
  readonly acknowledged: Acknowledged;
  /** A payment of this flood alone, of which a sale has taken much. */
  readonly reference: string;
  readonly customerId: string;
  readonly worker: { readonly kill: () => Promise<void>; readonly begin: () => Promise<void> };
  readonly postgres: {
    readonly signal: (name: 'SIGSTOP' | 'SIGCONT') => void;
    readonly killAndBegin: () => Promise<void>;
  };
  /** Counts an answer by its status. */
  readonly count: (reply: Pick<Reply, 'status'>) => void;
};

export type Flood = {
  readonly name: string;
  /** With something away tills cannot be as fast as before; what they hear then is told, and not judged. */
  readonly away: 'nothing' | 'worker' | 'Postgres';
  /**
   * What it is answered; of each at least one, but of what comes `seldom`, and nothing else. On a slow machine a flood
   * may not come to where it is turned away.
   */
  readonly answers: readonly number[];
  readonly seldom?: readonly number[];
  readonly run: (scene: Scene) => Promise<void>;
};

const SECONDS = 10;
const AT_ONCE = 64;
const LONG_REASON = 'x'.repeat(500);
const SIGNALS = 20_000;
const SEARCHES = 40;
const SLOW_BODIES = 400;

export const floods: readonly Flood[] = [
  {
    name: 'refunds of a cent by signal, the worker away and back',
    away: 'worker',
    answers: [202],
    seldom: [429],
    run: async (scene) => {
      await scene.worker.kill();
      await during(SECONDS, AT_ONCE, () => refund(scene, 'a cent', 'respond-async'));
      await scene.worker.begin();
      await during(3, AT_ONCE, () => refund(scene, 'a cent', 'respond-async'));
    },
  },
  {
    name: 'long reasons by update',
    away: 'nothing',
    answers: [200],
    seldom: [429, 504],
    run: flood((scene) => refund(scene, LONG_REASON, 'wait=0')),
  },
  {
    name: 'long reasons by signal',
    away: 'nothing',
    answers: [202],
    seldom: [429],
    run: flood((scene) => refund(scene, LONG_REASON, 'respond-async')),
  },
  {
    name: 'long reasons by signal, Postgres hangs and goes on',
    away: 'Postgres',
    answers: [202],
    seldom: [429],
    run: async (scene) => {
      const flooding = during(SECONDS, AT_ONCE, () => refund(scene, LONG_REASON, 'respond-async'));
      await pause(2_000);
      scene.postgres.signal('SIGSTOP');
      await pause(6_000);
      scene.postgres.signal('SIGCONT');
      await flooding;
    },
  },
  {
    name: 'long reasons by update, Postgres killed and begun anew',
    away: 'Postgres',
    answers: [200],
    seldom: [429, 504],
    run: async (scene) => {
      const flooding = during(SECONDS, AT_ONCE, () => refund(scene, LONG_REASON, 'wait=0'));
      await pause(2_000);
      await scene.postgres.killAndBegin();
      await flooding;
    },
  },
  {
    name: '40 searches at a time',
    away: 'nothing',
    answers: [200],
    seldom: [429],
    run: (scene) =>
      during(SECONDS, SEARCHES, async () => scene.count(await scene.till(`/customers?q=${randomUUID().slice(0, 1)}`))),
  },
  {
    name: 'refused first holds on invented sales',
    away: 'nothing',
    answers: [409],
    seldom: [429, 504],
    run: (scene) =>
      during(SECONDS, AT_ONCE, async () => {
        const { reference, customerId } = scene;
        const payments = [{ reference, amountMinor: 1_000_000_000 }];
        const lines = [{ productId: 'bike', amountMinor: 1_000_000_000 }];
        const basket = { customerId, currency: 'EUR', lines, payments };
        scene.count(await scene.till(`/sales/${randomUUID()}/hold`, basket, { prefer: 'wait=0' }));
      }),
  },
  {
    name: 'wrong keys',
    away: 'nothing',
    answers: [401, 429],
    run: (scene) =>
      during(SECONDS, AT_ONCE, async () =>
        scene.count(await scene.stranger('/account-payments', undefined, { key: makeKey() })),
      ),
  },
  { name: '400 slow bodies', away: 'nothing', answers: [408], run: slowBodies },
  {
    name: 'a revoked key',
    away: 'nothing',
    answers: [200, 401],
    seldom: [429],
    run: async (scene) => {
      await during(1, 8, async () => scene.count(await scene.revoked(`/account-payments/${scene.reference}`)));
      await scene.revoke();
      let refused = 0;
      // A key that was seen is believed for a minute, and not longer for coming often.
      await during(70, 8, async () => {
        if (refused > 0) return pause(100);
        const reply = await scene.revoked(`/account-payments/${scene.reference}`);
        scene.count(reply);
        if (reply.status === 401) refused += 1;
      });
      if (refused === 0) throw new Error('a revoked key is good for as long as it floods');
    },
  },
  {
    name: '20,000 signals by hand, live and from an empty cache',
    away: 'worker',
    answers: [202],
    seldom: [429],
    run: signalsByHand,
  },
];

/** Many of one caller's at once, for so long. */
async function during(seconds: number, atOnce: number, send: () => Promise<unknown>): Promise<void> {
  const untilMs = Date.now() + seconds * 1_000;
  await inParallel(atOnce, atOnce, async () => {
    while (Date.now() < untilMs) await send();
  });
}

function flood(send: (scene: Scene) => Promise<void>): Flood['run'] {
  return (scene) => during(SECONDS, AT_ONCE, () => send(scene));
}

async function refund(scene: Scene, reason: string, prefer: string): Promise<void> {
  const { reference, customerId } = scene;
  const asked = { customerId, amountMinor: 1, currency: 'EUR', saleId: 'FLOOD', reason };
  const reply = await scene.till(`/account-payments/${reference}/refund`, asked, { prefer });
  scene.count(reply);
  note(scene.acknowledged, reference, reply);
}

/** Each says that more is to come, and then nothing. */
async function slowBodies({ port, count }: Scene): Promise<void> {
  const open = Array.from({ length: SLOW_BODIES }, () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    socket.write('POST /v1/account-payments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n{');
    socket.on('error', () => undefined).on('data', () => undefined);
    return new Promise<void>((closed) => socket.once('close', closed));
  });
  await Promise.race([Promise.all(open), pause(30_000)]);
  const cut = await Promise.all(open.map((closed) => Promise.race([closed.then(() => 408), pause(100).then(() => 0)])));
  for (const status of cut) count({ status });
  if (cut.includes(0)) throw new Error(`${cut.filter((each) => each === 0).length} slow bodies are still open`);
}

/** What somebody with Temporal's port can do; what the server does not take is sent again. */
async function signalsByHand(scene: Scene): Promise<void> {
  const { client, reference, customerId, worker, acknowledged, count } = scene;
  const handle = client.workflow.getHandle(reference);
  const message = (i: number) => ({ customerId, amountMinor: 1, currency: 'EUR', saleId: 'FLOOD', commandId: `n${i}` });
  const untilMs = Date.now() + 90_000;
  const send = (from: number, to: number) =>
    inParallel(4, to - from, async (offset) => {
      // Each command twice, as whoever sends for certain does.
      const i = Math.floor((from + offset) / 2);
      while (Date.now() < untilMs) {
        const sent = await handle.signal('refund', message(i)).then(
          () => 202,
          () => 429,
        );
        count({ status: sent });
        if (sent === 202) return acknowledged.add(reference, `n${i}`);
        await pause(50);
      }
    });
  await send(0, SIGNALS - 2_000);
  await worker.kill();
  const cold = send(SIGNALS - 2_000, SIGNALS);
  await pause(3_000);
  await worker.begin();
  await cold;
}
