import { z } from '@hono/zod-openapi';
import { dateFormats } from '../../domain/finance/ledger.js';
import { misfitOfSettings, MONTH_AND_DAY } from '../../domain/finance/ledgerSettings.js';
import { says } from '../../workflows/fields.js';
import { field } from '../http/requestFields.js';

const malformed = says('malformed_request');
/** Of visible letters, blanks inside. */
const LINE = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

const named = (maxLength: number, example: string) =>
  z
    .string(malformed)
    .min(1, malformed)
    .max(maxLength, malformed)
    .regex(/^[^\p{Cc}]*$/u, malformed)
    .meta({ type: 'string', minLength: 1, maxLength, pattern: LINE, example });
const within = (minimum: number, maximum: number, example: number) =>
  z.int(malformed).min(minimum, malformed).max(maximum, malformed).meta({ example });

/** What each program wants to know of the ledger that it keeps. */
export const ledgerSettings = z
  .discriminatedUnion(
    'format',
    [
      z.strictObject({
        format: z.literal('xero'),
        currency: field.currency,
        taxRate: named(100, 'Tax Exempt').meta({ description: 'As it is named there' }),
        trackingName: named(100, 'Shop').optional(),
      }),
      z.strictObject({
        format: z.literal('netsuite'),
        subsidiary: named(200, 'Nord GmbH'),
        dateFormat: z.enum(dateFormats, malformed),
      }),
      z.strictObject({
        format: z.literal('datev'),
        currency: field.currency,
        adviser: within(1_001, 9_999_999, 29_098),
        client: within(1, 99_999, 55_003),
        fiscalYearStart: z.string(malformed).meta({ type: 'string', pattern: MONTH_AND_DAY, example: '01-01' }),
        accountLength: within(4, 8, 4),
      }),
    ],
    malformed,
  )
  .refine((settings) => misfitOfSettings(settings) === undefined, malformed);
