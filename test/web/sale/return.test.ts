import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StaffRole } from '../../../domain/staff.js';
import { FORM_KEY } from '../../../web/http/form.js';
import { openPages } from '../../support/pages.js';
import { openShop, until, type Shop } from '../../support/shop.js';
import { filled, sell, type Share } from './selling.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
/** Where the time for returns is over at once. */
let late: Shop;
beforeAll(async () => {
  [shop, late] = await Promise.all([openShop(), openShop({ returnPeriodMs: 1 })]);
  pages = openPages(shop);
});
afterAll(() => Promise.all([shop.close(), late.close()]));

const path = (saleId: string, of = shop) => `/sales/${saleId}/return?shop=${of.shopId}`;
const issue = async (amountMinor: number, more: object = {}, of = shop) =>
  (await of.issue({ amountMinor, ...more })).reference;
/** What this sale has taken and not given back. */
const netOf = async (saleId: string, of = shop) => {
  const [row] = await of.sql<{ net: number }[]>`
    select -sum(amount_minor)::bigint as net from movements where sale_id = ${saleId}`;
  return row?.net;
};
/** Amounts have blanks in them that do not break. */
const plain = (text = '') => text.replace(/\s+/g, ' ').trim();
/** The books may be a moment behind. */
const untilNet = (saleId: string, net: number, of = shop) => until(async () => (await netOf(saleId, of)) === net);
const sold = async (shares: readonly Share[], of = shop) => (await sell(of, 'settle', shares)).saleId;

type Case = readonly [
  what: string,
  typed: Record<string, string>,
  goesBack: string,
  told: readonly string[],
  net: number,
];
const cases: readonly Case[] = [
  ['everything', { extent: 'everything' }, '€45.00', ['€45.00'], 0],
  ['everything less a fee', { extent: 'everything', kept: '5' }, '€40.00', ['Fee that the shop keeps €5.00'], 500],
  ['an amount', { extent: 'amount', amount: '12.5', reason: ' too  small ' }, '€12.50', ['too small'], 3_250],
  ['a line, credit first', line(1, '20.00'), '€20.00', ['lock: €20.00'], 2_500],
  [
    'a line, other first',
    { ...line(1, '20'), order: 'otherFirst' },
    '€15.00',
    ['Give back in another way €5.00'],
    3_000,
  ],
  ['an amount each', { extent: 'payments', 'share-0': '10', 'share-1': '2.50' }, '€12.50', ['€10.00', '€2.50'], 3_250],
  ['two lines', { ...line(0, '10'), 'line-1': '5' }, '€15.00', ['bike: €10.00', 'lock: €5.00'], 3_000],
];

function line(i: number, amount: string): Record<string, string> {
  return { extent: 'lines', [`line-${i}`]: amount };
}

test.each(cases)('%s is shown first, changing nothing, and given back once', async (_, typed, goesBack, told, net) => {
  const saleId = await sold([
    [await issue(2_500), 2_500],
    [await issue(2_000), 2_000],
  ]);
  const form = await pages.get(path(saleId), { as: 'cashier' });
  expect(form.text).toContain('€45.00 of account payments can still go back.');
  const preview = await pages.post(path(saleId), filled(form, typed), { as: 'cashier' });
  expect(preview.status).toBe(200);
  expect(preview.text).toContain('Nothing has changed yet.');
  for (const each of told) expect(preview.text).toContain(each);
  expect(preview.root.querySelector('button[value=confirm]')?.text.trim()).toBe(`Give back ${goesBack}`);
  await untilNet(saleId, 4_500);

  const confirmed = filled(preview, { step: 'confirm' });
  const done = await pages.post(path(saleId), confirmed, { as: 'cashier' });
  expect([done.status, done.location]).toEqual([303, expect.stringContaining('done=returned&recorded=')]);
  expect((await pages.get(done.location ?? '', { as: 'cashier' })).text).toContain('The return is done. Done');
  const again = await pages.post(path(saleId), confirmed, { as: 'cashier' });
  expect(again.location).toContain('recorded=before');
  await untilNet(saleId, net);
  const [kept] = await shop.sql<{ kept: number }[]>`
    select sum(kept_minor)::bigint as kept from commands where sale_id = ${saleId} and kind = 'refund'`;
  expect(kept?.kept).toBe((typed['kept'] ?? '') === '' ? 0 : 500);
});

test('what came from a payment that has ended is told to be issued anew', async () => {
  const ended = await issue(1_000);
  const saleId = await sold([[ended, 600]]);
  const why = { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'agreed' };
  await shop.post(`/account-payments/${ended}/cancel`, why);
  const preview = await pages.post(path(saleId), { extent: 'everything' });
  expect(preview.text).toContain('as a new payment, for this one has ended');
  const done = await pages.post(path(saleId), filled(preview, { step: 'confirm' }));
  expect((await pages.get(done.location ?? '')).text).toMatch(
    /€6.00 as the new account payment ACC-\S+ in place of ACC-/,
  );
});

test('a change leads back to what was typed, and a preview that was seen before may be sent after another one', async () => {
  const saleId = await sold([[await issue(3_000), 3_000]]);
  const form = filled(await pages.get(path(saleId)), { extent: 'amount', amount: '10', reason: 'scratched' });
  const first = await pages.post(path(saleId), form);
  const back = await pages.post(path(saleId), filled(first, { step: 'change' }));
  expect(filled(back)).toMatchObject({ extent: 'amount', amount: '10', reason: 'scratched' });
  // The very same form, as a browser's way back sends it.
  const second = await pages.post(path(saleId), { ...form, amount: '20' });
  expect(second.root.querySelector('button[value=confirm]')?.text.trim()).toBe('Give back €20.00');
  expect(filled(second)[FORM_KEY]).not.toBe(filled(first)[FORM_KEY]);
  expect((await pages.post(path(saleId), filled(first, { step: 'confirm' }))).status).toBe(303);
  await untilNet(saleId, 2_000);
});

type Wrong = readonly [language: string, field: string, told: string, typed: Record<string, string>];
const wrong: readonly Wrong[] = [
  ['en-GB', 'amount', '€30.00 can still go back.', { extent: 'amount', amount: '99' }],
  ['de-DE', 'amount', '30,00 € können noch zurückgehen.', { extent: 'amount', amount: '99' }],
  ['en-GB', 'amount', 'Type an amount such as 12.50.', { extent: 'amount', amount: '' }],
  ['de-DE', 'amount', 'Bitte einen Betrag wie 12,50 eingeben.', { extent: 'amount', amount: '1.2.3' }],
  ['en-GB', 'kept', 'Type an amount such as 12.50.', { extent: 'everything', kept: 'half' }],
  ['en-GB', 'line-0', 'Only €30.00 of this', { extent: 'lines', 'product-0': 'bike', 'line-0': '31' }],
  ['de-DE', 'line-0', 'Bitte bei mindestens einem Artikel', { extent: 'lines', 'product-0': 'bike', 'line-0': '' }],
  ['en-GB', 'share-0', 'Type how much goes back to at least one', { extent: 'payments' }],
  ['en-GB', 'other', 'Choose "Some of what was sold"', { extent: 'amount', amount: '1', other: 'credit' }],
  ['en-GB', 'line-0', 'A number has 1 to 128', { extent: 'lines', 'product-0': 'a@b', 'line-0': '1' }],
  ['en-GB', 'reason', 'Write at most 500 characters.', { extent: 'everything', reason: '😀'.repeat(2_000) }],
];

test.each(wrong)('in %s, wrong at %s: %s And all of it stays typed', async (language, field, told, typed) => {
  const saleId = await sold([
    [await issue(2_000), 2_000],
    [await issue(1_000), 1_000],
  ]);
  const as = { headers: { 'Accept-Language': language } };
  const answer = await pages.post(path(saleId), typed, as);
  expect(answer.status).toBe(422);
  expect(plain(answer.root.querySelector(`#${field}-error`)?.text)).toContain(told);
  expect(answer.root.querySelector(`.summary a[href="#${field}"]`)).not.toBeNull();
  if (typed['product-0'] !== 'a@b') expect(filled(answer)).toMatchObject(typed);
  await untilNet(saleId, 3_000);
});

test('amounts mean what they meant when they were typed, in whatever language they are sent on', async () => {
  const saleId = await sold([[await issue(3_000), 3_000]]);
  const typed = { extent: 'amount', amount: '1,5' };
  const preview = await pages.post(path(saleId), typed, { headers: { 'Accept-Language': 'de-DE' } });
  const confirmed = filled(preview, { step: 'confirm' });
  expect(plain(preview.root.querySelector('button[value=confirm]')?.text)).toBe('1,50 € zurückgeben');
  expect((await pages.post(path(saleId), confirmed)).status).toBe(303);
  await untilNet(saleId, 2_850);
});

test.each<[StaffRole, 'here' | 'late', string]>([
  ['cashier', 'late', 'The time for returns is over'],
  ['finance', 'here', 'A manager signs'],
])('%s needs a manager (%s)', async (as, where, told) => {
  const of = where === 'late' ? late : shop;
  const own = openPages(of);
  const saleId = await sold([[await issue(3_000, {}, of), 3_000]], of);
  const preview = await own.post(path(saleId, of), { extent: 'everything' }, { as });
  expect(preview.status).toBe(200);
  expect(preview.text).toContain(told);
  const unsigned = await own.post(path(saleId, of), filled(preview, { step: 'confirm' }), { as });
  expect(unsigned.status).toBe(403);
  await untilNet(saleId, 3_000, of);
  const wrongly = { ...(await own.signature()), signature: 'wrong' };
  const mistyped = await own.post(path(saleId, of), filled(unsigned, { step: 'confirm', ...wrongly }), { as });
  expect(mistyped.status).toBe(403);
  expect(filled(mistyped)['signature']).toBe('');
  const signed = filled(mistyped, { step: 'confirm', ...(await own.signature()) });
  expect((await own.post(path(saleId, of), signed, { as })).status).toBe(303);
  await untilNet(saleId, 0, of);
});

test('while nobody answers, the same form is there to be sent once more, and is carried out once', async () => {
  const saleId = await sold([[await issue(3_000), 3_000]]);
  const preview = await pages.post(path(saleId), { extent: 'amount', amount: '10', reason: 'torn' });
  const confirmed = filled(preview, { step: 'confirm' });
  await shop.stopWorker();
  const away = await pages.post(path(saleId), confirmed);
  expect(away.status).toBe(503);
  expect(away.text).toContain('€10.00 goes back.');
  expect(away.text).toContain('torn');
  const again = filled(away, { step: 'confirm' });
  expect(again).toEqual(confirmed);
  await shop.startWorker();
  const done = await until(async () => {
    const answer = await pages.post(path(saleId), again);
    return answer.status !== 503 && answer;
  });
  expect(done.location).toMatch(/recorded=(yes|no|before)/);
  await untilNet(saleId, 2_000);
});

test('a form without its key does nothing', async () => {
  const saleId = await sold([[await issue(3_000), 3_000]]);
  const typed = { extent: 'everything', currency: 'EUR', step: 'confirm', [FORM_KEY]: '' };
  expect((await pages.post(path(saleId), typed)).status).toBe(200);
  expect((await pages.post(path(`S-${randomUUID()}`), typed)).status).toBe(404);
  await untilNet(saleId, 3_000);
});
