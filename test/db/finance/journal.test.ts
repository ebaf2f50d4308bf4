import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { insertKeptFee } from '../../../db/payment/keptFees.js';
import type { Issue } from '../../../domain/payment/command.js';
import { apply, cancel, give, givenAway, payOut, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment } from './books.js';
import { openedRowsOf, rowsOf } from './opens.js';

let sql: Sql;
const sale = { saleShopId: 'berlin', saleId: 'S-1', ...at('berlin') };
const abroad = { saleShopId: 'newyork', saleId: 'S-2', ...at('newyork') };
const noon = (day: string) => `2026-05-${day}T12:00:00Z`;
const ended = (disposition: 'forfeited' | 'remitted' | 'issued_in_error') =>
  cancel('c', { disposition, tender: undefined, ...at('berlin') });

beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const issued = (day: string, amountMinor: number, terms: Partial<Issue> = {}) =>
    payment(sql, noon(day), { amountMinor, ...terms });

  // Within one entity: bought in Berlin, used in Hamburg, 10.00 back there less a fee of 1.00, the rest forfeited.
  await issued('01', 10_000)
    .does(noon('02'), apply('a', 6_000, { ...sale, ...at('hamburg') }))
    .does(noon('03'), refund('r', 1_000, { ...sale, keptMinor: 100, ...at('hamburg') }))
    .does(noon('04'), ended('forfeited'))
    .record();
  // Between entities: bought in Berlin, used and paid out in New York, where the day is the 4th until 04:00 UTC.
  await issued('01', 20_000, { funding: { kind: 'paid', tender: 'card' } })
    .does('2026-05-05T03:59:59Z', apply('a', 5_000, abroad))
    .does('2026-05-05T04:00:00Z', payOut('p', 2_000, at('newyork')))
    .does(noon('06'), refund('r', 500, abroad))
    .record();

  // What was given free, and what came back for goods; a deposit that expires is still owed.
  const until = { expiresAt: noon('07') };
  await issued('01', 300, { ...until, funding: { kind: 'goodwill' } })
    .does(noon('02'), apply('a', 100, sale))
    .reaches(noon('07'))
    .record();
  const credit = await issued('01', 400, { ...until, funding: { kind: 'return' }, purpose: 'store_credit' })
    .reaches(noon('07'))
    .record();
  const deposit = await issued('01', 700, until).reaches(noon('07')).record();
  await issued('01', 800).does(noon('08'), ended('remitted')).record();
  await issued('01', 900).does(noon('08'), ended('issued_in_error')).record();

  // Both are owed again, by the entity of New York, which issues them anew.
  const anew = (replaces: string, source: 'paid' | 'return') =>
    ({ ...at('newyork'), funding: { kind: 'replacement', source, replaces, origin: 'reinstatement' } }) as const;
  await issued('09', 400, anew(credit.reference, 'return')).record();
  await issued('09', 700, anew(deposit.reference, 'paid')).record();

  // Given in Berlin to a customer in New York, and in the stead of it when a sale comes back after its end.
  const giver = await issued('10', 3_000)
    .does(noon('11'), give('g', 3_000, at('newyork')))
    .record();
  const funding = { kind: 'gift', source: 'paid', giftId: 'T', givenFrom: giver.reference } as const;
  const given = await issued('11', 3_000, { ...at('newyork'), reference: 'ACC-20261123-G0000000', funding }).record();
  await giver.does(noon('11'), { ...givenAway('x', 'g', 3_000), ...at('newyork') }).record();
  await given
    .does(noon('12'), apply('a', 1_000, abroad))
    .does(noon('13'), cancel('c', at('newyork')))
    .record();
  const back = { kind: 'replacement', source: 'paid', replaces: given.reference, origin: 'return' } as const;
  await issued('14', 600, { ...at('newyork'), funding: { ...back, ...abroad } }).record();
  // Kept by a till of Berlin, of what was sold in New York.
  const taken = { saleShopId: 'newyork', saleId: 'S-2', reference: given.reference };
  const by = { caller: 'till-9', shopId: 'berlin', staffId: 'eva' };
  const fee = { ...taken, by, commandId: 'fee', returnId: 'R', keptMinor: 150 };
  await insertKeptFee(sql, fee, Date.now());
  const returned = { saleShopId: 'newyork', saleId: 'S-2', commandId: 'R', kind: 'return', outcome: 'accepted' };
  const answer = sql.json({ return: { reason: 'worn' } });
  const beside = { bodyHash: '', shopId: 'berlin', caller: 'till-9', decidedAt: noon('15'), answer };
  await sql`insert into sale_commands ${sql({ ...returned, ...beside })}`;
});
afterAll(() => disconnect(sql));

const days = { from_day: '2026-05-01', to_day: '2026-05-31' };
type Row = Record<string, unknown>;
const entryOf = ({ legalEntity, day, shopId, debit, credit, partnerEntity, amountMinor, entryCount }: Row) =>
  [legalEntity, String(day).slice(8), shopId, debit, credit, partnerEntity, amountMinor, entryCount].join(' ');

test('each movement is posted with one debit and one credit, in both entities where there are two', async () => {
  const rows = await openedRowsOf(sql, 'journal', days);
  // Entity, day, shop, debit, credit, the other entity, amount, and how many entries it sums.
  expect(rows.map(entryOf)).toEqual([
    'Nord GmbH 01 berlin clearing_card liability_paid  20000 1',
    'Nord GmbH 01 berlin clearing_cash liability_paid  12400 4',
    'Nord GmbH 01 berlin goodwill_expense liability_goodwill  300 1',
    'Nord GmbH 01 berlin returns liability_return  400 1',
    'Nord GmbH 02 berlin liability_goodwill sales  100 1',
    'Nord GmbH 02 hamburg liability_paid sales  6000 1',
    'Nord GmbH 03 hamburg sales fees  100 1',
    'Nord GmbH 03 hamburg sales liability_paid  1000 1',
    'Nord GmbH 04 berlin liability_paid fees  5000 1',
    'Nord GmbH 04 berlin liability_paid inter_entity West Inc 5000 1',
    'Nord GmbH 05 berlin liability_paid inter_entity West Inc 2000 1',
    'Nord GmbH 06 berlin inter_entity liability_paid West Inc 500 1',
    'Nord GmbH 07 berlin liability_goodwill goodwill_expense  200 1',
    'Nord GmbH 07 berlin liability_paid unclaimed  700 1',
    'Nord GmbH 07 berlin liability_return breakage  400 1',
    'Nord GmbH 08 berlin liability_paid clearing_cash  900 1',
    'Nord GmbH 08 berlin liability_paid unclaimed  800 1',
    'Nord GmbH 09 berlin breakage inter_entity West Inc 400 1',
    'Nord GmbH 09 berlin unclaimed inter_entity West Inc 700 1',
    'Nord GmbH 10 berlin clearing_cash liability_paid  3000 1',
    'Nord GmbH 11 berlin liability_paid inter_entity West Inc 3000 1',
    'West Inc 04 newyork inter_entity sales Nord GmbH 5000 1',
    'West Inc 05 newyork inter_entity clearing_cash Nord GmbH 2000 1',
    'West Inc 06 newyork sales inter_entity Nord GmbH 500 1',
    'West Inc 09 newyork inter_entity liability_paid Nord GmbH 700 1',
    'West Inc 09 newyork inter_entity liability_return Nord GmbH 400 1',
    'West Inc 11 newyork inter_entity transfers Nord GmbH 3000 1',
    'West Inc 11 newyork transfers liability_paid  3000 1',
    'West Inc 12 newyork liability_paid sales  1000 1',
    'West Inc 13 newyork liability_paid clearing_cash  2000 1',
    'West Inc 14 newyork sales liability_paid  600 1',
  ]);
});

test('a fee that is kept of what would come back to an ended payment is posted when it is decided', async () => {
  const around = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const rows = await openedRowsOf(sql, 'journal', { from_day: around(-2), to_day: around(2) });
  expect(rows).toMatchObject([
    { legalEntity: 'Nord GmbH', shopId: 'berlin', debit: 'sales', credit: 'fees', amountMinor: 150 },
  ]);
  const [day] = rows.map((row) => String(row['day']));
  const behind = await sql`
    select kind, category, shop_id, caller, staff_id, reason, sale_shop_id
      from finance.journal_movements(${day ?? ''}, ${day ?? ''}, cell => '{"credit": "fees"}')`;
  const by = { shopId: 'berlin', caller: 'till-9', staffId: 'eva', reason: 'worn' };
  expect([...behind]).toEqual([{ kind: 'kept', category: 'fee_kept', ...by, saleShopId: 'newyork' }]);
});

test('the liabilities are what the payments still have, and all that is between accounts comes to nothing', async () => {
  const rows = await rowsOf(sql, 'journal', days);
  const balanceOf = (account: string, entity?: string) =>
    rows
      .filter(({ legalEntity }) => entity === undefined || legalEntity === entity)
      .reduce((sum, { debit, credit, amountMinor }) => {
        const sides = [debit, credit].map((side) => String(side).startsWith(account));
        return sum + (Number(sides[1]) - Number(sides[0])) * Number(amountMinor);
      }, 0);
  const owed = await sql<{ entity: string; minor: string }[]>`
    select s.legal_entity as entity, sum(p.balance_minor) as minor
      from account_payments p join shops s using (shop_id) group by 1 order by 1`;
  expect(owed.map(({ entity, minor }) => [entity, Number(minor)])).toEqual([
    ['Nord GmbH', 13_500],
    ['West Inc', 1_700],
  ]);
  for (const { entity, minor } of owed) expect(balanceOf('liability', entity)).toBe(Number(minor));
  expect(balanceOf('inter_entity')).toBe(0);
  expect(balanceOf('inter_entity', 'Nord GmbH')).toBe(5_000 + 2_000 - 500 + 400 + 700 + 3_000);
  expect(balanceOf('transfers', 'West Inc')).toBe(0);
});

test('an account has the code that counts on the day, and one with another entity may have its own', async () => {
  const enter = (account: string, code: string, more: object = {}) =>
    sql`insert into finance.account_codes ${sql({ legalEntity: 'Nord GmbH', account, code, fromDay: '1970-01-01', enteredBy: 'fin', ...more })}`;
  await enter('liability_paid', '1710');
  await enter('liability_paid', '1711', { fromDay: '2026-05-05' });
  await enter('liability_paid', '1712', { fromDay: '2026-05-05' });
  await enter('inter_entity', '1500');
  await enter('sales', '8400');
  const codes = async () =>
    (await rowsOf(sql, 'journal', { ...days, legal_entity: 'Nord GmbH' }))
      .filter(({ debit, day }) => debit === 'liability_paid' && String(day) < '2026-05-06')
      .map(({ day, debitCode, creditCode }) => [day, debitCode, creditCode]);
  expect(await codes()).toEqual([
    ['2026-05-02', '1710', '8400'],
    ['2026-05-04', '1710', ''],
    ['2026-05-04', '1710', '1500'],
    ['2026-05-05', '1712', '1500'],
  ]);
  await enter('inter_entity', '1501', { partner: 'West Inc' });
  expect((await codes()).at(-1)).toEqual(['2026-05-05', '1712', '1501']);
});

test('a cancellation that does not say what became of the rest cannot be recorded', async () => {
  const kept = sql`
    insert into commands (reference, command_id, revision, kind, body_hash, outcome, caller, shop_id, rules, decided_at)
    select reference, 'x', 99, 'cancel', 'h', 'accepted', 'till', shop_id, 1, issued_at from account_payments limit 1`;
  await expect(kept).rejects.toThrow('commands_cancel_says_what_became_of_the_rest');
});

test('of one shop, and of one entity', async () => {
  const hamburg = await openedRowsOf(sql, 'journal', { ...days, shop_id: 'hamburg' });
  expect(hamburg.map(({ amountMinor }) => amountMinor)).toEqual([6_000, 100, 1_000]);
  const west = await openedRowsOf(sql, 'journal', { ...days, legal_entity: 'West Inc' });
  expect(west).toHaveLength(10);
});
