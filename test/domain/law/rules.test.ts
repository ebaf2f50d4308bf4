import { expect, test } from 'vitest';
import { isDay } from '../../../domain/instants.js';
import { lawTopics, type Demand, type LawTopic, type Rule } from '../../../domain/law/rule.js';
import { isIn, isJurisdiction, isLawKnown, lawRules } from '../../../domain/law/rules.js';

const topicOf: Readonly<Record<Demand['kind'], readonly LawTopic[]>> = {
  least_validity: ['validity'],
  no_expiry: ['validity'],
  cash_below: ['cash'],
  limits_forfeiting: ['forfeiting'],
  reminder: lawTopics,
  nothing: lawTopics,
};

test.each(lawRules.map((rule) => [rule.id, rule] as const))('%s is a whole row', (_, rule) => {
  const { id, jurisdiction, topic, demand, force, issued, done, source, checked, words } = rule;
  expect(lawRules.filter((each) => each.id === id)).toHaveLength(1);
  expect(id).toMatch(/^[a-z0-9-]{1,64}$/);
  expect(isJurisdiction(jurisdiction)).toBe(true);
  expect(topicOf[demand.kind]).toContain(topic);
  // What only people can tell refuses nobody.
  if (['cash_below', 'limits_forfeiting', 'reminder'].includes(demand.kind)) expect(force).toBe('advisory');
  for (const { from, through } of [issued, done]) {
    for (const day of [from, through]) expect(day === null || isDay(day)).toBe(true);
    if (from !== null && through !== null) expect(from < through).toBe(true);
  }
  expect(new URL(source.address).protocol).toBe('https:');
  expect(source.citation).not.toBe('');
  expect(isDay(checked.on)).toBe(true);
  for (const sentence of [words.en, words.de]) expect(sentence).toMatch(/^\p{Lu}.{20,299}\.$/u);
});

/** Federal law stays where a state's is milder: so the narrower row has to be the stricter one, or nothing is right. */
test('no narrower row about validity lets through what a wider one does not', () => {
  const years = ({ demand }: Rule) =>
    demand.kind === 'no_expiry' ? Infinity : demand.kind === 'least_validity' ? demand.years : 0;
  for (const narrow of lawRules.filter(({ topic }) => topic === 'validity'))
    for (const wide of lawRules.filter(({ topic }) => topic === 'validity'))
      if (narrow.jurisdiction !== wide.jurisdiction && isIn(narrow.jurisdiction, wide.jurisdiction))
        expect(years(narrow), narrow.id).toBeGreaterThanOrEqual(years(wide));
});

test('rows of one place about one thing never count at once', () => {
  for (const [i, one] of lawRules.entries())
    for (const other of lawRules.slice(i + 1)) {
      const meet = (key: 'issued' | 'done') =>
        (one[key].from ?? '') <= (other[key].through ?? '9999') &&
        (other[key].from ?? '') <= (one[key].through ?? '9999');
      const isSame = one.jurisdiction === other.jurisdiction && one.topic === other.topic;
      expect(isSame && meet('issued') && meet('done'), `${one.id} and ${other.id}`).toBe(false);
    }
});

test('a place is known by itself or by the country that it lies in', () => {
  expect(['US-TX', 'US', 'AU-NSW', 'DE-BY', 'GB'].map(isLawKnown)).toEqual([true, true, true, true, true]);
  expect(['UK', 'USA', 'JP'].map(isLawKnown)).toEqual([false, false, false]);
  expect(['us', 'USA', 'US-', 'US-CALI', 'DE '].map(isJurisdiction)).toEqual([false, false, false, false, false]);
});
