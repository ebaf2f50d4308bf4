import { expect, test } from 'vitest';
import { handle } from '../../../domain/payment/handle.js';
import { NOW } from './build.js';
import { rows, stateOf } from './refusalRows.js';

const told = rows.map((row) => ({
  row,
  name: `${
    row[1]
      .map(({ kind }) => kind)
      .slice(0, 3)
      .join(', ') || 'new'
  }: ${row[2].kind} → ${row[0]}`,
}));

test.each(told)('$name', ({ row }) => {
  const [expected, , command, more] = row;
  const answer = handle(stateOf(row), command, more?.atMs ?? NOW);
  expect('code' in answer ? answer.code : answer.outcome).toBe(expected);
});

test.each(told)('$name, and the same when it is sent again', ({ row }) => {
  const [, , command, more] = row;
  const state = stateOf(row);
  const { payment: _, ...first } = handle(state, command, more?.atMs ?? NOW);
  const before = state.payment;
  const { payment: __, ...again } = handle(state, command, more?.atMs ?? NOW);
  expect(again).toEqual(first.outcome === 'turned_away' ? first : { ...first, delivery: 'replayed' });
  expect(state.payment).toEqual(before);
});
