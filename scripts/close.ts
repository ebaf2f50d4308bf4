import { randomUUID } from 'node:crypto';
import { standingOfBooks } from '../db/booksCompared.js';
import { connect, disconnect, type Sql } from '../db/connect.js';
import { listCloses, type Close } from '../db/finance/closes.js';
import { closeMonth } from '../db/finance/closing.js';
import { reopenMonth } from '../db/finance/reopening.js';
import { listShops } from '../db/shops.js';
import { closeSentence, isMonth, type CloseRefusal, type MonthOf } from '../domain/finance/closing.js';
import { isReason, REASON_SENTENCE } from '../domain/ids.js';
import { entitiesOf } from '../domain/shop.js';
import { Failure } from '../runtime/failure.js';
import type { Settings } from '../runtime/settings.js';
import { createActors } from '../service/actors.js';
import { closeUnderRequest } from '../service/finance/closes.js';
import { openConnection } from '../service/connection.js';
import { databaseUrlOf } from './databaseUrl.js';
import { printedClose, printedDay } from './finance/printedClose.js';
import { operate } from './operate.js';
import { OPERATOR } from './staffDesk.js';

const USAGE = `usage: npm run close -- <month> [entity] [--without-temporal]
       npm run close -- reopen <month> <entity> <reason>
       npm run close -- list [entity]`;

const NOT_COMPARED =
  'Nobody has compared these books with Temporal since Postgres was started: were they put back, a close would prove ' +
  'less than was so. Start Temporal, and close without the flag.';

/** Closes a month, of one entity or of each, opens one again, and tells what was closed. */
await operate(async (settings) => {
  const [first, ...words] = process.argv.slice(2);
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-close', connections: 2 });
  try {
    if (first === 'list' && words.length <= 1) return await list(sql, words[0]);
    if (first === 'reopen' && words.length === 3) return await reopen(sql, words);
    const [entity, ...more] = words.filter((word) => word !== '--without-temporal');
    if (first === undefined || !isMonth(first) || more.length > 0) throw new Failure(USAGE);
    const entities = entity === undefined ? entitiesOf(await listShops(sql)) : [entity];
    const isInBooks = words.includes('--without-temporal');
    if (isInBooks && (await standingOfBooks(sql)) === 'not_compared') throw new Failure(NOT_COMPARED);
    const close = isInBooks ? closeInBooks(sql) : closeInTemporal(sql, settings);
    await closeEach(entities, (legalEntity) => close({ legalEntity, month: first }));
  } finally {
    await disconnect(sql);
  }
});

/** One that may not be closed keeps no other one open. */
async function closeEach(
  entities: readonly string[],
  close: (legalEntity: string) => Promise<Close | CloseRefusal>,
): Promise<void> {
  const refused: string[] = [];
  for (const legalEntity of entities) {
    const closed = await close(legalEntity);
    if ('code' in closed) refused.push(`${legalEntity}: ${closeSentence(closed)}`);
    else console.log(printedClose(closed));
  }
  if (refused.length > 0) throw new Failure(refused.join('\n'));
}

type CloseOne = (wish: MonthOf) => Promise<Close | CloseRefusal>;

function closeInTemporal(sql: Sql, { temporal, returnPeriodMs }: Settings): CloseOne {
  return async (wish) => {
    const connection = openConnection(temporal.connectionOptions);
    try {
      const actors = createActors({ connection, namespace: temporal.namespace, returnPeriodMs });
      return await closeUnderRequest({ actors, sql }, wish, { closedBy: OPERATOR, requestId: randomUUID() });
    } finally {
      await connection.close();
    }
  };
}

/** Nobody counts then what waits to be recorded, and the heads are kept in the books and by whoever reads them here. */
function closeInBooks(sql: Sql): CloseOne {
  const tellDay = (close: Close) => {
    if (close.kind === 'day') console.log(printedDay(close));
  };
  return (wish) => closeMonth(sql, wish, { closedBy: OPERATOR, unrecordedCount: null }, tellDay);
}

async function reopen(sql: Sql, [month = '', legalEntity = '', said = '']: readonly string[]): Promise<void> {
  const reason = said.normalize('NFC').trim();
  if (!isMonth(month)) throw new Failure(USAGE);
  if (!isReason(reason)) throw new Failure(REASON_SENTENCE);
  const why = { reopenedBy: OPERATOR, reason, requestId: randomUUID() };
  const reopened = await reopenMonth(sql, { legalEntity, month }, why);
  if ('code' in reopened) throw new Failure(closeSentence(reopened));
  console.log(printedClose(reopened));
}

async function list(sql: Sql, legalEntity: string | undefined): Promise<void> {
  const closes = await listCloses(sql, { legalEntity });
  for (const close of closes.reverse()) console.log(`${printedClose(close)}\n`);
  if (closes.length === 0) console.log('Nothing was closed yet.');
}
