import { z } from '@hono/zod-openapi';
import { fitsBasket, saleFields } from '../../workflows/sale/fields.js';
import { answers } from '../http/documents.js';
import { field } from '../http/requestFields.js';
import {
  basket,
  basketExample,
  holdAnswerSchema,
  inOneCurrency,
  plainLines,
  saleAnswerSchema,
  saleLink,
  saleLinks,
  shareExample,
  shares,
  takenMinor,
} from './schemas.js';
import { saleCall } from './send.js';

const settled = {
  ...basket,
  payments: shares,
  takenMinor,
  lifetimeMs: saleFields.holdLifetimeMs.meta({ description: 'How long the holds last: 15 minutes, at most 24 hours' }),
  staffId: field.staffId,
};
const example = { ...basketExample, payments: [shareExample] };

const settleBody = z
  .strictObject(settled)
  .refine(...inOneCurrency)
  .refine(...fitsBasket)
  .openapi('Settle', { example });

const replaces = field.holdId.optional().meta({
  description:
    '`holdId` of an open hold of this sale. The new hold replaces it in one step. If it is refused, the old one stays',
});
const holdBody = z
  .strictObject({ ...settled, replaces })
  .refine(...inOneCurrency)
  .refine(...fitsBasket)
  .openapi('Hold', { example });

export const holdSaleCall = saleCall({
  path: 'hold',
  summary: 'Reserve what the cashier picked, all of it or nothing, while the rest is paid',
  body: holdBody,
  answer: answers('Held', holdAnswerSchema, saleLink),
  wish: ({ lines, ...said }) => ({ kind: 'hold', ...said, lines: plainLines(lines) }),
});

export const settleCall = saleCall({
  path: 'settle',
  summary: 'Hold and capture in one request, all of it or nothing',
  body: settleBody,
  answer: answers('Completed', saleAnswerSchema, saleLinks),
  wish: ({ lines, ...said }) => ({ kind: 'settle', ...said, lines: plainLines(lines) }),
});
