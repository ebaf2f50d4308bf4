import { z } from 'zod';
import { isOneLine } from '../../domain/ids.js';
import { lawOutcomes, type LawDecision } from '../../domain/law/decided.js';
import {
  dispositions,
  freezeCauses,
  tenders,
  type CommandKind,
  type Disposition,
  type Tender,
} from '../../domain/payment/command.js';
import type { RulesNumber } from '../../domain/payment/rules.js';
import { across, fields, lifetimeMs, says } from '../fields.js';

/** A second delivery may be 60 days away, and a sale's own end comes a day before its payments'. */
const MAX_LIFETIME_MS = 62 * 24 * 60 * 60 * 1000;

const customer = { customerId: fields.id };
const spending = {
  ...customer,
  amountMinor: fields.amountMinor,
  currency: fields.currency,
  lines: fields.lines.optional(),
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

/** What was decided about the law before a command was sent. */
const lawDecision = z.strictObject({
  outcome: z.enum(lawOutcomes, says('malformed_request')),
  rules: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64).refine(isOneLine),
        leastValidThrough: z.string().max(64).refine(isOneLine).nullable(),
      }),
    )
    .min(1)
    .max(20),
  reason: fields.optionalReason,
});

/** What a law may have a word on. */
function judgedWith(law: z.ZodType<LawDecision | undefined>) {
  return {
    payOut: z.strictObject({
      ...customer,
      amountMinor: fields.amountMinor,
      currency: fields.currency,
      tender,
      ...handingOut,
      reason: fields.reason,
      law,
    }),
    cancel: z
      .strictObject({
        ...customer,
        disposition: z.enum(dispositions, says('malformed_request')),
        tender: tender.optional(),
        ...handingOut,
        reason: fields.reason,
        law,
      })
      .refine(...saysHowPaidOut)
      .refine(...saysNoTenderElse),
    expire: z.strictObject({ reason: fields.reason, law }).transform((body) => ({ ...body, cause: 'asked' as const })),
    extend: z.strictObject({ ...customer, expiresAt: fields.instant.nullable(), reason: fields.reason, law }),
  };
}

/** What each message carries besides its sender: one JSON object, the same for a signal and an update of that name. */
export const bodies = Object.freeze({
  apply: z.strictObject({ ...spending, ...ofSale }),
  refund: z
    .strictObject({
      ...customer,
      amountMinor: fields.noneOrAmountMinor,
      keptMinor: fields.amountMinor.optional(),
      currency: fields.currency,
      ...ofSale,
      reason: fields.optionalReason,
    })
    .refine(...movesOrKeeps),
  hold: z
    .strictObject({
      ...spending,
      ...target,
      lifetimeMs: lifetimeMs(MAX_LIFETIME_MS),
      resizes: fields.id.optional(),
      followedBy: z.literal('capture', says('malformed_request')).optional(),
    })
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
  // What a signal's handler lets in is a rule of each payment: it never knew this, and does not need to.
  ...judgedWith(z.never(says('unknown_field')).optional()),
  freeze: freezing,
  thaw: freezing,
} as const satisfies Record<CommandKind, z.ZodType>);

/** The same of an update, which the service sends. */
export const bodiesOfUpdates = Object.freeze({ ...bodies, ...judgedWith(lawDecision.optional()) });

const adopting = z.strictObject({ rules: z.int().min(1) });

/** Which rules a message tells to adopt; `undefined` of one that names none. */
export function rulesIn(message: unknown): RulesNumber | undefined {
  return adopting.safeParse(message).data?.rules;
}
