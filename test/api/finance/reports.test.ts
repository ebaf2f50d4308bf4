import { afterAll, beforeAll, expect, test } from 'vitest';
import { paramsOf, slugOf } from '../../../domain/finance/asked.js';
import { fieldOf, type ParamKind } from '../../../domain/finance/report.js';
import { columnsOf, figuresOf, keysOf, reportNames, type ReportName } from '../../../domain/finance/reports.js';
import { createReports, REPORTS_AT_ONCE } from '../../../service/finance/reports.js';
import { askedBy } from '../../../db/asker.js';
import { generateYear } from '../../../scripts/finance/generateYear.js';
import { openShop, until, type Shop } from '../../support/shop.js';

type Row = Record<string, string | number | boolean | null>;
type Answer = { rows: Row[]; code?: string; errors?: { parameter: string; code: string }[] };

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  // More movements than are read at a time.
  await generateYear(shop.sql, { payments: 500, movements: 2_600 });
});
afterAll(() => shop.close());

const values: Readonly<Record<ParamKind, string>> = {
  day: '2025-12-31',
  instant: '2025-12-31T23:00:00Z',
  grain: 'month',
  groups: '',
  entity: '',
  shop: '',
  months: '2',
  days: '400',
};

/** What a report has to be asked with, over the whole year; and a time so short that something is older. */
function queryOf(name: ReportName): URLSearchParams {
  const needed = paramsOf(name).filter(({ need, kind }) => need === 'required' || kind === 'months');
  return new URLSearchParams(
    needed.map(({ name: param, kind }): [string, string] => [
      fieldOf(param),
      param === 'from_day' ? '2025-01-01' : values[kind],
    ]),
  );
}

const ask = (path: string, key = shop.keys.finance) => shop.get<Answer>(`/reports${path}`, { key });

test('the list tells of each report its question, what it is asked with and what it answers', async () => {
  const { status, body } = await shop.get<{ items: { name: string; question: string; columns: object[] }[] }>(
    '/reports',
    { key: shop.keys.finance },
  );
  expect(status).toBe(200);
  expect(body.items.map(({ name }) => name)).toEqual(reportNames.map(slugOf));
  for (const { question, columns } of body.items) {
    expect(question).toMatch(/\?$/);
    expect(columns.length).toBeGreaterThan(2);
  }
});

const decimals: Readonly<Record<string, RegExp>> = {
  EUR: /^EUR (-?\d+\.\d\d)?$/,
  JPY: /^JPY (-?\d+)?$/,
  KWD: /^KWD (-?\d+\.\d{3})?$/,
};

test.each(reportNames)('%s: rows, file, and each figure opens to the movements that sum to it', async (name) => {
  const query = queryOf(name);
  const at = `/${slugOf(name)}`;
  const { status, body } = await ask(`${at}?${query.toString()}`);
  expect(status).toBe(200);
  expect(body.rows.length).toBeGreaterThan(0);
  const fields = columnsOf(name).map(([column]) => fieldOf(column));
  for (const row of body.rows) expect(Object.keys(row)).toEqual(fields);

  const file = await shop.app.request(`/v1/reports${at}.csv?${query.toString()}`, {
    headers: { Authorization: `Bearer ${shop.keys.finance}` },
  });
  expect(file.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  const lines = (await file.text()).split('\r\n');
  expect(lines).toHaveLength(body.rows.length + 2);
  expect(lines[0]?.split(',').length).toBe(fields.length);
  const written = lines.slice(1, -1).map((line) => line.split(','));
  const amounts = columnsOf(name).flatMap(([, { kind }], at) => (kind === 'amount' ? [at] : []));
  const currencyOf = (cells: string[]) => cells[fields.indexOf('currency')] ?? '';
  // Of 3 decimals there is little in so small a year.
  expect(written.map(currencyOf)).toEqual(expect.arrayContaining(['EUR', 'JPY']));
  for (const cells of written)
    for (const at of amounts)
      expect(`${currencyOf(cells)} ${cells[at]}`).toMatch(decimals[currencyOf(cells)] ?? /never/);

  const row = body.rows[Math.floor(body.rows.length / 2)] ?? {};
  const cell = JSON.stringify(Object.fromEntries(keysOf(name).map((key) => [fieldOf(key), row[fieldOf(key)]])));
  for (const figure of figuresOf(name).map(fieldOf)) {
    const behind = new URLSearchParams([...query, ['figure', figure], ['cell', cell]]);
    const opened = await ask(`${at}/movements?${behind.toString()}`);
    expect(opened, figure).toMatchObject({ status: 200 });
    const sum = opened.body.rows.reduce((all, { amountMinor }) => all + Number(amountMinor), 0);
    expect(sum, figure).toBe(row[figure]);
  }
});

test.each([
  ['no day', '/tenders?fromDay=2025-02-30&toDay=2025-12-31', 'fromDay'],
  ['days the wrong way round', '/tenders?fromDay=2025-12-31&toDay=2025-01-01', 'toDay'],
  ['a day left out', '/tenders?fromDay=2025-12-31', 'toDay'],
  ['a parameter of another report', '/tenders?fromDay=2025-12-31&toDay=2025-12-31&legalEntiti=x', 'legalEntiti'],
  ['a figure that there is not', '/tenders/movements?fromDay=2025-12-31&toDay=2025-12-31&figure=day', 'figure'],
  [
    'a row that there cannot be',
    '/tenders/movements?fromDay=2025-12-31&toDay=2025-12-31&figure=netMinor&cell=%7B%22a%22%3A1%7D',
    'cell',
  ],
  ...(
    [
      ['tenders', 'netMinor', { day: 'Monday' }],
      ['tenders', 'netMinor', { day: 20250101 }],
      ['tenders', 'netMinor', { shopId: 7 }],
      ['tax', 'dueMinor', { rateBasisPoints: '19' }],
      ['tax', 'dueMinor', { rateBasisPoints: 1e12 }],
      ['breakage', 'breakageMinor', { month: '2025-02-30' }],
      ['redemption', 'usedMinor', { cohort: '2025' }],
      ['redemption', 'usedMinor', { monthsSince: 'one' }],
      ['roll-forward', 'closingMinor', { firstDay: '' }],
    ] as const
  ).map(([name, figure, cell]): [string, string, string] => [
    `${name} of ${JSON.stringify(cell)}`,
    `/${name}/movements?fromDay=2025-12-31&toDay=2025-12-31&figure=${figure}&cell=${encodeURIComponent(JSON.stringify(cell))}`,
    'cell',
  ]),
  ['a period without an end', '/tenders?fromDay=1970-01-01&toDay=9998-12-31', 'toDay'],
  ['a row for each day of a lifetime', '/roll-forward?fromDay=2000-01-01&toDay=2030-01-01&grain=day', 'toDay'],
])('%s is malformed', async (_, path, parameter) => {
  const { status, body } = await ask(path);
  expect([status, body.errors?.map((each) => each.parameter)]).toEqual([400, [parameter]]);
});

test('there is no other report, and only finance and admins read them', async () => {
  expect((await ask('/secrets?fromDay=2025-12-31&toDay=2025-12-31')).status).toBe(404);
  const { till, manager, finance, admin } = shop.keys;
  for (const path of ['', '/tenders?fromDay=2025-12-31&toDay=2025-12-31']) {
    const statuses = await Promise.all(
      [till, manager, finance, admin].map(async (key) => (await ask(path, key)).status),
    );
    expect(statuses).toEqual([403, 403, 200, 200]);
  }
});

const everything = {
  params: { from_day: '2025-01-01', to_day: '2025-12-31' },
  cell: { keys: {}, figure: 'amount_minor' },
};

/** What Postgres is doing for reports. */
const atWork = async () => {
  const rows = await shop.sql`
    select from pg_stat_activity where query like '%journal_movements%' and state = 'active' and pid <> pg_backend_pid()`;
  return rows.length;
};

test('rows come before the query has ended, so many readers at once, and who stops reading ends it', async () => {
  const reports = createReports({ sql: shop.parts.listSql });
  const open = () => reports.movements('journal', everything.params, everything.cell);
  const readers = await Promise.all(Array.from({ length: REPORTS_AT_ONCE }, open));
  const firsts = await Promise.all(readers.map(async (rows) => (rows === 'too_many' ? undefined : rows.next())));
  for (const first of firsts) expect(first?.value).toHaveLength(1_000);
  expect(await atWork()).toBe(REPORTS_AT_ONCE);
  expect(await open()).toBe('too_many');
  for (const rows of readers) if (rows !== 'too_many') await rows.return();
  await until(async () => (await atWork()) === 0);
  const again = await open();
  let count = 0;
  if (again !== 'too_many') for await (const batch of again) count += batch.length;
  expect(count).toBeGreaterThan(2_000);
  expect(await atWork()).toBe(0);
});

test('a report that nobody waits for any more is taken back', async () => {
  const reports = createReports({ sql: shop.parts.listSql });
  const gone = new AbortController();
  await shop.sql.begin(async (lock) => {
    await lock`lock table movements in access exclusive mode`;
    const asked = askedBy(gone.signal, () => reports.movements('journal', everything.params, everything.cell));
    await until(async () => (await atWork()) === 1);
    gone.abort();
    await expect(asked).rejects.toThrow();
    await until(async () => (await atWork()) === 0);
  });
});

test('one whose rows nobody takes ends by itself, and whoever comes back is told', async () => {
  const reports = createReports({ sql: shop.parts.listSql, readerMs: 50 });
  const rows = await reports.movements('journal', everything.params, everything.cell);
  await until(async () => (await atWork()) === 0);
  if (rows === 'too_many') throw new Error('there was room');
  await expect(rows.next()).rejects.toThrow('nobody took the rows');
});

test('who asks for no more than the head of a report holds nothing up', async () => {
  const headers = { Authorization: `Bearer ${shop.keys.finance}` };
  const ofHead = async (path: string, method: string) => {
    const { status, body } = await shop.app.request(`/v1/reports${path}`, { method, headers });
    if (method === 'GET') await body?.cancel();
    return status;
  };
  const query = 'fromDay=2025-01-01&toDay=2025-12-31';
  for (const path of [`/tenders?${query}`, `/tenders.csv?${query}`, `/tenders/movements?${query}&figure=netMinor`])
    for (let i = 0; i <= REPORTS_AT_ONCE; i += 1) expect(await ofHead(path, 'HEAD')).toBe(200);
  expect(await ofHead(`/tenders?${query}`, 'GET')).toBe(200);
});
