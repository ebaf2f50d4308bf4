import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import type { Work } from './measure.js';

const CALLS = 6;

/** What one call adds: events to histories, and rows to tables. */
export type Cost = { readonly events: number; readonly rows: number };

/**
 * Makes the same calls twice: what is there after the first time is what the second adds to, but for the workflows that
 * it begins.
 */
export async function costOf({ client, sql }: { client: Client; sql: Sql }, { call }: Work): Promise<Cost> {
  const callAll = async () => {
    const ids = new Set<string>();
    for (let i = 0; i < CALLS; i++) for (const id of await call(i)) ids.add(id);
    return settled(async () => ({ lengths: await lengthsOf(client, ids), rows: await countRows(sql) }));
  };
  const before = await callAll();
  const after = await callAll();
  const added = [...after.lengths].reduce((sum, [run, length]) => sum + length - (before.lengths.get(run) ?? 0), 0);
  return { events: added / CALLS, rows: (after.rows - before.rows) / CALLS };
}

type Seen = { lengths: Map<string, number>; rows: number };

/** What is seen once it has stopped growing. */
async function settled(look: () => Promise<Seen>): Promise<Seen> {
  const sizeOf = ({ lengths, rows }: Seen) => [...lengths.values()].reduce((sum, length) => sum + length, rows);
  for (let before = await look(); ;) {
    await pause(300);
    const now = await look();
    if (sizeOf(now) === sizeOf(before)) return now;
    before = now;
  }
}

async function lengthsOf(client: Client, ids: Iterable<string>): Promise<Map<string, number>> {
  const all = await Promise.all([...ids].map((id) => client.workflow.getHandle(id).describe()));
  return new Map(all.map(({ runId, historyLength }) => [runId, historyLength]));
}

async function countRows(sql: Sql): Promise<number> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const counts = await Promise.all(
    tables.map(async ({ name }) => (await sql<{ count: number }[]>`select count(*) from ${sql(name)}`)[0]?.count ?? 0),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
