import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertCustomer } from '../../../db/customer/contacts.js';
import { putCustomer } from '../../../db/customer/customers.js';
import { putProduct } from '../../../db/product/products.js';
import type { AccountPaymentRow } from '../../../db/payment/accountPayments.js';
import type { StaffRole } from '../../../domain/staff.js';
import { ActorsUnavailable, OutcomeUnknown } from '../../../service/temporal.js';
import { createPages } from '../../../web/createPages.js';
import { FORM_KEY, SIGNATURE, SIGNER } from '../../../web/http/form.js';
import { openPages, type Seen, type Typed } from '../../support/pages.js';
import { openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
const RTL = 'ليلى حدّاد';
const SCRIPT = '<script>alert(1)</script>';
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  const { sql } = shop;
  await insertCustomer(sql, {
    customerId: 'C-1',
    name: 'Anna Schmidt',
    phone: '+49 30 111',
    email: 'anna@example.com',
  });
  await insertCustomer(sql, { customerId: 'C-2', name: 'Anna Schmidt', phone: '030 222', email: null });
  await putCustomer(sql, 'C-3', SCRIPT);
  await putCustomer(sql, 'C-4', RTL);
  for (let i = 10; i < 22; i += 1) await putCustomer(sql, `C-${i}`, `Manifold ${i}`);
  await putProduct(sql, 'BIKE-7', 'Touring bike');
});
afterAll(() => shop.close());

const AT = '/account-payments/new';
const german = { headers: { 'Accept-Language': 'de-DE' } };
const typed = {
  customerId: 'C-1',
  type: 'generic',
  purpose: 'deposit',
  money: 'cash',
  amount: '12.50',
  currency: 'EUR',
  step: 'issue',
};

/** What a field holds in a page, whichever kind of field it is. */
function valueOf({ root }: Seen, name: string): string | undefined {
  const checked = root.querySelector(`input[type=radio][name=${name}][checked]`);
  const field = checked ?? root.querySelector(`input:not([type=radio])[name=${name}]`);
  return field?.getAttribute('value') ?? root.querySelector(`textarea[name=${name}]`)?.text.trim();
}
const errorOf = ({ root }: Seen, name: string) => root.querySelector(`#${name}-error`)?.text.trim();
const keyIn = (seen: Seen) => valueOf(seen, FORM_KEY);
const choicesIn = ({ root }: Seen, name: string) =>
  root.querySelectorAll(`input[type=radio][name=${name}]`).map((each) => each.getAttribute('value'));

/** The reference that a form which was carried out leads to. */
function referenceOf({ status, location, text }: Seen): string {
  const reference = /^\/account-payments\/(ACC-[0-9A-Z-]+)\/slip\?first/.exec(location ?? '')?.[1];
  if (status !== 303 || reference === undefined) throw new Error(`not issued: ${status} ${text}`);
  return reference;
}

async function issued(seen: Seen): Promise<AccountPaymentRow> {
  const { body } = await shop.get<AccountPaymentRow>(`/account-payments/${referenceOf(seen)}`);
  return body;
}

const wrong: [what: string, more: Typed, field: string, en: RegExp, de: RegExp][] = [
  ['no customer', { customerId: '' }, 'customerSearch', /choose one/, /wählen/],
  ['two customers', { newName: 'Somebody' }, 'newName', /not both/, /entweder/],
  ['an id that is none', { customerId: 'a@b.c' }, 'customerSearch', /no @/, /ohne @/],
  ['a phone without a name', { customerId: '', newPhone: '12345' }, 'newName', /needs a name/, /braucht/],
  ['a long name', { customerId: '', newName: 'x'.repeat(201) }, 'newName', /too long/, /zu lang/],
  [
    'a phone of letters',
    { customerId: '', newName: 'X', newPhone: 'none' },
    'newPhone',
    /three digits/,
    /drei Ziffern/,
  ],
  ['half an address', { customerId: '', newName: 'X', newEmail: 'x@' }, 'newEmail', /name@/, /name@/],
  ['no type', { type: '' }, 'type', /any purchase/, /jeden Einkauf/],
  ['no purpose', { purpose: '' }, 'purpose', /why it is/, /warum/],
  ['another purpose', { purpose: 'theft' }, 'purpose', /why it is/, /warum/],
  ['no product', { type: 'product_specific' }, 'productSearch', /for which product/, /nennt diesen Artikel/],
  ['a product for anything', { productId: 'BIKE-7' }, 'productSearch', /Leave the product out/, /nennt keinen Artikel/],
  ['no money', { money: '' }, 'money', /where the money/, /woher/],
  ['no amount', { amount: '' }, 'amount', /1234\.50/, /1234,50/],
  ['an amount of nothing', { amount: '0' }, 'amount', /1234\.50/, /1234,50/],
  ['three decimals', { amount: '1,23.4' }, 'amount', /1234\.50/, /1234,50/],
  ['less than nothing', { amount: '-5' }, 'amount', /1234\.50/, /1234,50/],
  ['no currency', { currency: 'XTS' }, 'currency', /no currency/, /keine Währung/],
  ['a receipt of what was paid', { receiptId: 'R-1' }, 'receiptId', /goods that came back/, /Rückgabe/],
  ['a receipt with an @', { money: 'return', receiptId: 'a@b' }, 'receiptId', /no @/, /ohne @/],
  ['a day that is none', { validThrough: '2030-02-30' }, 'validThrough', /no day of the calendar/, /im Kalender nicht/],
  ['a day that is over', { validThrough: '2001-01-01' }, 'validThrough', /future/, /Zukunft/],
  ['long notes', { notes: '🦄'.repeat(2_001) }, 'notes', /too long/, /zu lang/],
  ['no key', { [FORM_KEY]: '' }, '', /not complete/, /unvollständig/],
];

test.each(wrong)('%s is told beside its field, and all that was typed stays', async (_, more, field, en, de) => {
  for (const [words, who] of [
    [en, {}],
    [de, german],
  ] as const) {
    const form = { notes: 'for the blue one', ...typed, ...more };
    const seen = await pages.post(AT, form, who);
    expect(seen.status).toBe(422);
    const summary = seen.root.querySelector('.summary');
    expect(summary?.text).toMatch(words);
    if (field === '') continue;
    expect(errorOf(seen, field)).toMatch(words);
    expect(summary?.querySelector('a')?.getAttribute('href')).toBe(`#${field}`);
    expect(seen.root.querySelector(`#${field}`)).not.toBeNull();
    for (const name of ['customerId', 'amount', 'currency', 'notes', 'newName', 'newPhone', 'receiptId'] as const) {
      const sent = (form as Record<string, string>)[name] ?? '';
      if (name !== 'customerId' || sent !== '') expect(valueOf(seen, name) ?? '').toBe(sent);
    }
  }
});

type Facts = Partial<Record<keyof AccountPaymentRow, unknown>>;
const right: [what: string, as: StaffRole, more: Typed, facts: Facts, locale?: string][] = [
  [
    'cash for a deposit',
    'cashier',
    {},
    { customerId: 'C-1', type: 'generic', purpose: 'deposit', funding: 'paid', tender: 'cash', amountMinor: 1_250 },
  ],
  ['as Germans write it', 'cashier', { amount: '€ 123,4' }, { amountMinor: 12_340, currency: 'EUR' }, 'de-DE'],
  ['thousands', 'manager', { amount: '1.234,50' }, { amountMinor: 123_450 }, 'de-DE'],
  ['thousands in English', 'manager', { amount: '1,234.50' }, { amountMinor: 123_450 }],
  ['yen have no decimals', 'manager', { amount: '1,234', currency: 'jpy' }, { amountMinor: 1_234, currency: 'JPY' }],
  ['by card', 'cashier', { money: 'card', purpose: 'prepayment' }, { tender: 'card', purpose: 'prepayment' }],
  ['by transfer', 'manager', { money: 'bank_transfer', purpose: 'gift' }, { tender: 'bank_transfer', purpose: 'gift' }],
  ['otherwise', 'admin', { money: 'other' }, { funding: 'paid', tender: 'other' }],
  [
    'a return with its receipt',
    'cashier',
    { money: 'return', receiptId: '#1001', purpose: 'store_credit' },
    { funding: 'return', tender: null, receiptId: '#1001', purpose: 'store_credit' },
  ],
  ['goodwill of a manager', 'manager', { money: 'goodwill' }, { funding: 'goodwill', tender: null }],
  ['store credit that was paid', 'manager', { purpose: 'store_credit' }, { funding: 'paid', tender: 'cash' }],
  [
    'for one product',
    'cashier',
    { type: 'product_specific', productId: 'BIKE-7' },
    { type: 'product_specific', productId: 'BIKE-7', taxPoint: 'issue' },
  ],
  ['through a day', 'cashier', { validThrough: '2040-12-31' }, { expiresAt: '2040-12-31T23:00:00.000Z' }],
  ['for ever', 'cashier', { validThrough: '' }, { expiresAt: null }],
  ['notes', 'cashier', { notes: `${'🦄'.repeat(1_998)}\r\n!` }, { notes: `${'🦄'.repeat(1_998)}\n!` }],
];

test.each(right)('%s is issued as it was typed', async (_, as, more, facts, locale = 'en-GB') => {
  const seen = await pages.post(AT, { ...typed, ...more }, { as, headers: { 'Accept-Language': locale } });
  const { username: staffId } = await shop.staffMember(as);
  expect(await issued(seen)).toMatchObject({ ...facts, createdBy: { caller: `staff:${staffId}`, staffId } });
});

const managers: [what: string, more: Typed, field: string, en: RegExp][] = [
  ['goodwill', { money: 'goodwill' }, 'money', /what is paid, and goods that come back/],
  ['a return without a receipt', { money: 'return' }, 'money', /with their sale number/],
  ['another currency', { currency: 'CHF' }, 'money', /currency of the shop/],
  ['more than the shop lets a till', { amount: '500.01' }, 'amount', /more than a cashier/],
];

test.each(managers)('%s is a manager’s to sign, on the same screen', async (_, more, field, words) => {
  const form = { ...typed, ...more, [FORM_KEY]: randomUUID() };
  const refused = await pages.post(AT, form, { as: 'cashier' });
  expect(refused.status).toBe(422);
  expect(errorOf(refused, field)).toMatch(words);
  expect(refused.root.querySelector('details.signs')?.hasAttribute('open')).toBe(true);
  expect(keyIn(refused)).not.toBe(form[FORM_KEY]);

  const next = { ...form, [FORM_KEY]: keyIn(refused) ?? '' };
  const signature = await pages.signature();
  const mistyped = await pages.post(AT, { ...next, ...signature, [SIGNATURE]: 'wrong' }, { as: 'cashier' });
  expect(mistyped.status).toBe(403);
  expect(errorOf(mistyped, SIGNATURE)).toMatch(/wrong/);
  expect(keyIn(mistyped)).toBe(next[FORM_KEY]);
  expect(mistyped.root.querySelector(`#${SIGNATURE}`)?.getAttribute('value')).toBeUndefined();
  expect(valueOf(mistyped, SIGNER)).toBe(signature[SIGNER]);

  const unfit = await pages.post(AT, { ...next, ...(await pages.signature('cashier')) }, { as: 'cashier' });
  expect([unfit.status, errorOf(unfit, SIGNER)]).toEqual([403, 'This person may not sign that.']);

  const payment = await issued(await pages.post(AT, { ...next, ...signature }, { as: 'cashier' }));
  const [manager, cashier] = [await shop.staffMember('manager'), await shop.staffMember('cashier')];
  expect(payment.createdBy).toMatchObject({ caller: `staff:${manager.username}`, staffId: cashier.username });
});

test('a manager is not asked to sign, and those of finance do not issue', async () => {
  expect((await pages.get(AT, { as: 'manager' })).root.querySelector('details.signs')).toBeNull();
  expect((await pages.get(AT, { as: 'cashier' })).text).toContain('Up to €500.00; more is for a manager to sign.');
  expect((await pages.get(AT, { as: 'finance' })).status).toBe(403);
  expect((await pages.post(AT, typed, { as: 'finance' })).status).toBe(403);
});

test('a form that is sent again is done once, and a changed one tells what it did', async () => {
  const form = { ...typed, [FORM_KEY]: randomUUID(), notes: 'once' };
  const first = await pages.post(AT, form, { as: 'cashier' });
  const again = await pages.post(AT, form, { as: 'cashier' });
  expect(first.location).toMatch(/\?first=0(&done=no)?$/);
  expect(again.location).toBe(`/account-payments/${referenceOf(first)}/slip?first=0&done=before`);
  const changed = await pages.post(AT, { ...form, amount: '13' }, { as: 'cashier' });
  expect(changed.status).toBe(422);
  expect(changed.root.querySelector('.notice a')?.getAttribute('href')).toBe(`/account-payments/${referenceOf(first)}`);
  expect(keyIn(changed)).not.toBe(form[FORM_KEY]);
  const issued = await until(async () => {
    const rows = await shop.sql<{ reference: string }[]>`select reference from account_payments where notes = 'once'`;
    return rows.length > 0 && rows;
  });
  expect(issued).toEqual([{ reference: referenceOf(first) }]);
});

const searches: [q: string, ids: string[]][] = [
  ['anna', ['C-1', 'C-2', '']],
  ['0049 (30) 111', ['C-1', '']],
  ['ANNA@example.com', ['C-1', '']],
  ['script', ['C-3', '']],
  [RTL, ['C-4', '']],
  ['nobody of this name', []],
  ['\0', []],
];

test.each(searches)('a search for %j finds %j, and keeps what was typed', async (q, ids) => {
  const key = randomUUID();
  const form = { ...typed, customerId: '', step: 'search', customerSearch: q, notes: 'kept', [FORM_KEY]: key };
  const seen = await pages.post(AT, form);
  expect(seen.status).toBe(200);
  expect(choicesIn(seen, 'customerId')).toEqual(ids);
  expect([valueOf(seen, 'notes'), valueOf(seen, 'amount'), valueOf(seen, 'money'), keyIn(seen)]).toEqual([
    'kept',
    '12.50',
    'cash',
    key,
  ]);
  expect(seen.root.querySelector('details.new')?.hasAttribute('open') ?? false).toBe(ids.length === 0);
  expect(seen.root.querySelector('main script')).toBeNull();
});

test('two of one name are told apart, many are said to be more, and the chosen one stays', async () => {
  const two = await pages.post(AT, { step: 'search', customerSearch: 'anna' });
  const labels = two.root.querySelectorAll('#customerId label').map(({ text }) => text);
  expect(labels[0]).toContain('C-1 · +49 30 111 · anna@example.com');
  expect(labels[1]).toContain('C-2 · 030 222');
  const many = await pages.post(AT, { step: 'search', customerSearch: 'manifold', customerId: 'C-1' });
  expect(choicesIn(many, 'customerId')).toHaveLength(12);
  expect(valueOf(many, 'customerId')).toBe('C-1');
  expect(many.text).toContain('There are more than these');
  const product = await pages.post(AT, { step: 'search', productSearch: 'tour' }, german);
  expect(product.root.querySelector('#productId')?.text).toContain('Touring bike');
});

const contacts = { newName: `New ${SCRIPT}`, newPhone: '+44 20 7946 0018', newEmail: 'New@Example.org' };

test('a new customer is added once, by what they are issued, and nobody by what is refused', async () => {
  const { sql } = shop;
  const ofThisName = () => sql<{ customerId: string; phone: string; email: string }[]>`
    select customer_id, phone, email from customers where name = ${contacts.newName}`;
  const form = { ...typed, customerId: '', ...contacts, [FORM_KEY]: randomUUID() };
  const refused = await pages.post(AT, { ...form, money: 'goodwill', [FORM_KEY]: randomUUID() }, { as: 'cashier' });
  expect([refused.status, valueOf(refused, 'newName')]).toEqual([422, contacts.newName]);
  expect(await ofThisName()).toEqual([]);

  const seen = await pages.post(AT, form, { as: 'cashier' });
  const again = await pages.post(AT, form, { as: 'cashier' });
  expect(referenceOf(again)).toBe(referenceOf(seen));
  const [added, ...others] = await ofThisName();
  expect(others).toEqual([]);
  expect(added).toMatchObject({ phone: contacts.newPhone, email: contacts.newEmail });
  expect(added?.customerId).toMatch(/^C-[0-9A-HJKMNP-TV-Z]{10}$/);
  expect((await issued(seen)).customerId).toBe(added?.customerId);
});

test.each([
  [new ActorsUnavailable('away'), /cannot be reached/],
  [new OutcomeUnknown('unheard'), /may have been done/],
])('an outage (%s) keeps what was typed and its key, and sent again it is done once', async (error, words) => {
  const actors = { ...shop.actors, start: () => Promise.reject(error) };
  const app = createPages({ ...shop.parts, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined, actors });
  const form = { ...typed, customerId: '', newName: `Late ${error.name}`, [FORM_KEY]: randomUUID() };
  const away = await openPages({ ...shop, app }).post(AT, form, { as: 'cashier' });
  expect(away.status).toBe(503);
  expect(away.root.querySelector('.summary')?.text).toMatch(words);
  expect([keyIn(away), valueOf(away, 'newName'), valueOf(away, 'amount')]).toEqual([
    form[FORM_KEY],
    form.newName,
    form.amount,
  ]);
  const payment = await issued(await pages.post(AT, form, { as: 'cashier' }));
  expect(await shop.sql`select customer_id from customers where name = ${form.newName}`).toEqual([
    { customerId: payment.customerId },
  ]);
});

test('no name, phone or e-mail address goes into a workflow or an address', async () => {
  const form = { ...typed, customerId: '', ...contacts, notes: 'whispered' };
  const seen = await pages.post(AT, form);
  const reference = referenceOf(seen);
  await until(async () => (await shop.get(`/account-payments/${reference}`)).status === 200);
  const { events } = await shop.client.workflow.getHandle(reference).fetchHistory();
  const history = (events ?? []).map((event) => Buffer.from(bytesOf(event)).toString('latin1')).join('\n');
  expect(history).toContain(reference);
  for (const said of [contacts.newName, contacts.newPhone, contacts.newEmail, 'whispered'])
    expect([history.includes(said), seen.location?.includes(encodeURIComponent(said))]).toEqual([false, false]);
});

test('a link fills in what it may, and nothing is carried out by it', async () => {
  const link = `${AT}?customerId=C-2&productId=BIKE-7&amount=12.50&customerSearch=anna&newName=Eve&notes=x`;
  const seen = await pages.get(link, { as: 'cashier' });
  expect(seen.status).toBe(200);
  expect(
    ['customerId', 'productId', 'type', 'amount', 'currency', 'newName', 'notes'].map((name) => valueOf(seen, name)),
  ).toEqual(['C-2', 'BIKE-7', 'product_specific', '12.50', 'EUR', undefined, '']);
  expect(seen.root.querySelector('#customerId')?.text).toContain('Anna Schmidt');
  const unknown = await pages.get(`${AT}?customerId=${encodeURIComponent(SCRIPT)}`);
  expect([valueOf(unknown, 'customerId'), unknown.root.querySelector('main script')]).toEqual([SCRIPT, null]);
});

/** Whatever an event of a history holds, as it came. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value !== 'object' || value === null) return new Uint8Array();
  return Buffer.concat(Object.values(value).map(bytesOf));
}
