import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { isRecordsOutage, within } from '../../db/outage.js';
import { OutcomeUnknown } from '../../service/temporal.js';
import { findGift, requestGift, type Given } from '../../db/gift/gifts.js';
import { giftStepId } from '../../domain/gift/gift.js';
import { canonicalJson } from '../../domain/payment/command.js';
import { instantOf } from '../../domain/instants.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { sha256 } from '../../domain/sha256.js';
import { across } from '../../workflows/fields.js';
import { allow, type Variables } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { keyedRequestOf, preferencesOf } from '../http/idempotency.js';
import { problem } from '../http/problems.js';
import { answers, bySchema, commandHeaders, f, json, otherwise } from '../payment/schemas.js';
import { live } from '../payment/read.js';

type Ends = { customerId: string; toCustomerId: string };

const body = z
  .strictObject({
    reference: f.reference,
    customerId: f.customerId,
    toCustomerId: f.customerId,
    amountMinor: f.amountMinor,
    currency: f.currency,
    message: f.message,
    staffId: f.staffId,
  })
  .refine(
    ...across(({ customerId, toCustomerId }: Ends) => customerId !== toCustomerId, 'gift_to_self', 'toCustomerId'),
  )
  .openapi('Give', {
    example: {
      ...{ reference: 'ACC-20261123-7KQ2M9XB', customerId: 'C-1001', toCustomerId: 'C-1002' },
      ...{ amountMinor: 2_500, currency: 'EUR', message: 'Happy birthday!' },
    },
  });

type Body = z.infer<typeof body>;

const giftSchema = z
  .object({
    giftId: z.string(),
    status: z.enum(['pending', 'completed', 'refused']),
    code: z.string().nullable().openapi({ description: 'Why it was refused' }),
    reference: z.string().openapi({ example: 'ACC-20261123-7KQ2M9XB' }),
    customerId: z.string().openapi({ example: 'C-1001' }),
    toCustomerId: z.string().openapi({ example: 'C-1002' }),
    toReference: z.string().nullable().openapi({ description: 'The new account payment of who was given to' }),
    sourceRevision: z.int().nullable().openapi({ description: "The giver's payment's, after it" }),
    amountMinor: z.int().openapi({ example: 2_500 }),
    currency: z.string().openapi({ example: 'EUR' }),
    message: z.string().nullable(),
    requestedBy: bySchema,
    requestedAt: z.string().openapi({ format: 'date-time' }),
    decidedAt: z.string().nullable().openapi({ format: 'date-time' }),
  })
  .openapi('Gift');

const giveRoute = createRoute({
  method: 'post',
  path: '/gifts',
  operationId: 'give',
  summary: 'Give some or all of a payment to another customer, as a new one of the same kind',
  middleware: [allow('manage')] as const,
  request: { headers: commandHeaders, body: json(body) },
  responses: {
    201: answers('Given; Location names it', z.object({ gift: giftSchema, recorded: z.boolean() }), {
      gift: { operationId: 'readGift', parameters: { giftId: '$response.body#/gift/giftId' } },
      given: { operationId: 'read', parameters: { reference: '$response.body#/gift/toReference' } },
    }),
    ...otherwise,
  },
});

const readRoute = createRoute({
  method: 'get',
  path: '/gifts/{giftId}',
  operationId: 'readGift',
  summary: 'A gift, with its message and what became of it',
  middleware: [allow('read')] as const,
  request: {
    params: z.object({
      giftId: z
        .string()
        .openapi({ param: { name: 'giftId', in: 'path' }, example: 'aPHZ3-pTrF0jQm0tLJjzq4l7z3tZ5dQ6cXb0o1W2e3R' }),
    }),
  },
  responses: { 200: answers('It is there', z.object({ gift: giftSchema })), ...otherwise },
});

const PATIENCE_MS = 3_000;

export function giveCall(parts: Parts): App {
  return createCalls().openapi(giveRoute, async (c) => {
    const request = await keyedRequestOf(c);
    if (request === undefined) return problem(c, 'idempotency_key_required');
    const giftId = request.requestId;
    const { standing } = await parts.requestKeys({ ...request, caller: c.get('caller').name, reference: null });
    if (standing === 'another' && !(await within(PATIENCE_MS, findGift(parts.sql, giftId))))
      return problem(c, 'command_id_reused');
    return give(c, parts, giftId, c.req.valid('json'));
  });
}

export function readGiftCall({ sql }: Parts): App {
  return createCalls().openapi(readRoute, async (c) => {
    const found = await within(PATIENCE_MS, findGift(sql, c.req.valid('param').giftId));
    return found ? c.json({ gift: found }, 200) : problem(c, 'gift_not_found');
  });
}

/** Written down first, with its message, for that goes into no workflow; then given, once. */
async function give(c: Context<Variables>, parts: Parts, giftId: string, request: Body): Promise<Response> {
  const { message = null, staffId, ...asked } = request;
  const bodyHash = sha256(canonicalJson(request));
  const gift = { giftId, by: { caller: c.get('caller').name, ...(staffId !== undefined && { staffId }) }, ...asked };
  const requestedAt = instantOf(parts.now());
  const before = await within(PATIENCE_MS, requestGift(parts.sql, { ...gift, message, bodyHash, requestedAt }));
  if (before.bodyHash !== bodyHash) return problem(c, 'command_id_reused');
  if (before.gift.status !== 'pending') c.header('Idempotent-Replayed', 'true');

  if (before.gift.status === 'pending') await parts.actors.give(gift);
  const found = await afterwards(() => within(PATIENCE_MS, findGift(parts.sql, giftId)));
  if (found?.status === 'refused') return refused(c, parts, gift.reference, found.code);
  if (found?.status !== 'completed') throw new Error('a gift that was decided is not written down');
  c.header('Location', `/v1/gifts/${giftId}`);
  return c.json({ gift: found, recorded: await isRecorded(parts, found, preferencesOf(c).waitMs) }, 201);
}

/** What was sent may have been decided, whatever keeps its answer from being read. */
async function afterwards<Told>(read: () => Promise<Told>): Promise<Told> {
  try {
    return await read();
  } catch (error) {
    throw isRecordsOutage(error) ? new OutcomeUnknown('no answer in time', { cause: error }) : error;
  }
}

async function refused(c: Context, parts: Parts, reference: string, code: RefusalCode): Promise<Response> {
  parts.metrics.refusals.inc({ code });
  const payment = code === 'payment_not_found' ? undefined : await live(parts.actors, reference);
  return problem(c, code, payment ? { payment } : {});
}

async function isRecorded(
  { untilRecorded }: Parts,
  { giftId, reference, toReference }: Given,
  patienceMs: number,
): Promise<boolean> {
  const both = await Promise.all([
    untilRecorded({ reference, commandId: giftStepId(giftId, 'capture') }, patienceMs),
    untilRecorded({ reference: toReference, commandId: giftStepId(giftId, 'thaw') }, patienceMs),
  ]);
  return both.every((recorded) => recorded);
}
