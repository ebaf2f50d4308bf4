import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orders } from '../db/payment/commands.js';
import { sorts } from '../db/payment/list.js';
import { accounts } from '../domain/finance/accounts.js';
import { breakageMethods } from '../domain/finance/breakage.js';
import { controlAccounts } from '../domain/finance/control.js';
import { dateFormats, exportMakings, ledgerFormats } from '../domain/finance/ledger.js';
import { giftPhases, giftStatuses } from '../domain/gift/gift.js';
import {
  askedDispositions,
  askedFreezeCauses,
  dispositions,
  freezeCauses,
  parentKinds,
  purposes,
  recordedKinds,
  tenders,
  types,
} from '../domain/payment/command.js';
import { firstFundings, fundingKinds, replacementOrigins, taxPoints } from '../domain/payment/funding.js';
import { lawForces } from '../domain/law/rule.js';
import { againstLaws, goodwillPayOuts } from '../domain/shop.js';
import { currencies } from '../domain/money.js';
import { slugOf } from '../domain/finance/asked.js';
import { closeKinds } from '../domain/finance/closing.js';
import { reportNames } from '../domain/finance/reports.js';
import { happenings } from '../domain/payment/explain.js';
import { outcomes } from '../domain/payment/handle.js';
import { movementKinds, statuses, usageKinds } from '../domain/payment/payment.js';
import { differenceKinds } from '../domain/reconciliation/difference.js';
import { reconciliationOutcomes, reconciliationScopes } from '../domain/reconciliation/reconciled.js';
import { keyOrigins } from '../domain/keys.js';
import { roles } from '../domain/roles.js';
import { staffLogKinds, staffRoles } from '../domain/staff.js';
import { saleStatuses } from '../domain/sale/phases.js';
import { saleReadStatuses } from '../domain/sale/read.js';
import { holdStatuses, returnAuthorities, returnExtents, returnOrders, saleCommandKinds } from '../domain/sale/sale.js';
import { readSources } from '../service/payment/read.js';
import { openShop, type Shop } from './support/shop.js';

/** Every closed list stands once. Postgres' checks and the documents cannot import it, so they are held against it. */

let shop: Shop;
beforeAll(async () => void (shop = await openShop({ worker: 'none' })));
afterAll(() => shop.close());

const checked: Readonly<Record<string, readonly string[]>> = {
  'account_payments.frozen_causes': freezeCauses,
  'account_payments.funding': fundingKinds,
  'account_payments.origin': replacementOrigins,
  'account_payments.purpose': purposes,
  'account_payments.source_funding': firstFundings,
  'account_payments.status': statuses,
  'account_payments.tax_point': taxPoints,
  'account_payments.tender': tenders,
  'account_payments.type': types,
  'api_keys.origin': keyOrigins,
  'api_keys.role': roles,
  'callers.role': roles,
  'commands.kind': recordedKinds,
  'commands.parent_kind': parentKinds,
  'finance.account_codes.account': accounts,
  'finance.breakage_rates.method': breakageMethods,
  'finance.breakage_rates.purpose': purposes,
  'finance.closes.kind': closeKinds,
  'finance.exports.format': ledgerFormats,
  'finance.ledger_balances.account': controlAccounts,
  'finance.ledger_settings.format': ledgerFormats,
  'gifts.status': giftStatuses,
  'movements.kind': movementKinds,
  'movements.tender': tenders,
  'reconciliation_differences.kind': differenceKinds,
  'reconciliations.outcome': reconciliationOutcomes,
  'reconciliations.scope': reconciliationScopes,
  'sale_commands.kind': saleCommandKinds,
  'shops.against_law': againstLaws,
  'shops.goodwill_pay_out': goodwillPayOuts,
  'staff.log.kind': staffLogKinds,
  'staff.members.role': staffRoles,
};

test('the checks of Postgres list what the domain lists', async () => {
  const rows = await shop.sql<{ table: string; definition: string }[]>`
    select conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition
      from pg_constraint where contype = 'c' and connamespace in ('public'::regnamespace, 'staff'::regnamespace, 'finance'::regnamespace)`;
  const lists = rows.flatMap(({ table, definition }) => {
    const [, column, array = ''] =
      /^CHECK \(\((\w+) (?:= ANY \(|<@ )\(?ARRAY\[([^\]]*)\](?:::text\[\])?\)?\)?\)$/.exec(definition) ?? [];
    const members = [...array.matchAll(/'([^']*)'/g)].map(([, member = '']) => member);
    return column === undefined ? [] : [[`${table}.${column}`, members.sort()] as const];
  });
  const wanted = Object.entries(checked).map(([column, list]) => [column, [...list].sort()]);
  expect(Object.fromEntries(lists)).toEqual(Object.fromEntries(wanted));
});

const lists: readonly (readonly string[])[] = [
  ...Object.values(checked),
  ...[
    askedDispositions,
    askedFreezeCauses,
    dateFormats,
    dispositions,
    exportMakings,
    giftPhases,
    happenings,
    holdStatuses,
    lawForces,
    orders,
    outcomes,
    readSources,
    reportNames.map(slugOf),
  ],
  ...[returnAuthorities, returnExtents, returnOrders, saleReadStatuses, saleStatuses, sorts, usageKinds, currencies],
];

test('the documents list what the domain lists', async () => {
  const documents: unknown = await (await shop.app.request('/openapi.json')).json();
  const known = [...lists, ['up', 'down'], ['ready', 'degraded', 'unready']].map((list) => [...list].sort().join());
  // A single word is no list.
  const unknown = enumsIn(documents).filter((list) => list.length > 1 && !known.includes([...list].sort().join()));
  expect(unknown).toEqual([]);
});

function enumsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
    name === 'enum' && Array.isArray(each) ? [each.filter((member) => typeof member === 'string')] : enumsIn(each),
  );
}

test('no source writes a list down again', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
    encoding: 'utf8',
  });
  const sources = listed
    .trim()
    .split('\n')
    .filter((file) => !file.startsWith('test/'))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
  // Pairs of words stand together for other reasons too.
  const again = lists
    .filter((list) => list.length > 2)
    .flatMap((list) => {
      const start = new RegExp(
        list
          .slice(0, 3)
          .map((member) => `'${member}'`)
          .join('[\\s,|]+'),
      );
      const files = sources.filter(({ text }) => start.test(text)).map(({ file }) => file);
      return files.length > 1 ? [{ list, files }] : [];
    });
  expect(again).toEqual([]);
  const literal = sources.filter(({ file, text }) => !file.startsWith('runtime/') && /z\.enum\(\s*\[/.test(text));
  expect(literal.map(({ file }) => file)).toEqual([]);
});
