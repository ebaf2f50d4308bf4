import type { Instant } from '../instants.js';
import type { Command, Scope } from '../payment/command.js';
import type { Figures } from '../payment/figures.js';
import type { Inherited } from '../payment/payment.js';
import type { CommandRecord, SaleTotals } from '../payment/state.js';
import type { RefusalCode } from '../refusals.js';
import type { PaymentRefusal, Source } from './sale.js';

/** A command, and the payment that it is for. */
export type Asked = { readonly reference: string; readonly command: Command };

/** What a payment said to a sale's command. */
export type PaymentAnswer = { readonly reference: string } & (
  | {
      readonly outcome: 'accepted';
      readonly revision: number;
      /** Of a hold: whether it is there still, for a repeat may come after its end. */
      readonly hold: 'open' | 'gone' | null;
      readonly scope: Scope;
      readonly inherited: Inherited;
      readonly expiresAt: Instant | null;
      /** What the sale has of it now; null when only the books answered. */
      readonly sale: SaleTotals | null;
    }
  | ({
      readonly outcome: 'refused';
      readonly code: RefusalCode;
      readonly availableMinor: number | null;
      readonly sale?: SaleTotals | null;
    } & Omit<Figures, 'availableMinor'>)
  | { readonly outcome: 'unanswered' }
);

/**
 * Whether a payment that has no room for it now refuses it for good. A new hold need not be, nor an apply in place of
 * one, which says what the sale has taken before; all else has to happen, and is tried until it does.
 */
export function isOptional(command: Command): boolean {
  if (command.kind === 'apply') return command.takenMinor !== undefined;
  return command.kind === 'hold' && (command.lines !== undefined || 'giftId' in command);
}

/** An id that was used up, so that nothing comes of the command that it was meant for, should that arrive after all. */
export function isWithdrawal(command: Command): boolean {
  return command.kind === 'release' && command.commandId === command.holdId;
}

/** The same, as the books have a command. */
export function isWithdrawn(
  recorded: Pick<CommandRecord, 'kind' | 'commandId'> & { readonly details: object },
): boolean {
  const { kind, commandId, details } = recorded;
  return kind === 'release' && 'holdId' in details && details.holdId === commandId;
}

export function answerOf(answers: readonly PaymentAnswer[], reference: string): PaymentAnswer | undefined {
  return answers.find((answer) => answer.reference === reference);
}

/** A payment's words about itself and this sale, in place of what the sale heard before. */
export function withAnswer(source: Source, answer: PaymentAnswer | undefined): Source {
  if (!answer || answer.outcome === 'unanswered') return source;
  const told = { ...source, ...answer.sale };
  return answer.outcome === 'accepted' ? { ...told, revision: answer.revision, scope: answer.scope } : told;
}

/** Those that refused, or let the time of a hold pass, in the order of the sale. */
export function refusedOf(answers: readonly PaymentAnswer[]): PaymentRefusal[] {
  return answers.flatMap((answer) => {
    const { reference } = answer;
    switch (answer.outcome) {
      case 'accepted':
        return answer.hold === 'gone' ? [{ reference, code: 'hold_closed', availableMinor: null }] : [];
      case 'refused': {
        const { outcome: _, sale: __, ...told } = answer;
        return [told];
      }
      case 'unanswered':
        return [{ reference, code: 'hold_expired', availableMinor: null }];
    }
  });
}
