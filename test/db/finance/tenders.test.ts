import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { cancel, payOut } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment } from './books.js';
import { openedRowsOf, rowsOf } from './opens.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  // 29 March 2026: clocks in Berlin go from 02:00 to 03:00, and the day has 23 hours.
  await payment(sql, '2026-03-28T22:59:59.999Z').record(); // 28th, 23:59:59.999
  await payment(sql, '2026-03-28T23:00:00Z', { amountMinor: 200 }).record(); // 29th, 00:00
  await payment(sql, '2026-03-29T21:59:59.999Z', { amountMinor: 3_000 }).record(); // 29th, 23:59:59.999 of summer
  await payment(sql, '2026-03-29T22:00:00Z', { amountMinor: 40_000 }).record(); // 30th, 00:00
  // Neither is money that was taken.
  await payment(sql, '2026-03-29T10:00:00Z', { funding: { kind: 'goodwill' } }).record();
  await payment(sql, '2026-03-29T10:00:00Z', { funding: { kind: 'return' } }).record();
  // Taken in Berlin by card; handed out in New York, in cash, on the evening of the 28th there.
  await payment(sql, '2026-03-29T00:10:00Z', { funding: { kind: 'paid', tender: 'card' } })
    .does('2026-03-29T00:20:00Z', payOut('p', 2_500, at('newyork')))
    .does('2026-03-29T12:00:00Z', cancel('c', { tender: 'bank_transfer' }))
    .record();
  // Typed wrong, and typed again, in yen and dinars.
  for (const [currency, amountMinor] of [
    ['JPY', 1_200],
    ['KWD', 1_234_567],
  ] as const)
    await payment(sql, '2026-03-29T09:00:00Z', { currency, amountMinor, ...at('hamburg') })
      .does(
        '2026-03-29T09:01:00Z',
        cancel('c', { disposition: 'issued_in_error', tender: undefined, ...at('hamburg') }),
      )
      .record();
  // Kept, and what was given free: no money either.
  await payment(sql, '2026-03-29T09:00:00Z', { ...at('newyork'), funding: { kind: 'goodwill' } })
    .does('2026-03-29T09:01:00Z', cancel('c', { disposition: 'issued_in_error', tender: undefined }))
    .record();
  // Typed wrong in Berlin, and cancelled for it in New York: no money of that shop.
  await payment(sql, '2026-03-29T12:00:00Z', { amountMinor: 77 })
    .does('2026-03-29T13:00:00Z', cancel('c', { disposition: 'issued_in_error', tender: undefined, ...at('newyork') }))
    .record();
  await payment(sql, '2026-03-20T09:00:00Z')
    .does('2026-03-29T09:01:00Z', cancel('c', { disposition: 'forfeited', tender: undefined }))
    .record();
});
afterAll(() => disconnect(sql));

const days = { from_day: '2026-03-28', to_day: '2026-03-30' };
const columns = ({ legalEntity: _, ...row }: Record<string, unknown>) => Object.values(row).join(' ');

test('what was taken in and paid out, by the calendar of the shop where it was', async () => {
  const rows = await openedRowsOf(sql, 'tenders', days);
  expect(rows.map(columns)).toEqual([
    // shop, day, currency, tender, taken, in error, paid out, net, and how many of each
    'berlin 2026-03-28 EUR cash 10000 0 0 10000 1 0 0',
    'berlin 2026-03-29 EUR bank_transfer 0 0 7500 -7500 0 0 1',
    'berlin 2026-03-29 EUR card 10000 0 0 10000 1 0 0',
    'berlin 2026-03-29 EUR cash 3277 77 0 3200 3 1 0',
    'berlin 2026-03-30 EUR cash 40000 0 0 40000 1 0 0',
    'hamburg 2026-03-29 JPY cash 1200 1200 0 0 1 1 0',
    'hamburg 2026-03-29 KWD cash 1234567 1234567 0 0 1 1 0',
    'newyork 2026-03-28 EUR cash 0 0 2500 -2500 0 0 1',
  ]);
  expect(new Set(rows.map(({ legalEntity, shopId }) => `${shopId}: ${legalEntity}`))).toEqual(
    new Set(['berlin: Nord GmbH', 'hamburg: Nord GmbH', 'newyork: West Inc']),
  );
});

test('what was taken and handed out is what the journal posts to the accounts of tenders', async () => {
  const net = new Map<string, number>();
  const add = (key: string, minor: number) => net.set(key, (net.get(key) ?? 0) + minor);
  for (const { shopId, currency, tender, netMinor } of await rowsOf(sql, 'tenders', days))
    add(`${shopId} ${currency} clearing_${tender}`, Number(netMinor));
  for (const { shopId, currency, debit, credit, amountMinor } of await rowsOf(sql, 'journal', days)) {
    if (String(debit).startsWith('clearing')) add(`${shopId} ${currency} ${debit}`, -Number(amountMinor));
    if (String(credit).startsWith('clearing')) add(`${shopId} ${currency} ${credit}`, Number(amountMinor));
  }
  expect([...net].filter(([, minor]) => minor !== 0)).toEqual([]);
  expect(net.size).toBe(6);
});

test('of one entity, of one shop, and of a day alone', async () => {
  const shopsOf = async (params: object) =>
    (await openedRowsOf(sql, 'tenders', { ...days, ...params })).map(({ shopId, day }) => `${shopId} ${day}`);
  expect(await shopsOf({ legal_entity: 'West Inc' })).toEqual(['newyork 2026-03-28']);
  expect(await shopsOf({ shop_id: 'hamburg' })).toEqual(['hamburg 2026-03-29', 'hamburg 2026-03-29']);
  expect(await shopsOf({ from_day: '2026-03-30' })).toEqual(['berlin 2026-03-30']);
});
