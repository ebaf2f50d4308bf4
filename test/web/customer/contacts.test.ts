import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findContacts, insertCustomer } from '../../../db/customer/contacts.js';
import { disconnect } from '../../../db/connect.js';
import { createPages } from '../../../web/createPages.js';
import { openNowhere } from '../../support/nowhere.js';
import { openPages, type Typed } from '../../support/pages.js';
import { openShop, until, type Shop } from '../../support/shop.js';
import { fieldsOf } from '../payment/asStaff.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
/** Nobody listens there. */
const nowhere = openNowhere();
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
});
afterAll(async () => {
  await disconnect(nowhere);
  await shop.close();
});

const as = 'cashier' as const;
const at = (customerId: string, page = '') => `/customers/${customerId}${page}`;
/** A customer of their own for each test. */
async function somebody(): Promise<string> {
  const customerId = `C-${randomUUID().slice(0, 8)}`;
  await insertCustomer(shop.sql, { customerId, name: 'Ada Lovelace', phone: '030 1', email: 'ada@example.com' });
  return customerId;
}
const known = async (customerId: string) => {
  const { name, phone, email } = (await findContacts(shop.sql, customerId)) ?? {};
  return [name, phone, email];
};

test('a cashier changes name, phone and e-mail, and is found under them', async () => {
  const customerId = await somebody();
  const form = await pages.get(at(customerId, '/contacts'), { as });
  expect(fieldsOf(form)).toMatchObject({ name: 'Ada Lovelace', phone: '030 1', email: 'ada@example.com' });
  const typed = { ...fieldsOf(form), name: 'Ada King', phone: '', email: 'king@example.com' };
  const done = await pages.post(at(customerId, '/contacts'), typed, { as });
  expect([done.status, done.location]).toEqual([303, `${at(customerId)}?done=changed`]);
  expect((await pages.get(done.location ?? '', { as })).text).toContain('Name and contact details are saved.');
  expect(await known(customerId)).toEqual(['Ada King', null, 'king@example.com']);
  expect((await pages.get('/customers?q=king@example.com')).location).toBe(at(customerId));
  // Sent again, it is the same change.
  expect((await pages.post(at(customerId, '/contacts'), typed, { as })).status).toBe(303);
});

test('whoever is known by a payment alone gets a name', async () => {
  const customerId = `C-${randomUUID().slice(0, 8)}`;
  await shop.issue({ customerId });
  const form = await pages.get(at(customerId, '/contacts'), { as });
  expect((await pages.post(at(customerId, '/contacts'), { ...fieldsOf(form), name: 'New' }, { as })).status).toBe(303);
  expect(await known(customerId)).toEqual(['New', null, null]);
  expect((await pages.get(at('C-nobody', '/contacts'), { as })).status).toBe(404);
  expect((await pages.get(at('C-nobody', '/erase'), { as })).status).toBe(404);
});

test('two who change it at once do not undo each other, nor bring back what was erased', async () => {
  const customerId = await somebody();
  const [mine, theirs] = [await pages.get(at(customerId, '/contacts')), await pages.get(at(customerId, '/contacts'))];
  await pages.post(at(customerId, '/contacts'), { ...fieldsOf(theirs), phone: '030 2' });
  const late = await pages.post(at(customerId, '/contacts'), { ...fieldsOf(mine), email: 'me@example.com' });
  expect(late.status).toBe(409);
  expect(late.text).toContain('Somebody else has changed this meanwhile.');
  expect(fieldsOf(late)).toMatchObject({ phone: '030 1', email: 'me@example.com' });
  expect(await known(customerId)).toEqual(['Ada Lovelace', '030 2', 'ada@example.com']);
  const current = await pages.get(at(customerId, '/contacts'));
  await pages.post(at(customerId, '/erase'), { reason: 'asked for' });
  expect((await pages.post(at(customerId, '/contacts'), fieldsOf(current))).status).toBe(409);
  expect(await known(customerId)).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['name', '', 'A new customer needs a name.'],
  ['name', 'x'.repeat(201), 'This text is too long'],
  ['phone', 'none', 'A phone number has at least three digits'],
  ['email', 'nothing', ''],
])('a %s of "%s" is refused beside its field, with all that was typed', async (field, value, told) => {
  const customerId = await somebody();
  const typed = { ...fieldsOf(await pages.get(at(customerId, '/contacts'))), [field]: value };
  const again = await pages.post(at(customerId, '/contacts'), typed);
  expect(again.status).toBe(422);
  expect(again.root.querySelector(`#${field}-error`)?.text).toContain(told);
  expect(again.root.querySelector(`.summary a[href="#${field}"]`)).not.toBeNull();
  expect(fieldsOf(again)).toEqual(typed);
  expect(await known(customerId)).toEqual(['Ada Lovelace', '030 1', 'ada@example.com']);
});

test('erasing takes who it is, the notes and the words of gifts, and leaves the books', async () => {
  const customerId = await somebody();
  const { reference } = await shop.issue({ customerId, notes: 'prefers Ms Lovelace' });
  const gift = { reference, customerId, toCustomerId: 'C-2', amountMinor: 100, currency: 'EUR', message: 'yours, Ada' };
  const options = { idempotencyKey: randomUUID() };
  await until(async () => (await shop.post('/gifts', gift, options)).status < 300);
  const path = at(customerId, '/erase');
  const form = await pages.get(path, { as });
  expect(form.text).toContain('Erase the personal details of Ada Lovelace?');
  for (const each of ['The notes on', 'The books:', 'It cannot be undone.']) expect(form.text).toContain(each);
  const sent = { ...fieldsOf(form), reason: 'asked by letter' };
  const unsigned = await pages.post(path, sent, { as });
  expect(unsigned.status).toBe(403);
  expect(await known(customerId)).toContain('Ada Lovelace');
  const signed: Typed = { ...fieldsOf(unsigned), ...(await pages.signature()) };
  const done = await pages.post(path, signed, { as });
  expect([done.status, done.location]).toEqual([303, `${at(customerId)}?done=erased`]);
  const profile = await pages.get(done.location ?? '', { as });
  expect(profile.text).toMatch(/were erased on .* by manager\.\s*asked by letter/);
  expect(profile.text).toContain('€99.00');
  const everywhere = await shop.sql`
    select to_jsonb(c)::text as row from customers c where customer_id = ${customerId}
    union all select to_jsonb(p)::text from account_payments p where reference = ${reference}
    union all select to_jsonb(r)::text from issue_reservations r where reference = ${reference}
    union all select to_jsonb(g)::text from gifts g where reference = ${reference}`;
  expect(everywhere.length).toBe(3);
  expect(JSON.stringify(everywhere)).not.toMatch(/Lovelace|\bAda\b|ada@/);

  // The same form again erases nothing that was typed in since.
  await insertCustomer(shop.sql, { customerId, name: 'Ada Again', phone: null, email: null });
  expect((await pages.post(path, signed, { as })).status).toBe(303);
  expect(await known(customerId)).toEqual(['Ada Again', null, null]);
});

test('who left nothing here is still told to have been erased', async () => {
  const customerId = await somebody();
  expect((await pages.post(at(customerId, '/erase'), { reason: ' ' })).status).toBe(422);
  expect((await pages.post(at(customerId, '/erase'), { reason: 'asked for' })).status).toBe(303);
  expect((await pages.get(at(customerId))).text).toContain('were erased on');
});

test('while the books are away nothing that was typed is lost', async () => {
  const customerId = await somebody();
  const parts = {
    ...shop.parts,
    sql: nowhere,
    listSql: nowhere,
    desk: shop.desk,
    publicUrl: undefined,
    temporalUiUrl: undefined,
  };
  const away = openPages({ ...shop, app: createPages(parts) });
  for (const page of ['/contacts', '/erase']) {
    const form = fieldsOf(await pages.get(at(customerId, page)));
    const typed: Record<string, string> = { ...form, name: 'Ada King', reason: 'asked for' };
    const unanswered = await away.post(at(customerId, page), typed);
    expect(unanswered.status).toBe(503);
    expect(unanswered.text).toContain('The books cannot be reached.');
    expect(typed).toMatchObject(fieldsOf(unanswered));
    expect(fieldsOf(unanswered)['formKey']).toBe(typed['formKey']);
  }
  expect(await known(customerId)).toEqual(['Ada Lovelace', '030 1', 'ada@example.com']);
});
