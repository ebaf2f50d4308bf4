import { z } from '@hono/zod-openapi';
import { across } from '../../workflows/fields.js';
import { answers } from '../http/documents.js';
import { field } from '../http/requestFields.js';
import { ofSale, saleAnswerSchema, saleLink, saleLinks, shareExample } from './schemas.js';
import { saleCall } from './send.js';

const HOLD_EXAMPLE = 'aPHZ3-pTrF0jQm0tLJjzq4l7z3tZ5dQ6cXb0o1W2e3R';

const holdId = field.holdId.meta({
  description: '`holdId` as the hold answered it. A request that comes late then acts on no later hold',
});

type Rest = { keepRest?: boolean | undefined; heldUntil?: string | undefined };

const captureBody = z
  .strictObject({
    ...ofSale,
    holdId,
    payments: field.shares.optional().meta({
      description:
        'How much each payment gives. One that is left out gives nothing. Without this field all that is held is taken',
    }),
    keepRest: z.boolean().optional().meta({ description: 'Keeps what is not taken held for another delivery' }),
    heldUntil: field.instant.optional().meta({
      description: 'Goes with `keepRest`: when the rest is released, at most 60 days from now',
      example: '2026-12-24T12:00:00Z',
    }),
    saleShopId: field.saleShopId,
    staffId: field.staffId,
  })
  .refine(
    ...across(
      ({ keepRest, heldUntil }: Rest) => keepRest !== true || heldUntil !== undefined,
      'missing_field',
      'heldUntil',
    ),
  )
  .refine(
    ...across(
      ({ keepRest, heldUntil }: Rest) => keepRest === true || heldUntil === undefined,
      'missing_field',
      'keepRest',
    ),
  )
  .openapi('Capture', { example: { customerId: 'C-1001', holdId: HOLD_EXAMPLE, payments: [shareExample] } });

export const captureCall = saleCall({
  path: 'capture',
  summary: 'Complete it: take what is held, or less',
  body: captureBody,
  answer: answers('Completed', saleAnswerSchema, saleLinks),
  wish: ({ keepRest: _, ...said }) => ({ kind: 'capture', ...said }),
});

export const releaseCall = saleCall({
  path: 'release',
  summary: 'Let go of what is held',
  body: z
    .strictObject({ ...ofSale, holdId, saleShopId: field.saleShopId, staffId: field.staffId })
    .openapi('Release', { example: { customerId: 'C-1001', holdId: HOLD_EXAMPLE } }),
  answer: answers('Released', saleAnswerSchema, saleLink),
  wish: (said) => ({ kind: 'release', ...said }),
});
