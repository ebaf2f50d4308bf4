import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Instant } from '../../domain/instants.js';
import { commandKinds, type By, type Command, type CommandKind, type SaleKey } from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { decidesBy, type RulesNumber } from '../../domain/payment/rules.js';
import type { State } from '../../domain/payment/state.js';
import type { LiveFigure } from '../../domain/sale/figure.js';
import { parse, type Parsed } from '../messages.js';
import { bodies, bodiesOfUpdates } from './fields.js';

/**
 * A message of any of the commands: its fields, the id of the command, who sent it (an operator, if it says nothing or
 * stands for no request), and as `known` the revision that the sender has seen in the books.
 */
export type Message = {
  readonly commandId: string;
  readonly by?: Omit<By, 'shopId'> & Partial<By>;
  readonly known?: number;
  readonly requestHash?: string;
};

/** A signal as it came: it is read only when its turn comes. */
export type WaitingSignal = { readonly kind: CommandKind; readonly message: unknown };

/** Descriptions that Temporal's UI shows in its signal and update dialogs. */
export const descriptions: Readonly<Record<CommandKind, string>> = {
  apply: describe('Spend on a sale', '"customerId":"C-1","amountMinor":100,"currency":"EUR","saleId":"S-1"'),
  refund: describe(
    'Give back to it from a sale, less what is kept as a fee ("keptMinor")',
    '"customerId":"C-1","amountMinor":100,"currency":"EUR","saleId":"S-1","reason":"returned"',
  ),
  hold: describe(
    'Reserve for a sale; the hold is named by this commandId. With "resizes", an open hold gets this size',
    '"customerId":"C-1","amountMinor":100,"currency":"EUR","saleId":"S-1","lifetimeMs":900000',
  ),
  capture: describe(
    'Take what a hold reserves; the rest stays held with "heldUntil"',
    '"holdId":"hold-1","saleId":"S-1","amountMinor":100',
  ),
  release: describe('Let go of a hold', '"holdId":"hold-1"'),
  payOut: describe(
    'Hand out money and leave the rest (cash, card, bank_transfer or other)',
    '"customerId":"C-1","amountMinor":100,"currency":"EUR","tender":"cash","reason":"asked for"',
  ),
  cancel: describe(
    'Cancel (paid_out with its tender, forfeited, remitted or issued_in_error)',
    '"customerId":"C-1","disposition":"paid_out","tender":"cash","reason":"asked for cash"',
  ),
  expire: describe('Expire now', '"reason":"agreed with the customer"'),
  extend: describe(
    'Move the expiry, null for never',
    '"customerId":"C-1","expiresAt":"2030-01-01T00:00:00Z","reason":"goodwill"',
  ),
  freeze: describe('Let nothing new be spent', '"cause":"staff","reason":"reported stolen"'),
  thaw: describe('Let it be spent again, as far as this cause goes', '"cause":"staff","reason":"found again"'),
};

export const updates = Object.fromEntries(
  commandKinds.map((kind) => [kind, defineUpdate<Answer, [Message]>(kind)]),
) as Record<CommandKind, ReturnType<typeof defineUpdate<Answer, [Message]>>>;

export const signals = Object.fromEntries(commandKinds.map((kind) => [kind, defineSignal<[Message]>(kind)])) as Record<
  CommandKind,
  ReturnType<typeof defineSignal<[Message]>>
>;

/** Other rules to decide by. It is no command: it has no id, and no revision counts it. */
export type Adopting = { readonly rules: RulesNumber };
export const adoptSignal = defineSignal<[Adopting]>('adopt');
export const adoptUpdate = defineUpdate<Adopting, [Adopting]>('adopt');

export const paymentQuery = defineQuery<AccountPaymentView>('payment');
export const commandQuery = defineQuery<RememberedCommand, [string]>('command');

/** What a sale took of a payment and got back, and of whom and what the payment is. */
export const figureQuery = defineQuery<LiveFigure, [SaleKey]>('saleFigure');

/** What an actor still knows of a command by its id. */
export type RememberedCommand =
  | { outcome: 'unknown' }
  | { outcome: 'accepted'; revision: number; at: Instant }
  | { outcome: 'refused'; revision: number; at: Instant; code: RefusalCode };

/** Reads whatever came to a payment under the name of a command; it happens in its shop, unless the sender says so. */
export function parseMessage(
  kind: CommandKind,
  message: unknown,
  { payment, rules }: Pick<State, 'payment' | 'rules'>,
  form: 'signal' | 'update' = 'signal',
): Parsed<Command> {
  const byHand = decidesBy(rules, 2) ? 'operator' : 'as_it_says';
  const wellFormed = form === 'update' ? bodiesOfUpdates : bodies;
  return parse<Command>(wellFormed, kind, message, payment.terms.by.shopId, byHand);
}

export function isCommandKind(name: string): name is CommandKind {
  return commandKinds.some((kind) => kind === name);
}

function describe(what: string, body: string): string {
  return `${what}. One JSON object: {"commandId":"op-1",${body}}`;
}
