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
      const known = await knownOf(tx as unknown as Sql, name);
      if (!known.role) return 'not_permitted';
      if (known.login && !known.reader) return 'taken';
      const { quotedName, quotedDatabase } = known;
      await tx.unsafe(
        known.login
          ? `alter role ${quotedName} password '${password}'`
          : `create role ${quotedName} login password '${password}' in role ${READER_ROLE}`,
      );
      await tx.unsafe(`alter role ${quotedName} set statement_timeout = ${READER_STATEMENT_MS}`);
      await tx.unsafe(`alter role ${quotedName} set default_transaction_read_only = on`);
      await tx.unsafe(`grant connect on database ${quotedDatabase} to ${READER_ROLE}`);
      return known.login ? 'changed' : 'made';
    });
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === INSUFFICIENT_PRIVILEGE) return 'not_permitted';
    throw error;
  }
}

type Known = { role: boolean; login: boolean; reader: boolean; quotedName: string; quotedDatabase: string };

/**
 * Whether a login of that name reads reports and does nothing else. Owners and administrators may be members too, so
 * that they can admit others, and are no such login.
 */
async function knownOf(sql: Sql, name: string): Promise<Known> {
  const [known] = await sql<Known[]>`
    select exists (select from pg_roles where rolname = ${READER_ROLE}) as role,
           exists (select from pg_roles where rolname = ${name}) as login,
           exists (
             select from pg_roles l
              where l.rolname = ${name} and l.rolcanlogin and l.rolname not in (current_user, session_user)
                and not (l.rolsuper or l.rolcreaterole or l.rolcreatedb or l.rolreplication or l.rolbypassrls)
                and (select coalesce(bool_and(r.rolname = ${READER_ROLE} and not m.admin_option), false)
                       from pg_auth_members m join pg_roles r on r.oid = m.roleid where m.member = l.oid)
           ) as reader,
           quote_ident(${name}) as quoted_name, quote_ident(current_database()) as quoted_database`;
  if (!known) throw new Error('Postgres does not say which roles it has');
  return known;
}

const INSUFFICIENT_PRIVILEGE = '42501';
