import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../runtime/failure.js';
import type { Ask, Reply } from './http.js';
import type { Acknowledged } from './books.js';

const PAUSE_MS = 100;

export type Sample = { readonly status: number; readonly tookMs: number; readonly atMs: number };

/** Honest tills, each with customers of its own, that go on selling whatever happens beside them. */
export type Tills = {
  readonly between: (fromMs: number, untilMs: number) => readonly Sample[];
  readonly stop: () => Promise<void>;
};

export async function openTills(tills: readonly Ask[], admin: Ask, acknowledged: Acknowledged): Promise<Tills> {
  const samples: Sample[] = [];
  let standing: 'open' | 'closed' = 'open';
  const selling = await Promise.all(
    tills.map(async (ask, i) => {
      const customerId = `HONEST-${i}`;
      const reference = await issue(admin, customerId, 10_000_000);
      return async () => {
        for (let n = 0; standing === 'open'; n++) {
          const spending = { customerId, amountMinor: 1, currency: 'EUR', saleId: `H-${i}-${n}` };
          const reply = await ask(`/account-payments/${reference}/apply`, spending, { prefer: 'wait=0' });
          samples.push({ status: reply.status, tookMs: reply.tookMs, atMs: Date.now() });
          note(acknowledged, reference, reply);
          await pause(PAUSE_MS);
        }
      };
    }),
  );
  const done = Promise.all(selling.map((sell) => sell()));
  return {
    between: (fromMs, untilMs) =>
      samples.filter(({ atMs, tookMs }) => atMs - tookMs >= fromMs && atMs - tookMs < untilMs),
    stop: async () => {
      standing = 'closed';
      await done;
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
