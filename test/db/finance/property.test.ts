import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { ReportRow } from '../../../db/finance/report.js';
import { recordBatch } from '../../../db/payment/record.js';
import { fieldOf } from '../../../domain/finance/report.js';
import { figuresOf, reports, type ReportName } from '../../../domain/finance/reports.js';
import { instantOf } from '../../../domain/instants.js';
import type { By, Issue } from '../../../domain/payment/command.js';
import { handle, passTime } from '../../../domain/payment/handle.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { balanceOf, heldOf } from '../../../domain/payment/payment.js';
import type { State } from '../../../domain/payment/state.js';
import { DAY_MS, give, givenAway, issue, NOW } from '../../domain/payment/build.js';
import { steps, terms } from '../../domain/payment/steps.js';
import { createDatabase } from '../../support/database.js';
import { openShops, shops, type ShopId } from './books.js';
import { openedRowsOf, rowsOf } from './opens.js';

/**
 * Whatever is sent, by whomever, to however many payments, gifts and replacements among them: what the books then say
 * is what the payments themselves say, and every figure of every report opens to what it is the sum of.
 */

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
});
afterAll(() => disconnect(sql));

const shopIds = Object.keys(shops) as ShopId[];
const life = fc.record({
  terms,
  steps,
  home: fc.constantFrom(...shopIds),
  places: fc.array(fc.constantFrom(...shopIds), { minLength: 1, maxLength: 5 }),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  funding: fc.constantFrom({ kind: 'paid', tender: 'card' }, { kind: 'return' }, { kind: 'goodwill' }),
  taxPoint: fc.constantFrom('issue', 'redemption'),
  disposition: fc.constantFrom('paid_out', 'forfeited', 'remitted', 'issued_in_error', 'reissued'),
  givesMinor: fc.integer({ min: 1, max: 500 }),
});
type Life = typeof life extends fc.Arbitrary<infer Of> ? Of : never;

const states: State[] = [];
let number = 0;
const nextReference = () => `ACC-20261123-${String((number += 1)).padStart(8, '0')}`;

test('what the reports say of any sequence of commands is what the payments say themselves', async () => {
  const lives = fc.sample(life, { numRuns: 12, seed: 7 });
  for (const each of lives) states.push(...lived(each));
  for (const { payment, outbox } of states) await recordBatch(sql, { terms: payment.terms, records: outbox }, 'run');

  const until = { from_day: '2026-11-20', to_day: '2026-12-31' };
  const rolled = await openedRowsOf(sql, 'roll_forward', {
    ...until,
    grain: 'week',
    by: ['shop_id', 'source_funding'],
  });
  for (const row of rolled) expectToAddUp(row);
  expectToJoin(rolled);
  const owed = await openedRowsOf(sql, 'outstanding_liability', { as_of: '2027-01-01T12:00:00Z', by: ['shop_id'] });
  expect(totals(owed, 'balanceMinor')).toEqual(told(states, balanceOf));
  expect(totals(owed, 'heldMinor')).toEqual(told(states, heldOf));
  const last = rolled.filter(({ lastDay }) => lastDay === '2026-12-31');
  expect(totals(last, 'closingMinor')).toEqual(told(states, balanceOf));
  expect(totals(last, 'heldMinor')).toEqual(told(states, heldOf));

  const given = await rowsOf(sql, 'roll_forward', { ...until, grain: 'whole', by: [] });
  for (const row of given) expect(Number(row['giftedInMinor']) + Number(row['giftedOutMinor'])).toBe(0);
  expect(given.some((row) => row['giftedInMinor'] !== 0)).toBe(true);
  const sourceless = await sql`
    select e.reference from finance.entries e left join finance.payments s on s.reference = e.replaces
     where e.category = 'issued_replacement' and (s.reference is null or s.source_funding <> e.source_funding)`;
  expect([...sourceless]).toEqual([]);
  expect(
    await sql`select from finance.entries where category is null or day is null or home_entity is null`,
  ).toHaveLength(0);
});

test('the journal balances, and says the same as the payments, the tills and the shops between them', async () => {
  const rows = await openedRowsOf(sql, 'journal', { from_day: '2026-11-20', to_day: '2026-12-31' });
  expect(rows.every(({ debit, credit, amountMinor }) => debit !== credit && Number(amountMinor) > 0)).toBe(true);
  /** What an account has on its credit side, by what tells rows apart. */
  const credits = (isOf: (account: string) => boolean, keyOf: (row: ReportRow, account: string) => string) =>
    summed(
      rows.flatMap((row) =>
        (['debit', 'credit'] as const).flatMap((side): [string, number][] => {
          const [account, amountMinor] = [String(row[side]), Number(row['amountMinor'])];
          return isOf(account) ? [[keyOf(row, account), side === 'credit' ? amountMinor : -amountMinor]] : [];
        }),
      ),
    );
  const entityOf = ({ terms }: State['payment']) => shops[terms.by.shopId as ShopId].legalEntity;
  const owed = states.map(({ payment }): [string, number] => [
    `${entityOf(payment)} ${payment.terms.currency}`,
    balanceOf(payment),
  ]);
  const isLiability = (account: string) => account.startsWith('liability_');
  expect(credits(isLiability, ({ legalEntity, currency }) => `${legalEntity} ${currency}`)).toEqual(summed(owed));

  const isBetween = (account: string) => account === 'inter_entity';
  expect(credits(isBetween, ({ currency }) => String(currency))).toEqual({});
  const between = await rowsOf(sql, 'between_shops', { from_day: '2026-11-20', to_day: '2026-12-31' });
  const net = between
    .filter(({ relation }) => relation === 'between')
    .flatMap(({ owingEntity, owedEntity, currency, netMinor }): [string, number][] => [
      [`${owingEntity} to ${owedEntity} ${currency}`, Number(netMinor)],
      [`${owedEntity} to ${owingEntity} ${currency}`, -Number(netMinor)],
    ]);
  const partnered = ({ legalEntity, partnerEntity, currency }: ReportRow) =>
    `${legalEntity} to ${partnerEntity} ${currency}`;
  expect(credits(isBetween, partnered)).toEqual(summed(net));
  expect(Object.keys(summed(net)).length).toBeGreaterThan(0);

  const taken = (await rowsOf(sql, 'tenders', { from_day: '2026-11-20', to_day: '2026-12-31' })).map(
    ({ shopId, day, currency, tender, netMinor }): [string, number] => [
      `${shopId} ${day} ${currency} clearing_${tender}`,
      -Number(netMinor),
    ],
  );
  const isClearing = (account: string) => account.startsWith('clearing_');
  const till = ({ shopId, day, currency }: ReportRow, account: string) => `${shopId} ${day} ${currency} ${account}`;
  expect(credits(isClearing, till)).toEqual(summed(taken));
});

test.each(['tenders', 'customer_balances', 'control', 'exceptions', 'between_shops', 'tax'] as const)(
  '%s: every figure opens to the movements that sum to it',
  async (name: ReportName) => {
    const said = { from_day: '2026-11-20', to_day: '2026-12-31', as_of: '2026-12-31' };
    const params = reports[name].params.filter(({ need }) => need === 'required').map((param) => param.name);
    const rows = await openedRowsOf(
      sql,
      name,
      Object.fromEntries(params.map((param) => [param, said[param as keyof typeof said]])),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some((row) => figuresOf(name).some((figure) => row[fieldOf(figure)] !== 0))).toBe(true);
  },
);

/** A payment and what comes of it: a gift while it lasts, and a replacement of what was lost. */
function lived({ terms: { amountMinor, expiresAt }, steps, home, places, currency, ...each }: Life): State[] {
  const by: By = { caller: 'till-1', shopId: home };
  const facts = {
    by,
    currency,
    taxPoint: each.taxPoint,
    amountMinor: amountMinor + each.givesMinor,
    expiresAt,
  } as const;
  const state = begun({ ...facts, funding: each.funding });
  const source = each.funding.kind;
  const { reference, customerId } = state.payment.terms;
  const gift = begun({
    ...facts,
    amountMinor: each.givesMinor,
    customerId: 'D',
    funding: { kind: 'gift', source, giftId: 'T', givenFrom: reference },
  });
  handle(state, { ...give('gives', each.givesMinor), by, currency } as never, NOW);
  const capture = { ...givenAway('given', 'gives', each.givesMinor), by, counterpart: gift.payment.terms.reference };
  handle(state, capture, NOW);
  let nowMs = NOW;
  for (const [i, [command, pauseMs]] of steps.entries()) {
    nowMs += pauseMs;
    const where: By = {
      caller: i % 2 ? 'staff:eva' : 'till-1',
      staffId: 'bob',
      shopId: places[i % places.length] ?? home,
    };
    const disposed =
      command.kind === 'cancel'
        ? { disposition: each.disposition, tender: each.disposition === 'paid_out' ? 'cash' : undefined }
        : {};
    handle(state, { ...command, ...('currency' in command && { currency }), ...disposed, by: where } as never, nowMs);
    passTime(state, nowMs);
  }
  const { standing } = state.payment;
  if (!('endedBalanceMinor' in standing) || standing.endedBalanceMinor === 0) return [state, gift];
  const origin = each.disposition === 'reissued' && standing.status === 'cancelled' ? 'reissue' : 'reinstatement';
  const anew = begun({
    ...facts,
    by: { caller: 'till-1', shopId: places[0] ?? home },
    customerId,
    amountMinor: standing.endedBalanceMinor,
    issuedAt: instantOf(nowMs + 1),
    expiresAt: instantOf(nowMs + DAY_MS),
    funding: { kind: 'replacement', source, replaces: reference, origin },
  });
  return [state, gift, anew];
}

function begun(said: Partial<Issue>): State {
  const reference = nextReference();
  const state = stateAtIssue(issue({ commandId: `issue-${reference}`, reference, ...said }));
  state.books = 'agree';
  return state;
}

const flows = Object.keys(reports.roll_forward.columns)
  .filter((column) => column.endsWith('_minor') && !/_(cash|card|bank_transfer|other)_minor$/.test(column))
  .filter((column) => !['opening_minor', 'closing_minor', 'held_minor', 'frozen_minor'].includes(column));

function expectToAddUp(row: ReportRow): void {
  const changeMinor = flows.reduce((sum, flow) => sum + Number(row[fieldOf(flow)]), 0);
  expect(Number(row['openingMinor']) + changeMinor).toBe(row['closingMinor']);
}

function expectToJoin(rows: readonly ReportRow[]): void {
  const closings = new Map<string, unknown>();
  for (const row of rows) {
    const kind = [row['shopId'], row['currency'], row['sourceFunding']].join();
    expect(row['openingMinor']).toBe(closings.get(kind) ?? 0);
    closings.set(kind, row['closingMinor']);
  }
}

function totals(rows: readonly ReportRow[], field: string): Record<string, number> {
  return summed(rows.map((row) => [`${row['shopId']} ${row['currency']}`, Number(row[field])]));
}

function told(states: readonly State[], of: (payment: State['payment']) => number): Record<string, number> {
  return summed(states.map(({ payment }) => [`${payment.terms.by.shopId} ${payment.terms.currency}`, of(payment)]));
}

function summed(parts: readonly (readonly [string, number])[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, minor] of parts) sums[key] = (sums[key] ?? 0) + minor;
  return Object.fromEntries(
    Object.entries(sums)
      .filter(([, minor]) => minor !== 0)
      .sort(),
  );
}
