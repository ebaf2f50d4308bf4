import { Client, Connection } from '@temporalio/client';
import { connect, disconnect } from '../db/connect.js';
import { Failure } from '../runtime/failure.js';
import { runOnce } from '../runtime/runOnce.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';
import { bringBack } from './completeBooks.js';
import { databaseUrlOf } from './databaseUrl.js';
import { restoreAll } from './restoreAll.js';
import { restorePayment } from './restorePayment.js';

const USAGE =
  'usage: npm run restore -- <reference>…   or   npm run restore -- --put-back   or   npm run rerecord -- <reference>…';

/** `restore` starts terminated payments again from their books; `rerecord` brings books what their histories have. */
await runOnce(async (settings) => {
  const [verb, ...references] = process.argv.slice(2);
  const isAll = verb === 'restore' && references.length === 1 && references[0] === '--put-back';
  const isFlag = references.some((each) => each.startsWith('-')) && !isAll;
  if ((verb !== 'restore' && verb !== 'rerecord') || references.length === 0 || isFlag) throw new Failure(USAGE);
  const sql = connect(await databaseUrlOf(settings), { name: `account-payments-${verb}`, connections: 1 });
  const connection = await Connection.connect(settings.temporal.connectionOptions);
  const client = new Client({ connection, namespace: settings.temporal.namespace });
  try {
    if (isAll) {
      const restored = await restoreAll({ client, sql, taskQueue: TASK_QUEUE });
      for (const { reference, told, why } of restored) console.log(`${reference}: ${told}${why ? `: ${why}` : ''}`);
      const failed = restored.filter(({ told }) => told === 'failed');
      console.log(`${restored.length - failed.length} payments were put right.`);
      if (failed.length > 0)
        throw new Failure(`${failed.length} failed: see above. Once that is mended, the same again does the rest.`);
      return;
    }
    for (const reference of references) {
      const told =
        verb === 'restore'
          ? await restorePayment({ client, sql, taskQueue: TASK_QUEUE }, reference)
          : linesOf(await bringBack({ client, sql }, reference));
      console.log(`${reference}: ${told}`);
    }
  } finally {
    await connection.close();
    await disconnect(sql);
  }
});

function linesOf({ reservation, commands }: Awaited<ReturnType<typeof bringBack>>): string {
  if (reservation === "another's") return 'nothing brought: its key was used for another payment meanwhile';
  return `${commands} commands brought, reservation ${reservation}`;
}
