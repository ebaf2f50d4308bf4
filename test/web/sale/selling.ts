import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { SaleView } from '../../../domain/sale/sale.js';
import type { Seen } from '../../support/pages.js';
import { until, type Shop } from '../../support/shop.js';

export type Share = readonly [reference: string, amountMinor: number];
export type SoldLines = readonly { readonly productId: string; readonly amountMinor: number }[];

export const bikeAndLock: SoldLines = [
  { productId: 'bike', amountMinor: 3_000 },
  { productId: 'lock', amountMinor: 2_000 },
];

/** Sells, as tills do: settled at once, or held. */
export async function sell(
  shop: Shop,
  verb: 'settle' | 'hold',
  shares: readonly Share[],
  { saleId = `S-${randomUUID()}`, lines = bikeAndLock, more = {} }: Selling = {},
): Promise<SaleView> {
  const payments = shares.map(([reference, amountMinor]) => ({ reference, amountMinor }));
  const body = { customerId: 'C-1', currency: 'EUR', lines, payments, ...more };
  const path = `/sales/${encodeURIComponent(saleId)}/${verb}`;
  const options = { key: shop.keys.till, idempotencyKey: randomUUID() };
  // Asked again under its key where a busy machine gave no answer in time.
  const reply = await until(async () => {
    const answer = await shop.post<{ sale: SaleView }>(path, body, options);
    return answer.status < 500 && answer;
  });
  expect(reply.status).toBe(200);
  // Its lines are the books' to tell.
  await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length > 0);
  return reply.body.sale;
}

type Selling = { readonly saleId?: string; readonly lines?: SoldLines; readonly more?: object };

/** All that a form sends as it is shown, with what somebody types into it. */
export function filled({ root }: Seen, typed: Record<string, string> = {}): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const input of root.querySelectorAll('main form input, main form textarea')) {
    const { name, type, value = input.textContent } = input.attributes;
    const isChosen = type !== 'radio' || input.hasAttribute('checked');
    if (name !== undefined && isChosen) shown[name] = value;
  }
  return { ...shown, ...typed };
}
