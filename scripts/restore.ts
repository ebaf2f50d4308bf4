import { Client } from '@temporalio/client';
import { connect, disconnect } from '../db/connect.js';
import { Failure } from '../runtime/failure.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';
import { bringBack } from './completeBooks.js';
import { databaseUrlOf } from './databaseUrl.js';
import { connectTemporal, operate } from './operate.js';
import { restoreAll } from './restoreAll.js';
import { restorePayment, type Losing, type RestoringParts } from './restorePayment.js';
import { isRefused, toldOfRestoring } from './toldOfRestoring.js';

const USAGE =
  'usage: npm run restore -- [--without-the-unrecorded] <reference>…   or   npm run restore -- --put-back   or   ' +
  'npm run rerecord -- <reference>…';
const LOSING = '--without-the-unrecorded';

/**
 * `restore` starts terminated payments again from their books; `rerecord` brings books what their histories have. Exit
 * code 1 when one of them could not be put right.
 */
await operate(async (settings) => {
  const [verb, ...words] = process.argv.slice(2);
  const isAll = verb === 'restore' && words.join(' ') === '--put-back';
  const losing = verb === 'restore' && words[0] === LOSING ? 'what_was_not_recorded' : 'nothing';
  const references = losing === 'nothing' ? words : words.slice(1);
  const isFlag = references.some((each) => each.startsWith('-')) && !isAll;
  if ((verb !== 'restore' && verb !== 'rerecord') || references.length === 0 || isFlag) throw new Failure(USAGE);
  const sql = connect(await databaseUrlOf(settings), { name: `account-payments-${verb}`, connections: 1 });
  const connection = await connectTemporal(settings);
  const client = new Client({ connection, namespace: settings.temporal.namespace });
  const parts = { client, sql, taskQueue: TASK_QUEUE };
  try {
    if (isAll) await putAllBack(parts);
    else if (verb === 'restore') await restoreEach(parts, references, losing);
    else for (const each of references) console.log(`${each}: ${linesOf(await bringBack(parts, each))}`);
  } finally {
    await connection.close();
    await disconnect(sql);
  }
});

async function restoreEach(parts: RestoringParts, references: readonly string[], losing: Losing): Promise<void> {
  let refused = 0;
  for (const reference of references) {
    const restored = await restorePayment(parts, reference, losing);
    console.log(`${reference}: ${toldOfRestoring[restored](reference)}`);
    if (isRefused(restored)) refused += 1;
  }
  if (refused > 0) throw new Failure(`${refused} of ${references.length} were not put right: see above.`);
}

async function putAllBack(parts: RestoringParts): Promise<void> {
  const all = await restoreAll(parts);
  for (const { reference, told, why } of all)
    console.log(`${reference}: ${told === 'failed' ? `failed: ${why}` : toldOfRestoring[told](reference)}`);
  const failed = all.filter(({ told }) => told === 'failed' || isRefused(told));
  console.log(`${all.length - failed.length} payments were put right.`);
  if (failed.length > 0)
    throw new Failure(`${failed.length} were not: see above. Once that is mended, the same again does the rest.`);
}

function linesOf({ reservation, commands }: Awaited<ReturnType<typeof bringBack>>): string {
  if (reservation === "another's") return 'nothing brought: its key was used for another payment meanwhile';
  return `${commands} commands brought, reservation ${reservation}`;
}
