import { z } from 'zod';
import { MAX_LINES } from '../domain/basket.js';
import { isCallersId, isStorableText, isTaxCode, lengthOf, MAX_REASON_LENGTH } from '../domain/ids.js';
import { instantOf, isInTime, type Instant } from '../domain/instants.js';
import { parentKinds } from '../domain/payment/command.js';
import { isAmountMinor, isCurrency } from '../domain/money.js';
import { readReference } from '../domain/reference.js';
import type { RefusalCode } from '../domain/refusals.js';

/** The fields that commands are made of; an error's message is the name of its refusal. */
export const fields = {
  id: z.string(says('invalid_id')).refine(isCallersId, says('invalid_id')),
  amountMinor: z.number(says('invalid_amount')).refine(isAmountMinor, says('invalid_amount')),
  /** An amount, or 0 for none. */
  noneOrAmountMinor: z
    .number(says('invalid_amount'))
    .refine((value) => value === 0 || isAmountMinor(value), says('invalid_amount')),
  currency: z.string(says('invalid_currency')).refine(isCurrency, says('invalid_currency')),
  reason: text(MAX_REASON_LENGTH),
  /** What the shop's own system calls a tax; no meaning here. */
  taxCode: z.string(says('invalid_tax_code')).refine(isTaxCode, says('invalid_tax_code')),
  instant: z.iso
    .datetime({ offset: true, ...says('invalid_expires_at') })
    .transform((value): Instant => instantOf(Date.parse(value)))
    .refine(isInTime, says('invalid_expires_at')),
  /** However it was typed, in its one form. */
  reference: z.string(says('invalid_id')).transform((typed, context): string => {
    const reference = readReference(typed);
    if (reference === undefined) context.addIssue({ code: 'custom', message: 'invalid_id' });
    return reference ?? typed;
  }),
} as const;

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

const lineSchema = z.strictObject({
  productId: fields.id,
  amountMinor: fields.amountMinor,
  taxCode: fields.taxCode.optional(),
});
export const linesSchema = basketOf(lineSchema);

export function basketOf<LineSchema extends z.ZodType>(line: LineSchema) {
  return z.array(line, says('malformed_request')).min(1, says('empty_basket')).max(MAX_LINES, says('too_many_lines'));
}

const byWhom = z.strictObject({
  caller: z.string().min(1).max(64).refine(isStorableText),
  shopId: fields.id.optional(),
  staffId: fields.id.optional(),
});

const senderSchema = z.object({
  commandId: fields.id,
  by: byWhom.default({ caller: 'operator' }),
  parent: z
    .strictObject({ kind: z.enum(parentKinds), id: z.string().min(1).max(300), commandId: fields.id })
    .optional(),
  known: z.int().min(1).optional(),
  requestHash: z
    .string()
    .regex(/^[\w-]{22}$/)
    .optional(),
});

/**
 * A message's sender, and the rest of it.
 * @param shopId where it happens, unless the sender says so
 */
export function sendersFields(message: unknown, shopId: string) {
  const { commandId, by, parent, known, requestHash, ...body } = isRecord(message) ? message : {};
  const inShop = senderSchema.transform((sender) => ({
    ...sender,
    by: { ...sender.by, shopId: sender.by.shopId ?? shopId },
  }));
  return { sender: inShop.safeParse({ commandId, by, parent, known, requestHash }), body };
}

export function complaints(...errors: (z.ZodError | undefined)[]): string {
  const issues = errors.flatMap((error) => error?.issues ?? []);
  return issues
    .map(
      ({ path, code, message }) =>
        `${path.join('.') || 'message'}: ${code === 'unrecognized_keys' ? 'unknown_field' : message}`,
    )
    .join('; ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of the refusal that a schema's error stands for. */
export function says(code: RefusalCode): { error: (issue: { input?: unknown }) => RefusalCode } {
  return { error: ({ input }) => (input === undefined ? 'missing_field' : code) };
}
