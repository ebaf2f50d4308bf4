import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

const lines = [{ productId: 'bike', amountMinor: 500 }];

test('a sale is there for its own customer alone, whatever is asked of it', async () => {
  const { reference } = await shop.issue();
  const { till: key } = shop.keys;
  const basket = { customerId: 'C-1', currency: 'EUR', lines, payments: [{ reference, amountMinor: 500 }] };
  const held = await shop.post<{ hold: { holdId: string } }>('/sales/W-held/hold', basket, { key });
  await shop.post('/sales/W-taken/settle', basket, { key });
  const { holdId } = held.body.hold;
  const asked: [path: string, body: object][] = [
    ['/sales/W-held/release', { holdId }],
    ['/sales/W-held/capture', { holdId }],
    ['/sales/W-taken/return', { currency: 'EUR', preview: true }],
    ['/sales/W-taken/return', { currency: 'EUR' }],
  ];
  for (const [path, body] of asked) {
    const stranger = await shop.post(path, { customerId: 'C-2', ...body }, { key });
    const nowhere = await shop.post(path.replace('W-', 'W-no-'), { customerId: 'C-2', ...body }, { key });
    expect(stranger, path).toMatchObject({ status: 404, body: { code: 'sale_not_found' } });
    expect(stranger.body, 'no word more than of a sale that is not there').toEqual(nowhere.body);
  }
  for (const [path, body] of asked.slice(1))
    expect(await shop.post(path, { customerId: 'C-1', ...body }, { key }), path).toMatchObject({ status: 200 });
});

test.each(['capture', 'release', 'return'])(
  'a till that does %s without naming the customer is malformed',
  async (verb) => {
    const { reference } = await shop.issue();
    const { till, manager } = shop.keys;
    const saleId = `W-${verb}`;
    const basket = { customerId: 'C-1', currency: 'EUR', lines, payments: [{ reference, amountMinor: 500 }] };
    const held = await shop.post<{ hold?: { holdId: string } }>(
      `/sales/${saleId}/${verb === 'return' ? 'settle' : 'hold'}`,
      basket,
      { key: till },
    );
    const body = verb === 'return' ? { currency: 'EUR' } : { holdId: held.body.hold?.holdId };
    const idempotencyKey = randomUUID();
    expect(await shop.post(`/sales/${saleId}/${verb}`, body, { key: till, idempotencyKey })).toMatchObject({
      status: 400,
      body: { code: 'missing_field', errors: [{ code: 'missing_field', pointer: '#/customerId' }] },
    });
    const named = { customerId: 'C-1', ...body };
    expect(
      await shop.post(`/sales/${saleId}/${verb}`, named, { key: till, idempotencyKey }),
      'left no row',
    ).toMatchObject({
      status: 200,
    });
    const other = await shop.post(`/sales/${saleId}/${verb}`, body, { key: manager });
    expect(other.body, 'a manager may do without').not.toMatchObject({ code: 'missing_field' });
  },
);
