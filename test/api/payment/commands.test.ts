import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Command = {
  kind: string;
  outcome: string;
  code: string | null;
  revision: number;
  details: object;
  caller: string;
};
type Page = { items: Command[]; next: string | null };

const lines = [{ productId: 'bike', amountMinor: 900 }];
const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };

test('every command stands in the books with all that it asked for, refused ones too', async () => {
  const expiresAt = '2031-01-01T00:00:00.000Z';
  const { reference } = await shop.issue({ expiresAt });
  const at = `/account-payments/${reference}`;
  await shop.post(`${at}/apply`, { ...spending, lines });
  await shop.post(`${at}/apply`, { ...spending, amountMinor: 99_999, saleId: 'S-2' }, { key: shop.keys.till });
  await shop.post(`${at}/refund`, {
    customerId: 'C-1',
    amountMinor: 40,
    currency: 'EUR',
    saleId: 'S-1',
    reason: 'too small',
  });
  await shop.post(`${at}/extend`, { customerId: 'C-1', expiresAt: '2032-01-01T00:00:00.000Z', reason: 'goodwill' });
  const basket = { customerId: 'C-1', currency: 'EUR', lines, lifetimeMs: 600_000 };
  const held = await shop.post<{ hold: { holdId: string } }>('/sales/S-3/hold', {
    ...basket,
    payments: [{ reference, amountMinor: 70 }],
  });
  await shop.post('/sales/S-3/release', { holdId: held.body.hold.holdId });
  await shop.post(`${at}/cancel`, { customerId: 'C-1', disposition: 'forfeited', reason: 'never came' });

  const { body } = await shop.get<Page>(`${at}/commands`);
  expect(body.items.map(({ kind, outcome, code, revision }) => [revision, kind, outcome, code])).toEqual([
    [1, 'issue', 'accepted', null],
    [2, 'apply', 'accepted', null],
    [3, 'apply', 'refused', 'insufficient_balance'],
    [4, 'refund', 'accepted', null],
    [5, 'extend', 'accepted', null],
    [6, 'hold', 'accepted', null],
    [7, 'release', 'accepted', null],
    [8, 'cancel', 'accepted', null],
  ]);
  expect(body.items.map(({ details }) => details)).toMatchObject([
    { expiresAt },
    { ...spending, lines },
    { amountMinor: 99_999, saleId: 'S-2' },
    { amountMinor: 40, saleId: 'S-1', reason: 'too small' },
    { expiresAt: '2032-01-01T00:00:00.000Z', expiresAtBefore: expiresAt, reason: 'goodwill' },
    { amountMinor: 70, saleId: 'S-3', customerId: 'C-1' },
    { cause: 'asked' },
    { disposition: 'forfeited', reason: 'never came' },
  ]);
  expect(body.items[5]?.details).not.toHaveProperty('lines');
});

test('they are found by kind, sale, caller and date, in either order and in pages', async () => {
  const { reference } = await shop.issue();
  const at = `/account-payments/${reference}`;
  for (const saleId of ['A', 'B', 'C'])
    await shop.post(`${at}/apply`, { ...spending, saleId }, { key: shop.keys.till });
  const revisions = async (query: string) =>
    (await shop.get<Page>(`${at}/commands?${query}`)).body.items.map(({ revision }) => revision);
  expect(await revisions('kind=apply')).toEqual([2, 3, 4]);
  expect(await revisions('saleId=B')).toEqual([3]);
  expect(await revisions('caller=till-1&order=newest')).toEqual([4, 3, 2]);
  expect(await revisions(`decidedFrom=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
  expect(await revisions(`decidedBefore=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([1, 2, 3, 4]);
  const first = (await shop.get<Page>(`${at}/commands?order=newest&limit=3`)).body;
  expect(first.items.map(({ revision }) => revision)).toEqual([4, 3, 2]);
  expect(await revisions(`order=newest&limit=3&cursor=${first.next}`)).toEqual([1]);
  expect((await shop.get('/account-payments/ACC-20261123-N0B0DY00/commands')).status).toBe(404);
});
