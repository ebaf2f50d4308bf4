import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { closeMonth } from '../../../db/finance/closing.js';
import {
  findLedgerSettings,
  listAccountCodes,
  listBreakageRates,
  listLedgerBalances,
  listTaxRates,
} from '../../../db/finance/entered.js';
import type { LedgerSettings } from '../../../domain/finance/ledger.js';
import { misfitOfSettings, settingsWanted } from '../../../domain/finance/ledgerSettings.js';
import {
  enterAccountCode,
  enterBreakageRate,
  enterLedgerBalance,
  enterLedgerSettings,
  enterTaxRate,
  type Entering,
} from '../../../service/finance/enter.js';
import { financeRefusals } from '../../../domain/finance/refusals.js';
import { at, closeDays, openShops, payment } from '../../db/finance/books.js';
import { createDatabase } from '../../support/database.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
});
afterAll(() => disconnect(sql));

const told = new Set<string>();
const telling = (entering: Entering): string => {
  const outcome = entering === 'entered' ? entering : entering.code;
  told.add(outcome);
  return outcome;
};
const legalEntity = 'Nord GmbH';
const enteredBy = 'fin';

test('a code counts from a day on, and is none when it cannot be', async () => {
  const sales = { legalEntity, account: 'sales', partner: '', code: '8400', fromDay: '2026-01-01', enteredBy } as const;
  const enter = async (more: object = {}) => telling(await enterAccountCode(sql, { ...sales, ...more }));
  expect(await enter()).toBe('entered');
  expect(await enter({ legalEntity: 'Nobody' })).toBe('entity_not_found');
  expect(await enter({ code: '' })).toBe('unusable_code');
  expect(await enter({ code: ' 1' })).toBe('unusable_code');
  expect(await enter({ code: '1'.repeat(61) })).toBe('unusable_code');
  expect(await enter({ fromDay: '2026-02-29' })).toBe('unusable_day');
  expect(await enter({ partner: 'West Inc' })).toBe('partner_not_allowed');
  expect(await enter({ account: 'inter_entity', partner: 'Nobody' })).toBe('entity_not_found');
  expect(await enter({ account: 'inter_entity', partner: 'West Inc', code: '1501' })).toBe('entered');
  expect((await listAccountCodes(sql, 10)).map(({ account, partner, code }) => [account, partner, code])).toEqual([
    ['inter_entity', 'West Inc', '1501'],
    ['sales', '', '8400'],
  ]);
});

test('a rate counts from a month on, for breakage in proportion alone', async () => {
  const rate = {
    legalEntity,
    currency: 'EUR',
    purpose: 'gift',
    fromMonth: '2026-01-01',
    reason: 'seen',
    enteredBy,
  } as const;
  const proportional = { ...rate, method: 'proportional', rateBasisPoints: 750 } as const;
  const enter = async (more: object = {}) => telling(await enterBreakageRate(sql, { ...proportional, ...more }));
  expect(await enter()).toBe('entered');
  expect(await enter({ method: 'left_out', rateBasisPoints: null })).toBe('entered');
  for (const rateBasisPoints of [0, 10_000, 7.5, null]) expect(await enter({ rateBasisPoints })).toBe('unusable_rate');
  expect(await enter({ method: 'remote' })).toBe('unusable_rate');
  expect(await enter({ currency: 'EURO' })).toBe('unusable_currency');
  expect(await enter({ fromMonth: '2026-01-02' })).toBe('unusable_day');
  expect(await enter({ reason: '' })).toBe('unusable_reason');
  expect(await enter({ legalEntity: 'Nobody' })).toBe('entity_not_found');
  expect(await listBreakageRates(sql, 10)).toHaveLength(2);
});

const xero = { format: 'xero', currency: 'EUR', taxRate: 'No VAT' } as const;
const netsuite = { format: 'netsuite', subsidiary: 'Nord', dateFormat: 'YYYY-MM-DD' } as const;
const datev = {
  format: 'datev',
  currency: 'EUR',
  adviser: 1_001,
  client: 1,
  fiscalYearStart: '07-01',
  accountLength: 8,
} as const;
const wrong: [keyof typeof settingsWanted, LedgerSettings][] = [
  ['currency', { ...xero, currency: 'ABC' }],
  ['currency', { ...datev, currency: 'euro' }],
  ['taxRate', { ...xero, taxRate: ' ' }],
  ['trackingName', { ...xero, trackingName: 'Sh\nop' }],
  ['subsidiary', { ...netsuite, subsidiary: '' }],
  ['adviser', { ...datev, adviser: 1_000 }],
  ['client', { ...datev, client: 100_000 }],
  ['fiscalYearStart', { ...datev, fiscalYearStart: '02-29' }],
  ['fiscalYearStart', { ...datev, fiscalYearStart: '13-01' }],
  ['accountLength', { ...datev, accountLength: 9 }],
];
test.each(wrong)('no ledger has such a %s', (name, settings) => {
  expect(misfitOfSettings(settings)).toBe(name);
});

test('each thing that a ledger wants to know has a row, and the latest settings count', async () => {
  expect(new Set(wrong.map(([name]) => name))).toEqual(new Set(Object.keys(settingsWanted)));
  for (const settings of [xero, netsuite, datev, { ...datev, client: 2 }])
    expect(telling(await enterLedgerSettings(sql, { legalEntity, enteredBy, settings }))).toBe('entered');
  const nobodys = { legalEntity: 'Nobody', enteredBy, settings: xero };
  expect(telling(await enterLedgerSettings(sql, nobodys))).toBe('entity_not_found');
  const unusable = await enterLedgerSettings(sql, { legalEntity, enteredBy, settings: { ...datev, client: 0 } });
  expect(unusable).toEqual({ code: 'unusable_settings', setting: 'client' });
  telling(unusable);
  expect(await findLedgerSettings(sql, legalEntity, 'datev')).toEqual({ ...datev, client: 2 });
});

test('a tax has a rate from a day on', async () => {
  const rate = { legalEntity, taxCode: 'DE19', rateBasisPoints: 1_900, fromDay: '2026-01-01', enteredBy };
  const enter = async (more: object = {}) => telling(await enterTaxRate(sql, { ...rate, ...more }));
  for (const rateBasisPoints of [1_900, 0, 10_000]) expect(await enter({ rateBasisPoints })).toBe('entered');
  for (const rateBasisPoints of [-1, 10_001, 7.5]) expect(await enter({ rateBasisPoints })).toBe('unusable_tax_rate');
  for (const taxCode of ['', 'DE 19', 'x'.repeat(33)]) expect(await enter({ taxCode })).toBe('unusable_tax_code');
  expect(await enter({ fromDay: '2026-13-01' })).toBe('unusable_day');
  expect(await enter({ legalEntity: 'Nobody' })).toBe('entity_not_found');
  expect((await listTaxRates(sql, 10)).map(({ rateBasisPoints }) => rateBasisPoints)).toEqual([10_000, 0, 1_900]);
});

test('no rate is entered into a month that is closed, and one from the first open month is', async () => {
  const [west, reason] = ['West Inc', 'seen'];
  const tax = { legalEntity: west, taxCode: 'NY', rateBasisPoints: 887, enteredBy };
  const kept = {
    legalEntity: west,
    currency: 'USD',
    purpose: 'gift',
    method: 'remote',
    rateBasisPoints: null,
  } as const;
  const enter = async (month: string, day: string) => [
    telling(await enterBreakageRate(sql, { ...kept, fromMonth: `${month}-01`, reason, enteredBy })),
    telling(await enterTaxRate(sql, { ...tax, fromDay: day })),
  ];
  expect(await enter('2026-01', '2026-01-31')).toEqual(['entered', 'entered']);
  await payment(sql, '2026-01-10T10:00:00Z', at('newyork')).record();
  // A day that closed by itself leaves its month open.
  await closeDays(sql, '2026-01-31', ['newyork']);
  expect(await enter('2026-01', '2026-01-31')).toEqual(['entered', 'entered']);
  await closeMonth(sql, { legalEntity: west, month: '2026-01' }, { closedBy: 'eva', unrecordedCount: 0 });
  expect(await enter('2026-01', '2026-01-31')).toEqual(['month_closed', 'month_closed']);
  expect(await enter('2026-02', '2026-02-01')).toEqual(['entered', 'entered']);
});

test('the ledger has a balance at the end of a day, on either side', async () => {
  const balance = { legalEntity, account: 'liability', currency: 'EUR', day: '2026-01-31', enteredBy } as const;
  const enter = async (more: object = {}) =>
    telling(await enterLedgerBalance(sql, { ...balance, balanceMinor: 100, ...more }));
  for (const balanceMinor of [12_345, 0, -1]) expect(await enter({ balanceMinor })).toBe('entered');
  expect(await enter({ balanceMinor: 0.5 })).toBe('unusable_balance');
  expect(await enter({ currency: 'EURO' })).toBe('unusable_currency');
  expect(await enter({ day: '31.01.2026' })).toBe('unusable_day');
  expect(await enter({ legalEntity: 'Nobody' })).toBe('entity_not_found');
  expect((await listLedgerBalances(sql, 2)).map(({ balanceMinor }) => balanceMinor)).toEqual([-1, 0]);
});

test('every reason why something is not entered has a row', () => {
  told.delete('entered');
  // What depends on exports: test/service/finance/exportJournal.test.ts has it.
  told.add('days_exported');
  const ofExports = Object.keys(financeRefusals).filter((code) => !told.has(code));
  expect(ofExports.every((code) => !/^(unusable|partner|entity)_/.test(code))).toBe(true);
});
