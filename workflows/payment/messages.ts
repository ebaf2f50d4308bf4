import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { z } from 'zod';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { CommandKind, Command } from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';
import type { Instant } from '../../domain/instants.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { across, complaints, fields, lifetimeMs, linesSchema, says, sendersFields } from '../fields.js';

const MAX_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

const spending = {
  customerId: fields.id,
  amountMinor: fields.amountMinor,
  currency: fields.currency,
  lines: linesSchema.optional(),
};
/** A sale or a gift, never both. */
const target = { saleId: fields.id.optional(), giftId: fields.id.optional() };
type Targeted = { saleId?: string | undefined; giftId?: string | undefined; counterpart?: string | undefined };
const hasOneTarget = ({ saleId, giftId }: Targeted) => (saleId === undefined) !== (giftId === undefined);
const namesCounterpart = ({ giftId, counterpart }: Targeted) => (giftId === undefined) === (counterpart === undefined);

/** What each message carries besides its sender: one JSON object, the same for a signal and an update of that name. */
const bodies = {
  apply: z.strictObject({ ...spending, saleId: fields.id }),
  refund: z.strictObject({
    amountMinor: fields.amountMinor,
    currency: fields.currency,
    saleId: fields.id,
    reason: fields.reason.optional(),
  }),
  hold: z
    .strictObject({ ...spending, ...target, lifetimeMs: lifetimeMs(MAX_LIFETIME_MS) })
    .refine(...across(hasOneTarget, 'missing_field', 'saleId')),
  capture: z
    .strictObject({ holdId: fields.id, amountMinor: fields.amountMinor, ...target, counterpart: fields.id.optional() })
    .refine(...across(hasOneTarget, 'missing_field', 'saleId'))
    .refine(...across(namesCounterpart, 'missing_field', 'counterpart')),
  release: z.strictObject({ holdId: fields.id }).transform((body) => ({ ...body, cause: 'asked' as const })),
  cancel: z.strictObject({
    disposition: z.enum(['paid_out', 'forfeited', 'issued_in_error'], says('malformed_request')),
    reason: fields.reason,
  }),
  expire: z.strictObject({ reason: fields.reason }).transform((body) => ({ ...body, cause: 'asked' as const })),
  extend: z.strictObject({ expiresAt: fields.instant.nullable(), reason: fields.reason }),
} as const satisfies Record<CommandKind, z.ZodType>;

/** A message of any of the commands: its fields, the id of the command, and who sent it (an operator, if it says nothing). */
export type Message = Omit<Command, 'kind' | 'cause'>;

/** Descriptions that Temporal's UI shows in its signal and update dialogs. */
export const descriptions: Readonly<Record<CommandKind, string>> = {
  apply: describe('Spend on a sale', '"customerId":"C-1","amountMinor":100,"currency":"EUR","saleId":"S-1"'),
  refund: describe(
    'Give back to it from a sale',
    '"amountMinor":100,"currency":"EUR","saleId":"S-1","reason":"returned"',
  ),
  hold: describe(
    'Reserve for a sale; the hold is named by this commandId',
    '"customerId":"C-1","amountMinor":100,"currency":"EUR","saleId":"S-1","lifetimeMs":900000',
  ),
  capture: describe('Take what a hold reserves', '"holdId":"hold-1","saleId":"S-1","amountMinor":100'),
  release: describe('Let go of a hold', '"holdId":"hold-1"'),
  cancel: describe(
    'Cancel (paid_out, forfeited or issued_in_error)',
    '"disposition":"paid_out","reason":"asked for cash"',
  ),
  expire: describe('Expire now', '"reason":"agreed with the customer"'),
  extend: describe('Move the expiry, null for never', '"expiresAt":"2030-01-01T00:00:00Z","reason":"goodwill"'),
};

export const commandKinds = Object.keys(bodies) as CommandKind[];

export const updates = Object.fromEntries(
  commandKinds.map((kind) => [kind, defineUpdate<Answer, [Message]>(kind)]),
) as Record<CommandKind, ReturnType<typeof defineUpdate<Answer, [Message]>>>;

export const signals = Object.fromEntries(commandKinds.map((kind) => [kind, defineSignal<[Message]>(kind)])) as Record<
  CommandKind,
  ReturnType<typeof defineSignal<[Message]>>
>;

export const paymentQuery = defineQuery<AccountPaymentView>('payment');
export const commandQuery = defineQuery<RememberedCommand, [string]>('command');

/** What an actor still knows of a command by its id. */
export type RememberedCommand =
  | { outcome: 'unknown' }
  | { outcome: 'accepted'; revision: number; at: Instant }
  | { outcome: 'refused'; revision: number; at: Instant; code: RefusalCode };

export type ParsedMessage =
  { readonly form: 'command'; readonly command: Command } | { readonly form: 'malformed'; readonly reason: string };

/** Reads whatever came under the name of a command. Says what is wrong without quoting values. */
export function parseMessage(kind: CommandKind, message: unknown): ParsedMessage {
  const { sender, body } = sendersFields(message);
  const told = bodies[kind].safeParse(body);
  if (!sender.success || !told.success) return { form: 'malformed', reason: complaints(sender.error, told.error) };
  return { form: 'command', command: { kind, ...sender.data, ...told.data } as Command };
}

export function isCommandKind(name: string): name is CommandKind {
  return Object.hasOwn(bodies, name);
}

function describe(what: string, body: string): string {
  return `${what}. One JSON object: {"commandId":"op-1",${body}}`;
}
