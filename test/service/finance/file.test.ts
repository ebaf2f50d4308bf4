import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { figure, key, note } from '../../../domain/finance/report.js';
import { asCsv } from '../../../service/finance/file.js';

/** How a report is written as a file: what people typed stays what it is, and a program may read the numbers. */

const columns = [
  ['currency', key('text')],
  ['reason', note('text')],
  ['paid_out_minor', figure],
  ['act_count', note('count')],
] as const;

async function fileOf(...rows: { currency: string; reason: string | null; paidOutMinor: number | null }[]) {
  let file = '';
  for await (const text of asCsv(columns, Readable.from(rows.map((row) => [{ ...row, actCount: -1 }])))) file += text;
  return file;
}

test.each([
  ['a word', 'broken', 'broken'],
  ['nothing', null, ''],
  ['a comma', 'torn, wet', '"torn, wet"'],
  ['quotes', 'the "new" one', '"the ""new"" one"'],
  ['a new line', 'torn\nwet', '"torn\nwet"'],
  ['a new line as Windows has it', 'torn\r\nwet', '"torn\r\nwet"'],
  ['blanks around it', ' torn ', '" torn "'],
  ['a sign that is no first one', 'a=b+c-d@e', 'a=b+c-d@e'],
  ['an equals sign first', '=1+2', "'=1+2"],
  ['a plus first', '+49 30 1', "'+49 30 1"],
  ['a minus first', '-1', "'-1"],
  ['an at sign first', '@SUM(A1)', "'@SUM(A1)"],
  ['a formula with quotes and commas', '=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ['a formula behind a new line', '\n=1', `"'\n=1"`],
  ['a formula behind a tab', '\t=1', "'\t=1"],
  ['a formula behind blanks', '  =1', "'  =1"],
  ['a formula behind a hard blank', '\u00a0=1', "'\u00a0=1"],
  ['a formula behind what nobody sees', '\u200b=1', "'\u200b=1"],
  ['wide signs of a formula', '＝1', "'＝1"],
])('%s is written so that it is read as it was typed, and runs nothing', async (_, reason, cell) => {
  const file = await fileOf({ currency: 'EUR', reason, paidOutMinor: 250 });
  expect(file).toBe(`\uFEFFcurrency,reason,paidOut,actCount\r\nEUR,${cell},2.50,-1\r\n`);
});

test('each amount has the decimals of its own currency, whatever is beside it, and is a number', async () => {
  const amounts = { EUR: [0, 5, -5, 123_456], JPY: [0, 5, -5, 123_456], KWD: [0, 5, -5, 123_456] };
  const rows = Object.entries(amounts).flatMap(([currency, each]) =>
    each.map((paidOutMinor) => ({ currency, reason: null, paidOutMinor })),
  );
  const [, ...lines] = (await fileOf(...rows, { currency: 'JPY', reason: null, paidOutMinor: null })).split('\r\n');
  expect(lines.slice(0, -1).map((line) => line.split(',').slice(0, 3).join(''))).toEqual([
    ...['EUR0.00', 'EUR0.05', 'EUR-0.05', 'EUR1234.56'],
    ...['JPY0', 'JPY5', 'JPY-5', 'JPY123456'],
    ...['KWD0.000', 'KWD0.005', 'KWD-0.005', 'KWD123.456'],
    'JPY',
  ]);
});

test('a file without rows has its head', async () => {
  expect(await fileOf()).toBe('\uFEFFcurrency,reason,paidOut,actCount\r\n');
});
