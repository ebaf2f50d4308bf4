import { connect, disconnect, type Sql } from '../db/connect.js';
import { listCloses, type Close } from '../db/finance/closes.js';
import { closeMonth } from '../db/finance/closing.js';
import { reopenMonth } from '../db/finance/reopening.js';
import { listShops } from '../db/shops.js';
import { closeSentence, isMonth, type CloseRefusal, type MonthToClose } from '../domain/finance/closing.js';
import { Failure } from '../runtime/failure.js';
import { runOnce } from '../runtime/runOnce.js';
import type { Settings } from '../runtime/settings.js';
import { createActors } from '../service/actors.js';
import { closeMonth as closeByWorkflow } from '../service/finance/closes.js';
import { openConnection } from '../service/connection.js';
import { databaseUrlOf } from './databaseUrl.js';
import { printedClose } from './finance/printedClose.js';

const USAGE = `usage: npm run close -- <month> [entity] [--without-temporal]
       npm run close -- reopen <month> <entity> <reason>
       npm run close -- list [entity]`;

const OPERATOR = 'operator';

/** Closes a month, of one entity or of each, opens one again, and tells what was closed. */
await runOnce(async (settings) => {
  const [first, ...words] = process.argv.slice(2);
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-close', connections: 2 });
  try {
    if (first === 'list' && words.length <= 1) return await list(sql, words[0]);
    const [month, legalEntity, reason] = words;
    if (first === 'reopen' && month !== undefined && isMonth(month) && legalEntity !== undefined && reason)
      return tell(await reopenMonth(sql, { legalEntity, month }, { reopenedBy: OPERATOR, reason }));
    const [entity, ...more] = words.filter((word) => word !== '--without-temporal');
    if (first === undefined || !isMonth(first) || more.length > 0) throw new Failure(USAGE);
    const entities = entity === undefined ? await entitiesOf(sql) : [entity];
    const close = words.includes('--without-temporal') ? closeInBooks(sql) : closeInTemporal(sql, settings);
    for (const each of entities) tell(await close({ legalEntity: each, month: first, closedBy: OPERATOR }));
  } finally {
    await disconnect(sql);
  }
});

async function entitiesOf(sql: Sql): Promise<string[]> {
  return [...new Set((await listShops(sql)).map(({ legalEntity }) => legalEntity))];
}

type CloseOne = (wish: MonthToClose) => Promise<Close | CloseRefusal>;

function closeInTemporal(sql: Sql, { temporal, returnPeriodMs }: Settings): CloseOne {
  return async (wish) => {
    const connection = openConnection(temporal.connectionOptions);
    try {
      const actors = createActors({ connection, namespace: temporal.namespace, returnPeriodMs });
      return await closeByWorkflow({ actors, sql }, wish, wish.closedBy);
    } finally {
      await connection.close();
    }
  };
}

/** Nobody counts then what waits to be recorded, and the head is kept in the books and by whoever reads it here. */
function closeInBooks(sql: Sql): CloseOne {
  return (wish) => closeMonth(sql, wish, { closedBy: wish.closedBy, unrecordedCount: null });
}

function tell(close: Close | CloseRefusal): void {
  if ('code' in close) throw new Failure(closeSentence(close));
  console.log(printedClose(close));
}

async function list(sql: Sql, legalEntity: string | undefined): Promise<void> {
  for (const close of (await listCloses(sql, { legalEntity })).reverse()) console.log(`${printedClose(close)}\n`);
}
