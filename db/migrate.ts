import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Sql } from './connect.js';

const folder = new URL('./migrations/', import.meta.url);

/** Any constant will do, as long as every start asks for the same. */
const LOCK = 4_217_001;

/**
 * Brings the database up to date, one start at a time, each migration in a transaction.
 * @param isWanted whether one is to be applied; all are, unless it is to be as it once was
 * @returns what was applied
 */
export async function migrate(sql: Sql, isWanted: (name: string) => boolean = () => true): Promise<string[]> {
  const session = await sql.reserve();
  try {
    await session`select pg_advisory_lock(${LOCK})`;
    await session`
      create table if not exists schema_migrations (
        name text primary key, hash text not null, applied_at timestamptz not null default now())`;
    const applied = await session<{ name: string; hash: string }[]>`select name, hash from schema_migrations`;
    const hashes = new Map(applied.map(({ name, hash }) => [name, hash]));
    const added: string[] = [];
    for (const { name, text, hash } of (await migrations()).filter(({ name }) => isWanted(name))) {
      if (hashes.get(name) === hash) continue;
      if (hashes.has(name)) throw new Error(`The migration ${name} was changed after it had been applied.`);
      await session`begin`;
      try {
        await session.unsafe(text);
        await session`insert into schema_migrations (name, hash) values (${name}, ${hash})`;
        await session`commit`;
      } catch (error) {
        await session`rollback`;
        throw error;
      }
      added.push(name);
    }
    return added;
  } finally {
    await session`select pg_advisory_unlock(${LOCK})`;
    session.release();
  }
}

async function migrations(): Promise<{ name: string; text: string; hash: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
}
