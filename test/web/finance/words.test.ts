import { expect, test } from 'vitest';
import { isListedColumn, listedColumns } from '../../../domain/finance/listed.js';
import { fieldOf, note } from '../../../domain/finance/report.js';
import { columnsOf, movementColumns, reportNames } from '../../../domain/finance/reports.js';
import { written } from '../../../web/finance/words.js';
import { createReaders } from '../../../web/http/reader.js';
import { languages } from '../../../web/texts/texts.js';

const readers = createReaders();
const readerIn = (language: string) => readers(language, undefined, 'UTC');

/** What shops and people call something, and texts: the same in every language. Kinds stand in files alone. */
const named = [
  ...['legal_entity', 'partner_entity', 'owing_entity', 'owed_entity', 'shop_id', 'owing_shop_id', 'owed_shop_id'],
  ...['currency', 'tax_code', 'debit_code', 'credit_code', 'product_id', 'customer_id', 'reference', 'command_id'],
  ...['person', 'signed_by', 'entered_by', 'caller', 'staff_id', 'reason', 'sale_shop_id', 'sale_id', 'kind'],
];

test('a text of a report is a name, or of a closed list that is known', () => {
  const columns = [...reportNames.flatMap(columnsOf), ...Object.entries(movementColumns)];
  const texts = new Set(columns.filter(([, { kind }]) => kind === 'text').map(([column]) => column));
  expect([...texts].filter((column) => !isListedColumn(column)).sort()).toEqual([...named].sort());
  expect(Object.keys(listedColumns).filter((column) => !texts.has(column))).toEqual([]);
});

const values = Object.entries(listedColumns).flatMap(([column, list]) => list.map((value) => [column, value] as const));

test.each(languages)('each value of a closed list is a word of its own, in %s', (language) => {
  const reader = readerIn(language);
  const wordOf = (column: string, value: string) => written({ [fieldOf(column)]: value }, column, note('text'), reader);
  const raw = values.filter(([column, value]) => /^$|_|[a-z][A-Z]/.test(wordOf(column, value)));
  expect(raw).toEqual([]);
  for (const [column, list] of Object.entries(listedColumns))
    expect(new Set(list.map((value) => wordOf(column, value))).size, column).toBe(list.length);
  // Some words of English are the values themselves; of another language, none.
  if (language !== 'en') expect(values.filter(([column, value]) => wordOf(column, value) === value)).toEqual([]);
});

test.each([
  ['en-GB', '19%', '7.75%'],
  ['de-DE', '19 %', '7,75 %'],
])('a rate is told in per cent, in %s', (locale, whole, part) => {
  const reader = readers(undefined, locale, 'UTC');
  const rateOf = (value: number) => written({ rateBasisPoints: value }, 'rate_basis_points', note('number'), reader);
  expect([rateOf(1_900), rateOf(775)].map((text) => text.replace('\u00a0', ' '))).toEqual([whole, part]);
});
