import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatMoney } from '../domain/money.js';
import type { Demand, Period, Rule } from '../domain/law/rule.js';
import { lawRules } from '../domain/law/rules.js';

/** A shop's counsel reads a page, not code: it tells of each rule what the code has. */
const page = readFileSync(new URL('../docs/law.md', import.meta.url), 'utf8');
const lines = page.split('\n');

test.each(lawRules.map((rule) => [rule.id, rule] as const))('docs/law.md tells %s as it is', (id, rule) => {
  expect(lines.filter((line) => line.startsWith(`| \`${id}\` |`))).toEqual([rowOf(rule), wordsOf(rule)]);
});

test('docs/law.md tells of no other rule', () => {
  const told = lines.flatMap((line) => /^\| `([a-z0-9-]+)` \|/.exec(line)?.[1] ?? []);
  expect([...new Set(told)].sort()).toEqual(lawRules.map(({ id }) => id).sort());
});

function rowOf({ id, jurisdiction, demand, force, purposes, fundings, issued, done, source, checked }: Rule): string {
  const money = `${purposes.join(', ')}; ${fundings.join(', ')}`;
  const days = [`issued ${spanOf(issued)}`, ...((done.from ?? done.through) ? [`done ${spanOf(done)}`] : [])].join(
    '; ',
  );
  const where = `[${source.citation}](${source.address})`;
  const cells = [
    `\`${id}\``,
    jurisdiction,
    askedBy(demand),
    force,
    money,
    days,
    where,
    `${checked.on}, ${checked.against}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function wordsOf({ id, words }: Rule): string {
  return `| \`${id}\` | ${words.en} | ${words.de} |`;
}

function spanOf({ from, through }: Period): string {
  if (from === null && through === null) return 'ever';
  return [from === null ? '' : `from ${from}`, through === null ? '' : `through ${through}`].filter(Boolean).join(' ');
}

function askedBy(demand: Demand): string {
  switch (demand.kind) {
    case 'least_validity':
      return `good for at least ${demand.years} years from ${demand.from === 'issue' ? 'issue' : 'the end of the year of issue'}`;
    case 'no_expiry':
      return 'no expiry';
    case 'cash_below':
      return `cash below ${formatMoney(demand.amountMinor, demand.currency)}`;
    case 'limits_forfeiting':
      return 'limits what may be kept';
    case 'reminder':
      return `to be thought of: ${demand.of.join(', ')}`;
    case 'nothing':
      return 'nothing';
  }
}
