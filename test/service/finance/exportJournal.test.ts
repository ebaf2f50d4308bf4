import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connect, disconnect, STATEMENT_MS, type Sql } from '../../../db/connect.js';
import {
  insertAccountCode,
  insertBreakageRate,
  insertLedgerSettings,
  insertTaxRate,
} from '../../../db/finance/entered.js';
import { listExports } from '../../../db/finance/exports.js';
import { lockExports } from '../../../db/finance/locks.js';
import type { Account } from '../../../domain/finance/accounts.js';
import type { ExportWish, LedgerSettings } from '../../../domain/finance/ledger.js';
import { sentenceOf } from '../../../domain/finance/refusals.js';
import { exportJournal, type Exported } from '../../../service/finance/exportJournal.js';
import { apply } from '../../domain/payment/build.js';
import { at, closeDays, openShops, payment } from '../../db/finance/books.js';
import { createDatabase } from '../../support/database.js';
import { until } from '../../support/shop.js';

let owner: Sql;
/** As which the service works. */
let sql: Sql;

const legalEntity = 'Nord GmbH';
const enteredBy = 'finance-1';
const datev: LedgerSettings = {
  format: 'datev',
  currency: 'EUR',
  adviser: 29098,
  client: 55003,
  fiscalYearStart: '01-01',
  accountLength: 4,
};
const june: ExportWish = { legalEntity, currency: 'EUR', format: 'datev', fromDay: '2026-06-01', toDay: '2026-06-30' };
const asked = (wish: Partial<ExportWish> = {}, now = '2026-07-01T04:00:00Z') =>
  exportJournal(sql, { ...june, ...wish }, { madeBy: 'finance-1', nowMs: Date.parse(now) });

beforeAll(async () => {
  const { serviceUrl, sql: ownerSql } = await createDatabase(inject('postgresUrl'));
  owner = ownerSql;
  sql = connect(serviceUrl, { name: 'test-export', connections: 3, statementMs: STATEMENT_MS });
  await openShops(owner);
  const sale = { saleShopId: 'hamburg', saleId: 'S-1', ...at('hamburg') };
  // The second day of June in Berlin, and the first one of July there.
  await payment(owner, '2026-06-01T22:00:00Z', { amountMinor: 12_345 })
    .does('2026-06-15T12:00:00Z', apply('a', 345, sale))
    .does('2026-06-30T22:00:00Z', apply('b', 1_000, sale))
    .record();
  await payment(owner, '2026-06-03T12:00:00Z', { amountMinor: 5_000, currency: 'KWD' }).record();
  await payment(owner, '2026-06-03T12:00:00Z', { amountMinor: 700, currency: 'JPY' }).record();
});
afterAll(() => Promise.all([owner, sql].map(disconnect)));

async function made(wish: Partial<ExportWish> = {}, now?: string): Promise<Exported> {
  const answer = await asked(wish, now);
  if ('code' in answer) throw new Error(sentenceOf(answer));
  return answer;
}
const textsOf = ({ files }: Exported) => files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('latin1')]);

test('an export is turned down, in a sentence, until it can be carried', async () => {
  expect(await asked({ legalEntity: 'Nobody' })).toEqual({ code: 'entity_not_found' });
  // What moves in New York may be posted here too.
  await closeDays(owner, '2026-06-30', ['berlin', 'hamburg']);
  await closeDays(owner, '2026-06-29', ['newyork']);
  const behind = { code: 'days_not_over', closedThrough: '2026-06-29', shopId: 'newyork' } as const;
  expect(await asked()).toEqual(behind);
  expect(sentenceOf(behind)).toMatch(/\(2026-06-29, newyork\)$/);
  await closeDays(owner, '2026-06-30');
  expect(await asked()).toEqual({ code: 'ledger_settings_missing' });
  await insertLedgerSettings(sql, { legalEntity, enteredBy, settings: datev });
  expect(await asked({ fromDay: '2026-05-01', toDay: '2026-05-31' })).toEqual({ code: 'nothing_posted' });
  await insertAccountCode(sql, entered('clearing_cash', '1600'));
  const accounts = ['liability_paid', 'sales'];
  expect(await asked()).toEqual({ code: 'account_code_missing', accounts });
  expect(sentenceOf({ code: 'account_code_missing', accounts: ['sales', 'fees'] })).toBe(
    'Some accounts have no code in this ledger yet. (sales, fees)',
  );
  await insertAccountCode(sql, entered('liability_paid', '171000'));
  await insertAccountCode(sql, entered('sales', '8400'));
  expect(await asked()).toEqual({ code: 'account_not_carried', account: '171000' });
  await insertAccountCode(sql, entered('liability_paid', '1710'));
  expect(await asked({ currency: 'JPY' })).toEqual({ code: 'currency_not_kept', currency: 'JPY' });
  expect(await listExports(sql)).toEqual([]);
});

function entered(account: Account, code: string) {
  return { legalEntity, account, code, partner: '', fromDay: '1970-01-01', enteredBy };
}

test('it has a number and the days it was asked for, and is the same whenever it is asked for again', async () => {
  const first = await made();
  expect(first).toMatchObject({
    made: 'now',
    export: { ...june, number: 1, debitsMinor: 12_345 + 345, madeBy: 'finance-1', madeAt: '2026-07-01T04:00:00.000Z' },
  });
  const [[name, text] = []] = textsOf(first);
  expect(name).toBe('EXTF_Buchungsstapel_1_2026.csv');
  expect(text?.split('\r\n')).toHaveLength(5);
  expect(text).toContain('\r\n123,45;"S";"EUR";;;"";1600;1710;"";0206;"AP-1-20260602";');
  expect(text).toContain('\r\n3,45;"S";"EUR";;;"";1710;8400;"";1506;"AP-1-20260615";');

  // Whatever was entered since.
  await insertLedgerSettings(sql, { legalEntity, enteredBy, settings: { ...datev, client: 1 } });
  await owner`update shops set name = 'Berlin Mitte' where shop_id = 'berlin'`;
  const again = await made({}, '2026-08-01T00:00:00Z');
  expect(again.made).toBe('before');
  expect(again.export).toEqual(first.export);
  expect(textsOf(again)).toEqual(textsOf(first));
});

test('each day of an entity and currency is exported once', async () => {
  const taken = { code: 'days_exported', exports: [1] };
  expect(await asked({ format: 'xero' })).toEqual(taken);
  expect(await asked({ fromDay: '2026-06-30', toDay: '2026-07-01' }, '2026-07-03T00:00:00Z')).toEqual(taken);
  expect(await asked({ toDay: '2026-06-29' })).toEqual(taken);
  const july = { fromDay: '2026-07-01', toDay: '2026-07-31' };
  await closeDays(owner, '2026-07-31');
  // Two who ask at once get the same one.
  const both = await Promise.all([1, 2].map(() => made(july, '2026-08-02T00:00:00Z')));
  expect(both.map((each) => each.made).sort()).toEqual(['before', 'now']);
  expect(both.map((each) => each.export.number)).toEqual([2, 2]);
  expect(both.map(textsOf)[0]).toEqual(both.map(textsOf)[1]);
  expect(await asked({ fromDay: '2026-06-15', toDay: '2026-07-15' })).toEqual({ ...taken, exports: [1, 2] });
  expect((await listExports(sql)).map(({ number }) => number)).toEqual([2, 1]);
});

test('nothing is entered for days while they are being exported', async () => {
  const order: string[] = [];
  const exporting = sql.begin(async (tx) => {
    await lockExports(tx as unknown as Sql, legalEntity);
    const entering = insertAccountCode(sql, { ...entered('sales', '8402'), fromDay: '2026-09-01' }).then((isEntered) =>
      order.push(isEntered ? 'entered' : 'refused'),
    );
    await until(async () => {
      const waiting = await owner`
        select from pg_locks join pg_database d on d.oid = database
         where locktype = 'advisory' and not granted and datname = current_database()`;
      return waiting.length === 1;
    });
    order.push('exported');
    return { entering };
  });
  await (
    await exporting
  ).entering;
  expect(order).toEqual(['exported', 'entered']);
});

test('yen go to Xero or NetSuite, and dinars nowhere', async () => {
  const settings = { format: 'netsuite', subsidiary: 'Nord', dateFormat: 'YYYY-MM-DD' } as const;
  await insertLedgerSettings(sql, { legalEntity, enteredBy, settings });
  const yen = await made({ format: 'netsuite', currency: 'JPY' });
  expect(textsOf(yen)[0]?.[1]).toContain(`account-payments-3-2026-06-03-berlin,2026-06-03,Nord,JPY,1600,700,,`);
  const dinars = await asked({ format: 'netsuite', currency: 'KWD' });
  expect(dinars).toEqual({ code: 'decimals_not_carried', currency: 'KWD' });
});

test('what was handed over stays as it was: nothing else is entered for a day that was exported', async () => {
  const code = entered('sales', '8401');
  expect(await insertAccountCode(sql, { ...code, fromDay: '2026-07-31' })).toBe(false);
  // No export can have used what had no code, in whatever currency.
  expect(await insertAccountCode(sql, entered('inter_entity', '1500'))).toBe(true);
  expect(await insertAccountCode(sql, { ...entered('inter_entity', '1501'), partner: 'West Inc' })).toBe(false);
  expect(await insertAccountCode(sql, entered('clearing_other', '1362'))).toBe(true);
  expect(await insertAccountCode(sql, { ...code, fromDay: '2026-08-01' })).toBe(true);
  const rate = {
    legalEntity,
    enteredBy,
    currency: 'EUR',
    purpose: 'gift',
    reason: 'seen',
    rateBasisPoints: 500,
  } as const;
  const proportional = { ...rate, method: 'proportional' } as const;
  expect(await insertBreakageRate(sql, { ...proportional, fromMonth: '2026-07-01' })).toBe('days_exported');
  expect(await insertBreakageRate(sql, { ...proportional, fromMonth: '2026-08-01' })).toBe('entered');
  expect(await insertBreakageRate(sql, { ...proportional, currency: 'KWD', fromMonth: '2026-06-01' })).toBe('entered');
  const tax = { legalEntity, enteredBy, taxCode: 'DE19', rateBasisPoints: 1_900 };
  expect(await insertTaxRate(sql, { ...tax, fromDay: '2026-07-31' })).toBe('days_exported');
  expect(await insertTaxRate(sql, { ...tax, fromDay: '2026-08-01' })).toBe('entered');
  for (const table of ['exports', 'exported_days', 'export_files', 'account_codes'])
    await expect(owner.unsafe(`delete from finance.${table}`)).rejects.toThrow('append-only');
});
