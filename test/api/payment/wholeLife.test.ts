import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MovementRow, UsageRow } from '../../../db/payment/movements.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** Issued, spent, refused, refunded and used up, before it expires. */
async function spentUp({ expiresAt }: { expiresAt: string }) {
  const { reference } = await shop.issue({ expiresAt, notes: 'for the blue bike' });
  const at = `/account-payments/${reference}`;
  const apply = (amountMinor: number, saleId: string) =>
    shop.post(`${at}/apply`, { customerId: 'C-1', amountMinor, currency: 'EUR', saleId }, { key: shop.keys.till });

  const spent = await apply(2_500, 'S-1');
  expect(spent).toMatchObject({
    status: 200,
    body: {
      usage: {
        kind: 'apply',
        amountMinor: 2_500,
        balanceBeforeMinor: 10_000,
        balanceAfterMinor: 7_500,
        saleId: 'S-1',
        caller: 'till-1',
      },
      payment: { balanceMinor: 7_500, availableMinor: 7_500, status: 'active' },
      recorded: true,
    },
  });
  expect(await apply(7_501, 'S-2')).toMatchObject({
    status: 409,
    body: { code: 'insufficient_balance', payment: { availableMinor: 7_500 } },
  });
  expect(await apply(7_500, 'S-2')).toMatchObject({
    status: 200,
    body: { payment: { balanceMinor: 0, status: 'used' } },
  });
  expect(await apply(1, 'S-3')).toMatchObject({ status: 409, body: { code: 'payment_used' } });

  const refund = await shop.post(`${at}/refund`, {
    customerId: 'C-1',
    amountMinor: 500,
    currency: 'EUR',
    saleId: 'S-1',
    reason: 'too small',
    staffId: 'anna',
  });
  expect(refund).toMatchObject({
    status: 200,
    body: {
      usage: { kind: 'refund', amountMinor: -500, staffId: 'anna' },
      payment: { balanceMinor: 500, status: 'active' },
    },
  });
  return { at, apply };
}

test('one payment lives its whole life: issued, spent, refused, refunded, used up, given back, expired', async () => {
  const { at, apply } = await beforeItEnds(spentUp);

  const ended = await until(async () => {
    const { body } = await shop.get<{ source: string }>(at);
    return body.source === 'records' && body;
  });
  expect(ended).toMatchObject({
    status: 'expired',
    balanceMinor: 0,
    endedBalanceMinor: 500,
    notes: 'for the blue bike',
  });
  expect(await apply(1, 'S-4')).toMatchObject({ status: 409, body: { code: 'payment_expired' } });

  const { body: movements } = await shop.get<{ items: MovementRow[] }>(`${at}/movements`);
  expect(movements.items.map((each) => [each.kind, each.amountMinor, each.balanceAfterMinor])).toEqual([
    ['issued', 10_000, 10_000],
    ['applied', -2_500, 7_500],
    ['applied', -7_500, 0],
    ['refunded', 500, 500],
    ['expired', -500, 0],
  ]);
  const { body: usages } = await shop.get<{ items: UsageRow[] }>(`${at}/usages`);
  expect(usages.items.map((each) => [each.kind, each.amountMinor])).toEqual([
    ['apply', 2_500],
    ['apply', 7_500],
    ['refund', -500],
  ]);
});
