import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestGift } from '../../db/gift/gifts.js';
import { giftWorkflowId, type Gift, type GiftOutcome } from '../../domain/gift/gift.js';
import { startOfGift } from '../../workflows/gift/start.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { openShop, type Shop } from '../support/shop.js';

/** Somebody who reaches Temporal's port starts gifts by hand, past the API that asks the books first. */

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

const anAsked = async (): Promise<Gift> => {
  const { reference, currency } = await shop.issue();
  const [by, customers] = [
    { caller: 'operator', shopId: shop.shopId },
    { customerId: 'C-1', toCustomerId: 'C-2' },
  ];
  return { giftId: randomUUID(), by, reference, ...customers, amountMinor: 1_000, currency };
};
const writeDown = (gift: Gift) =>
  requestGift(shop.sql, { ...gift, message: null, bodyHash: 'asked', requestedAt: new Date().toISOString() });
const started = (gift: Gift, workflowId = giftWorkflowId(gift.giftId)) =>
  shop.client.workflow.execute<(gift: Gift) => Promise<GiftOutcome>>('gift', {
    ...startOfGift(gift),
    taskQueue: shop.taskQueue,
    workflowId,
  });
const reservedFrom = async (reference: string) =>
  shop.sql`select from issue_reservations where issue -> 'funding' ->> 'givenFrom' = ${reference}`;

type HandMade = { readonly asked?: Partial<Gift>; readonly written: 'as it is' | 'not at all'; readonly id?: string };
const handMade: [what: string, how: HandMade][] = [
  ['that nobody asked for', { written: 'not at all' }],
  ['of more than was asked for', { written: 'as it is', asked: { amountMinor: 9_999 } }],
  ['to somebody else than was asked for', { written: 'as it is', asked: { toCustomerId: 'C-3' } }],
  ["in a workflow that is not the gift's", { written: 'as it is', id: `gift/${randomUUID()}` }],
];

test.each(handMade)('a gift by hand %s is refused, and leaves the money where it was', async (_, how) => {
  const gift = await anAsked();
  if (how.written === 'as it is') await writeDown(gift);
  const outcome = await started({ ...gift, ...how.asked }, how.id);
  expect(outcome).toEqual({ outcome: 'refused', code: 'books_differ' });
  expect(await reservedFrom(gift.reference)).toHaveLength(0);
  // What it came to is written into no gift but its own.
  const [row] = await shop.sql<{ status: string }[]>`select status from gifts where gift_id = ${gift.giftId}`;
  if (how.id !== undefined) expect(row).toEqual({ status: 'pending' });
  const { body } = await shop.get<AccountPaymentView>(`/account-payments/${gift.reference}`);
  expect(body).toMatchObject({ balanceMinor: 10_000, heldMinor: 0, availableMinor: 10_000 });
});

test('the gift that was asked for is given, whoever starts its workflow', async () => {
  const gift = await anAsked();
  await writeDown(gift);
  expect(await started(gift)).toMatchObject({ outcome: 'completed' });
  expect(await reservedFrom(gift.reference)).toHaveLength(1);
});
