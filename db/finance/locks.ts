import postgres from 'postgres';
import { RecordsUnavailable } from '../outage.js';
import type { Sql } from '../connect.js';

/** Each holds until its transaction ends. Whoever takes several takes them in this order, and entities in theirs. */

/** Whoever closes, or opens again, goes alone: what it looked at stands until it is done. */
export async function lockCloses(tx: Sql, legalEntity: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`closes of ${legalEntity}`}, 0))`;
}

/** Nobody else exports days of this entity, nor enters anything that exports depend on. */
export async function lockExports(tx: Sql, legalEntity: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`exports ${legalEntity}`}, 0))`;
}

/** The same for every entity, in one order. */
export async function lockAllExports(tx: Sql): Promise<void> {
  await tx`
    select pg_advisory_xact_lock(hashtextextended('exports ' || legal_entity, 0))
      from (select distinct legal_entity from shops order by legal_entity) entity`;
}

/** Nobody books anything of this entity: for an instant. @throws RecordsUnavailable when somebody books for longer */
export async function lockBooks(tx: Sql, legalEntity: string): Promise<void> {
  await patiently(tx, () => tx`select pg_advisory_xact_lock(hashtextextended(${`books of ${legalEntity}`}, 0))`);
}

/** No day or month of this entity is shut. @throws RecordsUnavailable when somebody shuts one for longer */
export async function shareBooks(tx: Sql, legalEntity: string): Promise<void> {
  await patiently(tx, () => tx`select pg_advisory_xact_lock_shared(hashtextextended(${`books of ${legalEntity}`}, 0))`);
}

/** Who records waits behind whoever waits for these books: never for longer than this. */
async function patiently(tx: Sql, lock: () => PromiseLike<unknown>): Promise<void> {
  await tx`select set_config('lock_timeout', '2s', true)`;
  try {
    await lock();
  } catch (error) {
    const isHeld = error instanceof postgres.PostgresError && error.code === LOCK_NOT_AVAILABLE;
    throw isHeld ? new RecordsUnavailable('the books are held for too long', { cause: error }) : error;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';
