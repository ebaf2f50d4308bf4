import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { exceptionActs } from '../../../domain/finance/exceptions.js';
import { apply, cancel, DAY_MS, expire, extend, freeze, NOW, payOut, thaw } from '../../domain/payment/build.js';
import { instantOf } from '../../../domain/instants.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment, type ShopId } from './books.js';
import { openedRowsOf } from './opens.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  // Bob gives goodwill, which Eva signs; then Bob alone pays it out, in two parts.
  await payment(sql, '2026-05-04T10:00:00Z', { ...at('berlin', 'staff:eva', 'bob'), funding: { kind: 'goodwill' } })
    .does('2026-05-04T11:00:00Z', payOut('p', 4_000, { ...at('berlin', 'staff:bob', 'bob'), ofGoodwill: 'allowed' }))
    .does('2026-05-04T12:00:00Z', cancel('c', { ...at('berlin', 'staff:bob', 'bob'), ofGoodwill: 'allowed' }))
    .record();
  // Taken in by a till, and handed out by another person in another shop, on the day before there.
  await payment(sql, '2026-05-05T01:00:00Z', { ...at('berlin', 'till-1', 'ann') })
    .does('2026-05-05T03:59:59Z', payOut('p', 2_500, at('newyork', 'till-9', 'zoe')))
    .record();
  // Credit without a receipt, and with one.
  await payment(sql, '2026-05-04T10:00:00Z', { funding: { kind: 'return' } }).record();
  await payment(sql, '2026-05-04T10:00:00Z', { funding: { kind: 'return', receiptId: '1001' } }).record();
  const lost = await payment(sql, '2026-05-04T10:00:00Z')
    .does('2026-05-04T11:00:00Z', apply('a', 1_000))
    .does('2026-05-04T12:00:00Z', cancel('c', { disposition: 'forfeited', tender: undefined }))
    .record();
  await payment(sql, '2026-05-04T13:00:00Z', {
    amountMinor: 9_000,
    funding: { kind: 'replacement', source: 'paid', replaces: lost.reference, origin: 'reinstatement' },
  }).record();
  // Extended twice and thawed, each of a balance; what a gift thaws by itself is nobody's act, nor is an end.
  await payment(sql, '2026-05-04T10:00:00Z', { expiresAt: instantOf(NOW), frozen: ['gift'] })
    .does('2026-05-04T10:00:01Z', thaw('g', 'gift'), freeze('f'))
    .does('2026-05-04T11:00:00Z', thaw('t'), extend('e1', instantOf(NOW + DAY_MS)), apply('a', 6_000))
    .does('2026-05-04T12:00:00Z', extend('e2', null), expire('x'))
    .record();
  // What a law was only heeded in is no exception; what was issued against one is.
  const law = (outcome: 'warned' | 'overridden') =>
    ({ ...at('hamburg', 'staff:eva'), law: { outcome, rules: [], reason: 'agreed' } }) as const;
  await payment(sql, '2026-05-04T10:00:00Z', { ...law('warned'), amountMinor: 300 }).record();
  await payment(sql, '2026-05-04T10:00:00Z', { ...law('overridden'), amountMinor: 700 })
    .does('2026-05-04T11:00:00Z', apply('a', 200))
    .record();
});
afterAll(() => disconnect(sql));

const days = { from_day: '2026-05-04', to_day: '2026-05-04' };

test('what was done rarely, by whom, who signed, and what was paid out by who had issued it', async () => {
  const rows = await openedRowsOf(sql, 'exceptions', days);
  expect(rows.map(({ legalEntity: _, ...row }) => Object.values(row).join(' '))).toEqual([
    // shop, currency, act, person, who signed, amount, by the issuer, and how many of each
    'berlin EUR credit_without_sale till-1  10000 0 1 0',
    'berlin EUR extended till-1  14000 0 2 0',
    'berlin EUR forfeited till-1  9000 0 1 0',
    'berlin EUR goodwill bob eva 10000 0 1 0',
    'berlin EUR paid_out bob  10000 10000 2 2',
    'berlin EUR reinstated till-1  9000 0 1 0',
    'berlin EUR thawed till-1  10000 0 1 0',
    'hamburg EUR law_overridden eva  700 0 1 0',
    'newyork EUR paid_out zoe  2500 0 1 0',
  ]);
  expect(new Set(rows.map(({ act }) => act))).toEqual(new Set(exceptionActs));
});

test('of a day and a shop alone', async () => {
  expect(await openedRowsOf(sql, 'exceptions', { ...days, shop_id: 'newyork' })).toHaveLength(1);
  expect(await openedRowsOf(sql, 'exceptions', { from_day: '2026-05-05', to_day: '2026-05-06' })).toEqual([]);
});

test.each<[string, issued: [ShopId, string, string?], paidOut: [ShopId, string, string?], isMarked: boolean]>([
  ['a till', ['berlin', 'till-3'], ['berlin', 'till-3'], true],
  ['tills of two shops that have one name', ['berlin', 'till-3'], ['newyork', 'till-3'], false],
  ['two tills of a shop', ['berlin', 'till-3'], ['berlin', 'till-4'], false],
  ['a person at the tills of two shops', ['berlin', 'till-3', 'kim'], ['newyork', 'till-9', 'kim'], true],
  ['a person at a till and at the pages', ['berlin', 'till-3', 'kim'], ['hamburg', 'staff:kim'], true],
  ['who signed for a cashier, and then did it alone', ['berlin', 'staff:eva', 'kim'], ['berlin', 'staff:eva'], true],
  ['two people at one till', ['berlin', 'till-3', 'kim'], ['berlin', 'till-3', 'lou'], false],
  ['a till that is called as a person is', ['berlin', 'kim'], ['berlin', 'till-3', 'kim'], false],
])('paid out by who issued it, or not: %s', async (_, issued, paidOut, isMarked) => {
  const day = `2026-07-${String((cases += 1)).padStart(2, '0')}`;
  await payment(sql, `${day}T15:00:00Z`, at(...issued))
    .does(`${day}T16:00:00Z`, payOut('p', 700, at(...paidOut)))
    .record();
  const rows = await openedRowsOf(sql, 'exceptions', { from_day: day, to_day: day });
  const marked = rows.map(({ act, byIssuerMinor, byIssuerCount }) => [act, byIssuerMinor, byIssuerCount]);
  expect(marked).toEqual([['paid_out', isMarked ? 700 : 0, isMarked ? 1 : 0]]);
});
let cases = 0;
