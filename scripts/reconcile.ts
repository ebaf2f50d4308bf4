import { Client } from '@temporalio/client';
import type { OnFailure } from '../activities/reconciliation/freeze.js';
import { reconcile } from '../activities/reconciliation/reconcile.js';
import { connect, disconnect } from '../db/connect.js';
import { describeFailure } from '../db/outage.js';
import { readReference } from '../domain/reference.js';
import { cureOf, type Difference } from '../domain/reconciliation/difference.js';
import type { Reconciled, Reconciling } from '../domain/reconciliation/reconciled.js';
import { Failure } from '../runtime/failure.js';
import { completeBooks, type Completed } from './completeBooks.js';
import { databaseUrlOf } from './databaseUrl.js';
import { connectTemporal, FOUND_SOMETHING, operate } from './operate.js';
import { whatToDo } from './whatToDo.js';

const USAGE =
  'usage: npm run reconcile -- [--changed | --restored [--open-anyway] | <reference>…]; ' +
  '--restored completes books that were put back';

/** Compares the books with the payments' own workflows, and says of each difference what to do. */
await operate(async (settings) => {
  const asked = askedBy(process.argv.slice(2));
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-reconcile', connections: 3 });
  const connection = await connectTemporal(settings);
  const client = new Client({ connection, namespace: settings.temporal.namespace });
  const startedMs = Date.now();
  try {
    if (asked.first === 'complete') {
      for (const line of linesOfCompleted(await completeBooks({ client, sql }, asked.opens))) console.log(line);
    }
    const reconciled = await reconcile({ client, sql, onNotFrozen }, asked.reconciling);
    for (const line of linesOf(reconciled, Date.now() - startedMs)) console.log(line);
    if (reconciled.outcome !== 'agree') process.exitCode = FOUND_SOMETHING;
  } finally {
    await connection.close();
    await disconnect(sql);
  }
});

function onNotFrozen(...[reference, error]: Parameters<OnFailure>): void {
  console.error(`${reference} was not frozen: ${describeFailure(error)}`);
}

type Asked = (
  { readonly first: 'complete'; readonly opens: 'once_complete' | 'anyway' } | { readonly first: 'nothing' }
) & { readonly reconciling: Reconciling };

function askedBy(given: readonly string[]): Asked {
  const said = given.join(' ');
  if (said === '') return { first: 'nothing', reconciling: { scope: 'all' } };
  if (said === '--restored') return { first: 'complete', opens: 'once_complete', reconciling: { scope: 'all' } };
  if (said === '--restored --open-anyway') return { first: 'complete', opens: 'anyway', reconciling: { scope: 'all' } };
  if (said === '--changed') return { first: 'nothing', reconciling: { scope: 'changed' } };
  const references = given.map(readReference).filter((each) => each !== undefined);
  if (references.length < given.length) throw new Failure(USAGE);
  return { first: 'nothing', reconciling: { scope: 'named', references } };
}

function linesOfCompleted({ commands, payments, reservations, ...more }: Completed): string[] {
  const { answers, fees, gifts, left, unpromised, issuing } = more;
  const lines = [
    `${commands} commands of ${payments} payments and ${reservations} reservations were brought back, ` +
      `${answers} answers and ${fees} fees of sales, and what became of ${gifts} gifts.`,
  ];
  if (left.length > 0) lines.push(`A person has to look at ${left.join(', ')}.`);
  if (issuing === 'shut')
    lines.push(
      `Nothing is issued yet: ${unpromised.join(', ')} have no reservation, so their keys would issue the same money ` +
        'again. Once they have one (npm run rerecord), the same again; or, when no key of theirs can come again, ' +
        'npm run reconcile -- --restored --open-anyway.',
    );
  return lines;
}

function linesOf({ outcome, compared, differing, frozen, differences }: Reconciled, tookMs: number): string[] {
  const summary = `${compared} payments compared in ${(tookMs / 1000).toFixed(1)} s: `;
  if (outcome === 'agree') return [`${summary}books and workflows agree.`];
  const said =
    outcome === 'alarm'
      ? `${differing} differ, too many to be single cases: none was frozen. See docs/restore.md.`
      : `${differing} differ, ${frozen} of them frozen now.`;
  return [summary + said, ...differences.map(lineOf)];
}

function lineOf(difference: Difference): string {
  const { reference, kind, subject, books, actor } = difference;
  const what = subject === '' ? kind : `${kind} ${subject}`;
  return `${reference} ${what}: books ${books ?? '-'}; workflow ${actor ?? '-'}. ${whatToDo[cureOf[kind]](reference)}`;
}
