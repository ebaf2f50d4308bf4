import postgres from 'postgres';
import type { Sql } from '../connect.js';

/** Those who read reports in SQL, and nothing else: logins are its members. */
export const READER_ROLE = 'finance_reader';

/** How long a report may take that is read in SQL. */
const READER_STATEMENT_MS = 60_000;

/** Whether the login was made, got another password, or is somebody else's; or the owner may make no roles here. */
export type ReaderAdded = 'made' | 'changed' | 'taken' | 'not_permitted';

export function isReaderName(name: string): boolean {
  return /^[a-z][a-z0-9_]{1,62}$/.test(name) && !name.startsWith('pg_');
}

/**
 * Lets somebody read reports by a login of their own, or gives that login another password.
 * @param password of letters, digits, - and _ alone, for it stands in the SQL
 */
export async function addReader(sql: Sql, name: string, password: string): Promise<ReaderAdded> {
  if (!isReaderName(name) || !/^[\w-]+$/.test(password))
    throw new Error('a name or a password that cannot stand in SQL');
  try {
    return await sql.begin(async (tx) => {
      await tx`select finance.admit_readers()`;
      const [known] = await tx<{ role: boolean; login: boolean; member: boolean }[]>`
        select exists (select from pg_roles where rolname = ${READER_ROLE}) as role,
               exists (select from pg_roles where rolname = ${name}) as login,
               exists (select from pg_auth_members m
                         join pg_roles r on r.oid = m.roleid join pg_roles l on l.oid = m.member
                        where r.rolname = ${READER_ROLE} and l.rolname = ${name}) as member`;
      if (!known?.role) return 'not_permitted';
      if (known.login && !known.member) return 'taken';
      await tx.unsafe(
        known.login
          ? `alter role ${name} password '${password}'`
          : `
        create role ${name} login password '${password}' in role ${READER_ROLE}`,
      );
      await tx.unsafe(`alter role ${name} set statement_timeout = ${READER_STATEMENT_MS}`);
      await tx.unsafe(`alter role ${name} set default_transaction_read_only = on`);
      const [here] = await tx<{ database: string }[]>`select quote_ident(current_database()) as database`;
      await tx.unsafe(`grant connect on database ${here?.database ?? ''} to ${READER_ROLE}`);
      return known.login ? 'changed' : 'made';
    });
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === INSUFFICIENT_PRIVILEGE) return 'not_permitted';
    throw error;
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';
