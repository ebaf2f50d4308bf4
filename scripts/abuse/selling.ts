import { setTimeout as pause } from 'node:timers/promises';
import { callerFrom } from './http.js';
import type { Sold, Stall } from './tills.js';

const PAUSE_MS = 100;

/** A process that is told once for which tills it sells, tells each answer, and ends when it is told to stop. */
let standing: 'open' | 'closed' = 'open';

process.on('message', (told: { stalls: readonly Stall[]; port: number } | 'stop') => {
  if (told === 'stop') standing = 'closed';
  else void sellAll(told.stalls, told.port);
});
process.once('disconnect', () => process.exit());
process.send?.('ready');

async function sellAll(stalls: readonly Stall[], port: number): Promise<void> {
  await Promise.all(stalls.map((stall) => sell(stall, port)));
  process.disconnect();
}

async function sell({ key, reference, customerId }: Stall, port: number): Promise<void> {
  const ask = callerFrom('127.0.0.1', port, key);
  for (let n = 0; standing === 'open'; n++) {
    const spending = { customerId, amountMinor: 1, currency: 'EUR', saleId: `H-${customerId}-${n}` };
    const reply = await ask(`/account-payments/${reference}/apply`, spending, { prefer: 'wait=0' });
    const sold: Sold = { reference, reply, atMs: Date.now() };
    process.send?.(sold);
    await pause(PAUSE_MS);
  }
}
