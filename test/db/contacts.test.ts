import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../db/connect.js';
import { findContacts, insertCustomer, searchContacts } from '../../db/customer/contacts.js';
import { putCustomer } from '../../db/customer/customers.js';
import { createDatabase } from '../support/database.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  for (const customer of customers) await insertCustomer(sql, customer);
  await putCustomer(sql, 'C-9', 'Nobody Reachable');
});
afterAll(() => disconnect(sql));

const customers = [
  { customerId: 'C-1', name: 'Anna Schmidt', phone: '+49 (30) 123-45 67', email: 'Anna.S@Example.com' },
  { customerId: 'C-2', name: 'Anna Schmidt', phone: '0170 99', email: null },
  { customerId: 'C-3', name: 'Bülent Öz', phone: null, email: 'BÜLENT@example.com' },
];

const found: [q: string, ids: string[]][] = [
  ['anna schm', ['C-1', 'C-2']],
  ['0049 30 1234567', ['C-1']],
  ['49301234567', ['C-1']],
  ['123 45 67', []],
  ['0170-99', ['C-2']],
  ['anna.s@EXAMPLE.com', ['C-1']],
  ['anna.s@example', []],
  ['C-3', ['C-3']],
  ['oez', ['C-3']],
  ['%', []],
  ['null', []],
];

test.each(found)('%s finds %j', async (q, ids) => {
  expect((await searchContacts(sql, q, 9)).map(({ customerId }) => customerId)).toEqual(ids);
});

test('a name that is set again leaves the contacts, and they can be erased', async () => {
  await putCustomer(sql, 'C-2', 'Anna Schmitt');
  expect(await findContacts(sql, 'C-2')).toMatchObject({
    customerId: 'C-2',
    name: 'Anna Schmitt',
    phone: '0170 99',
    email: null,
  });
  await sql`update customers set phone = null where customer_id = 'C-2'`;
  expect(await searchContacts(sql, '017099', 9)).toEqual([]);
  await sql`delete from customers where customer_id = 'C-2'`;
  expect(await findContacts(sql, 'C-2')).toBeUndefined();
});

test.each([
  ['phone', '1'.repeat(41)],
  ['phone', ''],
  ['email', 'a'.repeat(255)],
])('Postgres refuses a %s of %s', async (column, value) => {
  const row = { customerId: 'C-10', name: 'X', phone: null, email: null, [column]: value };
  await expect(insertCustomer(sql, row)).rejects.toMatchObject({ code: '23514' });
});
