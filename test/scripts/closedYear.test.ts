import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../db/connect.js';
import type { Close } from '../../db/finance/closes.js';
import { closeMonth } from '../../db/finance/closing.js';
import { copyBooks } from '../../scripts/finance/copyBooks.js';
import { generateYear } from '../../scripts/finance/generateYear.js';
import { aNewIssue } from '../../scripts/finance/issues.js';
import { begin } from '../../scripts/finance/life.js';
import { createRandom } from '../../scripts/finance/random.js';
import { shops } from '../../scripts/finance/world.js';
import { found, foundAfter } from '../db/finance/tampered.js';
import { createDatabase } from '../support/database.js';

/** A whole year of three shops, closed month by month. */

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await generateYear(sql, { payments: 300, movements: 1_500 });
});
afterAll(() => disconnect(sql));

const months = Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`);
const entities = [...new Set(shops.map(({ legalEntity }) => legalEntity))];

test('twelve months close in a row, each beginning with what the one before it ended with', async () => {
  for (const legalEntity of entities) {
    let owed = new Map<string, number | undefined>();
    for (const month of months) {
      const close = (await closeMonth(sql, { legalEntity, month }, { closedBy: 'test', unrecordedCount: 0 })) as Close;
      expect(close, month).toMatchObject({ kind: 'month', legalEntity });
      for (const { currency, openingMinor } of close.totals) expect(openingMinor).toBe(owed.get(currency) ?? 0);
      owed = new Map(close.totals.map(({ currency, closingMinor }) => [currency, closingMinor]));
    }
    const now = await sql<{ currency: string; minor: number }[]>`
      select currency, sum(amount_minor)::bigint as minor from finance.entries
       where home_entity = ${legalEntity} and day <= '2025-12-31' group by 1`;
    expect(new Map(now.map(({ currency, minor }) => [currency, minor]))).toEqual(owed);
  }
  expect(await found(sql)).toEqual([]);
});

test('one movement among all of them that was changed, taken away or added is named', async () => {
  const [one] = await sql<{ reference: string; sequence: number }[]>`
    select reference, sequence from movements where kind = 'applied' and booked_on between '2025-03-01' and '2025-09-30'
     order by md5(reference || sequence) limit 1`;
  const it = `reference = '${one?.reference}' and sequence = ${one?.sequence}`;
  const changed = await foundAfter(
    sql,
    `update movements set amount_minor = amount_minor - 1, balance_after_minor = balance_after_minor - 1 where ${it}`,
  );
  expect(changed.filter((each) => each.startsWith('movement_'))).toEqual([
    expect.stringContaining(`${one?.reference} ${one?.sequence}`),
  ]);
  const gone = await foundAfter(sql, `delete from movements where ${it}`);
  expect(gone.filter((each) => each.startsWith('movement_'))).toEqual([
    expect.stringMatching(`^movement_missing .*${one?.reference} ${one?.sequence}$`),
  ]);
  const moved = 'balance_before_minor, balance_after_minor, sale_shop_id, sale_id, caller, shop_id, moved_at';
  const added = await foundAfter(
    sql,
    `insert into movements (reference, sequence, command_id, kind, amount_minor, ${moved}, recorded_at, booked_on)
     select reference, 999, 'x', kind, amount_minor, ${moved}, recorded_at, booked_on from movements where ${it}`,
  );
  expect(added.filter((each) => each.startsWith('movement_'))).toEqual([
    expect.stringMatching(`^movement_added .*${one?.reference} 999$`),
  ]);
});

test('what the books refuse ends with what they say, and leaves nothing behind', async () => {
  const random = createRandom(1);
  const [atMs, endMs] = [Date.parse('2025-12-30T12:00:00Z'), Date.parse('2026-01-01T00:00:00Z')];
  const [one, other] = [
    begin(aNewIssue(atMs, random), atMs, endMs, random),
    begin(aNewIssue(atMs, random), atMs, endMs, random),
  ];
  await copyBooks(sql, [one], random);
  await expect(copyBooks(sql, [other, one], random)).rejects.toMatchObject({ code: '23505' });
  const written = await sql`
    select reference from account_payments where reference in ${sql([one.issue.reference, other.issue.reference])}`;
  expect(written).toEqual([{ reference: one.issue.reference }]);
});
