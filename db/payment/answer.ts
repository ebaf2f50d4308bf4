import { isOver, type AccountPaymentView } from '../../domain/payment/payment.js';
import { bodyHash, type Command } from '../../domain/payment/command.js';
import { fromView, refusalOnceOver } from '../../domain/payment/afterEnd.js';
import type { Figures } from '../../domain/payment/figures.js';
import type { Delivery } from '../../domain/payment/handle.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { findAccountPayment } from './accountPayments.js';
import { findCommand, lastRules } from './commands.js';
import type { Sql } from '../connect.js';
import { refundableMinor } from './refundable.js';
import { findMovementOf, type MovementRow } from './movements.js';

export type RecordedAnswer =
  | {
      outcome: 'accepted';
      delivery: Delivery;
      revision: number;
      movement: MovementRow | null;
      payment: AccountPaymentView;
    }
  | {
      outcome: 'refused';
      delivery: Delivery;
      code: RefusalCode;
      payment: AccountPaymentView;
      figures: Figures;
    };

/**
 * Answers for an actor that is not there: what it said before it ended, or what its end means for a new command.
 * `actor_missing` when the payment has not ended: somebody terminated its workflow.
 */
export async function answerFromRecords(
  sql: Sql,
  reference: string,
  command: Command,
  nowMs: number,
): Promise<RecordedAnswer | 'actor_missing' | 'payment_not_found'> {
  const row = await findAccountPayment(sql, reference);
  if (!row) return 'payment_not_found';
  const { notes: _, ...payment } = row;
  const stored = await findCommand(sql, reference, command.commandId);
  if (stored) {
    if (stored.bodyHash !== bodyHash(command))
      return { outcome: 'refused', delivery: 'first', code: 'command_id_reused', payment, figures: {} };
    if (stored.outcome !== 'accepted') {
      const left = command.kind === 'refund' ? await refundableMinor(sql, reference, command) : 0;
      return {
        outcome: 'refused',
        delivery: 'replayed',
        code: stored.outcome,
        payment,
        figures: told(stored.outcome, left),
      };
    }
    const movement = (await findMovementOf(sql, reference, command.commandId)) ?? null;
    return { outcome: 'accepted', delivery: 'replayed', revision: stored.revision, movement, payment };
  }
  if (!isOver(fromView(payment), nowMs)) return 'actor_missing';
  const left = command.kind === 'refund' ? await refundableMinor(sql, reference, command) : 0;
  const code = refusalOnceOver(payment, command, left, nowMs, await lastRules(sql, reference));
  return { outcome: 'refused', delivery: 'first', code, payment, figures: told(code, left) };
}

function told(code: RefusalCode, leftMinor: number): Figures {
  return code === 'exceeds_refundable' ? { refundableMinor: leftMinor } : {};
}
