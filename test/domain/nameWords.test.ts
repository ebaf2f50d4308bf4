import { expect, test } from 'vitest';
import { areAlike } from '../../domain/nameWords.js';

test.each<[one: string, other: string, alike: boolean]>([
  ['Ada Lovelace', 'Ada Lovelace', true],
  ['Ada Lovelace', 'LOVELACE, Ada', true],
  ['Jan Müller', 'Jan Mueller', true],
  ['Jan Müller', 'jan muller', true],
  ['Jan Müller', 'Jan Mu\u0308ller', true],
  ["Niamh O'Brien", 'Niamh OBrien', true],
  ['Strauß', 'STRAUSS', true],
  ['Łucja Đorđević', 'Lucja Dordevic', true],
  ['李明', '李明', true],
  ['Ada Lovelace', 'Ada', false],
  ['Ada', 'Ada Lovelace', false],
  ['Ada Lovelace', 'Ada Lovelance', false],
  ['Jan Mueller', 'Jan Muller', false],
  ['🦄', '🦄', false],
  ['', '', false],
])('%s and %s: %s', (one, other, alike) => {
  expect(areAlike(one, other)).toBe(alike);
  expect(areAlike(other, one)).toBe(alike);
});
