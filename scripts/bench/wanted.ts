import { rounded, type Line } from './summary.js';

type Figure = 'perSecond' | 'p50Ms';
type Of = readonly [name: string, callers: number];

/** A figure of one line against that of another. */
type Wanted = {
  readonly what: string;
  readonly figure: Figure;
  readonly of: Of;
  readonly against: Of;
} & ({ readonly atLeast: number } | { readonly atMost: number });

const rate = (of: Of, against: Of, atLeast: number): Wanted => ({
  what: `${of[0]} against ${against[0]}, ${of[1]} at a time, a second`,
  figure: 'perSecond',
  of,
  against,
  atLeast,
});

const wait = (of: Of, against: Of, atMost: number): Wanted => ({
  what: `${of[0]} against ${against[0]}, ${of[1]} at a time, p50`,
  figure: 'p50Ms',
  of,
  against,
  atMost,
});

const FLOORS = { apply: 'B update, activity, insert', update: 'C update', issue: 'I start, activity, insert' } as const;

const wanted: readonly Wanted[] = [
  ...[1, 8, 32].flatMap((callers) => [
    rate(['apply', callers], [FLOORS.apply, callers], 0.9),
    wait(['apply, wait=0', callers], [FLOORS.update, callers], 1.3),
    rate(['issue', callers], [FLOORS.issue, callers], 0.8),
  ]),
  rate(['apply on one payment', 8], ['apply', 8], 1),
  wait(['settle over three payments', 1], ['apply', 1], 5),
  rate(['settle over three payments', 8], ['apply', 8], 0.2),
  rate(['settle over one payment', 8], ['apply', 8], 0.45),
  wait(['apply beside an import', 1], ['apply, no import', 1], 2),
  rate(['apply on many payments at random', 8], ['apply on few payments', 8], 0.9),
];

export type Ratio = {
  readonly what: string;
  readonly ratio: number;
  readonly want: string;
  readonly met: 'yes' | 'no';
};

/** Those of which both lines were measured. */
export function ratiosOf(lines: readonly Line[]): Ratio[] {
  const find = ([name, callers]: Of) => lines.find((line) => line.name === name && line.callers === callers);
  return wanted.flatMap((each) => {
    const [of, against] = [find(each.of), find(each.against)];
    if (!of || !against) return [];
    const ratio = of[each.figure] / against[each.figure];
    const isMet = 'atLeast' in each ? ratio >= each.atLeast : ratio <= each.atMost;
    const want = 'atLeast' in each ? `at least ${each.atLeast}` : `at most ${each.atMost}`;
    return [{ what: each.what, ratio: rounded(ratio), want, met: isMet ? 'yes' : 'no' }];
  });
}
