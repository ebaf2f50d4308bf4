import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { insertKeptFee } from '../../../db/payment/keptFees.js';
import { formatMoney } from '../../../domain/money.js';
import { balanceOfLife } from '../../../domain/payment/explain.js';
import { generateYear } from '../../../scripts/finance/generateYear.js';
import { inEnglish } from '../../../service/payment/explanation/english.js';
import { inGerman } from '../../../service/payment/explanation/german.js';
import { readLife } from '../../../service/payment/explanation/read.js';
import { explain } from '../../../service/payment/explanation/tell.js';
import { createDatabase } from '../../support/database.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await generateYear(sql, { payments: 160, movements: 900 });
});
afterAll(() => disconnect(sql));

test('what came in is what became of it and what is left, in every life; each movement is told, in every language', async () => {
  const references = await sql<{ reference: string }[]>`select reference from account_payments`;
  const [happenings, causes] = [new Set<string>(), new Set<string>()];
  for (const { reference } of references) {
    const known = await readLife({ listSql: sql }, reference);
    if (!known) throw new Error(`${reference} is not in the books`);
    const { issuedMinor, givenBackMinor, became, leftMinor } = balanceOfLife(known);
    const becameMinor = became.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    expect(becameMinor + leftMinor, reference).toBe(issuedMinor + givenBackMinor);
    const moved = await sql<{ amountMinor: number }[]>`
      select amount_minor from movements where reference = ${reference} order by sequence`;
    for (const sentences of [inEnglish, inGerman]) {
      const told = explain(known, {
        sentences,
        money: (amountMinor) => formatMoney(amountMinor, known.payment.currency),
        number: String,
        instant: (instant) => instant,
        lastDay: (end) => end.slice(0, 10),
      });
      const amounts = told.happened.map(({ amountMinor }) => amountMinor).filter((each) => each !== null);
      expect(amounts, reference).toEqual(moved.map(({ amountMinor }) => amountMinor));
      expect(JSON.stringify(told)).not.toMatch(/undefined|NaN|\[object/);
      expect(told.cameFrom.length > 0, reference).toBe(['gift', 'replacement'].includes(known.payment.funding));
      for (const { happening } of told.happened) happenings.add(happening);
    }
    for (const { cause } of known.descendants) causes.add(cause);
  }
  // So that the year had in it what is promised here.
  expect([...happenings].sort()).toEqual(
    expect.arrayContaining([
      'cancelled',
      'extended',
      'frozen',
      'gifted',
      'given_back',
      'issued',
      'paid_out',
      'ran_out',
    ]),
  );
  expect(causes).toContain('gift');
});

test('a fee that was kept after a payment had ended is told, with who kept it', async () => {
  const [taken] = await sql<{ reference: string; saleShopId: string; saleId: string }[]>`
    select m.reference, m.sale_shop_id, m.sale_id
      from movements m join account_payments p using (reference)
     where p.status in ('expired', 'cancelled') and m.sale_id is not null
       and not exists (select from commands c where c.reference = p.reference and c.kind = 'cancel'
                          and c.details ->> 'disposition' = 'issued_in_error')
     group by 1, 2, 3 having sum(m.amount_minor) < 0 order by 1 limit 1`;
  if (!taken) throw new Error('the year has no payment that ended after it was spent');
  const by = { caller: 'till-9', shopId: taken.saleShopId };
  const fee = { ...taken, commandId: 'fee', returnId: 'R', keptMinor: 1, by };
  expect(await insertKeptFee(sql, fee, Date.parse('2030-01-01T00:00:00Z'))).toBe('kept');
  const known = await readLife({ listSql: sql }, taken.reference);
  if (!known) throw new Error('it is not in the books');
  const money = (amountMinor: number) => `${amountMinor} cents`;
  const telling = { money, number: String, instant: (instant: string) => instant, lastDay: (end: string) => end };
  for (const sentences of [inEnglish, inGerman]) {
    const last = explain(known, { ...telling, sentences }).happened.at(-1);
    expect(last).toMatchObject({ happening: 'kept', commandId: 'fee', amountMinor: null, saleId: taken.saleId });
    for (const said of ['till-9', '1 cents', taken.saleId]) expect(last?.text).toContain(said);
  }
});
