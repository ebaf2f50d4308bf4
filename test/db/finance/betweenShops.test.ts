import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { Command } from '../../../domain/payment/command.js';
import { apply, cancel, expire, give, givenAway, payOut, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment } from './books.js';
import { openedRowsOf } from './opens.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  // Of Berlin: spent at home, in Hamburg and in New York, put back in New York, handed out in Hamburg.
  await payment(sql, '2026-06-01T10:00:00Z')
    .does('2026-06-02T10:00:00Z', apply('a', 1_000))
    .does('2026-06-02T10:00:00Z', apply('b', 2_000, { ...at('hamburg'), saleId: 'T' }))
    .does('2026-06-02T10:00:00Z', apply('c', 3_000, { ...at('newyork'), saleId: 'U' }))
    .does('2026-06-03T10:00:00Z', refund('r', 700, { ...at('newyork'), saleId: 'U' }))
    .does('2026-06-03T10:00:00Z', payOut('p', 500, at('hamburg')))
    .record();
  // Of New York: given away in Berlin, where what came of it is owed.
  const giver = payment(sql, '2026-06-01T10:00:00Z', { ...at('newyork'), currency: 'JPY' });
  const gift = payment(sql, '2026-06-02T10:00:00Z', {
    amountMinor: 4_000,
    currency: 'JPY',
    customerId: 'D',
    funding: { kind: 'gift', source: 'paid', giftId: 'T', givenFrom: giver.reference },
  });
  const capture = { ...givenAway('c', 'g', 4_000), ...at('berlin'), counterpart: gift.reference } as Command;
  await giver.does('2026-06-02T10:00:00Z', give('g', 4_000, at('berlin')), capture).record();
  await gift.record();
  // Of New York: lost there, reinstated in Berlin, and that in part in error; reissued in Hamburg.
  const lost = await payment(sql, '2026-06-01T10:00:00Z', { ...at('newyork'), currency: 'KWD', amountMinor: 5_000 })
    .does('2026-06-02T10:00:00Z', expire('x'))
    .record();
  await payment(sql, '2026-06-03T10:00:00Z', {
    currency: 'KWD',
    amountMinor: 5_000,
    funding: { kind: 'replacement', source: 'paid', replaces: lost.reference, origin: 'reinstatement' },
  })
    .does('2026-06-03T11:00:00Z', apply('a', 1_000))
    .does('2026-06-03T12:00:00Z', cancel('c', { disposition: 'issued_in_error', tender: undefined, ...at('hamburg') }))
    .record();
  await payment(sql, '2026-06-01T10:00:00Z', { ...at('newyork'), currency: 'KWD', amountMinor: 600 })
    .does('2026-06-04T10:00:00Z', cancel('c', { disposition: 'reissued', tender: undefined, ...at('hamburg') }))
    .record();
});
afterAll(() => disconnect(sql));

test('who owes whom: for information within an entity, for the journal between two', async () => {
  const rows = await openedRowsOf(sql, 'between_shops', { from_day: '2026-06-01', to_day: '2026-06-30' });
  expect(rows.map(({ owingEntity: _, owedEntity: __, ...row }) => Object.values(row).join(' '))).toEqual([
    // who owes, whom, applied, refunded, paid out, gifted, reissued, reinstated, net
    'berlin hamburg EUR within 2000 0 500 0 0 0 2500',
    'berlin newyork EUR between 3000 -700 0 0 0 0 2300',
    'newyork berlin JPY between 0 0 0 4000 0 0 4000',
    'newyork berlin KWD between 0 0 0 0 0 1000 1000',
    'newyork hamburg KWD between 0 0 0 0 600 0 600',
  ]);
  const ofOne = await openedRowsOf(sql, 'between_shops', {
    from_day: '2026-06-01',
    to_day: '2026-06-30',
    shop_id: 'hamburg',
  });
  expect(ofOne.map(({ owingShopId, owedShopId }) => `${owingShopId} ${owedShopId}`)).toEqual([
    'berlin hamburg',
    'newyork hamburg',
  ]);
});
