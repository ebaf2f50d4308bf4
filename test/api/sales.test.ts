import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.js';
let shop: Shop;
beforeAll(async () => { shop = await openShop(); });
afterAll(() => shop.close());
test('scratch', async () => {
  const refs = [];
  for (let i = 0; i < 3; i++) refs.push((await shop.issue({ customerId: 'Q' })).reference);
  const lines = [{ productId: 'bike', amountMinor: 1000 }];
  console.log(JSON.stringify((await shop.post('/sales/S-0/quote', { customerId: 'Q', currency: 'EUR', lines })).body));
  for (let n = 0; n < 12; n++) {
    const t = performance.now();
    const r = await shop.post(`/sales/S-${n}/settle`, { customerId: 'Q', currency: 'EUR', lines, payments: refs.map((reference) => ({ reference, amountMinor: 100 })) }, { headers: n % 2 ? {Prefer: 'wait=0'} : {} });
    console.log(n, Math.round(performance.now() - t), r.status, n === 0 ? JSON.stringify(r.body) : '');
  }
  const ret = await shop.post('/sales/S-1/refund', { currency: 'EUR', amountMinor: 150 });
  console.log(JSON.stringify(ret.body));
  console.log((await shop.client.workflow.getHandle('sale/S-3').describe()).historyLength);
  expect(1).toBe(1);
});
