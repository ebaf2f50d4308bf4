import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { z } from 'zod';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import {
  commandKinds,
  dispositions,
  freezeCauses,
  tenders,
  type By,
  type Command,
  type CommandKind,
  type Disposition,
  type SaleKey,
  type Tender,
} from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';
import type { LiveFigure } from '../../domain/sale/figure.js';
import type { Instant } from '../../domain/instants.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { MAX_REASON_LENGTH } from '../../domain/ids.js';
import { across, complaints, fields, lifetimeMs, linesSchema, optionalText, says, sendersFields } from '../fields.js';

/** A second delivery may be 60 days away, and a sale's own end comes a day before its payments'. */
const MAX_LIFETIME_MS = 62 * 24 * 60 * 60 * 1000;

const customer = { customerId: fields.id };
const spending = {
  ...customer,
  amountMinor: fields.amountMinor,
  currency: fields.currency,
  lines: linesSchema.optional(),
  takenMinor: fields.noneOrAmountMinor.optional(),
};
/** A sale is the sender's shop's unless said. */
const ofSale = { saleId: fields.id, saleShopId: fields.id.optional() };
/** A sale or a gift, never both. */
const target = { saleId: fields.id.optional(), saleShopId: fields.id.optional(), giftId: fields.id.optional() };
type Targeted = { saleId?: string | undefined; giftId?: string | undefined; counterpart?: string | undefined };
const hasOneTarget = ({ saleId, giftId }: Targeted) => (saleId === undefined) !== (giftId === undefined);
const namesCounterpart = ({ giftId, counterpart }: Targeted) => (giftId === undefined) === (counterpart === undefined);
type Refunding = { amountMinor: number; keptMinor?: number | undefined };
type Cancelling = { disposition: Disposition; tender?: Tender | undefined };

/** A refund of nothing is one of which everything is kept. */
export const movesOrKeeps = across(
  ({ amountMinor, keptMinor }: Refunding) => amountMinor > 0 || keptMinor !== undefined,
  'invalid_amount',
  'amountMinor',
);
/** Money that is paid out says how. */
export const saysHowPaidOut = across(
  ({ disposition, tender }: Cancelling) => disposition !== 'paid_out' || tender !== undefined,
  'missing_field',
  'tender',
);
export const saysNoTenderElse = across(
  ({ disposition, tender }: Cancelling) => disposition === 'paid_out' || tender === undefined,
  'unknown_field',
  'tender',
);
/** The sender has seen to it that the shop permits it. */
const handingOut = { ofGoodwill: z.literal('allowed', says('malformed_request')).optional() };
const tender = z.enum(tenders, says('malformed_request'));
const freezing = z.strictObject({ cause: z.enum(freezeCauses, says('malformed_request')), reason: fields.reason });

/** What each message carries besides its sender: one JSON object, the same for a signal and an update of that name. */
const bodies = {
  apply: z.strictObject({ ...spending, ...ofSale }),
  refund: z
    .strictObject({
      ...customer,
      amountMinor: fields.noneOrAmountMinor,
      keptMinor: fields.amountMinor.optional(),
      currency: fields.currency,
      ...ofSale,
      reason: optionalText(MAX_REASON_LENGTH),
    })
    .refine(...movesOrKeeps),
  hold: z
    .strictObject({ ...spending, ...target, lifetimeMs: lifetimeMs(MAX_LIFETIME_MS), resizes: fields.id.optional() })
    .refine(...across(hasOneTarget, 'missing_field', 'saleId')),
  capture: z
    .strictObject({
      customerId: fields.id.optional(),
      holdId: fields.id,
      amountMinor: fields.amountMinor,
      heldUntil: fields.instant.optional(),
      ...target,
      counterpart: fields.reference.optional(),
    })
    .refine(...across(hasOneTarget, 'missing_field', 'saleId'))
    .refine(...across(namesCounterpart, 'missing_field', 'counterpart')),
  release: z
    .strictObject({ customerId: fields.id.optional(), holdId: fields.id })
    .transform((body) => ({ ...body, cause: 'asked' as const })),
  payOut: z.strictObject({
    ...customer,
    amountMinor: fields.amountMinor,
    currency: fields.currency,
    tender,
    ...handingOut,
    reason: fields.reason,
  }),
  cancel: z
    .strictObject({
      ...customer,
      disposition: z.enum(dispositions, says('malformed_request')),
      tender: tender.optional(),
      ...handingOut,
      reason: fields.reason,
    })
    .refine(...saysHowPaidOut)
    .refine(...saysNoTenderElse),
  expire: z.strictObject({ reason: fields.reason }).transform((body) => ({ ...body, cause: 'asked' as const })),
  extend: z.strictObject({ ...customer, expiresAt: fields.instant.nullable(), reason: fields.reason }),
  freeze: freezing,
  thaw: freezing,
} as const satisfies Record<CommandKind, z.ZodType>;

/**
 * A message of any of the commands: its fields, the id of the command, who sent it (an operator, if it says nothing),
 * and as `known` the revision that the sender has seen in the books.
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

export const paymentQuery = defineQuery<AccountPaymentView>('payment');
export const commandQuery = defineQuery<RememberedCommand, [string]>('command');

/** What a sale took of a payment and got back, and of whom and what the payment is. */
export const figureQuery = defineQuery<LiveFigure, [SaleKey]>('saleFigure');

/** What an actor still knows of a command by its id. */
export type RememberedCommand =
  | { outcome: 'unknown' }
  | { outcome: 'accepted'; revision: number; at: Instant }
  | { outcome: 'refused'; revision: number; at: Instant; code: RefusalCode };

export type ParsedMessage =
  | { readonly form: 'command'; readonly command: Command; readonly known: number | undefined }
  | { readonly form: 'malformed'; readonly reason: string };

/**
 * Reads whatever came under the name of a command. Says what is wrong without quoting values.
 * @param shopId where it happens, unless the sender says so
 */
export function parseMessage(kind: CommandKind, message: unknown, shopId: string): ParsedMessage {
  const { sender, body } = sendersFields(message, shopId);
  const told = bodies[kind].safeParse(body);
  if (!sender.success || !told.success) return { form: 'malformed', reason: complaints(sender.error, told.error) };
  const { known, ...who } = sender.data;
  const sale = 'saleId' in told.data && told.data.saleId !== undefined ? { saleShopId: who.by.shopId } : {};
  return { form: 'command', command: { kind, ...who, ...sale, ...told.data } as Command, known };
}

export function isCommandKind(name: string): name is CommandKind {
  return Object.hasOwn(bodies, name);
}

function describe(what: string, body: string): string {
  return `${what}. One JSON object: {"commandId":"op-1",${body}}`;
}
