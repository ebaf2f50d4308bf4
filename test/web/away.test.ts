import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disconnect } from '../../db/connect.js';
import { ActorsUnavailable } from '../../service/temporal.js';
import { createPages } from '../../web/createPages.js';
import type { PageParts } from '../../web/http/parts.js';
import { openNowhere } from '../support/nowhere.js';
import { openPages, type Seen } from '../support/pages.js';
import { openShop, until, type Shop } from '../support/shop.js';
import { filled, sell } from './sale/selling.js';

let shop: Shop;
/** Sales: one that may be taken back, and one that is held. */
let completed: string;
let held: string;
let reference: string;
/** Nobody listens there. */
const nowhere = openNowhere();
beforeAll(async () => {
  shop = await openShop();
  ({ reference } = await shop.issue({ amountMinor: 9_000 }));
  const [sold, holding] = [
    await sell(shop, 'settle', [[reference, 4_000]], { saleId: `S-${randomUUID()}` }),
    await sell(shop, 'hold', [[reference, 1_500]], { saleId: `S-${randomUUID()}` }),
  ];
  [completed, held] = [sold.saleId, holding.saleId];
  const there = openPages(shop);
  await until(async () => (await there.get('/held')).text.includes(held));
});
afterAll(async () => {
  await disconnect(nowhere);
  await shop.close();
});

const away = () => Promise.reject(new ActorsUnavailable('away'));
const actorsAway = (): Partial<PageParts> => {
  const { actors } = shop.parts;
  const names = Object.keys(actors) as (keyof typeof actors)[];
  return { actors: { ...actors, ...Object.fromEntries(names.map((name) => [name, away])) } };
};
const gone = {
  books: (): Partial<PageParts> => ({ sql: nowhere, listSql: nowhere, quoteSql: nowhere }),
  payments: actorsAway,
} as const;

/** The pages of this shop where something of it is away. */
function pagesWithout(what: keyof typeof gone) {
  const parts = { ...shop.parts, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined, ...gone[what]() };
  return openPages({ ...shop, app: createPages(parts) });
}

const BOOKS = 'The books cannot be reached.';
const PAYMENTS = 'The account payments cannot be reached.';

type Page = readonly [without: keyof typeof gone, page: string, () => string, status: number, told: readonly string[]];
const pages: readonly Page[] = [
  [
    'books',
    'a sale that is held',
    () => `/sales/${held}`,
    200,
    ['held', '€15.00', 'The books cannot be reached: lines'],
  ],
  [
    'books',
    'a sale that is completed',
    () => `/sales/${completed}`,
    200,
    ['completed', '€40.00', `${BOOKS.slice(0, -1)}: lines`],
  ],
  ['books', 'its return', () => `/sales/${completed}/return`, 200, ['€40.00 of account payments can still go back.']],
  ['books', 'what is held now', () => '/held', 503, [BOOKS, 'Lists, new payments and customers wait for the books.']],
  ['books', 'what waits for a person', () => '/attention', 503, [BOOKS]],
  ['books', 'the list', () => '/account-payments?q=ada', 503, [BOOKS]],
  ['books', 'a customer', () => '/customers/C-1', 503, [BOOKS]],
  ['books', 'a payment', () => `/account-payments/${reference}`, 200, ['€50.00', 'The history waits for the books.']],
  ['payments', 'a sale that is held', () => `/sales/${held}`, 200, [PAYMENTS, 'bike', '€15.00']],
  ['payments', 'a sale that is completed', () => `/sales/${completed}`, 200, [PAYMENTS, 'bike', '€40.00']],
  [
    'payments',
    'its return',
    () => `/sales/${completed}/return`,
    200,
    ['€40.00 of account payments can still go back.'],
  ],
  ['payments', 'what is held now', () => '/held', 200, ['€15.00']],
  ['payments', 'what waits for a person', () => '/attention', 200, ['Nothing waits']],
  ['payments', 'the list', () => '/account-payments', 200, ['€50.00']],
  ['payments', 'a customer', () => '/customers/C-1', 200, ['€50.00']],
  [
    'payments',
    'a payment',
    () => `/account-payments/${reference}`,
    200,
    ['€50.00', 'This account payment does not answer.', 'Use nothing of it'],
  ],
  ['payments', 'the till', () => '/till', 200, [`${PAYMENTS.slice(0, -1)}: nothing can be held, completed or let go`]],
  [
    'payments',
    'the till at a sale that is held',
    () => `/till?saleId=${held}`,
    200,
    [`${PAYMENTS.slice(0, -1)}: nothing`, '€15.00 is reserved for this sale', 'bike'],
  ],
];

test.each(pages)('without the %s, %s', async (without, _, path, status, told) => {
  const seen = await pagesWithout(without).get(path());
  expect(seen.status, seen.text).toBe(status);
  for (const each of told) expect(seen.text).toContain(each);
});

const buttonsOf = ({ root }: Seen) =>
  root.querySelectorAll('form.till button').map((each) => each.getAttribute('value'));
const COMMANDS = ['complete', 'hold', 'release', 'part'];

test('without the payments nothing is offered that only they can do, and all of it with them', async () => {
  const there = openPages(shop);
  for (const path of ['/till', `/till?saleId=${held}`, `/till?saleId=${randomUUID()}&customerId=C-1&line=3000+A`]) {
    const [seen, unseen] = [await there.get(path), await pagesWithout('payments').get(path)];
    expect(buttonsOf(seen)).toEqual(expect.arrayContaining(['complete', 'hold']));
    expect(buttonsOf(unseen).filter((each) => COMMANDS.includes(each ?? ''))).toEqual([]);
    expect(buttonsOf(unseen)).toContain('update');
  }
  const path = `/account-payments/${reference}`;
  const acts = ({ root }: Seen) => root.querySelectorAll('nav.acts a').length;
  expect(acts(await there.get(path))).toBeGreaterThan(0);
  expect(acts(await pagesWithout('payments').get(path))).toBe(0);
});

test('a payment that has ended is told by the books alone, without a warning', async () => {
  const { reference: ended } = await shop.issue({ amountMinor: 1_000 });
  const cancelled = { customerId: 'C-1', disposition: 'issued_in_error', reason: 'a slip' };
  expect(await shop.post(`/account-payments/${ended}/cancel`, cancelled)).toMatchObject({ status: 200 });
  const seen = await pagesWithout('payments').get(`/account-payments/${ended}`);
  expect(seen.text).toContain('cancelled');
  expect(seen.text).not.toContain('does not answer');
});

const AT = { legalEntity: 'Shops Ltd', currency: 'EUR', fromDay: '2026-01-01' };
test.each([
  ['/reports/enter/breakage-rates', { ...AT, purpose: 'deposit', method: 'remote', reason: 'by the auditors' }],
  ['/reports/exports', { ...AT, format: 'xero', toDay: '2026-01-31' }],
])('without the books %s loses nothing that was typed, and opened anew promises nothing', async (path, typed) => {
  const unseen = await pagesWithout('books').post(path, typed, { as: 'finance' });
  expect([unseen.status, filled(unseen)]).toEqual([503, expect.objectContaining(typed)]);
  expect(unseen.root.querySelector('main form')?.getAttribute('action')).toBe(path);
  expect(unseen.text).toMatch(/What was typed is still here|Send this form again/);
  const opened = await pagesWithout('books').get(path, { as: 'finance' });
  expect([opened.status, opened.text.includes('typed')]).toEqual([503, false]);
  expect(opened.text).toContain(BOOKS);
});

test('without the payments or the books a return loses nothing that was typed, and is done once', async () => {
  const path = `/sales/${completed}/return`;
  const there = openPages(shop);
  const typed = { extent: 'lines', 'line-0': '12.50', reason: 'scratched', kept: '1' };
  const form = filled(await there.get(path, { as: 'cashier' }), typed);
  for (const without of ['books', 'payments'] as const) {
    const unseen = await pagesWithout(without).post(path, form, { as: 'cashier' });
    expect([unseen.status, filled(unseen)]).toEqual([503, expect.objectContaining(typed)]);
    expect(unseen.text).toContain(without === 'books' ? BOOKS : PAYMENTS);
  }
  const preview = await there.post(path, form, { as: 'cashier' });
  expect(preview.text).toContain('bike: €12.50');
  const confirmed = filled(preview, { step: 'confirm' });
  const unanswered = await pagesWithout('payments').post(path, confirmed, { as: 'cashier' });
  expect([unanswered.status, filled(unanswered, { step: 'confirm' })]).toEqual([503, confirmed]);
  // The sale itself knows what it took: it needs no books for that.
  const done = await pagesWithout('books').post(path, confirmed, { as: 'cashier' });
  expect([done.status, done.location]).toEqual([303, expect.stringContaining('done=returned')]);
  expect((await there.post(path, confirmed, { as: 'cashier' })).location).toContain('recorded=before');
});

test('without the payments letting go is there to be sent again, and without the books it works', async () => {
  const { body } = await shop.get<{ sale: { holdId: string } }>(`/sales/${held}`);
  const sent = filled(await openPages(shop).get(`/held/let-go?sale=${held}&hold=${body.sale.holdId}`));
  const unanswered = await pagesWithout('payments').post('/held/let-go', sent);
  expect([unanswered.status, filled(unanswered)]).toEqual([503, sent]);
  expect(unanswered.text).toContain(PAYMENTS);
  const done = await pagesWithout('books').post('/held/let-go', sent);
  expect([done.status, done.location]).toEqual([303, expect.stringContaining(`let=${held}`)]);
});
