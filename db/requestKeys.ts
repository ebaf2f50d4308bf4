import type { Delivery } from '../domain/payment/handle.js';
import type { KnownToBooks } from '../domain/payment/whose.js';
import type { RefusalCode } from '../domain/refusals.js';
import type { Sql } from './connect.js';

export type RequestKey = {
  /** The hash of caller and key. */
  requestId: string;
  caller: string;
  /** Of method, address and body. */
  requestHash: string;
  reference: string | null;
};

/** What a key was used for first, whether that is now, and what the books know of the payment that it addresses now. */
export type RegisteredKey = KnownToBooks & {
  requestHash: string;
  outcomeCode: RefusalCode | null;
  asked: 'first' | 'before';
};

/** Writes down what a key is used for, unless it was used before; tells what is written, in one round trip. */
export async function registerKey(sql: Sql, key: RequestKey): Promise<RegisteredKey> {
  const [row] = await sql<[Omit<RegisteredKey, 'requestHash'> & { requestHash: string | null }]>`
    with added as (
      insert into request_keys ${sql(key)} on conflict (request_id) do nothing returning request_hash, outcome_code),
    found as (
      select * from added
      union all
      select request_hash, outcome_code from request_keys where request_id = ${key.requestId})
    select (select request_hash from found limit 1) as request_hash,
           (select outcome_code from found limit 1) as outcome_code,
           case when exists (select from added) then 'first' else 'before' end as asked,
           (select revision from account_payments where reference = ${key.reference}) as revision,
           coalesce((select customer_id from account_payments where reference = ${key.reference}),
                    (select issue ->> 'customerId' from issue_reservations where reference = ${key.reference}))
             as customer_id,
           case when exists (select from books_compared where server = books_server())
                then 'compared' else 'not_compared' end as books`;
  if (row.requestHash !== null) return { ...row, requestHash: row.requestHash };
  // Another insert was not visible yet. It is now.
  return registerKey(sql, key);
}

/** Whether a key is written down for this very request. */
export async function isRegistered(
  sql: Sql,
  { requestId, requestHash }: Pick<RequestKey, 'requestId' | 'requestHash'>,
): Promise<boolean> {
  const rows = await sql`select from request_keys where request_id = ${requestId} and request_hash = ${requestHash}`;
  return rows.length > 0;
}

/**
 * Adds the keys of decisions that were made while Postgres was away; those that are written down stay as they are.
 * @returns how many of these are written down for other requests
 */
export async function addKeys(sql: Sql, keys: readonly RequestKey[]): Promise<number> {
  if (keys.length === 0) return 0;
  const [ids, hashes] = [keys.map(({ requestId }) => requestId), keys.map(({ requestHash }) => requestHash)];
  const [row] = await sql<[{ reused: number }]>`
    with added as (insert into request_keys ${sql(keys)} on conflict do nothing)
    select count(*)::int as reused from request_keys where request_id = any(${ids}) and request_hash <> all(${hashes})`;
  return row.reused;
}

/** What is told of a refusal that no actor gave. */
export type Remembered = { readonly code: RefusalCode; readonly delivery: Delivery };

/**
 * Remembers a refusal that no actor gave, also of a key that could not be written down; the first stays, and is what is
 * told. Of a key that means another request nothing is remembered.
 */
export async function rememberOutcome(sql: Sql, key: RequestKey, outcomeCode: RefusalCode): Promise<Remembered> {
  const [row] = await sql<{ requestHash: string; code: RefusalCode | null; delivery: Delivery }[]>`
    with written as (
      insert into request_keys ${sql({ ...key, outcomeCode })}
      on conflict (request_id) do update set outcome_code = excluded.outcome_code
       where request_keys.request_hash = excluded.request_hash and request_keys.outcome_code is null
      returning request_hash, outcome_code)
    select request_hash, outcome_code as code, 'first' as delivery from written
    union all
    select request_hash, outcome_code, 'replayed' from request_keys
     where request_id = ${key.requestId} and not exists (select from written)`;
  if (row && row.requestHash !== key.requestHash) return { code: 'command_id_reused', delivery: 'first' };
  if (row && row.code !== null) return { code: row.code, delivery: row.delivery };
  // Another one wrote it, which was not visible yet. It is now.
  return rememberOutcome(sql, key, outcomeCode);
}

export async function findOutcome(
  sql: Sql,
  reference: string,
  requestId: string,
): Promise<{ code: RefusalCode; registeredAt: string } | undefined> {
  const [row] = await sql<{ code: RefusalCode; registeredAt: string }[]>`
    select outcome_code as code, registered_at from request_keys
     where request_id = ${requestId} and reference = ${reference} and outcome_code is not null`;
  return row;
}
