import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findShop } from '../../db/shops.js';
import type { Shop as ShopOfOurs } from '../../domain/shop.js';
import type { Role } from '../../domain/roles.js';
import { sha256 } from '../../domain/sha256.js';
import type { Asking } from '../../service/asking.js';
import { give } from '../../service/gift/give.js';
import { commandPayment } from '../../service/payment/command.js';
import { issuePayment } from '../../service/payment/issue.js';
import { readCommand } from '../../service/payment/readCommand.js';
import { readPayment } from '../../service/payment/read.js';
import { commandSale } from '../../service/sale/command.js';
import { readSale } from '../../service/sale/read.js';
import { openShop, type Shop } from '../support/shop.js';

/** What a page calls: the shop itself, where no request of HTTP is. */

let shop: Shop;
let ours: ShopOfOurs;
beforeAll(async () => {
  shop = await openShop();
  ours = (await findShop(shop.sql, shop.shopId)) as ShopOfOurs;
});
afterAll(() => shop.close());

const asking = (role: Role = 'manager', requestId = randomUUID()): Asking => ({
  who: { caller: `${role}-at-a-page`, role, shop: ours, staffId: 'anna' },
  requestId,
  requestHash: sha256(requestId).slice(0, 22),
  async: 'answer',
  waitMs: 2_000,
});

const sale = (saleId: string) => ({ saleShopId: shop.shopId, saleId });

const wanted = {
  customerId: 'C-1',
  scope: { type: 'generic' },
  purpose: 'deposit',
  amountMinor: 10_000,
  currency: 'EUR',
  validThrough: '2030-12-31',
} as const;

async function issued(): Promise<string> {
  const result = await issuePayment(shop.parts, asking(), wanted);
  if (result.outcome !== 'issued') throw new Error(result.code);
  return result.payment.reference;
}

test('issues once, spends, reads back and tells what became of a command', async () => {
  const request = asking();
  const first = await issuePayment(shop.parts, request, wanted);
  const again = await issuePayment(shop.parts, request, wanted);
  expect(first).toMatchObject({ outcome: 'issued', delivery: 'first', recorded: true });
  expect(again).toMatchObject({ outcome: 'issued', delivery: 'replayed' });
  if (first.outcome !== 'issued') throw new Error(first.code);
  const { reference, validThrough, createdBy } = first.payment;
  expect({ validThrough, createdBy }).toEqual({
    validThrough: '2030-12-31',
    createdBy: { caller: 'manager-at-a-page', staffId: 'anna' },
  });

  const spending = asking('till');
  const apply = { kind: 'apply', customerId: 'C-1', amountMinor: 2_500, currency: 'EUR', ...sale('WH-1') } as const;
  const typed = reference.toLowerCase().replaceAll('-', ' ');
  expect(await commandPayment(shop.parts, spending, typed, apply)).toMatchObject({
    outcome: 'accepted',
    recorded: true,
    movement: { amountMinor: -2_500 },
    payment: { balanceMinor: 7_500 },
  });
  expect(await readPayment(shop.parts, typed, ours)).toMatchObject({ balanceMinor: 7_500, source: 'actor' });
  expect(await readCommand(shop.parts, reference, spending.requestId)).toMatchObject({ outcome: 'accepted' });
  expect(await readPayment(shop.parts, 'ACC-20200101-00000000', ours)).toBe('payment_not_found');
});

test('tells a refusal with what would have fitted, and nothing of it to whoever names another customer', async () => {
  const reference = await issued();
  const apply = { kind: 'apply', customerId: 'C-1', amountMinor: 10_001, currency: 'EUR', ...sale('WH-2') } as const;
  expect(await commandPayment(shop.parts, asking(), reference, apply)).toMatchObject({
    outcome: 'refused',
    code: 'insufficient_balance',
    shown: { availableMinor: 10_000, payment: { reference, validThrough: '2030-12-31' } },
  });
  const strangers = await commandPayment(shop.parts, asking(), reference, { ...apply, customerId: 'C-2' });
  expect(strangers).toEqual({ outcome: 'unanswered', code: 'payment_not_found' });
  expect(await commandPayment(shop.parts, asking(), 'ACC-20200101-00000000', apply)).toEqual(strangers);
  expect(await shop.metrics.registry.metrics()).toContain('refusals_total{code="insufficient_balance"} 1');
});

test('lets nobody but an admin thaw what the books froze', async () => {
  const thaw = { kind: 'thaw', cause: 'conflict', reason: 'looked at it' } as const;
  const reference = await issued();
  expect(await commandPayment(shop.parts, asking('manager'), reference, thaw)).toEqual({ outcome: 'forbidden' });
  const admins = await commandPayment(shop.parts, asking('admin'), reference, thaw);
  expect(admins).toMatchObject({ outcome: 'refused', code: 'not_frozen' });
});

test('settles a sale and reads it, and gives to another customer', async () => {
  const reference = await issued();
  const settle = {
    kind: 'settle',
    customerId: 'C-1',
    currency: 'EUR',
    lines: [{ productId: 'BIKE-7', amountMinor: 4_000 }],
    payments: [{ reference, amountMinor: 4_000 }],
    lifetimeMs: 600_000,
  } as const;
  const settled = await commandSale(shop.parts, asking('till'), sale('WH-3'), settle);
  expect(settled).toMatchObject({ outcome: 'accepted', sale: { status: 'completed', takenMinor: 4_000 } });
  expect(await readSale(shop.parts, sale('WH-3'))).toMatchObject({ saleId: 'WH-3', takenMinor: 4_000 });
  const again = await commandSale(shop.parts, asking('till'), sale('WH-3'), { ...settle, customerId: 'C-2' });
  expect(again).toMatchObject({ outcome: 'refused', code: 'sale_exists' });
  expect(again).not.toHaveProperty('shown.sale');

  const gift = { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 1_000, currency: 'EUR' };
  const given = await give(shop.parts, asking(), { ...gift, message: 'Happy birthday!' });
  expect(given).toMatchObject({ outcome: 'given', recorded: true, gift: { status: 'completed' } });
  const tooMuch = await give(shop.parts, asking(), { ...gift, amountMinor: 9_000 });
  expect(tooMuch).toMatchObject({
    outcome: 'refused',
    code: 'insufficient_balance',
    shown: { payment: { reference } },
  });
});
