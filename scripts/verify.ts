import { Client, Connection } from '@temporalio/client';
import { connect, disconnect } from '../db/connect.js';
import { proveCloses } from '../db/finance/verifyCloses.js';
import { differenceSentences, type Difference } from '../domain/finance/proof.js';
import { Failure } from '../runtime/failure.js';
import type { Settings } from '../runtime/settings.js';
import type { Head } from '../domain/finance/closing.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';
import { databaseUrlOf } from './databaseUrl.js';
import { keptHeads } from './finance/keptHeads.js';
import { FOUND_SOMETHING, operate } from './operate.js';

const USAGE = 'usage: npm run verify   or   npm run verify -- --head <head>';
const MOST_TOLD = 1_000;

/** Proves every close from the rows as they are now. Exit code 2 when anything was changed, added or taken away. */
await operate(async (settings) => {
  const [option, head, ...more] = process.argv.slice(2);
  if (more.length > 0 || (option !== undefined && (option !== '--head' || !/^[0-9a-f]{64}$/.test(head ?? ''))))
    throw new Failure(USAGE);
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-verify', connections: 1 });
  try {
    const kept = await keptByTemporal(settings);
    if (kept === 'unknown')
      console.log('Temporal could not be asked which heads it keeps: the books alone are looked at.');
    const { differences, heads } = await proveCloses(sql, { head, kept: kept === 'unknown' ? [] : kept });
    for (const each of differences.slice(0, MOST_TOLD)) console.log(sentenceOf(each));
    if (differences.length > 0) {
      console.log(`${differences.length} differences: see docs/closing.md.`);
      process.exitCode = FOUND_SOMETHING;
      return;
    }
    for (const each of heads) console.log(`${each.legalEntity}: ${each.position} closes, head ${each.head}`);
    console.log(heads.length === 0 ? 'Nothing was closed yet.' : 'Everything is as it was closed.');
  } finally {
    await disconnect(sql);
  }
});

async function keptByTemporal({ temporal }: Settings): Promise<readonly Head[] | 'unknown'> {
  try {
    const connection = await Connection.connect(temporal.connectionOptions);
    try {
      return await keptHeads(new Client({ connection, namespace: temporal.namespace }), TASK_QUEUE);
    } finally {
      await connection.close();
    }
  } catch {
    return 'unknown';
  }
}

function sentenceOf({ difference, legalEntity, position, reference, sequence }: Difference): string {
  const where = [
    ...(legalEntity === null ? [] : [legalEntity]),
    ...(position === null ? [] : [`close ${position}`]),
    ...(reference === null ? [] : [`${reference} movement ${sequence}`]),
  ].join(', ');
  return `${difference}${where === '' ? '' : ` (${where})`}: ${differenceSentences[difference]}`;
}
