import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { z } from 'zod';
import type { AccountPaymentView } from '../domain/accountPayment.js';
import type { CommandKind, Command } from '../domain/command.js';
import type { Answer } from '../domain/handle.js';
import { isCallersId, isStorableText, MAX_REASON_LENGTH } from '../domain/ids.js';
import { instantOf, type Instant } from '../domain/instants.js';
import { MAX_LINES } from '../domain/basket.js';
import { isAmountMinor, isCurrency } from '../domain/money.js';
import type { RefusalCode } from '../domain/refusals.js';

/** The fields that commands are made of; an error's message is the name of its refusal. */
export const fields = {
  id: z.string(says('invalid_id')).refine(isCallersId, says('invalid_id')),
  amountMinor: z.number(says('invalid_amount')).refine(isAmountMinor, says('invalid_amount')),
  currency: z.string(says('invalid_currency')).refine(isCurrency, says('invalid_currency')),
  reason: text(MAX_REASON_LENGTH),
  instant: z.iso
    .datetime({ offset: true, ...says('invalid_expires_at') })
    .transform((value): Instant => instantOf(Date.parse(value))),
} as const;

/** Text that people write, of 1 to `maxLength` characters. */
export function text(maxLength: number) {
  return z
    .string(says('invalid_text'))
    .min(1, says('invalid_text'))
    .max(maxLength, says('invalid_text'))
    .refine(isStorableText, says('invalid_text'));
}

/** A rule over several fields: looked at once each of them is well-formed by itself. */
export function across<Body>(isRight: (body: Body) => boolean, error: RefusalCode, path: string): Across<Body> {
  return [isRight, { error, path: [path], when: ({ issues }) => issues.length === 0 }];
}

type Across<Body> = [(body: Body) => boolean, { error: RefusalCode; path: string[]; when: (payload: z.core.ParsePayload) => boolean }];

export function lifetimeMs(maxMs: number) {
  return z.int(says('invalid_lifetime')).min(1, says('invalid_lifetime')).max(maxMs, says('invalid_lifetime'));
}

const lineSchema = z.strictObject({ productId: fields.id, amountMinor: fields.amountMinor });
export const linesSchema = basketOf(lineSchema);

export function basketOf<LineSchema extends z.ZodType>(line: LineSchema) {
  return z.array(line, says('malformed_request')).min(1, says('empty_basket')).max(MAX_LINES, says('too_many_lines'));
}

const MAX_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

const spending = {
  customerId: fields.id,
  amountMinor: fields.amountMinor,
  currency: fields.currency,
  lines: linesSchema.optional(),
};
/** A sale or a gift, never both. */
const target = { saleId: fields.id.optional(), transferId: fields.id.optional() };
type Targeted = { saleId?: string | undefined; transferId?: string | undefined; counterpart?: string | undefined };
const hasOneTarget = ({ saleId, transferId }: Targeted) => (saleId === undefined) !== (transferId === undefined);
const namesCounterpart = ({ transferId, counterpart }: Targeted) => (transferId === undefined) === (counterpart === undefined);

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

const senderSchema = z.object({
  commandId: fields.id,
  by: z
    .strictObject({ caller: z.string().min(1).max(64).refine(isStorableText), staffId: fields.id.optional() })
    .default({ caller: 'operator' }),
});

/** A message of any of the commands: its fields, the id of the command, and who sent it (an operator, if it says nothing). */
export type Message = Omit<Command, 'kind' | 'cause'>;

/** Descriptions that Temporal's UI shows in its signal and update dialogs. */
export const descriptions: Readonly<Record<CommandKind, string>> = {
  apply: describe('Spend on a sale', '"customerId":"C-1","amountMinor":100,"currency":"EUR","saleId":"S-1"'),
  refund: describe('Give back to it from a sale', '"amountMinor":100,"currency":"EUR","saleId":"S-1","reason":"returned"'),
  hold: describe(
    'Reserve for a sale; the hold is named by this commandId',
    '"customerId":"C-1","amountMinor":100,"currency":"EUR","saleId":"S-1","lifetimeMs":900000',
  ),
  capture: describe('Take what a hold reserves', '"holdId":"hold-1","saleId":"S-1","amountMinor":100'),
  release: describe('Let go of a hold', '"holdId":"hold-1"'),
  cancel: describe('Cancel (paid_out, forfeited or issued_in_error)', '"disposition":"paid_out","reason":"asked for cash"'),
  expire: describe('Expire now', '"reason":"agreed with the customer"'),
  extend: describe('Move the expiry, null for never', '"expiresAt":"2030-01-01T00:00:00Z","reason":"goodwill"'),
};

export const commandKinds = Object.keys(bodies) as CommandKind[];

export const updates = Object.fromEntries(
  commandKinds.map((kind) => [kind, defineUpdate<Answer, [Message]>(kind)]),
) as Record<CommandKind, ReturnType<typeof defineUpdate<Answer, [Message]>>>;

export const signals = Object.fromEntries(
  commandKinds.map((kind) => [kind, defineSignal<[Message]>(kind)]),
) as Record<CommandKind, ReturnType<typeof defineSignal<[Message]>>>;

export const paymentQuery = defineQuery<AccountPaymentView>('payment');
export const commandQuery = defineQuery<RememberedCommand, [string]>('command');

/** What an actor still knows of a command by its id. */
export type RememberedCommand =
  | { outcome: 'unknown' }
  | { outcome: 'accepted'; revision: number; at: Instant }
  | { outcome: 'refused'; revision: number; at: Instant; code: RefusalCode };

export type ParsedMessage =
  | { readonly form: 'command'; readonly command: Command }
  | { readonly form: 'malformed'; readonly reason: string };

/** Reads whatever came under the name of a command. Says what is wrong without quoting values. */
export function parseMessage(kind: CommandKind, message: unknown): ParsedMessage {
  const { sender, body } = sendersFields(message);
  const told = bodies[kind].safeParse(body);
  if (!sender.success || !told.success) return { form: 'malformed', reason: complaints(sender.error, told.error) };
  return { form: 'command', command: { kind, ...sender.data, ...told.data } as Command };
}

/** A message's sender, and the rest of it. */
export function sendersFields(message: unknown) {
  const { commandId, by, ...body } = isRecord(message) ? message : {};
  return { sender: senderSchema.safeParse({ commandId, by }), body };
}

export function isCommandKind(name: string): name is CommandKind {
  return Object.hasOwn(bodies, name);
}

export function complaints(...errors: (z.ZodError | undefined)[]): string {
  const issues = errors.flatMap((error) => error?.issues ?? []);
  return issues.map(({ path, code, message }) => `${path.join('.') || 'message'}: ${code === 'unrecognized_keys' ? 'unknown_field' : message}`).join('; ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of the refusal that a schema's error stands for. */
export function says(code: RefusalCode): { error: (issue: { input?: unknown }) => RefusalCode } {
  return { error: ({ input }) => (input === undefined ? 'missing_field' : code) };
}

function describe(what: string, body: string): string {
  return `${what}. One JSON object: {"commandId":"op-1",${body}}`;
}
