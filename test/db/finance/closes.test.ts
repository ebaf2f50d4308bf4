import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { listCloses, type Close } from '../../../db/finance/closes.js';
import { closeMonth } from '../../../db/finance/closing.js';
import { reopenMonth } from '../../../db/finance/reopening.js';
import { proveCloses, verifyCloses } from '../../../db/finance/verifyCloses.js';
import { apply, cancel, payOut, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment } from './books.js';
import { found, foundAfter } from './tampered.js';

/** Two months of two entities, and what proves of them that nothing was changed since. */

let sql: Sql;
/** Payments of Berlin, New York and Hamburg. */
let ours: string[];
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const berlin = await payment(sql, '2026-01-10T10:00:00Z', { funding: { kind: 'paid', tender: 'cash' } })
    .does('2026-01-12T10:00:00Z', apply('a', 3_000), refund('b', 1_000))
    .does('2026-02-03T10:00:00Z', payOut('c', 2_000))
    .record();
  const newyork = await payment(sql, '2026-01-20T10:00:00Z', { ...at('newyork'), currency: 'USD', amountMinor: 7_000 })
    .does('2026-02-01T02:00:00Z', apply('d', 500, at('newyork')))
    .does('2026-02-05T02:00:00Z', apply('e', 500, at('berlin')))
    .record();
  const hamburg = await payment(sql, '2026-02-10T10:00:00Z', { ...at('hamburg'), funding: { kind: 'goodwill' } })
    .does('2026-02-11T10:00:00Z', cancel('f', { disposition: 'forfeited', tender: undefined }))
    .record();
  ours = [berlin, newyork, hamburg].map(({ reference }) => reference);
});
afterAll(() => disconnect(sql));

const close = (legalEntity: string, month: string) =>
  closeMonth(sql, { legalEntity, month }, { closedBy: 'test', unrecordedCount: 0 });

test('months are closed in order, each saying what was owed and received', async () => {
  expect(await close('Nord GmbH', '2026-02')).toEqual({ code: 'earlier_month_open', month: '2026-01' });
  expect(await close('Nord GmbH', '9000-01')).toEqual({ code: 'month_not_over' });
  expect(await close('Nobody', '2026-01')).toEqual({ code: 'entity_not_found' });
  const january = (await close('Nord GmbH', '2026-01')) as Close;
  expect(january).toMatchObject({ kind: 'month', firstDay: '2026-01-01', lastDay: '2026-01-31', movementCount: 3 });
  const february = await close('Nord GmbH', '2026-02');
  expect(february).toMatchObject({
    movementCount: 3,
    lateCount: 0,
    unrecordedCount: 0,
    totals: [
      {
        currency: 'EUR',
        openingMinor: 8_000,
        closingMinor: 6_000,
        receivedMinor: 0,
        perpetualReceivedMinor: 10_000,
        categories: [
          { category: 'forfeited', amountMinor: -10_000 },
          { category: 'issued_goodwill', amountMinor: 10_000 },
          { category: 'paid_out', amountMinor: -2_000 },
        ],
      },
    ],
  });
  expect(await close('Nord GmbH', '2026-02')).toEqual(february);
  expect(await close('Nord GmbH', '2025-12')).toEqual({ code: 'nothing_to_close' });
  expect(await close('West Inc', '2026-01')).toMatchObject({ movementCount: 2 });
  expect(await verifyCloses(sql, { head: january.head })).toEqual([]);
  const { heads } = await proveCloses(sql);
  expect(heads).toContainEqual({ legalEntity: 'Nord GmbH', position: 71, head: (february as Close).head });
  expect(await verifyCloses(sql, { head: 'another' })).toMatchObject([{ difference: 'head_unknown' }]);
});

test('a month closes each day of its shops, from the first that has a movement', async () => {
  const [month, days] = [
    await listCloses(sql, { legalEntity: 'West Inc' }),
    await listCloses(sql, { shopId: 'newyork' }),
  ];
  const closes = [...month, ...days];
  expect(closes.map(({ firstDay }) => firstDay).reverse()).toEqual([
    ...Array.from({ length: 12 }, (_, i) => `2026-01-${20 + i}`),
    '2026-01-01',
  ]);
  expect(closes.at(-1)?.totals).toMatchObject([
    { currency: 'USD', receivedMinor: 7_000, perpetualReceivedMinor: 7_000 },
  ]);
  expect(closes.map(({ position }) => position)).toEqual(closes.map((_, i) => closes.length - i));
});

test('what nobody changed is as it was', async () => {
  expect(await found(sql)).toEqual([]);
});

const berlins = `reference = (select min(reference) from movements)`;
const anotherOf = (shopId: string) => `
  insert into movements (reference, sequence, command_id, kind, amount_minor, balance_before_minor, balance_after_minor,
                         sale_shop_id, sale_id, caller, shop_id, moved_at, recorded_at, booked_on)
  select reference, 9, 'x', kind, amount_minor, balance_before_minor, balance_after_minor, sale_shop_id, sale_id, caller,
         ${shopId}, moved_at, recorded_at, booked_on
    from movements where sequence = 3 and ${berlins}`;
/** What was done behind the database's back, and what is named: B, N and H are the payments of the three shops. */
test.each([
  [
    'when a movement was',
    `update movements set moved_at = moved_at + interval '1 microsecond' where sequence = 2 and ${berlins}`,
    ['movement_changed Nord GmbH 3 B 2', 'totals_changed Nord GmbH 23'],
  ],
  ['a reason, of which nothing is proven', `update movements set reason = 'erased' where ${berlins}`, []],
  [
    'a movement that is gone',
    `delete from movements where sequence = 3 and ${berlins}`,
    ['movement_missing Nord GmbH 3 B 3', 'totals_changed Nord GmbH 23', 'totals_changed Nord GmbH 3'],
  ],
  ['a movement that came', anotherOf('shop_id'), ['movement_added Nord GmbH B 9', 'totals_changed Nord GmbH 23']],
  ['a movement that came in no shop', anotherOf("'nowhere'"), ['movement_added B 9', 'totals_changed Nord GmbH 23']],
  [
    'a movement that went to another day',
    `update movements set booked_on = '2026-01-13' where sequence = 2 and ${berlins}`,
    ['movement_changed Nord GmbH 3 B 2', 'totals_changed Nord GmbH 23', 'totals_changed Nord GmbH 3'],
  ],
  [
    'where the money of a payment came from',
    `update account_payments set funding = 'return', source_funding = 'return', tender = null where ${berlins}`,
    [
      'movement_changed Nord GmbH 1 B 1',
      'movement_changed Nord GmbH 26 B 4',
      'movement_changed Nord GmbH 3 B 2',
      'movement_changed Nord GmbH 3 B 3',
      'totals_changed Nord GmbH 1',
      'totals_changed Nord GmbH 23',
      'totals_changed Nord GmbH 71',
    ],
  ],
  [
    'how something was paid out',
    `update commands set details = jsonb_set(details, '{tender}', '"card"') where kind = 'payOut'`,
    ['movement_changed Nord GmbH 26 B 4', 'totals_changed Nord GmbH 71'],
  ],
  [
    'whose shop it is',
    `update shops set legal_entity = 'Other' where shop_id = 'newyork'`,
    [
      'movement_changed Nord GmbH 28 N 3',
      'movement_changed West Inc 1 N 1',
      'movement_changed West Inc 12 N 2',
      'totals_changed West Inc 13',
    ],
  ],
  [
    'a command that is gone',
    `delete from commands where kind = 'cancel'`,
    ['movement_changed Nord GmbH 53 H 2', 'totals_changed Nord GmbH 53', 'totals_changed Nord GmbH 71'],
  ],
  [
    'a close that is gone',
    `delete from finance.closes where position = 3 and legal_entity = 'Nord GmbH'`,
    ['close_missing Nord GmbH 3', 'movement_added Nord GmbH B 2', 'movement_added Nord GmbH B 3'],
  ],
  [
    'the last closes, which are gone with their rows',
    `with gone as (delete from finance.close_rows where number in (
                     select number from finance.closes where legal_entity = 'Nord GmbH' and position >= 70))
     delete from finance.closes where legal_entity = 'Nord GmbH' and position >= 70`,
    ['close_missing Nord GmbH 70'],
  ],
  [
    'all closes, which are gone',
    `with gone as (delete from finance.close_rows) delete from finance.closes`,
    ['close_missing Nord GmbH 1', 'close_missing West Inc 1'],
  ],
  [
    'days that are open again',
    `update finance.closed_through set day = '2026-01-31' where shop_id = 'berlin'`,
    ['day_open Nord GmbH'],
  ],
  [
    'that days are shut, which is gone',
    `delete from finance.closed_through where legal_entity = 'West Inc'`,
    ['day_open West Inc'],
  ],
  [
    'days that are shut without a close',
    `update finance.closed_through set day = '2026-03-31' where legal_entity = 'West Inc' and shop_id = ''`,
    ['close_missing West Inc 14'],
  ],
  [
    'who closed',
    `update finance.closes set closed_by = 'another' where kind = 'month' and position = 23`,
    ['close_changed Nord GmbH 23'],
  ],
  [
    'the totals of a close',
    `update finance.closes set totals = '[]' where kind = 'month' and first_day = '2026-02-01'`,
    ['close_changed Nord GmbH 71', 'totals_changed Nord GmbH 71'],
  ],
  [
    'a hash that is gone',
    `delete from finance.close_rows where sequence = 2 and ${berlins}`,
    ['close_changed Nord GmbH 3', 'movement_added Nord GmbH B 2', 'totals_changed Nord GmbH 3'],
  ],
  [
    'a hash',
    `update finance.close_rows set hash = sha256('x') where sequence = 2 and ${berlins}`,
    ['close_changed Nord GmbH 3', 'movement_changed Nord GmbH 3 B 2'],
  ],
])('%s', async (_, statement, expected) => {
  const named = (await foundAfter(sql, statement)).map((each) =>
    ours.reduce((text, reference, i) => text.replace(reference, 'BNH'.charAt(i)), each),
  );
  expect(named.sort()).toEqual([...expected].sort());
});

test('in a month that one entity has closed, and the other has opened again, what came since is named', async () => {
  const opened = { legalEntity: 'West Inc', month: '2026-01' };
  await reopenMonth(sql, opened, { reopenedBy: 'test', reason: 'a slip', requestId: 'opens' });
  expect(await found(sql)).toEqual([]);
  const [berlin = ''] = ours;
  const added = async (bookedOn: string) =>
    foundAfter(sql, anotherOf("'newyork'").replace('booked_on\n', `'${bookedOn}'\n`));
  expect(await added('2026-01-25')).toEqual([`movement_added West Inc ${berlin} 9`, 'totals_changed Nord GmbH 23']);
  // Which closes count hangs on their places, which are proven, and not on a number.
  expect(
    await foundAfter(
      sql,
      `update finance.closes set number = default where kind = 'month' and legal_entity = 'West Inc'`,
    ),
  ).toEqual([]);
});
