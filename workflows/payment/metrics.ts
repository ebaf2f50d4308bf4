import { log, metricMeter, workflowInfo } from '@temporalio/workflow';
import type { CommandKind } from '../../domain/payment/command.js';

/** Nobody hears what becomes of a signal without a `commandId`, so what comes to nothing is counted. */
export function countDropped(
  why: 'no_such_command' | 'malformed' | 'turned_away',
  details: Record<string, string> = {},
): void {
  metricMeter.createCounter('signals_dropped', 'Signals that no command could be made of').add(1, { why });
  log.warn('signal dropped', { why, ...details });
}

export function countBug(kind: CommandKind | 'clock', bug: unknown): void {
  metricMeter.createCounter('account_payment_bugs', 'Commands that met a bug and changed nothing').add(1, { kind });
  log.error('a command met a bug; nothing has changed', { kind, bug: bug instanceof Error ? bug.message : 'unknown' });
}

/** A payment that knows less than its books freezes for that, and nothing that it records says so. */
export function countConflict(): void {
  metricMeter.createCounter('ledger_conflicts', 'Times that the books contradicted a payment').add(1);
  log.error('ledger conflict', { reference: workflowInfo().workflowId, books: 'differ' });
}
