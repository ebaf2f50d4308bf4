import { expect, test } from 'vitest';
import { createCalendar, daysAfter, endOfDay, startOfDay, type Calendar } from '../../../domain/instants.js';
import { yearsAfter } from '../../../domain/law/calendar.js';
import { cashDue, judge, rulesFor, type Act, type Facts } from '../../../domain/law/judge.js';
import type { Rule } from '../../../domain/law/rule.js';
import { lawRules } from '../../../domain/law/rules.js';

const NOON = 'T12:00:00.000Z';
type Asked = Partial<Facts> & { readonly issuedOn?: string };
const UTC = createCalendar('UTC');

/** A gift card of 50 that was sold on a day of the shop's calendar. */
function facts({ issuedOn = '2026-06-01', ...said }: Asked = {}): Facts {
  const { calendar = UTC } = said;
  return {
    purpose: 'gift',
    sourceFunding: 'paid',
    issuedAt: startOfDay(issuedOn, calendar) ?? '',
    balanceMinor: 5_000,
    currency: 'USD',
    jurisdiction: 'US',
    againstLaw: 'refused',
    calendar,
    ...said,
  };
}

const through = (day: string, calendar: Calendar = UTC) => endOfDay(day, calendar) ?? null;
const at = (day: string) => Date.parse(`${day}${NOON}`);

function told(act: Act, asked: Asked, day: string): string[] {
  const judgement = judge(act, facts(asked), { nowMs: at(day), calendar: UTC });
  return judgement.outcome === 'clear'
    ? ['clear']
    : [judgement.outcome, ...judgement.objections.map(({ rule }) => rule.id)];
}

const US = ['refused', 'us-validity'];
const NY = ['refused', 'us-ny-validity-9'];
const NZ = ['refused', 'nz-validity'];

/** Issued on a day, good through another one: what an issue and an extend are told. */
test.each<[place: string, issuedOn: string, lastDay: string | null, told: string[]]>([
  // At least five years, on the calendar: the last day is the same day of the fifth year.
  ['US', '2026-06-01', '2031-05-31', US],
  ['US', '2026-06-01', '2031-06-01', ['clear']],
  ['US', '2026-06-01', null, ['clear']],
  ['US', '2024-02-29', '2029-02-27', US],
  ['US', '2024-02-29', '2029-02-28', ['clear']],
  ['US', '2023-03-01', '2028-02-29', US],
  ['US', '2023-03-01', '2028-03-01', ['clear']],
  ['US', '2023-02-28', '2028-02-28', ['clear']],
  ['US', '2026-01-31', '2031-01-30', US],
  ['US', '2026-12-31', '2031-12-31', ['clear']],
  // The day on which the law began, and the one before.
  ['US', '2010-08-21', '2010-09-01', ['clear']],
  ['US', '2010-08-22', '2010-09-01', US],
  ['US-TX', '2026-06-01', '2031-05-31', US],
  ['US-CA', '2026-06-01', '2099-12-31', ['refused', 'us-ca-validity']],
  ['US-CA', '2026-06-01', null, ['clear']],
  ['US-CA', '1996-12-31', '1999-12-31', ['clear']],
  ['US-CA', '1997-01-01', '1999-12-31', ['refused', 'us-ca-validity']],
  // Five years until 9 December 2022, nine from the 10th on, by the day of issue.
  ['US-NY', '2022-12-09', '2027-12-08', ['refused', 'us-ny-validity-5']],
  ['US-NY', '2022-12-09', '2027-12-09', ['clear']],
  ['US-NY', '2022-12-10', '2031-12-09', NY],
  ['US-NY', '2022-12-10', '2031-12-10', ['clear']],
  ['US-NY', '2016-12-24', '2021-12-23', US],
  ['US-NY', '2024-02-29', '2033-02-27', NY],
  ['US-NY', '2024-02-29', '2033-02-28', ['clear']],
  ['AU', '2019-10-31', '2019-12-31', ['clear']],
  ['AU', '2019-11-01', '2022-10-31', ['refused', 'au-validity']],
  ['AU', '2019-11-01', '2022-11-01', ['clear']],
  ['AU-VIC', '2019-11-01', '2022-10-31', ['refused', 'au-validity']],
  ['AU-NSW', '2018-03-30', '2018-04-01', ['clear']],
  ['AU-NSW', '2018-03-31', '2021-03-30', ['refused', 'au-nsw-validity']],
  ['AU-NSW', '2019-10-31', '2022-10-31', ['clear']],
  ['AU-NSW', '2026-06-01', '2029-05-31', ['refused', 'au-nsw-validity']],
  ['NZ', '2026-03-15', '2026-04-01', ['clear']],
  ['NZ', '2026-03-16', '2029-03-15', NZ],
  ['NZ', '2026-03-16', '2029-03-16', ['clear']],
  // From the end of the year of issue; and never refused.
  ['DE', '2026-01-01', '2029-12-30', ['warned', 'de-validity']],
  ['DE', '2026-01-01', '2029-12-31', ['clear']],
  ['DE', '2026-12-31', '2029-12-31', ['clear']],
  ['DE-BY', '2026-12-31', '2029-12-30', ['warned', 'de-validity']],
  ['FR', '2026-06-01', '2026-06-02', ['clear']],
  ['GB', '2026-06-01', '2026-06-02', ['clear']],
  ['JP', '2026-06-01', '2026-06-02', ['clear']],
])('%s, issued on %s and good through %s: %j', (jurisdiction, issuedOn, lastDay, expected) => {
  const expiresAt = lastDay === null ? null : through(lastDay);
  for (const kind of ['issue', 'extend'] as const)
    expect(told({ kind, expiresAt }, { jurisdiction, issuedOn }, issuedOn)).toEqual(expected);
});

test('the earliest day by which nothing stands against it is told', () => {
  const judgement = judge({ kind: 'issue', expiresAt: through('2027-01-01') }, facts(), {
    nowMs: at('2026-06-01'),
    calendar: UTC,
  });
  expect(judgement).toMatchObject({ objections: [{ leastValidThrough: '2031-06-01' }] });
});

test('an extension counts from the day of issue, not from today', () => {
  const extend = { kind: 'extend', expiresAt: through('2031-06-01') } as const;
  expect(told(extend, { issuedOn: '2026-06-01' }, '2031-01-01')).toEqual(['clear']);
});

test('days are those of the shop, wherever the world is', () => {
  const zone = { jurisdiction: 'NZ', calendar: createCalendar('Pacific/Auckland') };
  // The 16th has begun in Auckland, while it is the 15th in London.
  const issuedAt = '2026-03-15T11:00:00.000Z';
  const asked = { nowMs: Date.parse(issuedAt), calendar: zone.calendar };
  const good = (day: string) =>
    judge({ kind: 'issue', expiresAt: through(day, zone.calendar) }, { ...facts(zone), issuedAt }, asked);
  expect(good('2029-03-15').outcome).toBe('refused');
  expect(good('2029-03-16').outcome).toBe('clear');
  // An instant within the last day is too early.
  const evening = { kind: 'issue', expiresAt: '2029-03-16T05:00:00.000Z' } as const;
  expect(judge(evening, { ...facts(zone), issuedAt }, asked).outcome).toBe('refused');
});

/** Typed where it was told, the day is late enough, and the one before is not. */
test.each(
  ['Pacific/Honolulu', 'America/New_York', 'UTC', 'Asia/Kathmandu', 'Pacific/Auckland', 'Pacific/Kiritimati'].flatMap(
    (issuedIn, _, zones) => zones.map((askedIn) => [issuedIn, askedIn] as const),
  ),
)('issued in %s, the earliest day that is told in %s is the earliest there', (issuedIn, askedIn) => {
  const [there, here] = [createCalendar(issuedIn), createCalendar(askedIn)];
  // The years end in summer time, on a leap day's morrow, and at the end of a year.
  for (const issuedOn of ['2026-06-01', '2024-02-29', '2026-12-31']) {
    const sold = facts({ calendar: there, issuedOn });
    const extendThrough = (day: string) =>
      judge({ kind: 'extend', expiresAt: through(day, here) }, sold, { nowMs: at('2027-01-01'), calendar: here });
    const refused = extendThrough('2028-12-31');
    const day = refused.outcome === 'refused' ? refused.objections[0]?.leastValidThrough : undefined;
    expect(extendThrough(day ?? '').outcome).toBe('clear');
    expect(extendThrough(daysAfter(day ?? '', -1)).outcome).toBe('refused');
  }
});

/** What the money is for and how it came decides what counts. */
test.each<[purpose: Facts['purpose'], sourceFunding: Facts['sourceFunding'], place: string, told: string[]]>([
  ['gift', 'paid', 'US', US],
  ['prepayment', 'paid', 'US', US],
  ['store_credit', 'paid', 'US', US],
  ['store_credit', 'return', 'US', ['clear']],
  ['gift', 'goodwill', 'US', ['clear']],
  ['deposit', 'paid', 'US', ['clear']],
  ['store_credit', 'return', 'NZ', ['clear']],
  ['gift', 'goodwill', 'NZ', ['clear']],
  ['store_credit', 'return', 'US-CA', ['clear']],
  ['store_credit', 'return', 'AU-NSW', ['clear']],
  ['store_credit', 'return', 'DE', ['warned', 'de-validity']],
  ['gift', 'goodwill', 'DE', ['clear']],
  ['deposit', 'paid', 'FR', ['clear']],
])('%s, %s, in %s: %j', (purpose, sourceFunding, jurisdiction, expected) => {
  const issue = { kind: 'issue', expiresAt: through('2026-12-31') } as const;
  expect(told(issue, { purpose, sourceFunding, jurisdiction }, '2026-06-01')).toEqual(expected);
});

const expire = { kind: 'expire' } as const;
const forfeit = { kind: 'cancel', disposition: 'forfeited' } as const;
const payOut = (amountMinor: number) => ({ kind: 'payOut', amountMinor }) as const;

/** Ending what is not yet to end, keeping what is not the shop's. */
test.each<[what: string, act: Act, asked: Asked, day: string, told: string[]]>([
  ['before its least term', expire, {}, '2031-06-01', US],
  ['after its least term', expire, {}, '2031-06-02', ['clear']],
  ['forfeited before', forfeit, {}, '2031-06-01', US],
  ['forfeited after', forfeit, {}, '2031-06-02', ['clear']],
  ['paid out', { kind: 'cancel', disposition: 'paid_out' }, {}, '2026-07-01', ['clear']],
  ['remitted', { kind: 'cancel', disposition: 'remitted' }, {}, '2026-07-01', ['clear']],
  ['issued in error', { kind: 'cancel', disposition: 'issued_in_error' }, {}, '2026-07-01', ['clear']],
  ['in California, ever', expire, { jurisdiction: 'US-CA' }, '2050-01-01', ['refused', 'us-ca-validity']],
  // What may be had in cash, by the day on which it is asked for: below 10 until 31 March 2026, then below 15.
  [
    '9.99, part',
    payOut(1),
    { jurisdiction: 'US-CA', balanceMinor: 999, issuedOn: '2020-01-01' },
    '2026-03-31',
    ['warned', 'us-ca-cash-10'],
  ],
  [
    '9.99, all',
    payOut(999),
    { jurisdiction: 'US-CA', balanceMinor: 999, issuedOn: '2020-01-01' },
    '2026-03-31',
    ['clear'],
  ],
  ['10.00', payOut(1), { jurisdiction: 'US-CA', balanceMinor: 1_000, issuedOn: '2020-01-01' }, '2026-03-31', ['clear']],
  [
    '10.00, later',
    payOut(1),
    { jurisdiction: 'US-CA', balanceMinor: 1_000, issuedOn: '2020-01-01' },
    '2026-04-01',
    ['warned', 'us-ca-cash-15'],
  ],
  ['14.99', payOut(1), { jurisdiction: 'US-CA', balanceMinor: 1_499 }, '2026-06-01', ['warned', 'us-ca-cash-15']],
  ['15.00', payOut(1), { jurisdiction: 'US-CA', balanceMinor: 1_500 }, '2026-06-01', ['clear']],
  [
    'of another currency',
    payOut(1),
    { jurisdiction: 'US-CA', balanceMinor: 999, currency: 'EUR' },
    '2026-06-01',
    ['clear'],
  ],
  ['4.99 in New York', payOut(1), { jurisdiction: 'US-NY', balanceMinor: 499 }, '2026-06-01', ['warned', 'us-ny-cash']],
  ['5.00 in New York', payOut(1), { jurisdiction: 'US-NY', balanceMinor: 500 }, '2026-06-01', ['clear']],
  [
    '4.99, of before',
    payOut(1),
    { jurisdiction: 'US-NY', balanceMinor: 499, issuedOn: '2022-12-09' },
    '2026-06-01',
    ['clear'],
  ],
  [
    '4.99, over',
    expire,
    { jurisdiction: 'US-NY', balanceMinor: 499, issuedOn: '2022-12-10' },
    '2032-01-01',
    ['warned', 'us-ny-cash'],
  ],
  // What is put aside: only people can tell what it cost, or what was agreed.
  ['a lay-by', forfeit, { jurisdiction: 'AU', purpose: 'deposit' }, '2026-07-01', ['warned', 'au-lay-by']],
  [
    'a lay-by in a state',
    expire,
    { jurisdiction: 'AU-NSW', purpose: 'deposit' },
    '2026-07-01',
    ['warned', 'au-lay-by'],
  ],
  ['a lay-by paid back', payOut(1), { jurisdiction: 'AU', purpose: 'deposit' }, '2026-07-01', ['clear']],
  ['a layaway', forfeit, { jurisdiction: 'US-NY', purpose: 'deposit' }, '2026-07-01', ['warned', 'us-ny-layaway']],
  [
    'arrhes',
    { kind: 'cancel', disposition: 'paid_out' },
    { jurisdiction: 'FR', purpose: 'deposit' },
    '2026-07-01',
    ['warned', 'fr-arrhes'],
  ],
  ['a voucher in Germany', expire, { jurisdiction: 'DE' }, '2029-12-31', ['warned', 'de-validity']],
  ['later in Germany', expire, { jurisdiction: 'DE' }, '2030-01-01', ['clear']],
  ['in no jurisdiction', expire, { jurisdiction: null }, '2026-07-01', ['clear']],
])('%s', (_, act, asked, day, expected) => {
  expect(told(act, asked, day)).toEqual(expected);
});

test('a shop that only warns is never refused anything', () => {
  expect(told(expire, { againstLaw: 'warned' }, '2026-07-01')).toEqual(['warned', 'us-validity']);
});

test('what may be had in cash is told before anybody asks', () => {
  const due = (asked: Asked) => cashDue(facts(asked), at('2026-06-01')).map(({ id }) => id);
  expect(due({ jurisdiction: 'US-CA', balanceMinor: 1_499 })).toEqual(['us-ca-cash-15']);
  expect(due({ jurisdiction: 'US-CA', balanceMinor: 1_500 })).toEqual([]);
  expect(due({ jurisdiction: 'US-CA', balanceMinor: 0 })).toEqual([]);
  expect(due({ jurisdiction: 'US', balanceMinor: 499 })).toEqual([]);
});

test('of rules about the same thing the narrower place counts, and only where it has one', () => {
  const row = (id: string, jurisdiction: string, more: Partial<Rule> = {}): Rule => ({
    ...(lawRules[0] as Rule),
    id,
    jurisdiction,
    ...more,
  });
  const rules = [
    row('country', 'US'),
    row('region', 'US-NY', { issued: { from: '2026-01-01', through: null } }),
    row('cash', 'US', { topic: 'cash', demand: { kind: 'nothing' } }),
    row('elsewhere', 'US-N'),
  ];
  const counting = (jurisdiction: string, issuedOn: string) =>
    rulesFor(facts({ jurisdiction, issuedOn }), at('2026-06-01'), rules).map(({ id }) => id);
  expect(counting('US-NY', '2026-01-01')).toEqual(['region', 'cash']);
  expect(counting('US-NY', '2025-12-31')).toEqual(['country', 'cash']);
  expect(counting('US-NJ', '2026-01-01')).toEqual(['country', 'cash']);
});

test.each<[day: string, years: number, later: string]>([
  ['2024-02-29', 4, '2028-02-29'],
  ['2024-02-29', 5, '2029-02-28'],
  ['2096-02-29', 4, '2100-02-28'],
  ['1996-02-29', 4, '2000-02-29'],
  ['2026-12-31', 3, '2029-12-31'],
  ['2025-02-28', 3, '2028-02-28'],
])('%s and %i years later: %s', (day, years, later) => {
  expect(yearsAfter(day, years)).toBe(later);
});
