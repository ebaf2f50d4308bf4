import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandRow } from '../../../db/payment/commands.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { aDeposit, openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Answer = {
  payment: AccountPaymentView;
  sale: SaleView & { credits: object[] };
  return: ReturnView;
  credits: object[];
  gift: { giftId: string; toReference: string };
};
const post = async (path: string, body: object): Promise<Answer> => {
  const reply = await shop.post<Answer>(path, body);
  expect([200, 201], JSON.stringify(reply.body)).toContain(reply.status);
  return reply.body;
};
const issue = async (more: object) => (await post('/account-payments', { ...aDeposit, ...more })).payment;
const read = async (reference: string) => (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const bike = { type: 'product_specific', productId: 'bike' };

test.each([
  [{ purpose: 'deposit' }, { funding: 'paid', tender: 'other', taxPoint: 'redemption' }],
  [
    { purpose: 'deposit', ...bike },
    { funding: 'paid', tender: 'other', taxPoint: 'issue' },
  ],
  [{ purpose: 'deposit', ...bike, taxPoint: 'redemption' }, { taxPoint: 'redemption' }],
  [
    { purpose: 'prepayment', tender: 'card' },
    { funding: 'paid', tender: 'card', taxPoint: 'redemption' },
  ],
  [{ purpose: 'store_credit' }, { funding: 'return', tender: null, receiptId: null, taxPoint: 'redemption' }],
  [
    { purpose: 'store_credit', receiptId: 'R-77' },
    { funding: 'return', receiptId: 'R-77', saleId: null },
  ],
  [
    { purpose: 'gift', funding: 'goodwill', taxCode: 'DE19' },
    { funding: 'goodwill', tender: null, taxCode: 'DE19' },
  ],
])('an issue of %j is %j, to its actor and in the books', async (said, facts) => {
  const { reference } = await issue(said);
  expect(await read(reference)).toMatchObject({ ...facts, source: 'actor', shopId: shop.shopId });
  const { body } = await shop.get<{ items: AccountPaymentView[] }>(`/account-payments?q=${reference}`);
  expect(body.items).toMatchObject([facts]);
});

test('a gift, and what replaces it, know how the money first came, and keep purpose, tax point and tax code', async () => {
  const { reference } = await issue({ ...bike, tender: 'cash', taxCode: 'DE19', amountMinor: 100 });
  const give = { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 60, currency: 'EUR' };
  const { gift } = await post('/gifts', give);
  const inherited = { purpose: 'deposit', taxPoint: 'issue', taxCode: 'DE19', sourceFunding: 'paid', tender: null };
  const given = await read(gift.toReference);
  expect(given).toMatchObject({
    ...inherited,
    funding: 'gift',
    giftId: gift.giftId,
    givenFrom: reference,
    origin: null,
  });

  const saleId = randomUUID();
  const lines = [{ productId: 'bike', amountMinor: 60, taxCode: 'DE7' }];
  const spend = { customerId: 'C-2', amountMinor: 60, currency: 'EUR', saleId, lines };
  await post(`/account-payments/${gift.toReference}/apply`, spend);
  await post(`/account-payments/${gift.toReference}/refund`, { ...spend, amountMinor: 1, lines: undefined });
  await post(`/account-payments/${gift.toReference}/expire`, { reason: 'agreed' });
  const back = await post(`/sales/${saleId}/return`, { currency: 'EUR', reason: 'too small' });
  const replacement = await read(back.return.returned[0]?.replacement ?? '');
  expect(replacement).toMatchObject({
    ...inherited,
    funding: 'replacement',
    origin: 'return',
    replaces: gift.toReference,
    amountMinor: 59,
    saleId,
    saleShopId: shop.shopId,
    giftId: null,
    receiptId: null,
  });
  const details = await until(async () => {
    const [row] = await shop.sql<CommandRow[]>`
      select details from commands where reference = ${gift.toReference} and kind = 'apply'`;
    return row?.details;
  });
  expect(details).toMatchObject({ lines });
});

test('every step of a sale, a return and a gift says whose step it is', async () => {
  const [a, b] = [await issue({ amountMinor: 100 }), await issue({ amountMinor: 100 })].map((each) => each.reference);
  const saleId = randomUUID();
  const payments = [a, b].map((reference) => ({ reference, amountMinor: 50 }));
  const lines = [{ productId: 'bike', amountMinor: 100 }];
  await post(`/sales/${saleId}/settle`, { customerId: 'C-1', currency: 'EUR', lines, payments });
  const { return: back } = await post(`/sales/${saleId}/return`, { currency: 'EUR', amountMinor: 70 });
  const steps = await until(async () => {
    const rows = await shop.sql<(CommandRow & { reference: string; runId: string })[]>`
      select reference, kind, parent_kind, parent_command_id, run_id, recorded_at from commands
       where parent_id = ${`${shop.shopId}/${saleId}`} order by kind, reference`;
    return rows.length === 6 && rows;
  });
  expect(steps.map(({ kind }) => kind)).toEqual(['capture', 'capture', 'hold', 'hold', 'refund', 'refund']);
  const refunds = steps.filter(({ kind }) => kind === 'refund');
  expect(refunds.map(({ parentCommandId }) => parentCommandId)).toEqual([back.returnId, back.returnId]);
  for (const { parentKind, runId } of steps) {
    expect(parentKind).toBe('sale');
    expect(runId).toMatch(/^[0-9a-f-]{36}$/);
  }
  const { body } = await shop.get<{ items: CommandRow[] }>(`/account-payments/${a}/commands?kind=capture`);
  expect(body.items).toMatchObject([{ parentKind: 'sale', parentId: `${shop.shopId}/${saleId}`, saleId }]);
});

test('every step of a gift says whose step it is', async () => {
  const { reference } = await issue({ amountMinor: 100 });
  const given = { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 30, currency: 'EUR' };
  const { gift } = await post('/gifts', given);
  const steps = await until(async () => {
    const rows = await shop.sql<{ kind: string }[]>`
      select kind from commands where parent_kind = 'gift' and parent_id = ${gift.giftId} order by kind`;
    return rows.length === 4 && rows;
  });
  expect(steps.map(({ kind }) => kind)).toEqual(['capture', 'hold', 'issue', 'thaw']);
});

test('a sale and the preview of its return name the credit that was issued for its receipt, which is in no sum', async () => {
  const { reference } = await issue({ amountMinor: 100 });
  const saleId = randomUUID();
  const lines = [{ productId: 'bike', amountMinor: 100 }];
  const payments = [{ reference, amountMinor: 40 }];
  await post(`/sales/${saleId}/settle`, { customerId: 'C-1', currency: 'EUR', lines, payments });
  const credit = await issue({ purpose: 'store_credit', receiptId: saleId, amountMinor: 30 });
  const named = [{ reference: credit.reference, amountMinor: 30 }];
  const { body } = await shop.get<Answer>(`/sales/${saleId}`);
  expect(body.sale).toMatchObject({ takenMinor: 40, givenBackMinor: 0, credits: named });
  const preview = await post(`/sales/${saleId}/return`, { currency: 'EUR', preview: true });
  expect(preview).toMatchObject({ credits: named, return: { amountMinor: 40 } });
  expect(await post(`/sales/${saleId}/return`, { currency: 'EUR' })).toMatchObject({ return: { amountMinor: 40 } });
});

test('the books refuse facts that do not belong together, and none changes', async () => {
  const { reference } = await issue({ tender: 'cash' });
  for (const change of [
    shop.sql`update account_payments set funding = 'goodwill', revision = 9 where reference = ${reference}`,
    shop.sql`update account_payments set tender = 'card', revision = 9 where reference = ${reference}`,
    shop.sql`update account_payments set tax_point = 'issue', revision = 9 where reference = ${reference}`,
    shop.sql`update account_payments set shop_id = 'main', revision = 9 where reference = ${reference}`,
  ])
    await expect(change).rejects.toThrow(/does not change|check constraint/);
});
