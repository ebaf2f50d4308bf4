import { afterAll, beforeAll, expect, test } from 'vitest';
import { putCustomer } from '../../../db/customer/customers.js';
import { ActorsUnavailable } from '../../../service/temporal.js';
import { createPages } from '../../../web/createPages.js';
import { openPages } from '../../support/pages.js';
import { openShop, until, type Shop } from '../../support/shop.js';
import { filled, sell } from './selling.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  await shop.sql`update shops set till_issue_limit_minor = 700 where shop_id = ${shop.shopId}`;
  await putCustomer(shop.sql, 'C-1', 'Ada Lovelace');
});
afterAll(() => shop.close());

const as = 'cashier' as const;
const path = (saleId: string) => `/sales/${saleId}/return?shop=${shop.shopId}`;
/** The lock comes back, for what was paid by card first. */
const lock = { extent: 'lines', 'line-1': '20', order: 'otherFirst', other: 'credit', reason: 'too small' };

/** A sale of 50.00, part of which was paid by card. */
async function soldWith(byCardMinor: number): Promise<string> {
  const { reference } = await shop.issue({ amountMinor: 5_000 - byCardMinor });
  return (await sell(shop, 'settle', [[reference, 5_000 - byCardMinor]])).saleId;
}

const creditsOf = (saleId: string) => shop.sql<{ reference: string; amountMinor: number }[]>`
  select reference, amount_minor, customer_id, purpose, funding, type, expires_at from account_payments
   where receipt_id = ${saleId}`;
const backOf = async (saleId: string) => {
  const [row] = await shop.sql<{ back: number }[]>`
    select coalesce(sum(amount_minor), 0)::bigint as back from movements where sale_id = ${saleId} and kind = 'refunded'`;
  return row?.back;
};

test('what was paid by card becomes store credit in the same step, once however often it is sent', async () => {
  const saleId = await soldWith(500);
  const preview = await pages.post(path(saleId), filled(await pages.get(path(saleId), { as }), lock), { as });
  expect(preview.text).toContain('Becomes store credit €5.00');
  expect(preview.text).toContain('A new account payment for Ada Lovelace');
  expect(preview.root.querySelector('fieldset.signature')).toBeNull();
  expect(preview.root.querySelector('button[value=confirm]')?.text.trim()).toBe(
    'Give back €15.00, and €5.00 as store credit',
  );
  expect(await creditsOf(saleId)).toEqual([]);

  const confirmed = filled(preview, { step: 'confirm' });
  const [done, again] = [await pages.post(path(saleId), confirmed, { as }), await pages.post(path(saleId), confirmed)];
  expect(done.status, done.text).toBe(303);
  expect(again.location?.replace('before', 'yes')).toBe(done.location?.replace('=no', '=yes'));
  const credits = await until(async () => {
    const rows = await creditsOf(saleId);
    return rows.length > 0 && rows;
  });
  const credit = { customerId: 'C-1', purpose: 'store_credit', funding: 'return', type: 'generic', expiresAt: null };
  expect(credits).toMatchObject([{ amountMinor: 500, ...credit }]);
  await until(async () => (await backOf(saleId)) === 1_500);
  const page = await pages.get(done.location ?? '', { as });
  expect(page.text).toContain(`The store credit is issued: ${credits[0]?.reference}`);
  const slip = `/account-payments/${credits[0]?.reference}/slip`;
  expect(page.root.querySelector(`a[href="${slip}"]`)).not.toBeNull();
});

test('more than a till may issue is signed by a manager, before anything comes back', async () => {
  const saleId = await soldWith(1_500);
  const preview = await pages.post(path(saleId), filled(await pages.get(path(saleId), { as }), lock), { as });
  expect(preview.text).toContain('This is more store credit than a till may issue');
  const unsigned = await pages.post(path(saleId), filled(preview, { step: 'confirm' }), { as });
  expect(unsigned.status).toBe(403);
  expect(unsigned.text).toContain('That is more than a cashier of this shop may take at once.');
  expect(await backOf(saleId)).toBe(0);
  const signed = { ...filled(unsigned, { step: 'confirm' }), ...(await pages.signature()) };
  expect((await pages.post(path(saleId), signed, { as })).location).toContain('credit=ACC-');
  await until(async () => (await creditsOf(saleId)).length === 1 && (await backOf(saleId)) === 500);
});

test('what is cut off between the return and its credit is finished by the same form', async () => {
  const saleId = await soldWith(500);
  const actors = { ...shop.actors, start: () => Promise.reject(new ActorsUnavailable('away')) };
  const parts = { ...shop.parts, actors, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined };
  const away = openPages({ ...shop, app: createPages(parts) });
  const preview = await away.post(path(saleId), filled(await away.get(path(saleId), { as }), lock), { as });
  const cutOff = await away.post(path(saleId), filled(preview, { step: 'confirm' }), { as });
  expect(cutOff.status).toBe(503);
  expect(cutOff.text).toContain('No answer came in time, so it may have been done.');
  await until(async () => (await backOf(saleId)) === 1_500);
  const done = await pages.post(path(saleId), filled(cutOff, { step: 'confirm' }), { as });
  expect(done.location).toContain('credit=ACC-');
  await until(async () => (await creditsOf(saleId)).length > 0);
  expect((await creditsOf(saleId)).map(({ amountMinor }) => amountMinor)).toEqual([500]);
  expect(await backOf(saleId)).toBe(1_500);
});
