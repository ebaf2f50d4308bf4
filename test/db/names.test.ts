import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../db/connect.js';
import { putCustomer, searchCustomers } from '../../db/customer/customers.js';
import { putProduct, searchProducts } from '../../db/product/products.js';
import { createDatabase } from '../support/database.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
});
afterAll(() => disconnect(sql));

const names = [
  'Ada Müller',
  'Emine Şahin',
  'Ελένη Παπαδοπούλου',
  '李明',
  "Niamh O'Brien",
  'Jürgen Strauß-Øst',
  'Łucja Đorđević',
  'İbrahim Ilıcalı',
  '<script>alert(1)</script>',
  '🦄',
];
const found: [q: string, names: string[]][] = [
  ['müller', ['Ada Müller']],
  ['mu\u0308', ['Ada Müller']],
  ['MULLER', ['Ada Müller']],
  ['Mueller', ['Ada Müller']],
  ['mul ad', ['Ada Müller']],
  ['uller', []],
  ['sahin', ['Emine Şahin']],
  ['ŞAH', ['Emine Şahin']],
  ['ελενη', ['Ελένη Παπαδοπούλου']],
  ['ΠΑΠΑΔΟΠΟΎΛΟΥ', ['Ελένη Παπαδοπούλου']],
  ['李', ['李明']],
  ["o'brien", ["Niamh O'Brien"]],
  ['obr', ["Niamh O'Brien"]],
  ['brien', ["Niamh O'Brien"]],
  ['STRAUSS', ['Jürgen Strauß-Øst']],
  ['ost', ['Jürgen Strauß-Øst']],
  ['lucja dord', ['Łucja Đorđević']],
  ['ilicali', ['İbrahim Ilıcalı']],
  ['ibrahim', ['İbrahim Ilıcalı']],
  ['i', ['İbrahim Ilıcalı']],
  ['script alert', ['<script>alert(1)</script>']],
  ["'", []],
  ["' | !'", []],
  ['a:*', ['<script>alert(1)</script>', 'Ada Müller']],
];

test.each(found)('%s finds %j', async (q, expected) => {
  for (const [i, name] of names.entries()) await putCustomer(sql, `nr-${i + 1}`, name);
  expect((await searchCustomers(sql, q, 50)).map(({ name }) => name)).toEqual(expected);
});

test('what is named anew is found under its new name only, products too', async () => {
  await putProduct(sql, 'P-1', 'Crème brûlée torch');
  expect(await searchProducts(sql, 'creme bru', 9)).toMatchObject([{ productId: 'P-1' }]);
  await putProduct(sql, 'P-1', 'Dampfgarer');
  expect(await searchProducts(sql, 'creme', 9)).toEqual([]);
  expect(await searchProducts(sql, 'dampf', 9)).toMatchObject([{ name: 'Dampfgarer' }]);
  expect(await searchProducts(sql, 'p-', 9)).toMatchObject([{ productId: 'P-1' }]);
});

test('among 100,000 names the right ones come, in the order of the alphabet', async () => {
  await sql.begin(async (tx) => {
    await tx`set local statement_timeout = 0`;
    await tx`
      insert into customers (customer_id, name, name_words)
      select word || '-' || i, name || ' Nr' || i, array_to_tsvector(array[word, 'nr' || i])
        from generate_series(1, 25000) i,
             (values ('Wånne', 'wanne'), ('Wanna', 'wanna'), ('Woë', 'woe'), ('Wo', 'wo')) n (name, word)`;
  });
  const named = async (q: string, limit: number) => (await searchCustomers(sql, q, limit)).map(({ name }) => name);
  expect(await named('w nr24999', 9)).toEqual(['Wanna Nr24999', 'Wånne Nr24999', 'Wo Nr24999', 'Woë Nr24999']);
  expect(await named('w', 3)).toEqual(['Wanna Nr1', 'Wanna Nr10', 'Wanna Nr100']);
  expect(await named('woë nr7', 2)).toEqual(['Woë Nr7', 'Woë Nr70']);
});
