import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tell } from './check/answers.js';
import { shortest } from './check/check.js';
import { finalOf, heardOf, isOpen } from './check/heard.js';
import { calls, type History, type Order, type Violation } from './check/history.js';

const MOST_TOLD = 10;
const MOST_ORDERS = 12;

/** What was done to whom, what the tills asked for and heard, and what came of it. */
export function tellCounts(
  { orders, books }: History,
  faults: ReadonlyMap<string, number>,
  violations: readonly Violation[],
): void {
  console.table(Object.fromEntries([...faults].sort()));
  console.table(Object.fromEntries(calls.map((call) => [call, countsOf(orders.filter((each) => each.call === call))])));
  const tries = orders.flatMap((order) => order.tries.map((each) => heardOf(order, each)));
  const unknown = tries.filter((heard) => heard === 'unknown').length;
  const faultsDone = [...faults.values()].reduce((total, each) => total + each, 0);
  console.log(
    `${faultsDone} faults; ${orders.length} commands, sent ${tries.length} times, to ${books.payments.length} payments ` +
      `and ${books.sales.length} sales; ${unknown} answers unknown, ${orders.filter(isOpen).length} for ever; ` +
      `${violations.length} violations`,
  );
}

function countsOf(orders: readonly Order[]) {
  const isFinally = (heard: 'done' | 'refused') => (order: Order) => {
    const final = finalOf(order);
    return final !== undefined && heardOf(order, final) === heard;
  };
  return {
    asked: orders.length,
    done: orders.filter(isFinally('done')).length,
    refused: orders.filter(isFinally('refused')).length,
    'unknown at first': orders.filter((order) => order.tries.some((each) => heardOf(order, each) === 'unknown')).length,
  };
}

/** Each with the fewest orders by which it shows; all that was heard goes into a file. */
export async function tellViolations(
  history: History,
  violations: readonly Violation[],
  folder: string,
): Promise<void> {
  if (violations.length === 0) return;
  const path = join(folder, 'history.json');
  // First: what comes after it takes long when there is much.
  await writeFile(
    path,
    JSON.stringify({ violations, ...history }, (key, value: unknown) => (key === 'by' ? undefined : value)),
  );
  console.log(`\nAll that was asked and heard is in ${path}, what worker and API said beside it.`);
  for (const violation of violations.slice(0, MOST_TOLD)) {
    const { rule, subject, sentence } = violation;
    console.log(`\n${rule}: ${subject} ${sentence}`);
    for (const order of shortest(history, violation).slice(0, MOST_ORDERS)) console.log(`  ${lineOf(order)}`);
    for (const row of history.books.movements.filter(({ reference }) => reference === subject).slice(-MOST_ORDERS))
      console.log(
        `  ${row.sequence} ${row.kind} ${row.amountMinor} -> ${row.balanceAfterMinor} by ${row.staffId ?? row.caller}`,
      );
  }
}

function lineOf({ mark, caller, key, call, path, body, tries }: Order): string {
  const heard = tries.map(
    (each) => `${each.sentAtMs}+${each.heardAtMs - each.sentAtMs} ${tell(each)} ${each.replayed}`,
  );
  return `${mark} ${caller} ${key} ${call} ${path} ${JSON.stringify(body)}: ${heard.join(', ')}`;
}
