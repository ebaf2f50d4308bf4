import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disconnect } from '../../../db/connect.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { ActorsUnavailable, OutcomeUnknown } from '../../../service/temporal.js';
import { createPages } from '../../../web/createPages.js';
import type { PageParts } from '../../../web/http/parts.js';
import { openNowhere } from '../../support/nowhere.js';
import { openPages } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';
import { errorsOf, fieldsOf, leftOf, openTill } from './tillPage.js';

let shop: Shop;
/** Nobody listens there. */
const nowhere = openNowhere();
beforeAll(async () => {
  shop = await openShop();
});
afterAll(async () => {
  await disconnect(nowhere);
  await shop.close();
});

/** The till of this shop where something of it is away. */
function tillWhere(away: Partial<PageParts>) {
  const parts = { ...shop.parts, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined, ...away };
  return openTill(openPages({ ...shop, app: createPages(parts) }));
}

const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;

test('without the books a payment is used by its reference and an amount typed by hand', async () => {
  const { reference, customerId } = await shop.issue({ customerId: `C-${randomUUID()}`, amountMinor: 10_000 });
  const till = tillWhere({ sql: nowhere, listSql: nowhere, quoteSql: nowhere });
  const start = await till.next(await till.open(), 'update', { customer: reference });
  expect(start.text).toContain('The books cannot be reached, so amounts are not proposed.');
  expect(fieldsOf(start)).toMatchObject({ customerId: [customerId] });
  const basket = await till.next(start, 'update', { product: 'A', amount: '30' });
  const ready = await till.next(basket, 'update', { reference, referenceAmount: '25' });
  expect(fieldsOf(ready)).toMatchObject({ line: ['3000 A'], [`use-${reference}`]: ['25.00'] });
  expect(leftOf(ready)).toBe('€5.00');
  const held = await till.next(ready, 'hold');
  expect(await payment(reference)).toMatchObject({ heldMinor: 2_500 });
  const slip = await till.next(held, 'complete');
  expect(slip.text).toContain(`${reference} valid without end €25.00 €75.00`);
  expect(await payment(reference)).toMatchObject({ balanceMinor: 7_500 });
});

test('a sale that went through while nobody could be asked who sold it is told again, not refused', async () => {
  const { reference, customerId } = await shop.issue({ customerId: `C-${randomUUID()}`, amountMinor: 10_000 });
  const there = tillWhere({});
  const seen = await there.open(`?customerId=${customerId}&line=3000+A`);
  const sent = { [`use-${reference}`]: '30', staffId: 'nobody' };
  const first = await tillWhere({ sql: nowhere, listSql: nowhere, quoteSql: nowhere }).next(seen, 'complete', sent);
  expect(await payment(reference)).toMatchObject({ balanceMinor: 7_000 });
  const again = await there.next(seen, 'complete', sent);
  expect(again.text).toContain(reference);
  expect(first.status).toBe(200);
  expect(await payment(reference)).toMatchObject({ balanceMinor: 7_000, revision: 2 });
  // Of a sale that nobody has sent before, the name is refused as ever.
  const other = await there.open(`?customerId=${customerId}&line=3000+A`);
  expect((await there.press(other, 'complete', sent)).status).toBe(422);
});

test.each([
  [
    'en-GB',
    new ActorsUnavailable('away'),
    'The account payments cannot be reached. Nothing has changed: send it again in a moment.',
  ],
  [
    'de-DE',
    new OutcomeUnknown('late'),
    'Es kam keine Antwort, vielleicht ist es geschehen. Bitte noch einmal absenden: es geschieht nur einmal, wie oft auch immer.',
  ],
])('%s: a form without an answer keeps its key and its amounts, and is sent again', async (language, outage, words) => {
  const { reference, customerId } = await shop.issue({ customerId: `C-${randomUUID()}`, amountMinor: 10_000 });
  const actors = { ...shop.actors, commandSale: () => Promise.reject(outage) };
  const who = { as: 'cashier', headers: { 'Accept-Language': language } } as const;
  const parts = { ...shop.parts, actors, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined };
  const away = openTill(openPages({ ...shop, app: createPages(parts) }), who);
  const there = openTill(openPages(shop), who);
  const seen = await away.open(`?customerId=${customerId}&saleId=S-${randomUUID()}&line=3000+A`);
  const unanswered = await away.press(seen, 'complete', { [`use-${reference}`]: '12' });
  expect(unanswered.status).toBe(503);
  expect(errorsOf(unanswered)).toEqual([words]);
  expect(fieldsOf(unanswered)).toMatchObject({
    formKey: fieldsOf(seen)['formKey'],
    saleId: fieldsOf(seen)['saleId'],
    line: ['3000 A'],
    [`use-${reference}`]: [language === 'en-GB' ? '12.00' : '12,00'],
  });
  await there.next(unanswered, 'complete');
  await there.next(unanswered, 'complete');
  expect(await payment(reference)).toMatchObject({ balanceMinor: 8_800 });
});
