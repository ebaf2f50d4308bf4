import { balanceOf, heldOf, type AccountPayment, type Movement } from './payment.js';
import type { Command, Issue } from './command.js';
import type { CommandRecord } from './state.js';

/** What Postgres is told of a command that has just been decided. */
export function recordOf(
  payment: AccountPayment,
  { commandId, kind, by }: Pick<Command | Issue, 'commandId' | 'kind' | 'by'>,
  hash: string,
  outcome: CommandRecord['outcome'],
  at: string,
  movement: Movement | null,
): CommandRecord {
  const { standing, expiresAt, lastSequence, revision } = payment;
  const after = {
    status: standing.status,
    balanceMinor: balanceOf(payment),
    heldMinor: heldOf(payment),
    endedBalanceMinor: 'endedBalanceMinor' in standing ? standing.endedBalanceMinor : null,
    expiresAt,
    lastSequence,
  };
  return { commandId, bodyHash: hash, kind, outcome, revision, at, by, movement, after };
}
