import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORM_KEY } from '../../web/http/form.js';
import { addPerson, enter } from '../support/desk.js';
import { addShop, openShop, type Shop } from '../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

test('a form that is sent again from another shop, after another sign-in, is not done a second time', async () => {
  const other = await addShop(shop.sql);
  const password = await addPerson(shop.desk, 'both', { staffRole: 'manager', shopIds: [shop.shopId, other] });
  const form = {
    [FORM_KEY]: randomUUID(),
    step: 'issue',
    customer: 'new',
    newName: 'Ada',
    type: 'generic',
    purpose: 'deposit',
    money: 'cash',
    amount: '10',
    currency: 'EUR',
  };
  const send = async (shopId: string) => {
    const cookie = (await enter(shop.desk, 'both', password, shopId)).get('cookie') ?? '';
    const headers = {
      Cookie: cookie,
      Origin: 'http://localhost',
      'Content-Type': 'application/x-www-form-urlencoded',
      'Accept-Language': 'en',
    };
    const body = new URLSearchParams(form).toString();
    return shop.app.request('/account-payments/new', { method: 'POST', headers, body });
  };
  expect((await send(shop.shopId)).status).toBe(303);
  expect((await send(other)).status).toBe(422);
  const again = await send(shop.shopId);
  expect([again.status, again.headers.get('Location')?.endsWith('done=before')]).toEqual([303, true]);
  const rows = await shop.sql`select reference from issue_reservations`;
  expect(rows).toHaveLength(1);
});
