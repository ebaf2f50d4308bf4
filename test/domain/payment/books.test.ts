import { expect, test } from 'vitest';
import { confirm, meetConflict } from '../../../domain/payment/change.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { handle, passTime } from '../../../domain/payment/handle.js';
import {
  after,
  apply,
  cancel,
  capture,
  DAY_MS,
  expire,
  extend,
  freeze,
  hold,
  issue,
  NOW,
  payOut,
  refund,
  release,
  thaw,
} from './build.js';

test('until its issue is in the books a payment takes nothing, and remembers nothing of it', () => {
  const state = stateAtIssue(issue());
  expect(handle(state, apply('a', 1), NOW)).toMatchObject({ outcome: 'turned_away', code: 'issue_not_recorded' });
  expect(state.payment.revision).toBe(1);
  confirm(state, 1);
  expect(handle(state, apply('a', 1), NOW).outcome).toBe('accepted');
});

test.each(['unconfirmed', 'agree', 'behind', 'differ'] as const)(
  'time passes without a bug whatever the books have said (%s), and what is due is done once they agree',
  (books) => {
    const state = after([apply('a', 1_000), hold('h', 100, { lifetimeMs: 1_000 })]);
    state.books = books;
    if (books !== 'unconfirmed') {
      passTime(state, NOW + 2_000);
      expect(state.payment.holds).toEqual([]);
    }
    const unheld = books === 'unconfirmed' ? stateAtIssue(issue()) : state;
    passTime(unheld, NOW + 2 * DAY_MS);
    passTime(unheld, NOW + 2 * DAY_MS);
    unheld.books = 'agree';
    passTime(unheld, NOW + 2 * DAY_MS);
    expect(unheld.payment.standing.status).toBe('expired');
  },
);

test('a payment that is behind what a sender has seen in the books decides nothing and freezes', () => {
  const state = after([apply('a', 1)]);
  expect(handle(state, apply('b', 1), NOW, 2).outcome).toBe('accepted');
  expect(handle(state, apply('c', 1), NOW, 9)).toMatchObject({ outcome: 'turned_away', code: 'payment_frozen' });
  expect(state.payment).toMatchObject({ frozen: ['conflict'], revision: 3 });
});

const commands = [
  apply('n', 1),
  payOut('n', 1),
  capture('n', 'h', 100),
  refund('n', 1),
  release('n', 'h'),
  cancel('n', { disposition: 'issued_in_error', tender: undefined }),
  expire('n'),
  extend('n', null),
  freeze('n'),
  thaw('n'),
  thaw('n', 'conflict'),
];
const told = (books: 'behind' | 'differ') =>
  commands.map((command) => {
    const state = after([apply('a', 1_000), hold('h', 100, { lifetimeMs: DAY_MS / 2 })]);
    meetConflict(state, books);
    const answer = handle(state, command, NOW);
    return [command.kind, 'code' in answer ? answer.code : answer.outcome];
  });

test('where the books differ only release, extend and thaw are believed', () => {
  expect(told('differ')).toEqual([
    ['apply', 'payment_frozen'],
    ['payOut', 'payment_frozen'],
    ['capture', 'payment_frozen'],
    ['refund', 'payment_frozen'],
    ['release', 'accepted'],
    ['cancel', 'payment_frozen'],
    ['expire', 'payment_frozen'],
    ['extend', 'accepted'],
    ['freeze', 'payment_frozen'],
    ['thaw', 'not_frozen'],
    ['thaw', 'books_differ'],
  ]);
});

test('where the books are only behind, what was promised is kept and nothing new is spent', () => {
  expect(told('behind')).toEqual([
    ['apply', 'payment_frozen'],
    ['payOut', 'payment_frozen'],
    ['capture', 'accepted'],
    ['refund', 'accepted'],
    ['release', 'accepted'],
    ['cancel', 'hold_open'],
    ['expire', 'hold_open'],
    ['extend', 'accepted'],
    ['freeze', 'accepted'],
    ['thaw', 'not_frozen'],
    ['thaw', 'books_behind'],
  ]);
});

test('once the books agree again a conflict is thawed by hand, and nothing before that is remembered', () => {
  const state = after([]);
  meetConflict(state, 'differ');
  expect(handle(state, thaw('t', 'conflict'), NOW)).toMatchObject({ outcome: 'turned_away', code: 'books_differ' });
  confirm(state, state.outbox.length);
  expect(handle(state, apply('a', 1), NOW)).toMatchObject({ code: 'payment_frozen' });
  expect(handle(state, thaw('t', 'conflict'), NOW).outcome).toBe('accepted');
  expect(handle(state, apply('b', 1), NOW).outcome).toBe('accepted');
});

test('a payment whose books differ does not expire by itself: what it would end may not be there', () => {
  const state = after([]);
  meetConflict(state, 'differ');
  handle(state, release('r', 'none'), NOW + 2 * DAY_MS);
  expect(state.payment.standing.status).toBe('active');
});

test('a payment may begin frozen, and expires all the same', () => {
  const state = stateAtIssue(issue({ frozen: ['gift'] }));
  confirm(state, 1);
  expect(handle(state, apply('a', 1), NOW)).toMatchObject({ code: 'payment_frozen' });
  expect(handle(state, thaw('t', 'gift'), NOW + 1)).toMatchObject({ outcome: 'accepted' });
  expect(handle(state, apply('b', 1), NOW + 2)).toMatchObject({ outcome: 'accepted' });
});
