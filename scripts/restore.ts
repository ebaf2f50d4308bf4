import { Client } from '@temporalio/client';
import { connect, disconnect } from '../db/connect.js';
import { LedgerConflict } from '../db/payment/record.js';
import { InvariantBroken } from '../domain/payment/invariants.js';
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
    else if (verb === 'restore') await putEachRight(references, (each) => restored(parts, each, losing));
    else await putEachRight(references, (each) => rerecorded(parts, each));
  } finally {
    await connection.close();
    await disconnect(sql);
  }
});

type Told = { readonly line: string; readonly outcome: 'right' | 'not_right' };

/** What is wrong with one payment keeps no other waiting. @throws Failure once all were tried */
async function putEachRight(all: readonly string[], putRight: (reference: string) => Promise<Told>): Promise<void> {
  let wrong = 0;
  for (const reference of all) {
    const { line, outcome } = await putRight(reference).catch(failed);
    console.log(`${reference}: ${line}`);
    if (outcome === 'not_right') wrong += 1;
  }
  if (wrong > 0) throw new Failure(`${wrong} of ${all.length} were not put right: see above.`);
}

/** @throws whatever says nothing of this payment, such as an outage */
function failed(error: unknown): Told {
  if (error instanceof LedgerConflict || error instanceof InvariantBroken)
    return { line: `failed: ${error.message}`, outcome: 'not_right' };
  throw error;
}

async function restored(parts: RestoringParts, reference: string, losing: Losing): Promise<Told> {
  const told = await restorePayment(parts, reference, losing);
  return { line: toldOfRestoring[told](reference), outcome: isRefused(told) ? 'not_right' : 'right' };
}

async function rerecorded(parts: RestoringParts, reference: string): Promise<Told> {
  const { reservation, commands } = await bringBack(parts, reference);
  if (reservation === "another's")
    return { line: 'nothing brought: its key was used for another payment meanwhile', outcome: 'not_right' };
  return { line: `${commands} commands brought, reservation ${reservation}`, outcome: 'right' };
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
