import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryKinds, type EntryKindName } from '../../../domain/finance/entries.js';
import { financeRefusals } from '../../../domain/finance/refusals.js';
import { settingsWanted } from '../../../domain/finance/ledgerSettings.js';
import { financeInGerman } from '../../../web/texts/finance.de.js';
import { closeDays, openShops, payment } from '../../db/finance/books.js';
import { openPages, type Typed } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none', now: () => Date.parse('2026-07-02T12:00:00Z') });
  pages = openPages(shop);
  await openShops(shop.sql);
  await payment(shop.sql, '2026-06-03T12:00:00Z', { amountMinor: 12_345 }).record();
  await closeDays(shop.sql, '2026-06-30');
});
afterAll(() => shop.close());

const legalEntity = 'Nord GmbH';
const typed: Readonly<Record<EntryKindName, Typed>> = {
  'account-codes': { legalEntity, account: 'sales', code: '8400', fromDay: '2026-01-01', partner: '' },
  'tax-rates': { legalEntity, taxCode: 'DE19', rateBasisPoints: '19 %', fromDay: '2026-01-01' },
  'breakage-rates': {
    legalEntity,
    currency: 'eur',
    purpose: 'gift',
    method: 'proportional',
    rateBasisPoints: '7.5',
    fromMonth: '2026-01',
    reason: 'seen',
  },
  'ledger-balances': {
    legalEntity,
    account: 'liability',
    currency: 'EUR',
    day: '2026-06-30',
    balanceMinor: '-1,234.50',
  },
  xero: { legalEntity, currency: 'EUR', taxRate: 'Tax Exempt', trackingName: '' },
  netsuite: { legalEntity, subsidiary: 'Nord', dateFormat: 'DD.MM.YYYY' },
  datev: {
    legalEntity,
    currency: 'EUR',
    adviser: '29098',
    client: '55003',
    fiscalYearStart: '01-01',
    accountLength: '4',
  },
};
const read: Readonly<Record<EntryKindName, string>> = {
  'account-codes': 'Sales 8400',
  'tax-rates': 'DE19 19%',
  'breakage-rates': 'in proportion to redemption 7.5% 2026-01 seen',
  'ledger-balances': 'Liability, all in one EUR',
  xero: 'EUR Tax Exempt',
  netsuite: 'Nord DD.MM.YYYY',
  datev: 'EUR 29098 55003 01-01 4',
};

test.each(entryKinds)('%s: finance enters one in a form, and reads it below', async (kind) => {
  const path = `/reports/enter/${kind}`;
  const { root } = await pages.get('/reports', { as: 'finance' });
  expect(root.querySelector(`main a[href="${path}"]`)).not.toBeNull();
  const empty = await pages.get(path, { as: 'finance' });
  expect([empty.status, empty.text.includes('Nothing was entered yet.')]).toEqual([200, true]);
  const sent = await pages.post(path, typed[kind], { as: 'finance' });
  expect([sent.status, sent.location]).toEqual([303, `${path}?done=1`]);
  const { text } = await pages.get(`${path}?done=1`, { as: 'finance' });
  expect(text).toContain('Entered.');
  expect(text).toContain(read[kind]);
  expect(text).not.toContain('staff:');
});

test.each<[EntryKindName, Typed, field: string]>([
  ['account-codes', { code: '' }, 'code'],
  ['account-codes', { account: 'bank' }, 'account'],
  ['account-codes', { partner: 'West Inc' }, 'partner'],
  ['account-codes', { legalEntity: 'Nobody' }, 'legalEntity'],
  ['tax-rates', { rateBasisPoints: 'much' }, 'rateBasisPoints'],
  ['tax-rates', { fromDay: '2026-02-30' }, 'fromDay'],
  ['breakage-rates', { rateBasisPoints: '' }, 'rateBasisPoints'],
  ['breakage-rates', { fromMonth: '2026-13' }, 'fromMonth'],
  ['ledger-balances', { day: 'x' }, 'day'],
  ['ledger-balances', { balanceMinor: '1.2.3' }, 'balanceMinor'],
  ['xero', { taxRate: '' }, 'taxRate'],
  ['datev', { client: '0' }, 'client'],
])(
  '%s: what is wrong with %j stands beside its field, and what was typed is still there',
  async (kind, more, field) => {
    const { status, root } = await pages.post(
      `/reports/enter/${kind}`,
      { ...typed[kind], ...more },
      { as: 'finance', headers: { 'Accept-Language': 'de-DE' } },
    );
    expect(status).toBe(422);
    expect(root.querySelector(`main .summary a[href="#${field}"]`)).not.toBeNull();
    expect(root.querySelector(`#${field}-error`)?.text).toMatch(/\.$/);
    for (const [name, value] of Object.entries({ ...typed[kind], ...more }))
      if (name !== field && root.querySelector(`input[name="${name}"]`))
        expect(root.querySelector(`input[name="${name}"]`)?.getAttribute('value') ?? '').toBe(value);
  },
);

test('nobody else enters anything, and nothing that comes from elsewhere is entered', async () => {
  for (const as of ['cashier', 'manager'] as const) {
    expect((await pages.get('/reports/enter/tax-rates', { as })).status).toBe(403);
    expect((await pages.post('/reports/enter/tax-rates', typed['tax-rates'], { as })).status).toBe(403);
    expect((await pages.post('/reports/exports', {}, { as })).status).toBe(403);
  }
  const foreign = { as: 'finance', headers: { Origin: 'https://elsewhere.example' } } as const;
  expect((await pages.post('/reports/enter/tax-rates', typed['tax-rates'], foreign)).status).toBe(403);
  expect((await pages.get('/reports/enter/secrets', { as: 'finance' })).status).toBe(404);
});

const june = { legalEntity, currency: 'EUR', format: 'xero', fromDay: '2026-06-01', toDay: '2026-06-30' };

test('days are exported in a form, told the second time, and their files handed out', async () => {
  const ask = (more: Typed = {}) => pages.post('/reports/exports', { ...june, ...more }, { as: 'finance' });
  const missing = await ask();
  expect(missing.status).toBe(422);
  expect(missing.text).toContain('no code in this ledger yet. (Clearing, cash, Liability, paid for)');
  for (const account of ['clearing_cash', 'liability_paid'])
    await pages.post('/reports/enter/account-codes', { ...typed['account-codes'], account }, { as: 'finance' });
  for (const days of [{ toDay: '2026-05-31' }, { fromDay: 'x' }, { format: 'sage' }])
    expect((await ask(days)).status).toBe(422);

  expect((await ask()).location).toBe('/reports/exports?number=1&made=now');
  const again = await ask();
  expect(again.location).toBe('/reports/exports?number=1&made=before');
  const told = await pages.get(again.location ?? '', { as: 'finance' });
  expect(told.text).toContain('This export was made before');
  const file = await pages.get('/reports/exports/1/1/file.csv', { as: 'finance' });
  expect(told.root.querySelector('main a[href="/reports/exports/1/1/file.csv"]')?.text).toBe('xero-1-1.csv');
  expect([file.status, file.headers.get('Content-Disposition')]).toEqual([200, 'attachment; filename="xero-1-1.csv"']);
  expect((await pages.get('/reports/exports/1/2/file.csv', { as: 'finance' })).status).toBe(404);
  const overlapping = await ask({ fromDay: '2026-06-30' });
  expect(overlapping.text).toContain('what was handed over stays as it was. (1)');
});

test('each refusal, and each thing that a ledger wants to know, has its German sentence', () => {
  for (const [code, sentence] of Object.entries(financeInGerman.refusals))
    expect(sentence, code).toMatch(/^[A-Z].*\.$/);
  expect(Object.keys(financeInGerman.refusals)).toEqual(Object.keys(financeRefusals));
  expect(Object.keys(financeInGerman.settings)).toEqual(Object.keys(settingsWanted));
});
