import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Reply, type Shop } from '../../support/shop.js';
import { closeDays, openShops, payment } from '../../db/finance/books.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ worker: 'none', now: () => Date.parse('2026-07-02T12:00:00Z') });
  await openShops(shop.sql);
  await payment(shop.sql, '2026-06-03T12:00:00Z', { amountMinor: 12_345 }).record();
  await closeDays(shop.sql, '2026-06-30');
});
afterAll(() => shop.close());

type Body = { code?: string; about?: unknown; errors?: { pointer: string }[]; items?: object[] } & Record<
  string,
  unknown
>;
const post = (path: string, body: object, key = shop.keys.finance): Promise<Reply<Body>> =>
  shop.request<Body>('POST', `/v1/finance/${path}`, { key, body: JSON.stringify(body) });
const listed = async (path: string) => {
  const { body } = await shop.request<Body>('GET', `/v1/finance/${path}`, { key: shop.keys.finance });
  return body.items ?? [];
};

const legalEntity = 'Nord GmbH';
const code = { legalEntity, account: 'sales', code: '8400', fromDay: '2026-01-01' };
const rate = {
  legalEntity,
  currency: 'EUR',
  purpose: 'gift',
  method: 'proportional',
  rateBasisPoints: 750,
  fromMonth: '2026-01',
  reason: 'seen',
};
const balance = { legalEntity, account: 'liability', currency: 'EUR', day: '2026-06-30', balanceMinor: -5 };
const tax = { legalEntity, taxCode: 'DE19', rateBasisPoints: 1_900, fromDay: '2026-01-01' };
const settings = { legalEntity, settings: { format: 'xero', currency: 'EUR', taxRate: 'Tax Exempt' } };

test.each<[string, object, object]>([
  ['account-codes', code, { ...code, partner: '' }],
  ['tax-rates', tax, tax],
  ['breakage-rates', rate, { ...rate, fromMonth: '2026-01-01' }],
  ['ledger-balances', balance, balance],
  ['ledger-settings', settings, settings],
])('%s: finance enters one, with its name beside it, and reads it back', async (path, body, row) => {
  const { status, body: entered } = await post(path, body);
  expect([status, entered]).toEqual([201, { ...body, enteredBy: 'finance-1' }]);
  expect(await listed(path)).toEqual([{ ...row, enteredBy: 'finance-1', enteredAt: expect.any(String) as string }]);
});

test.each<[string, string, object, number, string]>([
  ['an entity that no shop is of', 'tax-rates', { ...tax, legalEntity: 'Nobody' }, 404, 'entity_not_found'],
  ['a partner of another account', 'account-codes', { ...code, partner: 'West Inc' }, 422, 'partner_not_allowed'],
  ['a rate of what has none', 'breakage-rates', { ...rate, method: 'remote' }, 422, 'unusable_rate'],
  ['a day that there is not', 'account-codes', { ...code, fromDay: '2026-02-30' }, 400, 'malformed_request'],
  [
    'settings of another program',
    'ledger-settings',
    { legalEntity, settings: { format: 'sage' } },
    400,
    'malformed_request',
  ],
  [
    'a fiscal year without a beginning',
    'ledger-settings',
    {
      legalEntity,
      settings: {
        format: 'datev',
        currency: 'EUR',
        adviser: 1_001,
        client: 1,
        fiscalYearStart: '02-30',
        accountLength: 4,
      },
    },
    400,
    'malformed_request',
  ],
])('%s is refused', async (_, path, body, status, problem) => {
  const answer = await post(path, body);
  expect([answer.status, answer.body.code]).toEqual([status, problem]);
});

test('only finance and admins enter anything, or hand it over', async () => {
  const { till, manager, finance, admin } = shop.keys;
  const statuses = async (path: string, body: object) =>
    Promise.all([till, manager, finance, admin].map(async (key) => (await post(path, body, key)).status));
  expect(await statuses('tax-rates', tax)).toEqual([403, 403, 201, 201]);
  expect(await statuses('exports', { ...june, legalEntity: 'Nobody' })).toEqual([403, 403, 404, 404]);
});

const june = { legalEntity, currency: 'EUR', format: 'xero', fromDay: '2026-06-01', toDay: '2026-06-30' };

test('an export is made once, is the same when it is asked for again, and its files are handed out', async () => {
  const refused = await post('exports', june);
  expect([refused.status, refused.body.code, refused.body.about]).toEqual([
    409,
    'account_code_missing',
    { accounts: ['clearing_cash', 'liability_paid'] },
  ]);
  for (const [account, number] of [
    ['clearing_cash', '090'],
    ['liability_paid', '850'],
  ])
    await post('account-codes', { ...code, account, code: number });
  const made = await post('exports', june);
  expect([made.status, made.body['made']]).toEqual([201, 'now']);
  expect(made.body['export']).toMatchObject({ ...june, number: 1, debitsMinor: 12_345, madeBy: 'finance-1' });
  const again = await post('exports', june);
  expect([again.status, again.body]).toEqual([200, { ...made.body, made: 'before' }]);
  expect(await listed('exports')).toEqual([made.body['export']]);

  const [file] = made.body['files'] as { name: string; href: string }[];
  const get = (path: string) => shop.app.request(path, { headers: { Authorization: `Bearer ${shop.keys.finance}` } });
  const answer = await get(file?.href ?? '');
  expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="xero-1-1.csv"');
  expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  expect(await answer.text()).toContain('090,Tax Exempt,123.45,,,,\r\n');
  expect((await get('/v1/finance/exports/1/files/2')).status).toBe(404);
  expect((await get('/v1/finance/exports/9/files/1')).status).toBe(404);

  const overlapping = await post('exports', { ...june, fromDay: '2026-06-30' });
  expect([overlapping.status, overlapping.body.code, overlapping.body.about]).toEqual([
    409,
    'days_exported',
    { exports: [1] },
  ]);
});
