import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { payment } from '../../db/finance/books.js';
import { openPages } from '../../support/pages.js';
import { addShop, openShop, type Shop } from '../../support/shop.js';

/** Reports › Closed months, as finance and as an admin. */

let shop: Shop;
let pages: ReturnType<typeof openPages>;
const legalEntity = `Pages Ltd ${randomUUID().slice(0, 8)}`;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  const shopId = await addShop(shop.sql, { legalEntity });
  const by = { by: { caller: 'till-1', shopId } };
  await payment(shop.sql, '2026-10-10T10:00:00Z', { ...by, funding: { kind: 'paid', tender: 'cash' } }).record();
});
afterAll(() => shop.close());

const send = (path: string, values: Record<string, string>, as: 'finance' | 'admin' | 'cashier' = 'finance') =>
  pages.post(path, { legalEntity, month: '2026-10', formKey: randomUUID(), ...values }, { as });

test('finance closes a month, and only an admin opens it again, with a reason', async () => {
  expect((await pages.get('/reports', { as: 'finance' })).root.querySelector('a[href="/closes"]')).not.toBeNull();
  expect((await send('/closes', {}, 'cashier')).status).toBe(403);
  expect((await send('/closes', { month: 'October' })).status).toBe(422);
  const early = await send('/closes', { month: '2099-01' });
  expect([early.status, early.text]).toEqual([422, expect.stringContaining('once it is over in every shop')]);
  const sent = await send('/closes', {});
  expect(sent.location).toBe('/closes?done=close');
  const closed = await pages.get(sent.location ?? '', { as: 'finance' });
  expect(closed.text).toContain('The month is closed.');
  expect(closed.text).toContain(`${legalEntity}: closed`);
  expect(closed.text).toMatch(/Close number 23, with the head/);
  expect(closed.root.querySelector('form[action="/closes/reopen"]')).toBeNull();

  expect((await send('/closes/reopen', { reason: 'x' })).status).toBe(403);
  expect((await send('/closes/reopen', {}, 'admin')).status).toBe(422);
  expect((await send('/closes/reopen', { reason: 'a till had been away' }, 'admin')).status).toBe(303);
  await send('/closes', {});
  const { text } = await pages.get('/closes', { as: 'finance' });
  expect(text).toContain('a till had been away');
  expect(text).toContain(`${legalEntity}: closed again`);
  expect(text).toContain(`${legalEntity}: opened again`);
});
