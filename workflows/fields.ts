import { z } from 'zod';
import { MAX_LINES } from '../domain/basket.js';
import { isCallersId, isOneLine, isStorableText, isTaxCode, lengthOf, MAX_REASON_LENGTH } from '../domain/ids.js';
import { instantOf, isInTime, type Instant } from '../domain/instants.js';
import { isAmountMinor, isCurrency } from '../domain/money.js';
import { readReference } from '../domain/reference.js';
import type { RefusalCode } from '../domain/refusals.js';

const id = z.string(says('invalid_id')).refine(isCallersId, says('invalid_id'));
const amountMinor = z.number(says('invalid_amount')).refine(isAmountMinor, says('invalid_amount'));
/** What the shop's own system calls a tax; no meaning here. */
const taxCode = z.string(says('invalid_tax_code')).refine(isTaxCode, says('invalid_tax_code'));
const line = z.strictObject({ productId: id, amountMinor, taxCode: taxCode.optional() });

/**
 * The fields that commands are made of; an error's message is the name of its refusal.
 *
 * All workflows of a worker share the schemas. What is shared the SDK freezes, as deep as it can go, and a schema still
 * changes when it is first used: so each record of schemas is frozen already, where the SDK stops.
 */
export const fields = Object.freeze({
  id,
  amountMinor,
  taxCode,
  lines: basketOf(line),
  /** An amount, or 0 for none. */
  noneOrAmountMinor: z
    .number(says('invalid_amount'))
    .refine((value) => value === 0 || isAmountMinor(value), says('invalid_amount')),
  currency: z.string(says('invalid_currency')).refine(isCurrency, says('invalid_currency')),
  reason: text(MAX_REASON_LENGTH).refine(isOneLine, besides('invalid_text')),
  optionalReason: optionalText(MAX_REASON_LENGTH).refine(
    (words) => words === undefined || isOneLine(words),
    besides('invalid_text'),
  ),
  instant: z.iso
    .datetime({ offset: true, ...says('invalid_expires_at') })
    .transform((value): Instant => instantOf(Date.parse(value)))
    .refine(isInTime, says('invalid_expires_at')),
  /** A reference in its one form, however it was typed. */
  reference: z.string(says('invalid_id')).transform((typed, context): string => {
    const reference = readReference(typed);
    if (reference === undefined) context.addIssue({ code: 'custom', message: 'invalid_id' });
    return reference ?? typed;
  }),
});

/** Text that people write, of 1 to `maxLength` code points, in Unicode's normal form C. */
export function text(maxLength: number) {
  return z
    .string(says('invalid_text'))
    .min(1, says('invalid_text'))
    .refine(isStorableText, says('invalid_text'))
    .normalize('NFC')
    .refine((value) => lengthOf(value) <= maxLength, says('invalid_text'));
}

/** The same, where an empty text is none. */
export function optionalText(maxLength: number) {
  return z
    .string(says('invalid_text'))
    .refine(isStorableText, says('invalid_text'))
    .normalize('NFC')
    .refine((value) => lengthOf(value) <= maxLength, says('invalid_text'))
    .transform((value) => (value === '' ? undefined : value))
    .optional();
}

/** A rule over several fields: looked at once each of them is well-formed by itself. */
export function across<Body>(isRight: (body: Body) => boolean, error: RefusalCode, path: string): Across<Body> {
  return [isRight, { error, path: [path], when: ({ issues }) => issues.length === 0 }];
}

type Across<Body> = [
  (body: Body) => boolean,
  { error: RefusalCode; path: string[]; when: (payload: z.core.ParsePayload) => boolean },
];

export function lifetimeMs(maxMs: number) {
  return z.int(says('invalid_lifetime')).min(1, says('invalid_lifetime')).max(maxMs, says('invalid_lifetime'));
}

export function basketOf<LineSchema extends z.ZodType>(line: LineSchema) {
  return z.array(line, says('malformed_request')).min(1, says('empty_basket')).max(MAX_LINES, says('too_many_lines'));
}

/** Asked only of what is right so far: one fault is told once. */
export function besides(code: RefusalCode) {
  return { ...says(code), when: ({ issues }: z.core.ParsePayload) => issues.length === 0 };
}

/** The name of the refusal that a schema's error stands for. */
export function says(code: RefusalCode): { error: (issue: { input?: unknown }) => RefusalCode } {
  return { error: ({ input }) => (input === undefined ? 'missing_field' : code) };
}
