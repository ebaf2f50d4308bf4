import { z } from '@hono/zod-openapi';
import { warningSchema } from '../law/schemas.js';
import { paymentSchema } from '../payment/schemas.js';

/** The body of a request, required and JSON. */
export function json<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** Where a tool may go on from an answer: a call, and its parameters as expressions on the answer (OpenAPI, 4.8.20). */
export type Links = Readonly<Record<string, { operationId: string; parameters: Readonly<Record<string, string>> }>>;

/** Declared, not inferred: a call may always answer with a problem instead, which is a plain Response. */
export type Documented = { description: string; content?: Record<string, { schema: z.ZodType }>; links?: Links };

/** What a call that moves money answers when it worked. */
export type Answers = Readonly<Partial<Record<200 | 201 | 202, Documented>>>;

export function answers(description: string, schema: z.ZodType, links?: Links): Documented {
  return { description, content: { 'application/json': { schema } }, ...(links && { links }) };
}

/** What would have been right, in the currency's minor unit. */
const figures = {
  refundableMinor: z.int().optional().openapi({ description: 'What the sale has taken and not got back' }),
  fitsMinor: z.int().optional().openapi({ description: 'What of the basket may still be paid' }),
  takenMinor: z.int().optional().openapi({ description: 'What the sale has taken already' }),
  heldMinor: z.int().optional().openapi({ description: 'What is held' }),
};

const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'urn:account-payments:problem:insufficient_balance' }),
    title: z.string().openapi({ example: 'Insufficient balance' }),
    status: z.int().openapi({ example: 409 }),
    detail: z.string().openapi({ example: 'The available balance is smaller than that.' }),
    code: z.string().openapi({ example: 'insufficient_balance' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          code: z.string(),
          reason: z.string(),
        }),
      )
      .optional(),
    payment: paymentSchema
      .optional()
      .openapi({ description: "As it is now, where it is the customer's who was named" }),
    sale: z.record(z.string(), z.unknown()).optional().openapi({ description: 'The sale as it is now' }),
    payments: z
      .array(
        z.object({
          reference: z.string(),
          code: z.string(),
          detail: z.string(),
          availableMinor: z.int().nullable(),
          ...figures,
        }),
      )
      .optional()
      .openapi({ description: 'Of a sale: each account payment that refused, and why' }),
    availableMinor: z.int().optional(),
    ...figures,
    warnings: z.array(warningSchema).optional().openapi({
      description: 'With `against_law`: the rules of law that stand against it; heard again, those that still do',
    }),
    about: z.record(z.string(), z.unknown()).optional().openapi({ description: 'What it is about, of finance' }),
  })
  .openapi('Problem');

const problem = (description: string): Documented => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** In what else a call may end that only tells. */
export const otherwise = {
  400: problem('Malformed. Nothing was looked up or changed'),
  401: problem('No valid key'),
  403: problem('The role of the key does not reach for this'),
  404: problem('There is no such thing'),
  429: problem('Too much at once, or no room for now. Nothing has changed: again later'),
  431: { description: 'Address and headers are 16 KiB at most, together' },
  500: problem('A bug'),
  503: problem('Temporal or Postgres cannot be reached. Nothing has changed'),
} as const satisfies Readonly<Record<number, Documented>>;

/** The same of a call that takes a body. */
export const otherwiseWithBody = {
  ...otherwise,
  413: problem('A body is 128 KiB at most'),
  415: problem('A body is application/json'),
} as const satisfies Readonly<Record<number, Documented>>;

/** The same of a call that writes something down, which counts once however often it is sent. */
export const otherwiseOfWriting = {
  ...otherwiseWithBody,
  504: problem('It may have been done. Sent again, it counts once'),
} as const satisfies Readonly<Record<number, Documented>>;

/** The same of a call by which finance enters something, or hands it over. */
export const otherwiseOfEntry = {
  ...otherwiseOfWriting,
  409: problem('Refused, as things are'),
  422: problem('Refused, for what it asks'),
} as const satisfies Readonly<Record<number, Documented>>;

const REFUSED_AGAIN =
  'Sent again with the same key, it is refused again; docs/promises.md names the few codes that are decided anew';

/** The same of a call that moves money. */
export const otherwiseOfCommand = {
  ...otherwiseWithBody,
  409: problem(`Refused, as things are. ${REFUSED_AGAIN}`),
  422: problem(`Refused, for what it asks. ${REFUSED_AGAIN}`),
  504: problem('It may have been decided. Sent again with the same key, it gets its one answer'),
} as const satisfies Readonly<Record<number, Documented>>;

export const keyHeaders = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({
      param: { required: true },
      pattern: '^[!-~]{1,255}$',
      description: '1 to 255 visible characters. A repeat gets the first answer',
      example: 'till-1-000042',
    }),
  prefer: z.string().optional().openapi({
    description:
      '`wait=<seconds>`: how long to wait for the record, 2 unless said, 10 at most, 0 not at all; `respond-async` (apply, refund): 202 at once',
    example: 'wait=0',
  }),
});
