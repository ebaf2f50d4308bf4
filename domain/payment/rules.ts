/**
 * The rules by which payments decide, each number with what it brought. Temporal runs `decide` again when it replays,
 * so a rung that is added later must not judge what was decided before: it asks `decidesBy` for its number first. What
 * the handler of a signal lets in is a rung too.
 */
export const rulesKnown = [
  { number: 1, brought: 'all rules that there were when they were first numbered' },
  {
    number: 2,
    brought:
      'bounds on what one caller has held and refused of one payment; who sends by hand is the operator; nothing is taken beside a hold of its sale but by lines',
  },
] as const;

/** Which rules a payment decides by; it comes to it as data, never from the code. */
export type RulesNumber = number;

const NEWEST_RULES: RulesNumber = rulesKnown[rulesKnown.length - 1]?.number ?? 1;

export function areRulesKnown(rules: RulesNumber): boolean {
  return rulesKnown.some(({ number }) => number === rules);
}

/** Whether a payment that decides by `rules` has the rung that came with `number`. */
export function decidesBy(rules: RulesNumber, number: RulesNumber): boolean {
  return rules >= number;
}

/** This code is older than the rules that it is to decide by: one that knows them has to go on. */
export class RulesUnknown extends Error {
  override readonly name = 'RulesUnknown';
}

/** @throws RulesUnknown */
export function assertRulesKnown(rules: RulesNumber): void {
  if (!areRulesKnown(rules))
    throw new RulesUnknown(`rules ${rules} are not known here; the newest are ${NEWEST_RULES}`);
}
