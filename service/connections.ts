import { bounded } from '../db/bounded.js';
import { connect, disconnect, STATEMENT_MS, type Connecting, type Sql } from '../db/connect.js';
import { REPORTS_AT_ONCE } from './finance/reports.js';
import { connectPlainly, type PlainSql } from '../db/staff/connect.js';

/** The connections of one API process, apart by what they are for, so that none of it waits behind another. */
export type Connections = {
  /** What commands have to know and reserve. */
  readonly sql: Sql;
  readonly listSql: Sql;
  /** What is looked up and proposed before somebody pays. */
  readonly quoteSql: Sql;
  /** Whether Postgres is there. */
  readonly healthSql: Sql;
  /** Reports, which take long and hold a connection while somebody reads them. */
  readonly reportSql: Sql;
  /** Who a bearer key speaks for. */
  readonly keysSql: Sql;
  /** Who is signed in, and the accounts of staff. */
  readonly deskSql: Sql;
  readonly plainSql: PlainSql;
  readonly close: () => Promise<void>;
};

const COMMANDS_AT_ONCE = 10;
const COMMANDS_WAITING = 1_000;
const LISTS_AT_ONCE = 6;
const QUOTES_AT_ONCE = 4;
const QUOTES_WAITING = 200;
/** A report over years of many shops may take longer than anybody waits for a list. */
const REPORT_MS = 60_000;
/** Requests, whatever each of them asks: a page asks up to ten things at once, and most of them take no time. */
const LISTS_WAITING = 120;

export function openConnections(databaseUrl: string): Connections {
  const open = (name: string, connections: number, more: Partial<Connecting> = {}) =>
    connect(databaseUrl, { name: `account-payments-${name}`, connections, statementMs: STATEMENT_MS, ...more });
  const opened = {
    // What a command began to write is written, whoever waits for it.
    sql: bounded(open('api', COMMANDS_AT_ONCE, { finding: 'by_index' }), {
      atOnce: COMMANDS_AT_ONCE,
      waiting: COMMANDS_WAITING,
      patienceMs: STATEMENT_MS,
      whenAskerGoes: 'go_on',
    }),
    listSql: bounded(open('api-lists', LISTS_AT_ONCE), {
      atOnce: LISTS_AT_ONCE,
      waiting: LISTS_WAITING,
      patienceMs: STATEMENT_MS,
      whenAskerGoes: 'take_back',
    }),
    quoteSql: bounded(open('api-quotes', QUOTES_AT_ONCE), {
      atOnce: QUOTES_AT_ONCE,
      waiting: QUOTES_WAITING,
      patienceMs: STATEMENT_MS,
      whenAskerGoes: 'take_back',
    }),
    healthSql: open('api-health', 1),
    reportSql: open('api-reports', REPORTS_AT_ONCE, { statementMs: REPORT_MS }),
    keysSql: open('api-keys', 2, { finding: 'by_index' }),
    deskSql: open('api-desk', 3),
    plainSql: connectPlainly(databaseUrl, { name: 'account-payments-staff' }),
  };
  const close = async () => {
    await Promise.all(Object.values(opened).map(disconnect));
  };
  return { ...opened, close };
}
