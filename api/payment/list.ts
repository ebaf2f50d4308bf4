import { z } from '@hono/zod-openapi';
import { listAccountPayments, positionOf, sortKeys, sorts, type SortKey } from '../../db/payment/list.js';
import { within } from '../../db/outage.js';
import { purposes, types } from '../../domain/payment/command.js';
import { statuses } from '../../domain/payment/payment.js';
import { isReference } from '../../domain/reference.js';
import { fields } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { cursorOf, limit, pageOf, pageSchema } from '../http/cursor.js';
import { withLastDay } from '../../domain/payment/validity.js';
import { answers } from '../http/documents.js';
import { problem } from '../http/problems.js';
import { field } from '../http/requestFields.js';
import { paymentRowSchema } from './schemas.js';
import { readingRoute } from '../http/routes.js';

const sort = z.enum(sorts);
const SORTED = 'With a minus the greatest first; by customerName those of customers without a name come last both ways';

const instant = z.union([fields.instant, z.literal('infinity')]);
const amount = z.int();
const valuesBy = {
  issuedAt: instant,
  expiresAt: instant,
  amountMinor: amount,
  balanceMinor: amount,
  customerId: field.customerId,
  customerName: field.customerId,
  reference: z.string().refine(isReference),
  type: z.enum(types),
  status: z.enum(statuses),
} satisfies Record<SortKey, z.ZodType<string | number>>;
/** A position in a list says by what that is sorted, for it means nothing in another. */
const position = z
  .strictObject({
    sort,
    value: z.union([z.string(), z.number()]),
    reference: z.string().refine(isReference),
  })
  .refine((at) => valuesBy[keyOf(at.sort)].safeParse(at.value).success);

const query = z.strictObject({
  customerId: field.customerId.optional(),
  status: z
    .union([z.enum(statuses).transform((status) => [status]), z.array(z.enum(statuses)).min(1)])
    .optional()
    .openapi({
      type: 'array',
      items: { type: 'string', enum: [...statuses] },
      description: 'Repeat the parameter for several',
    }),
  type: z.enum(types).optional(),
  productId: field.productId.optional(),
  purpose: z.enum(purposes).optional(),
  currency: field.currency.optional(),
  shopId: field.shopId.optional(),
  saleId: field.saleId.optional().meta({
    description: 'Payments that a sale of this id drew on, in whatever shop, or that its return issued',
    example: 'S-2001',
  }),
  expiresBefore: field.instant.optional(),
  q: field.q.optional(),
  sort: sort.default('-issuedAt').openapi({ default: '-issuedAt', description: SORTED }),
  cursor: cursorOf(position).optional(),
  limit,
});

const route = readingRoute({
  path: '/account-payments',
  operationId: 'list',
  summary: 'List account payments, newest first unless sorted otherwise',
  request: { query },
  answer: answers('A page of them', pageSchema(paymentRowSchema)),
});

export function listCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { cursor, limit: size, sort: sorted, ...filter } = c.req.valid('query');
    if (cursor !== undefined && cursor.sort !== sorted)
      return problem(c, 'malformed_request', { errors: [OTHER_SORT] });
    const by = keyOf(sorted);
    const order = sorted === by ? 'ascending' : 'descending';
    const paging = { position: cursor, limit: size + 1 };
    const rows = await within(5_000, listAccountPayments(parts.listSql, filter, { by, order }, paging));
    const { items, next } = pageOf(rows, size, (row) => ({ sort: sorted, ...positionOf(row, by) }));
    return c.json({ items: items.map((row) => withLastDay(row, c.get('caller').shop)), next }, 200);
  });
}

const OTHER_SORT = {
  code: 'malformed_request',
  parameter: 'cursor',
  reason: 'It is of a list that is sorted otherwise.',
} as const;

function keyOf(sorted: z.infer<typeof sort>): SortKey {
  return sortKeys.find((key) => sorted.endsWith(key)) ?? 'issuedAt';
}
