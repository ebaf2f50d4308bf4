import { z } from '@hono/zod-openapi';
import { lastDayBefore } from '../../domain/instants.js';
import { formatMoney } from '../../domain/money.js';
import { happenings, withoutNames } from '../../domain/payment/explain.js';
import { mayReadStaffNames } from '../../domain/roles.js';
import type { Parts } from '../../service/parts.js';
import { inEnglish } from '../../service/payment/explanation/english.js';
import { readLife } from '../../service/payment/explanation/read.js';
import { explain } from '../../service/payment/explanation/tell.js';
import { createCalls, type App } from '../http/calls.js';
import { answers } from '../http/documents.js';
import { problem } from '../http/problems.js';
import { referenceParam } from '../http/requestFields.js';
import { readingRoute } from '../http/routes.js';

const kinSchema = z.object({ reference: z.string(), text: z.string() });
const toldSchema = z.object({
  at: z.string().openapi({ format: 'date-time' }),
  happening: z.enum(happenings),
  commandId: z.string(),
  revision: z.int(),
  text: z.string().openapi({ example: 'Till-1 in Main shop used 25.00 EUR for sale S-1. 75.00 EUR were left.' }),
  amountMinor: z.int().nullable(),
  balanceAfterMinor: z.int().nullable(),
  counterpart: z.string().nullable(),
  saleShopId: z.string().nullable(),
  saleId: z.string().nullable(),
});

const explanationSchema = z
  .object({
    reference: z.string(),
    currency: z.string(),
    cameFrom: z.array(kinSchema).openapi({ description: 'Where its money was before, the nearest first' }),
    happened: z.array(toldSchema),
    total: z.string().openapi({ description: 'What came in, what became of it, what is left' }),
    wentOnAs: z.array(kinSchema).openapi({ description: 'Payments that took over what it had, or part of it' }),
    remarks: z.array(z.string()),
  })
  .openapi('Explanation');

const route = readingRoute({
  path: '/account-payments/{reference}/explanation',
  operationId: 'explanation',
  summary: 'The life of a payment in English sentences: where each amount came from and what it became',
  request: { params: referenceParam },
  answer: answers('Its life, as the books have it', explanationSchema),
});

export function explanationCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { reference } = c.req.valid('param');
    const known = await readLife(parts, reference);
    if (!known) return problem(c, 'payment_not_found');
    const { currency } = known.payment;
    const { role, shop } = c.get('caller');
    const explanation = explain(mayReadStaffNames(role) ? known : withoutNames(known), {
      sentences: inEnglish,
      money: (amountMinor) => formatMoney(amountMinor, currency),
      number: String,
      instant: (instant) => `on ${instant}`,
      lastDay: (end) => lastDayBefore(end, shop.calendar),
    });
    return c.json({ reference, currency, ...explanation }, 200);
  });
}
