import type { Client } from '@temporalio/client';
import { inParallel } from '../inParallel.js';

/** How many events a call costs the workflows that it is for. */
export async function eventsOf(client: Client, ids: string[], call: (i: number) => Promise<unknown>): Promise<number> {
  const events = () => historyLength(client, ids);
  const before = await settled(events);
  for (let i = 0; i < 40; i++) await call(i);
  return ((await settled(events)) - before) / 40;
}

/** The number of events of all these workflows, once it has stopped growing. */
async function settled(events: () => Promise<number>): Promise<number> {
  for (let before = await events(); ;) {
    await new Promise((resume) => setTimeout(resume, 500));
    const now = await events();
    if (now === before) return now;
    before = now;
  }
}

async function historyLength(client: Client, ids: string[]): Promise<number> {
  const lengths = await inParallel(
    16,
    40,
    async (i) => (await client.workflow.getHandle(ids[i] ?? '').describe()).historyLength,
  );
  return lengths.reduce((sum, length) => sum + length, 0);
}
