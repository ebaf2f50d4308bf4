import type { Terms } from '../domain/accountPayment.js';
import { canonicalJson } from '../domain/command.js';
import type { CommandRecord } from '../domain/state.js';
import { advanceAccountPayment, insertAccountPayment } from './accountPayments.js';
import { commandsAt, insertCommands, toCommandRow } from './commands.js';
import type { Sql } from './connect.js';
import { insertMovements, movementsAt, toMovementRows } from './movements.js';

export type Batch = { readonly terms: Terms; readonly records: readonly CommandRecord[] };

/** The books already say something else than what the actor decided. Nothing is overwritten. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
}

/**
 * Writes down what one payment decided, all of it or nothing. Brought a second time it changes nothing.
 * @throws LedgerConflict when a row is there already and differs
 */
export async function recordBatch(sql: Sql, { terms, records }: Batch): Promise<void> {
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) return;
  const { reference } = terms;
  const commands = records.map(toCommandRow);
  const movements = records.flatMap(toMovementRows);
  await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    // Sent together: on one connection they run in this order, and the round trips are one.
    const [, newCommands, newMovements] = await Promise.all([
      first.kind === 'issue' ? insertAccountPayment(tx, terms, first) : undefined,
      insertCommands(tx, reference, commands),
      insertMovements(tx, reference, movements),
      advanceAccountPayment(tx, reference, last),
    ]);
    if (newCommands === commands.length && newMovements === movements.length) return;
    const revisions = commands.map(({ revision }) => revision);
    const sequences = movements.map(({ sequence }) => sequence);
    assertSame(reference, commands, await commandsAt(tx, reference, revisions));
    assertSame(reference, movements, await movementsAt(tx, reference, sequences));
  });
}

function assertSame(reference: string, brought: readonly object[], found: readonly object[]): void {
  if (canonicalJson(brought) === canonicalJson(found)) return;
  throw new LedgerConflict(`${reference}: the records differ from what its actor decided`);
}
