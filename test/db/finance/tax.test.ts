import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { createRandom } from '../../../scripts/finance/random.js';
import { apply, cancel, capture, DAY_MS, expire, hold, payOut, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, closeDays, openShops, payment } from './books.js';
import { openedRowsOf } from './opens.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const enter = (taxCode: string, fromDay: string, rateBasisPoints: number) =>
    sql`insert into finance.tax_rates ${sql({ legalEntity: 'Nord GmbH', taxCode, fromDay, rateBasisPoints, enteredBy: 'fin' })}`;
  await enter('DE19', '2007-01-01', 1_900);
  await enter('DE19', '2026-07-01', 1_500);
  await enter('DE19', '2026-07-01', 1_600);
  await enter('DE7', '2007-01-01', 700);

  // Taxed at issue: a deposit of 119.00 in June; 20.00 are handed out and 9.00 spent in July, the rest expires. What
  // is reinstated of it is not taxed again, nor when it is spent.
  const issue = { taxPoint: 'issue', taxCode: 'DE19' } as const;
  const deposit = await payment(sql, '2026-06-30T21:59:59.999Z', { ...issue, amountMinor: 11_900 })
    .does('2026-07-02T10:00:00Z', payOut('p', 2_000), apply('a', 900))
    .does('2026-07-03T10:00:00Z', expire('x'))
    .record();
  const reinstated = await payment(sql, '2026-07-04T10:00:00Z', {
    ...issue,
    amountMinor: 9_000,
    funding: { kind: 'replacement', source: 'paid', replaces: deposit.reference, origin: 'reinstatement' },
  })
    .does('2026-07-05T10:00:00Z', apply('a', 1_000), refund('r', 400))
    .record();
  // Given on, and handed out there: the tax that was paid for it once goes off.
  await payment(sql, '2026-07-06T10:00:00Z', {
    ...issue,
    amountMinor: 500,
    customerId: 'D',
    funding: { kind: 'gift', source: 'paid', giftId: 'T', givenFrom: reinstated.reference },
  })
    .does('2026-07-07T10:00:00Z', cancel('c'))
    .record();
  await payment(sql, '2026-07-01T10:00:00Z', { ...issue, amountMinor: 300 })
    .does('2026-07-01T10:01:00Z', cancel('c', { disposition: 'issued_in_error', tender: undefined }))
    .record();
  // Free: at neither point.
  await payment(sql, '2026-07-01T10:00:00Z', { ...issue, funding: { kind: 'goodwill' } })
    .does('2026-07-02T10:00:00Z', apply('a', 250), expire('x'))
    .record();

  // Taxed when it is spent: 10.00 on a sale of two rates, in thirds, put back in July at the rates of June.
  const lines = [
    { productId: 'book', amountMinor: 500, taxCode: 'DE7' },
    { productId: 'bike', amountMinor: 1_000, taxCode: 'DE19' },
  ];
  await payment(sql, '2026-06-01T10:00:00Z', { amountMinor: 5_000 })
    .does('2026-06-30T10:00:00Z', apply('a', 1_000, { lines }))
    .does('2026-07-02T10:00:00Z', refund('r', 100))
    .does('2026-07-03T10:00:00Z', apply('b', 40, { saleId: 'T', ...at('hamburg') }))
    .does('2026-07-08T10:00:00Z', cancel('c', { disposition: 'forfeited', tender: undefined }))
    .record();
  // Good for the bike alone. It ends, and the sale is returned: credit in its stead takes the tax off.
  const bike = await payment(sql, '2026-07-01T10:00:00Z', {
    amountMinor: 800,
    scope: { type: 'product_specific', productId: 'bike' },
  })
    .does('2026-07-02T10:00:00Z', apply('a', 600, { saleId: 'B', lines }))
    .does('2026-07-03T10:00:00Z', cancel('c'))
    .record();
  await payment(sql, '2026-07-05T10:00:00Z', {
    amountMinor: 600,
    scope: { type: 'product_specific', productId: 'bike' },
    funding: {
      kind: 'replacement',
      source: 'paid',
      replaces: bike.reference,
      origin: 'return',
      saleShopId: 'berlin',
      saleId: 'B',
    },
  }).record();
});
afterAll(() => disconnect(sql));

const read = async (from_day: string, to_day: string) =>
  (await openedRowsOf(sql, 'tax', { from_day, to_day })).map(({ legalEntity: _, currency: __, ...row }) =>
    Object.values(row)
      .map((value) => (value === '' ? '-' : value))
      .join(' '),
  );

test.each<[string, object[] | null, string, string[]]>([
  ['lines of two codes', [line('x', 1, 'A'), line('y', 2, 'B')], '', ['A 33', 'B 67']],
  ['lines that come to nothing', [line('x', 0, 'A')], '', ['- 100']],
  ['lines of another product', [line('x', 1, 'A')], 'y', ['- 100']],
  ['lines of this product that come to nothing', [line('x', 0, 'A'), line('y', 1, 'B')], 'x', ['- 100']],
  ['no lines', [], '', ['- 100']],
])('nothing of an amount is lost among the codes of %s', async (_, lines, product, shares) => {
  const rows = await sql<{ code: string; shareMinor: number }[]>`
    select * from finance.by_code(100, ${sql.json(lines as never)}, ${product}, '-') order by code`;
  expect(rows.map(({ code, shareMinor }) => `${code} ${shareMinor}`)).toEqual(shares);
});

/** Rows say of their lines what reports ask, so that nobody looks into these again: with whatever codes, or none. */
test('what a row says of its lines parts any amount as its lines do, and of many codes it says nothing', async () => {
  const { whole, pick } = createRandom(20_261_130);
  const codes = [undefined, 'P', ...Array.from({ length: 18 }, (_, i) => `C${i}`)];
  const baskets = Array.from({ length: 100 }, () =>
    Array.from({ length: pick([whole(0, 12), 40]) }, () => {
      const taxCode = pick(codes.slice(0, pick([1, 2, 4, codes.length])));
      return { productId: 'SHOE', amountMinor: pick([0, 1, whole(1, 9_999), 1_000_000_000_000]), taxCode };
    }),
  );
  const rows = await sql<{ told: string | null; looked: string; sum: number; amountMinor: number; codes: number }[]>`
    select (select string_agg(code || ' ' || minor, ', ' order by code)
              from (select code, sum(share_minor) as minor
                      from finance.by_told_code(amount, line_codes, line_up_to_minor, 'P') group by 1) t)
             as told,
           looked.shares as looked, looked.sum, amount as amount_minor,
           (select count(distinct coalesce(l ->> 'taxCode', '')) from jsonb_array_elements(lines) l
             where l -> 'amountMinor' <> '0') as codes
      from (select lines, line_codes(lines), line_up_to_minor(lines)
              from jsonb_array_elements(${sql.json(baskets)}) lines offset 0) basket
     cross join unnest(array[1, -1, 9999, -100003, 999999999999]::bigint[]) amount
     cross join lateral (
       select string_agg(code || ' ' || minor, ', ' order by code) as shares, sum(minor)::bigint as sum
         from (select code, sum(share_minor) as minor from finance.by_code(amount, lines, '', 'P') group by 1) l) looked`;
  const told = rows.filter(({ codes: count }) => count >= 1 && count <= 16);
  expect(told.map(({ looked }) => looked)).toEqual(told.map((row) => row.told));
  expect(rows.map(({ sum }) => sum)).toEqual(rows.map(({ amountMinor }) => amountMinor));
  const silent = rows.filter((row) => row.told === null);
  expect(silent.length).toBeGreaterThan(0);
  expect(silent.every(({ codes: count }) => count === 0 || count > 16)).toBe(true);
});

function line(productId: string, amountMinor: number, taxCode: string) {
  return { productId, amountMinor, taxCode };
}

test('what fell due in June', async () => {
  expect(await read('2026-06-01', '2026-06-30')).toEqual([
    // shop, point, code, rate, taxed, taken off, due, the tax in it, expired, taxed before, free
    'berlin issue DE19 1900 11900 0 11900 1900 0 0 0',
    'berlin redemption DE19 1900 667 0 667 106 0 0 0',
    'berlin redemption DE7 700 333 0 333 22 0 0 0',
  ]);
});

test('in July nothing is taxed twice, and what goes off has the rate at which it was taxed', async () => {
  expect(await read('2026-07-01', '2026-07-31')).toEqual([
    // Issued in July: 3.00, in error. Spent of what was taxed before: 9.00, 10.00 less 4.00; free: 2.50. What expired
    // was reinstated whole.
    'berlin issue DE19 1600 300 -300 0 0 0 1500 250',
    'berlin issue DE19 1900 0 -2500 -2500 -399 0 0 0',
    'berlin redemption -  0 0 0  4060 0 0',
    'berlin redemption DE19 1600 600 -600 0 0 0 0 0',
    'berlin redemption DE19 1900 0 -67 -67 -11 0 0 0',
    'berlin redemption DE7 700 0 -33 -33 -2 0 0 0',
    'hamburg redemption -  40 0 40  0 0 0',
  ]);
});

/** Writes down that a sale was held, or settled where its id is Z, with these lines. */
const sells = (saleId: string, commandId: string, decidedAt: string, lines: object[]) => {
  const kind = saleId === 'Z' ? 'settle' : 'hold';
  const by = { saleShopId: 'berlin', shopId: 'berlin', bodyHash: '', outcome: 'accepted', caller: 'till-1' };
  const row = { ...by, saleId, commandId, kind, decidedAt, lines: sql.json(lines as never), answer: sql.json({}) };
  return sql`insert into sale_commands ${sql(row)}`;
};

test('a basket that is changed later changes no tax of before', async () => {
  const [held, settled, sold] = [{ saleId: 'P' }, { saleId: 'Z' }, { saleId: 'Q' }];
  const [books, bikes] = [[line('book', 1_000, 'DE7')], [line('bike', 1_000, 'DE19')]];
  const parent = { kind: 'sale', id: 'Z', commandId: 'z' } as const;
  await payment(sql, '2026-05-01T10:00:00Z')
    .does('2026-05-02T10:00:00Z', hold('h', 1_000, { ...held, lifetimeMs: 90 * DAY_MS }))
    .does('2026-05-02T11:00:00Z', capture('c', 'h', 300, { ...held, heldUntil: '2026-07-01T10:00:00Z' }))
    .does('2026-05-03T10:00:00Z', hold('hz', 500, settled), capture('cz', 'hz', 500, { ...settled, parent }))
    .does('2026-05-04T10:00:00Z', apply('q', 200, { ...sold, lines: books }), refund('r', 100, sold))
    .does('2026-09-01T10:00:00Z', apply('q2', 50, { ...sold, lines: bikes }))
    .record();
  await sells('P', 'p', '2026-05-02T10:00:00Z', books);
  await sells('Z', 'z', '2026-05-03T10:00:01Z', books);
  const may = ['berlin redemption DE7 700 1000 -100 900 59 0 0 0'];
  expect(await read('2026-05-01', '2026-05-31')).toEqual(may);
  await sells('P', 'p2', '2026-09-01T10:00:00Z', bikes);
  await sells('Z', 'z2', '2026-09-01T10:00:00Z', bikes);
  expect(await read('2026-05-01', '2026-05-31')).toEqual(may);
});

test('a basket of which the books learn late changes no tax of a closed day', async () => {
  const lines = [line('book', 1_000, 'DE7')];
  const instants = { '2026-03-02': '2026-03-02T10:00:00Z', '2026-03-03': '2026-03-03T10:00:00Z' };
  for (const [day, at] of Object.entries(instants)) {
    const sale = { saleId: `sale of ${day}` };
    await payment(sql, at)
      .does(at, hold('h', 500, sale), capture('c', 'h', 500, sale))
      .record();
  }
  await closeDays(sql, '2026-03-02', ['berlin']);
  const march = () => read('2026-03-01', '2026-03-31');
  expect(await march()).toEqual(['berlin redemption -  1000 0 1000  0 0 0']);
  for (const [day, at] of Object.entries(instants)) await sells(`sale of ${day}`, 'k', at, lines);
  expect(await march()).toEqual([
    'berlin redemption -  500 0 500  0 0 0',
    'berlin redemption DE7 700 500 0 500 33 0 0 0',
  ]);
});
