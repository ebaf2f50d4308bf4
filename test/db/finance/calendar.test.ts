import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connect, disconnect, type Sql } from '../../../db/connect.js';
import { insertExport } from '../../../db/finance/exports.js';
import { reportNames, reports, type ReportName } from '../../../domain/finance/reports.js';
import { apply, freeze } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { openShops, payment } from './books.js';
import { rowsOf } from './opens.js';

/** Days are days: whatever time zone a reader's session has, where some days begin at one in the night. */

let sql: Sql;
/** In São Paulo the 4th of November 2018 began at 01:00. */
let abroad: Sql;
beforeAll(async () => {
  const { sql: owner, url } = await createDatabase(inject('postgresUrl'));
  sql = owner;
  const inZone = new URL(url);
  inZone.searchParams.set('timezone', 'America/Sao_Paulo');
  abroad = connect(inZone.href, { name: 'test-abroad', connections: 1 });
  await openShops(sql);
  await payment(sql, '2018-11-03T12:00:00Z', { expiresAt: '2018-12-31T23:00:00.000Z' })
    .does('2018-11-04T12:00:00Z', apply('a', 500), freeze('f'))
    .record();
});
afterAll(() => Promise.all([sql, abroad].map(disconnect)));

const said: Readonly<Record<string, string>> = { from_day: '2018-11-03', to_day: '2018-11-04', grain: 'day' };
function paramsOf(name: ReportName): Record<string, string> {
  const asOf = ['outstanding_liability', 'customer_balances'].includes(name) ? '2018-11-05T00:00:00Z' : '2018-11-04';
  const taken = reports[name].params.filter(({ name: param }) => param === 'as_of' || param in said);
  return Object.fromEntries(taken.map(({ name: param }) => [param, said[param] ?? asOf]));
}

test.each(reportNames)('%s is the same in every time zone', async (name) => {
  const [{ TimeZone: zone } = { TimeZone: '' }] = await abroad<{ TimeZone: string }[]>`show timezone`;
  expect(zone).toBe('America/Sao_Paulo');
  expect(await rowsOf(abroad, name, paramsOf(name))).toEqual(await rowsOf(sql, name, paramsOf(name)));
});

test('a roll-forward by days has a row for each', async () => {
  const rows = await rowsOf(abroad, 'roll_forward', { from_day: '2018-11-03', to_day: '2018-11-06', grain: 'day' });
  expect(rows.map(({ firstDay }) => firstDay)).toEqual(['2018-11-03', '2018-11-04', '2018-11-05', '2018-11-06']);
});

test('an export takes each of its days', async () => {
  const days = { fromDay: '2018-11-02', toDay: '2018-11-05' };
  await insertExport(abroad, {
    ...days,
    legalEntity: 'Nord GmbH',
    currency: 'EUR',
    format: 'xero',
    debitsMinor: 1,
    madeBy: 'fin',
    madeAt: '2018-12-01T00:00:00.000Z',
  });
  const taken = await sql`select day::text as day from finance.exported_days order by day`;
  expect(taken.map(({ day }) => day as string)).toEqual(['2018-11-02', '2018-11-03', '2018-11-04', '2018-11-05']);
});
