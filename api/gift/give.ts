import { z } from '@hono/zod-openapi';
import { findGift } from '../../db/gift/gifts.js';
import { within } from '../../db/outage.js';
import { giftStatuses } from '../../domain/gift/gift.js';
import { mayReadMessages } from '../../domain/roles.js';
import { give } from '../../service/gift/give.js';
import type { Parts } from '../../service/parts.js';
import { across } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import { keyed } from '../http/idempotency.js';
import { answerNotDone, markReplayed, problem } from '../http/problems.js';
import { answers } from '../http/documents.js';
import { field, madeIdParam } from '../http/requestFields.js';
import { bySchema } from '../payment/schemas.js';
import { readingRoute, keyedRoute } from '../http/routes.js';

type Ends = { customerId: string; toCustomerId: string };

const body = z
  .strictObject({
    reference: field.reference,
    customerId: field.customerId,
    toCustomerId: field.customerId,
    amountMinor: field.amountMinor,
    currency: field.currency,
    message: field.message,
    reason: field.reason.optional(),
    staffId: field.staffId,
  })
  .refine(
    ...across(({ customerId, toCustomerId }: Ends) => customerId !== toCustomerId, 'gift_to_self', 'toCustomerId'),
  )
  .openapi('Give', {
    example: {
      reference: 'ACC-20261123-7KQ2M9XB',
      customerId: 'C-1001',
      toCustomerId: 'C-1002',
      amountMinor: 2_500,
      currency: 'EUR',
      message: 'Happy birthday!',
      reason: 'asked at the counter',
    },
  });

const giftSchema = z
  .object({
    giftId: z.string(),
    status: z.enum(giftStatuses),
    code: z.string().nullable().openapi({ description: 'Why it was refused' }),
    reference: z.string().openapi({ example: 'ACC-20261123-7KQ2M9XB' }),
    customerId: z.string().openapi({ example: 'C-1001' }),
    toCustomerId: z.string().openapi({ example: 'C-1002' }),
    toReference: z.string().nullable().openapi({ description: "The recipient's new account payment" }),
    sourceRevision: z.int().nullable().openapi({ description: "The revision of the giver's payment after the gift" }),
    amountMinor: z.int().openapi({ example: 2_500 }),
    currency: z.string().openapi({ example: 'EUR' }),
    message: z.string().nullable().openapi({ description: 'Told to those who may give' }),
    reason: z.string().nullable().openapi({ description: 'Why it was given; told to those who may give' }),
    requestedBy: bySchema,
    requestedAt: z.string().openapi({ format: 'date-time' }),
    decidedAt: z.string().nullable().openapi({ format: 'date-time' }),
  })
  .openapi('Gift');

const giveRoute = keyedRoute({
  path: '/gifts',
  operationId: 'give',
  summary: 'Give some or all of a payment to another customer, as a new one of the same kind',
  permission: 'manage',
  params: z.object({}),
  body: body,
  answers: {
    201: answers('Given; Location names it', z.object({ gift: giftSchema, recorded: z.boolean() }), {
      gift: { operationId: 'readGift', parameters: { giftId: '$response.body#/gift/giftId' } },
      given: { operationId: 'read', parameters: { reference: '$response.body#/gift/toReference' } },
    }),
  },
});

const readRoute = readingRoute({
  path: '/gifts/{giftId}',
  operationId: 'readGift',
  summary: 'A gift and what became of it, with its message for those who may give',
  request: {
    params: z.object(madeIdParam('giftId')),
  },
  answer: answers('It is there', z.object({ gift: giftSchema })),
});

const PATIENCE_MS = 3_000;

export function giveCall(parts: Parts): App {
  return createCalls().openapi(giveRoute, async (c) => {
    const { staffId, ...wanted } = c.req.valid('json');
    return keyed(c, staffId, async (asking) => {
      const result = await give(parts, asking, wanted);
      if (result.outcome === 'refused') return answerNotDone(c, result);
      const { gift, recorded, delivery } = result;
      markReplayed(c, delivery);
      c.header('Location', `/v1/gifts/${gift.giftId}`);
      return c.json({ gift, recorded }, 201);
    });
  });
}

export function readGiftCall({ sql }: Parts): App {
  return createCalls().openapi(readRoute, async (c) => {
    const found = await within(PATIENCE_MS, findGift(sql, c.req.valid('param').giftId));
    if (!found) return problem(c, 'gift_not_found');
    const words = mayReadMessages(c.get('caller').role) ? {} : { message: null, reason: null };
    return c.json({ gift: { ...found, ...words } }, 200);
  });
}
