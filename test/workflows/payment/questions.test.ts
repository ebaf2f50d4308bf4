import { afterAll, beforeAll, expect, test } from 'vitest';
import { askActor } from '../../../activities/askActor.js';
import { paymentQuestion } from '../../../workflows/payment/asking.js';
import { openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR' };
const historyOf = async (reference: string) =>
  (await shop.client.workflow.getHandle(reference).fetchHistory()).events ?? [];

/** As a till does it: asked again until somebody decides. */
const apply = (reference: string, saleId: string) =>
  until(async () => {
    const path = `/account-payments/${reference}/apply`;
    const { status } = await shop.post(path, { ...spending, saleId }, { idempotencyKey: saleId });
    return status === 200;
  });

test('what is asked of a payment leaves nothing in its history', async () => {
  const { actors } = shop.parts;
  const { reference } = await shop.issue({ amountMinor: 100 });
  await apply(reference, 'S-1');
  // The last event at rest is the end of the task that the record's return brought.
  const before = await until(async () => {
    const { raw } = await shop.client.workflow.getHandle(reference).describe();
    if (raw.pendingWorkflowTask || (raw.pendingActivities ?? []).length > 0) return undefined;
    return (await historyOf(reference)).length;
  });
  const told = await Promise.all([
    until(() => actors.payment(reference)),
    until(() => actors.payment(reference)),
    until(() => actors.remembered(reference, 'nobody sent this')),
    until(() => actors.saleFigure(reference, { saleShopId: shop.shopId, saleId: 'S-1' })),
    until(() => askActor(shop.client, reference, paymentQuestion)),
  ]);
  expect(told).toMatchObject([
    { balanceMinor: 99 },
    { balanceMinor: 99 },
    { outcome: 'unknown' },
    { takenMinor: 1 },
    { balanceMinor: 99 },
  ]);
  expect((await historyOf(reference)).length).toBe(before);
});
