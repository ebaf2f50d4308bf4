import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { disconnect, type Sql } from '../../db/connect.js';
import { verbs } from '../../scripts/finance/verbs.js';
import { closeDays, openShops, payment } from '../db/finance/books.js';
import { createDatabase } from '../support/database.js';

let url: string;
let sql: Sql;
let folder: string;
beforeAll(async () => {
  ({ url, sql } = await createDatabase(inject('postgresUrl')));
  folder = await mkdtemp(join(inject('folder'), 'exports-'));
  await openShops(sql);
  await payment(sql, '2026-06-03T12:00:00Z', { amountMinor: 12_345 }).record();
  await closeDays(sql, '2026-06-30');
});
afterAll(async () => {
  await disconnect(sql);
  await rm(folder, { recursive: true });
});

/** As the command carries a verb out, in this process: a process each would take most of the time. */
async function finance(verb: keyof typeof verbs, ...words: string[]): Promise<string> {
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const outcome = await verbs[verb](sql, words);
    return outcome ?? said.mock.calls.map(([line]) => `${String(line)}\n`).join('');
  } finally {
    said.mockRestore();
  }
}

test('finance enters accounts, a ledger and a rate, and exports the days of a month into a folder', async () => {
  const entered = 'Entered.\n';
  expect(await finance('accounts', 'set', 'Nord GmbH', 'clearing_cash', '090')).toEqual(entered);
  expect(await finance('accounts', 'set', 'Nord GmbH', 'liability_paid', '850', '2026-01-01')).toEqual(entered);
  expect(await finance('ledger', 'set', 'Nord GmbH', 'xero', 'EUR', 'Tax Exempt')).toEqual(entered);
  const rate = ['set', 'Nord GmbH', 'EUR', 'gift', '7.5', '2026-06', 'cohorts of 2024'];
  expect(await finance('rates', ...rate)).toEqual(entered);
  expect(await finance('taxes', 'set', 'Nord GmbH', 'DE19', '19', '2026-01-01')).toEqual(entered);
  expect(await finance('balances', 'set', 'Nord GmbH', 'liability', 'EUR', '2026-06-30', '-123.45')).toEqual(entered);
  expect(await finance('taxes', 'list')).toContain('taxCode: DE19  rateBasisPoints: 1900  fromDay: 2026-01-01');
  expect(await finance('balances', 'list')).toContain('day: 2026-06-30  balanceMinor: -12345');
  const june = ['Nord GmbH', 'EUR', 'xero', '2026-06-01', '2026-06-30', folder];
  expect(await finance('export', ...june)).toBe(
    `Export 1: 123.45 EUR on each side.\n${join(folder, 'xero-1-1.csv')}\n`,
  );
  const [name = ''] = await readdir(folder);
  const file = await readFile(join(folder, name), 'utf8');
  expect(file).toContain('03 Jun 2026,"Berlin: Clearing, cash",090,Tax Exempt,123.45,,,,\r\n');
  expect(await finance('export', ...june)).toMatch(
    /^Export 1 was made at \S+ by operator: .* It is the same again\.\n/,
  );
  expect(await readFile(join(folder, name), 'utf8')).toBe(file);
  expect(await finance('exports')).toMatch(
    /^1 {2}Nord GmbH {2}xero {2}2026-06-01 to 2026-06-30 {2}123\.45 EUR {2}\S+ {2}operator\n$/,
  );
  expect(await finance('accounts', 'list')).toMatch(
    /^legalEntity: Nord GmbH {2}account: liability_paid {2}code: 850 {2}fromDay: 2026-01-01 {2}enteredBy: operator /,
  );
});

test('what cannot be done is one sentence', async () => {
  const refused: [keyof typeof verbs, string[], RegExp][] = [
    ['accounts', ['set', 'Nord GmbH', 'bank', '1'], /^An account is one of liability_paid, .*\.$/],
    ['rates', ['set', 'Nord GmbH', 'EUR', 'gift', 'all', '2026-06', 'x'], /^A rate is in per cent, .*\.$/],
    ['taxes', ['set', 'Nord GmbH', 'DE19', '101'], /^A rate is in per cent, .*\.$/],
    ['balances', ['set', 'Nord GmbH', 'liability', 'EUR', '2026-06-30', 'much'], /^A balance is an amount .*\.$/],
    ['ledger', ['set', 'Nord GmbH', 'datev', 'EUR', '1000', '1'], /^An adviser's number is from 1001 to 9999999\.$/],
    ['export', ['Nord GmbH', 'EUR', 'datev', '2026-07-31', '2026-07-01'], /^Days are written .*\.$/],
    ['export', ['Nobody', 'EUR', 'xero', '2026-07-01', '2026-07-31'], /^No shop is of this legal entity\.$/],
  ];
  for (const [verb, words, sentence] of refused) await expect(finance(verb, ...words)).rejects.toThrow(sentence);
  expect(await finance('accounts')).toBe('unknown');
  expect(await finance('export', 'Nord GmbH', 'EUR', 'sage', '2026-07-01', '2026-07-31')).toBe('unknown');
});

test('the command knows its verbs, and shows them when it is asked for another', () => {
  const run = (...words: string[]) => {
    const env = { ...process.env, DATABASE_URL: url };
    const command = ['scripts/run.mjs', 'scripts/finance.ts', ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
    return { status, said: stdout + stderr };
  };
  expect(run('exports')).toMatchObject({ status: 0, said: expect.stringMatching(/^1 {2}Nord GmbH {2}xero/) as string });
  const { status, said } = run('sell');
  expect(status).not.toBe(0);
  for (const verb of Object.keys(verbs)) expect(said).toContain(`npm run finance -- ${verb} `.trimEnd());
});
