import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../runtime/failure.js';
import { launch } from '../launch.js';
import { serversEnvironment } from '../servers/environment.js';
import type { Ask, Reply } from './http.js';
import type { Acknowledged } from './books.js';

export type Sample = { readonly status: number; readonly tookMs: number; readonly atMs: number };

/** A till's key, and the payment that it sells from. */
export type Stall = { readonly key: string; readonly reference: string; readonly customerId: string };
export type Sold = { readonly reference: string; readonly reply: Reply; readonly atMs: number };

/** Honest tills, each with customers of its own, that go on selling whatever happens beside them. */
export type Tills = {
  readonly between: (fromMs: number, untilMs: number) => readonly Sample[];
  readonly stop: () => Promise<void>;
};

/**
 * Sells in a process of its own: beside those who send the floods tills would wait for these, and not for the service.
 */
export async function openTills(
  keys: readonly string[],
  port: number,
  admin: Ask,
  acknowledged: Acknowledged,
): Promise<Tills> {
  const customers = keys.map((key, i) => ({ key, customerId: `HONEST-${i}` }));
  const stalls = await Promise.all(
    customers.map(async (each): Promise<Stall> => {
      return { ...each, reference: await issue(admin, each.customerId, 10_000_000) };
    }),
  );
  const samples: Sample[] = [];
  const selling = await launch(
    fileURLToPath(new URL('./selling.ts', import.meta.url)),
    serversEnvironment(process.env),
  );
  selling.on('message', ({ reference, reply, atMs }: Sold) => {
    samples.push({ status: reply.status, tookMs: reply.tookMs, atMs });
    note(acknowledged, reference, reply);
  });
  const ended = once(selling, 'exit');
  selling.send({ stalls, port });
  return {
    between: (fromMs, untilMs) =>
      samples.filter(({ atMs, tookMs }) => atMs - tookMs >= fromMs && atMs - tookMs < untilMs),
    stop: async () => {
      if (selling.connected) selling.send('stop');
      await ended;
    },
  };
}

export async function issue(ask: Ask, customerId: string, amountMinor: number): Promise<string> {
  const wanted = { customerId, type: 'generic', purpose: 'deposit', amountMinor, currency: 'EUR' };
  for (let tries = 0; tries < 20; tries++) {
    const { status, body } = await ask('/account-payments', wanted, { prefer: 'wait=10' });
    if (status === 201) return (body['payment'] as { reference: string }).reference;
    await pause(500);
  }
  throw new Failure('Nothing could be issued.');
}

/** What was answered as decided, or as taken, has to be in the books in the end. */
export function note(acknowledged: Acknowledged, reference: string, { status, body }: Reply): void {
  const id = body['commandId'] ?? (body['usage'] as { commandId?: string } | undefined)?.commandId;
  if ((status === 200 || status === 202) && typeof id === 'string') acknowledged.add(reference, id);
}
