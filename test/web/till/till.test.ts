import { randomUUID } from 'node:crypto';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeContacts } from '../../../db/customer/contacts.js';
import { putCustomer } from '../../../db/customer/customers.js';
import { putProduct } from '../../../db/product/products.js';
import { createCalendar } from '../../../domain/instants.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { createPages } from '../../../web/createPages.js';
import { ActorsUnavailable } from '../../../service/temporal.js';
import { openPages } from '../../support/pages.js';
import { addPerson } from '../../support/desk.js';
import { addShop, openShop, type Shop } from '../../support/shop.js';
import { errorsOf, fieldsOf, leftOf, openTill } from './tillPage.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
let till: ReturnType<typeof openTill>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  till = openTill(pages);
});
afterAll(() => shop.close());

const newCustomer = () => `C-${randomUUID()}`;
const issueTo = async (customerId: string, amountMinor: number, more: object = {}) =>
  (await shop.issue({ customerId, amountMinor, ...more })).reference;
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const saleIdOf = (seen: Parameters<typeof fieldsOf>[0]) => fieldsOf(seen)['saleId']?.[0] ?? '';

/** A till with this customer and this basket. */
async function tillWith(customerId: string, lines: readonly [product: string, amount: string][]) {
  let seen = await till.open(`?customerId=${customerId}`);
  for (const [product, amount] of lines) seen = await till.next(seen, 'update', { product, amount });
  return seen;
}

test("a deposit for a product is used on its line, and the customer's slip says what is left", async () => {
  const customerId = newCustomer();
  const terms = { type: 'product_specific', productId: 'BIKE-7', validThrough: '2030-12-31' };
  const deposit = await issueTo(customerId, 8_000, terms);
  const credit = await issueTo(customerId, 5_000, { purpose: 'store_credit' });
  const seen = await tillWith(customerId, [
    ['BIKE-7', '60'],
    ['LOCK', '45.50'],
  ]);
  expect(fieldsOf(seen)).toMatchObject({ [`use-${deposit}`]: ['60.00'], [`use-${credit}`]: ['45.50'] });
  expect(seen.text).toContain('Only for BIKE-7, line 1');
  expect(seen.text).toContain('Amounts are after discount and with tax.');
  expect(leftOf(seen)).toBe('€0.00');
  const slip = await till.next(seen, 'complete', { [`use-${credit}`]: '40', other: '5.50' });
  const rows = slip.root.querySelectorAll('.till-used tbody tr').map((row) => row.structuredText.replace(/\s+/g, ' '));
  expect(rows.sort()).toEqual(
    [`${deposit} valid through 31 Dec 2030 €60.00 €20.00`, `${credit} valid without end €40.00 €10.00`].sort(),
  );
  expect(leftOf(slip)).toBe('€0.00');
  expect(slip.text).toContain('Done, and in the books.');
  expect(await payment(deposit)).toMatchObject({ balanceMinor: 2_000 });
  expect(await payment(credit)).toMatchObject({ balanceMinor: 1_000 });
});

test.each([
  ['en-GB', '1,234.50', '€1,234.50'],
  ['en-GB', '12.5', '€12.50'],
  ['de-DE', '1.234,50', '1.234,50 €'],
  ['de-DE', '12,5', '12,50 €'],
])('%s: a line of %s is taken as %s', async (language, amount, shown) => {
  const headers = { 'Accept-Language': language };
  const own = openTill(pages, { as: 'cashier', headers });
  const seen = await own.next(await own.open(`?customerId=${newCustomer()}`), 'update', { product: 'P', amount });
  expect(leftOf(seen)).toBe(shown);
});

test.each([
  ['en-GB', { product: 'P', amount: 'ten' }, 'amount', 'Type an amount such as 12.50.'],
  ['de-DE', { product: 'P', amount: '0' }, 'amount', 'Bitte einen Betrag wie 12,50 eingeben.'],
  ['en-GB', { amount: '10' }, 'product', '“Product” has to be filled in.'],
  [
    'en-GB',
    { product: 'p@q', amount: '1' },
    'product',
    'No product is found by that. Try its number, or how its name begins.',
  ],
  ['en-GB', { reference: 'ACC-1' }, 'reference', 'That is not a reference. It looks like ACC-20261231-7KQ2M9XB.'],
  ['en-GB', { reference: 'ACC-20200101-00000000' }, 'reference', 'There is no such account payment.'],
  ['en-GB', { other: '1,2,3' }, 'other', 'Type an amount such as 12.50.'],
])('%s: %o is told beside its field, and stays typed', async (language, typed, field, error) => {
  const own = openTill(pages, { as: 'cashier', headers: { 'Accept-Language': language } });
  const seen = await own.press(await own.open(`?customerId=${newCustomer()}&line=500+KEPT`), 'update', typed);
  expect(seen.status).toBe(422);
  expect(errorsOf(seen)).toEqual([error]);
  expect(seen.root.querySelector(`#${field}-error`)?.text.trim()).toBe(error);
  expect(fieldsOf(seen)).toMatchObject({ line: ['500 KEPT'] });
  for (const [name, text] of Object.entries(typed)) expect(fieldsOf(seen)[name]).toEqual([text]);
});

test('a customer is found by number, by name, and by a reference however it is typed', async () => {
  const customerId = newCustomer();
  const name = `<script>alert(1)</script> ${randomUUID()}`;
  await putCustomer(shop.sql, customerId, name);
  const reference = await issueTo(customerId, 1_000);
  const typed = [customerId, reference.toLowerCase().replaceAll('-', ' '), ` ${reference.replaceAll('0', 'o')} `];
  for (const customer of typed) {
    const seen = await till.next(await till.open(), 'update', { customer });
    expect(fieldsOf(seen)).toMatchObject({ customerId: [customerId] });
    expect(seen.root.querySelector('.till-name a')?.text).toBe(name);
    expect(seen.root.querySelector('main script')).toBeNull();
    expect(seen.text).toContain('To use now €10.00');
  }
  const asked = await till.press(await till.open(), 'update', { customer: name.slice(-36) });
  expect(asked.status).toBe(200);
  expect(asked.root.querySelector('button[name=pickCustomer]')?.getAttribute('value')).toBe(customerId);
  const picked = await till.press(asked, 'none', { pickCustomer: customerId });
  expect(picked.location).toContain(`customerId=${customerId}`);
  const nobody = await till.press(await till.open(), 'update', { customer: 'nobody of this name' });
  expect(errorsOf(nobody)).toEqual(['Nobody is found by that. Try the number, or how the name begins.']);
});

test('two customers of one name are told apart by phone and e-mail, and found by them', async () => {
  const name = `Zoë Twin${randomUUID().slice(0, 8)}`;
  const [one, other] = [newCustomer(), newCustomer()];
  const phone = `+49 40 ${String(Date.now()).slice(-9)}`;
  await changeContacts(shop.sql, { customerId: one, name, phone, email: null }, null);
  await changeContacts(shop.sql, { customerId: other, name, phone: null, email: `${other}@example.com` }, null);
  const named = await till.press(await till.open(), 'update', { customer: name });
  const told = named.root.querySelectorAll('button[name=pickCustomer] small').map(({ text }) => text);
  expect(told.toSorted()).toEqual([`${one} · ${phone}`, `${other} · ${other}@example.com`].toSorted());
  for (const customer of [phone.replaceAll(' ', ''), `${other}@EXAMPLE.com`]) {
    const found = await till.press(await till.open(), 'update', { customer });
    const [button, ...others] = found.root.querySelectorAll('button[name=pickCustomer]');
    expect([button?.getAttribute('value'), others]).toEqual([customer.includes('@') ? other : one, []]);
  }
});

test('a product is found by its number or by choosing among names; a scanner sends it before its price', async () => {
  const [id, word] = [`SKU-${randomUUID()}`, `Lastenrad${randomUUID().slice(0, 8)}`];
  await putProduct(shop.sql, id, `${word} rot`);
  const start = await till.open(`?customerId=${newCustomer()}`);
  const scanned = await till.press(start, 'update', { product: id });
  expect(scanned.status).toBe(200);
  expect(scanned.root.querySelector('#amount')?.hasAttribute('autofocus')).toBe(true);
  const named = await till.press(start, 'update', { product: word, amount: '5' });
  const choices = named.root.querySelectorAll('button[name=pickProduct]').map((each) => each.getAttribute('value'));
  expect(choices).toEqual([id, word]);
  const picked = await till.press(named, 'none', { pickProduct: id });
  expect(new URL(picked.location ?? '', 'http://localhost').searchParams.getAll('line')).toEqual([`500 ${id}`]);
});

test('the whole basket stands in the address: for a reload, another language and the next person to sign in', async () => {
  const customerId = newCustomer();
  const reference = await issueTo(customerId, 9_000);
  const before = await tillWith(customerId, [
    ['A 1', '70'],
    ['B', '20'],
  ]);
  const more = { staffId: 'anna', holdFor: '240', until: '2030-05-17' };
  const changed = await till.press(before, 'update', { [`use-${reference}`]: '30', other: '15', ...more });
  const there = changed.location ?? '';
  const seen = await till.open(there.replace('/till', ''));
  expect(fieldsOf(seen)).toMatchObject({
    line: ['7000 A 1', '2000 B'],
    [`use-${reference}`]: ['30.00'],
    other: ['15.00'],
    staffId: ['anna'],
    holdFor: ['240'],
    until: ['2030-05-17'],
  });
  expect(seen.root.querySelector('form.till details')?.hasAttribute('open')).toBe(true);
  expect(leftOf(seen)).toBe('€45.00');
  expect(seen.root.querySelector('.languages input')?.getAttribute('value')).toBe(there);
  expect(seen.root.querySelector('form.till')?.getAttribute('action')).toBe(there);
  const locked = await shop.app.request(there, { method: 'POST', headers: { Origin: 'http://localhost' } });
  const action = parse(await locked.text())
    .querySelector('main form')
    ?.getAttribute('action');
  expect([locked.status, action]).toEqual([401, there]);
  const removed = await till.next(seen, 'remove-0');
  expect(fieldsOf(removed)['line']).toEqual(['2000 B']);
  expect(fieldsOf(await till.next(removed, 'propose'))).toMatchObject({ [`use-${reference}`]: ['5.00'] });
});

test('amounts that the cashier chose stay, and the others are proposed for what is left', async () => {
  const customerId = newCustomer();
  const first = await issueTo(customerId, 6_000, { validThrough: '2030-01-01' });
  const second = await issueTo(customerId, 6_000, { validThrough: '2031-01-01' });
  const seen = await tillWith(customerId, [['A', '100']]);
  expect(fieldsOf(seen)).toMatchObject({ [`use-${first}`]: ['60.00'], [`use-${second}`]: ['40.00'] });
  const changed = await till.next(seen, 'update', { [`use-${first}`]: '50' });
  expect(fieldsOf(changed)).toMatchObject({ [`use-${first}`]: ['50.00'], [`use-${second}`]: ['50.00'] });
  const none = await till.next(changed, 'update', { [`use-${first}`]: '' });
  expect(fieldsOf(none)).toMatchObject({ [`use-${first}`]: [''], [`use-${second}`]: ['60.00'] });
  expect(leftOf(none)).toBe('€40.00');
});

test('a sale is held, held again when its basket changes, and completed or let go', async () => {
  const customerId = newCustomer();
  const reference = await issueTo(customerId, 10_000);
  const held = await till.next(await tillWith(customerId, [['A', '30']]), 'hold');
  expect(held.text).toContain('€30.00 is reserved for this sale until');
  expect(await payment(reference)).toMatchObject({ heldMinor: 3_000 });
  const changed = await till.next(held, 'update', { product: 'B', amount: '20' });
  expect(fieldsOf(changed)).toMatchObject({ [`use-${reference}`]: ['50.00'] });
  expect(changed.root.querySelector('button[value=complete]')).toBeNull();
  expect(errorsOf(await till.press(changed, 'complete'))).toEqual([
    'The basket was changed after it was held. Hold it again, and then complete it.',
  ]);
  const again = await till.next(changed, 'hold', { holdFor: '1440' });
  expect(await payment(reference)).toMatchObject({ heldMinor: 5_000 });
  expect(fieldsOf(again)['holdId']).not.toEqual(fieldsOf(held)['holdId']);
  // Another till that is told only the number finds all of it.
  const elsewhere = await till.open(`?saleId=${saleIdOf(again)}`);
  expect(fieldsOf(elsewhere)).toMatchObject({ customerId: [customerId], line: ['3000 A', '2000 B'] });
  const free = await till.next(elsewhere, 'release');
  expect(await payment(reference)).toMatchObject({ heldMinor: 0, balanceMinor: 10_000 });
  const slip = await till.next(await till.next(free, 'hold'), 'complete', { [`use-${reference}`]: '45' });
  expect(leftOf(slip)).toBe('€5.00');
  expect(await payment(reference)).toMatchObject({ heldMinor: 0, balanceMinor: 5_500 });
});

test('a part is taken and the rest stays reserved until the end of a day', async () => {
  const customerId = newCustomer();
  const reference = await issueTo(customerId, 10_000);
  const held = await till.next(await tillWith(customerId, [['A', '80']]), 'hold');
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  expect((await till.press(held, 'part', { until: day(70) })).status).toBe(422);
  expect((await till.press(held, 'hold', { until: day(3) })).status).toBe(422);
  const slip = await till.next(held, 'part', { [`use-${reference}`]: '30', until: day(30) });
  expect(slip.text).toContain('€50.00 stays reserved until');
  const later = await till.open(`?saleId=${saleIdOf(held)}`);
  expect(leftOf(later)).toBe('€0.00');
  expect(fieldsOf(later)).toMatchObject({ [`use-${reference}`]: ['50.00'], taken: ['3000'] });
  await till.next(later, 'complete');
  expect(await payment(reference)).toMatchObject({ balanceMinor: 2_000, heldMinor: 0 });
});

test('the same form, sent again when the day it names is over, hears what its first did', async () => {
  const customerId = newCustomer();
  const reference = await issueTo(customerId, 10_000);
  const inTime = { until: createCalendar('Europe/Berlin').dayAt(Date.now()) };
  const { parts, desk } = shop;
  const inThreeDays = { ...parts, now: () => Date.now() + 3 * 86_400_000 };
  const app = createPages({ ...inThreeDays, desk, publicUrl: undefined, temporalUiUrl: undefined });
  const later = openTill(openPages({ ...shop, app }));
  const empty = await tillWith(customerId, [['A', '80']]);
  const held = await till.next(empty, 'hold', inTime);
  expect((await later.press(empty, 'hold', inTime)).status).toBe(303);
  const part = { [`use-${reference}`]: '30', ...inTime };
  const taken = await till.press(held, 'part', part);
  expect(taken.status).toBe(303);
  expect((await later.press(held, 'part', part)).location).toBe(taken.location?.replace('=yes', '=before'));
  expect(await payment(reference)).toMatchObject({ balanceMinor: 7_000, heldMinor: 5_000 });
  // What was asked in time and never decided, or never asked, is too late.
  const commandSale = () => Promise.reject(new ActorsUnavailable('away'));
  const away = createPages({
    ...parts,
    actors: { ...parts.actors, commandSale },
    desk,
    publicUrl: undefined,
    temporalUiUrl: undefined,
  });
  const lost = await tillWith(customerId, [['A', '10']]);
  expect((await openTill(openPages({ ...shop, app: away })).press(lost, 'hold', inTime)).status).toBe(503);
  expect((await later.press(lost, 'hold', inTime)).status).toBe(422);
  expect((await later.press(await tillWith(customerId, [['A', '10']]), 'hold', inTime)).status).toBe(422);
});

test.each([
  [
    'en-GB',
    'This account payment is frozen: nothing new may be spent.',
    'The available balance is smaller than that. €10.00 can be used.',
  ],
  [
    'de-DE',
    'Dieses Guthaben ist gesperrt: es kann nichts Neues ausgegeben werden.',
    'So viel ist nicht verfügbar. Verwendbar: 10,00 €.',
  ],
])('%s: each payment that refuses says why beside it, and nothing is taken', async (language, ofFrozen, ofSpent) => {
  const own = openTill(pages, { as: 'cashier', headers: { 'Accept-Language': language } });
  const customerId = newCustomer();
  const [frozen, spent, good] = [
    await issueTo(customerId, 3_000),
    await issueTo(customerId, 3_000),
    await issueTo(customerId, 3_000),
  ];
  const seen = await own.open(`?customerId=${customerId}&line=9000+A`);
  await shop.post(`/account-payments/${frozen}/freeze`, { cause: 'staff', reason: 'lost' });
  const use = { customerId, amountMinor: 2_000, currency: 'EUR', saleId: `S-${randomUUID()}` };
  await shop.post(`/account-payments/${spent}/apply`, use);
  const refused = await own.press(seen, 'complete');
  expect(refused.status).toBe(422);
  const beside = (reference: string) =>
    refused.root.querySelector(`#use-${reference}-error`)?.text.replace(/\s+/g, ' ').trim();
  expect(beside(frozen)).toBe(`${frozen}: ${ofFrozen}`);
  expect(beside(spent)).toBe(`${spent}: ${ofSpent}`);
  expect(beside(good)).toBeUndefined();
  expect(await payment(good)).toMatchObject({ balanceMinor: 3_000, heldMinor: 0 });
  expect(fieldsOf(refused)['formKey']).not.toEqual(fieldsOf(seen)['formKey']);
  await own.next(refused, 'complete', { [`use-${frozen}`]: '', [`use-${spent}`]: '10' });
  expect(await payment(good)).toMatchObject({ balanceMinor: 0 });
});

test('the same form is one sale, however often it is sent', async () => {
  const customerId = newCustomer();
  const reference = await issueTo(customerId, 10_000);
  const seen = await tillWith(customerId, [['A', '30']]);
  const sent = await Promise.all([till.press(seen, 'complete'), till.press(seen, 'complete')]);
  expect(sent.map(({ status }) => status)).toEqual([303, 303]);
  const slip = await till.next(seen, 'complete');
  expect(slip.text).toContain('This had been done before. Nothing was done twice.');
  expect(await payment(reference)).toMatchObject({ balanceMinor: 7_000 });
  const later = await till.open(`?customerId=${customerId}&saleId=${saleIdOf(seen)}&line=3000+A`);
  expect(later.text).toContain('The sale of this number is completed.');
  expect(later.root.querySelector('button[value=complete]')).toBeNull();
  const strangers = await till.open(`?customerId=${newCustomer()}&saleId=${saleIdOf(seen)}`);
  expect(strangers.text).toContain('another customer');
  expect(strangers.text).not.toContain(reference);
});

test('what was typed last is looked at before money moves for it', async () => {
  const customerId = newCustomer();
  const reference = await issueTo(customerId, 10_000);
  const seen = await tillWith(customerId, [['A', '30']]);
  const shown = await till.press(seen, 'complete', { product: 'B', amount: '10' });
  expect(shown.status).toBe(422);
  expect(fieldsOf(shown)).toMatchObject({ line: ['3000 A', '1000 B'], product: [''], [`use-${reference}`]: ['40.00'] });
  expect(await payment(reference)).toMatchObject({ balanceMinor: 10_000 });
});

test('whoever of the shop sold it is written down, and who was signed in too', async () => {
  const customerId = newCustomer();
  const reference = await issueTo(customerId, 10_000);
  await addPerson(shop.desk, 'berta', { shopIds: [await addShop(shop.sql)] });
  const seen = await tillWith(customerId, [['A', '30']]);
  for (const staffId of ['anna', 'berta']) {
    const refused = await till.press(seen, 'complete', { staffId });
    expect(refused.status).toBe(422);
    expect(refused.root.querySelector('#staffId-error')?.text).toBe('Nobody of this shop signs in under this name.');
    expect(fieldsOf(refused)).toMatchObject({ staffId: [staffId], line: ['3000 A'] });
  }
  expect(await payment(reference)).toMatchObject({ balanceMinor: 10_000 });
  await addPerson(shop.desk, 'anna', { shopIds: [shop.shopId] });
  const again = await till.next(seen, 'update');
  const choices = again.root.querySelectorAll('#salespeople option').map((each) => each.getAttribute('value'));
  expect(choices).toContain('anna');
  expect(choices).not.toContain('berta');
  await till.next(seen, 'complete', { staffId: 'Anna' });
  const [row] = await shop.sql<{ staffId: string; caller: string }[]>`
    select staff_id, caller from movements where reference = ${reference} and kind = 'applied'`;
  expect(row).toMatchObject({ staffId: 'anna' });
});

test('a deposit that is taken for a line leads back to its sale, where it is used', async () => {
  const seen = await till.open('?line=120000+BIKE-7&line=500+LOCK&otherMinor=300&saleId=S-deposit');
  const link = seen.root.querySelector('.till-lines a')?.getAttribute('href') ?? '';
  const form = (await pages.get(link)).root;
  const valueOf = (name: string) => form.querySelector(`input[name=${name}]`)?.getAttribute('value') ?? '';
  const cancel = form.querySelector('main form .actions a')?.getAttribute('href');
  expect(cancel).toBe(seen.root.querySelector('form.till')?.getAttribute('action'));
  const taken = await pages.post('/account-payments/new', {
    type: 'product_specific',
    productId: 'BIKE-7',
    purpose: 'deposit',
    money: 'cash',
    currency: 'EUR',
    customerId: newCustomer(),
    amount: '200.00',
    formKey: valueOf('formKey'),
    back: valueOf('back'),
    step: 'issue',
  });
  const slip = await pages.get(taken.location ?? '');
  const reference = /ACC-\d{8}-\w{8}/.exec(taken.location ?? '')?.[0] ?? '';
  for (const paper of slip.root.querySelectorAll('.papers a'))
    expect((await pages.get(paper.getAttribute('href') ?? '')).text).toContain('Back to the sale');
  const back = await pages.get(slip.root.querySelector('.actions a')?.getAttribute('href') ?? '');
  expect(fieldsOf(back)).toMatchObject({ saleId: ['S-deposit'], [`use-${reference}`]: ['200.00'] });
  expect(leftOf(back)).toBe('€1,002.00');
  await till.next(back, 'complete');
  expect(await payment(reference)).toMatchObject({ balanceMinor: 0 });
});

test.each([
  'https://elsewhere.example/till?x=1',
  '//elsewhere.example/till?x=1',
  '/sales',
  '/till/slips/1?x=1',
  '/tills?x=1',
])('a slip leads back to no %s', async (back) => {
  const reference = await issueTo(newCustomer(), 500);
  const slip = await pages.get(`/account-payments/${reference}/slip?back=${encodeURIComponent(back)}`);
  expect(slip.text).not.toContain('Back to the sale');
  expect(slip.root.querySelectorAll('.actions a').map((each) => each.getAttribute('href'))).toEqual([
    `/account-payments/${reference}`,
    '/account-payments/new',
  ]);
});

test('a line leads to a deposit for it; and who only reports has no till', async () => {
  const seen = await tillWith('C-77', [['BIKE 7', '1500']]);
  const link = seen.root.querySelector('.till-lines a')?.getAttribute('href') ?? '';
  const { back, ...filled } = Object.fromEntries(new URL(link, 'http://localhost').searchParams);
  const deposit = { purpose: 'deposit', amount: '1500.00', currency: 'EUR' };
  expect(filled).toEqual({ customerId: 'C-77', productId: 'BIKE 7', ...deposit });
  expect(back).toBe(seen.root.querySelector('form.till')?.getAttribute('action'));
  expect((await pages.get('/till', { as: 'finance' })).status).toBe(403);
});

test('a slip that is scanned with Y and Z exchanged is found in whichever field it lands', async () => {
  const customerId = newCustomer();
  let reference = '';
  while (!/[YZ]/.test(reference)) reference = await issueTo(customerId, 1_000);
  const exchanged = reference.replace(/[YZ]/g, (letter) => (letter === 'Y' ? 'Z' : 'Y')).replaceAll('-', 'ß');
  const open = () => till.open(`?saleId=S-${randomUUID()}&line=500+A`);
  for (const field of ['customer', 'product', 'reference']) {
    const found = await till.next(await open(), 'update', { [field]: exchanged.toLowerCase() });
    expect(fieldsOf(found), field).toMatchObject({ customerId: [customerId] });
    if (field !== 'customer') expect(fieldsOf(found), field).toMatchObject({ [`use-${reference}`]: ['5.00'] });
  }
});

test('money in a currency that the shop does not take is told, and not used', async () => {
  const customerId = newCustomer();
  await issueTo(customerId, 700, { currency: 'USD' });
  const seen = await till.open(`?customerId=${customerId}&saleId=S-${randomUUID()}&line=500+A`);
  expect(seen.text).toContain('On this account in other currencies: US$7.00. A sale in EUR cannot use that.');
  expect(seen.text).not.toContain('Nothing is on this account.');
  expect(leftOf(seen)).toBe('€5.00');
});
