import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { check, shortest } from '../../../scripts/faults/check/check.js';
import type { Books, History, Order, Try } from '../../../scripts/faults/check/history.js';
import { anHonestHistory, GIFTED, HELD, PAID } from './anHonestHistory.js';

const honest = anHonestHistory();

test('an honest history breaks no promise', () => {
  expect(check(honest)).toEqual([]);
});

type Alteration = { readonly it: string; readonly rule: string; readonly subject: string; readonly by: History };

const altered: readonly Alteration[] = [
  { it: 'a command that was done and is lost', rule: 'exactly once', subject: 'R-2', by: inBooks(without('R-2')) },
  { it: 'a command that was done twice', rule: 'exactly once', subject: 'R-2', by: inBooks(twice('R-2')) },
  {
    it: 'another amount than was asked for',
    rule: 'exactly once',
    subject: 'R-2',
    by: inBooks(withMovement('R-2', { amountMinor: -299 })),
  },
  {
    it: 'another payment than was asked for',
    rule: 'exactly once',
    subject: 'R-2',
    by: inBooks(withMovement('R-2', { reference: GIFTED })),
  },
  {
    it: 'a command that was refused and done',
    rule: 'exactly once',
    subject: 'R-4',
    by: inBooks(withMovement('R-3', { staffId: 'R-4' })),
  },
  {
    it: 'a command that came to nothing and was done',
    rule: 'exactly once',
    subject: 'R-2',
    by: withTries('R-2', () => [heard(503)]),
  },
  {
    it: 'a movement that nobody asked for',
    rule: 'exactly once',
    subject: PAID,
    by: inBooks(withMovement('R-3', { staffId: null })),
  },
  {
    it: 'a capture that took less than was held',
    rule: 'exactly once',
    subject: 'R-6',
    by: inBooks(withMovement('R-6', { amountMinor: -1 })),
  },
  { it: 'a gift that nobody got', rule: 'exactly once', subject: 'R-8', by: inBooks(withoutMovementOf(GIFTED)) },
  {
    it: 'a repeat that is told another movement',
    rule: 'one answer',
    subject: 'R-2',
    by: withTries('R-2', ([first]) => [first, toldAs(first, { sequence: 9 })]),
  },
  {
    it: 'a repeat that is refused',
    rule: 'one answer',
    subject: 'R-2',
    by: withTries('R-2', ([first]) => [first, heard(409, { code: 'insufficient_balance' })]),
  },
  {
    it: 'a refusal that turns into a purchase',
    rule: 'one answer',
    subject: 'R-4',
    by: withTries('R-4', ([first]) => [first, heard(200, {})]),
  },
  {
    it: 'a repeat that finds nothing',
    rule: 'one answer',
    subject: 'R-2',
    by: withTries('R-2', ([first]) => [first, heard(404, { code: 'payment_not_found' })]),
  },
  {
    it: 'two requests under one key',
    rule: 'one request a key',
    subject: 'R-2',
    by: withOrder('R-3', { key: 'K-R-2' }),
  },
  {
    it: 'one request under a key that is done, and another that is refused',
    rule: 'one request a key',
    subject: 'R-3',
    by: withOrder('R-4', { key: 'K-R-3' }),
  },
  {
    it: 'one request under a key that is refused, and another that is in the books all the same',
    rule: 'one request a key',
    subject: 'R-4',
    by: withTries('R-13', () => [heard(422, { code: 'command_id_reused' })], { key: 'K-R-4' }),
  },
  {
    it: 'an order that nobody can tell the end of',
    rule: 'answered at last',
    subject: 'R-4',
    by: withTries('R-4', () => [heard(504)]),
  },
  {
    it: 'a signal of which nothing came',
    rule: 'answered at last',
    subject: 'R-4',
    by: withTries('R-4', () => [heard(202)]),
  },
  {
    it: 'a 503 to something that was sent',
    rule: 'nothing had changed',
    subject: 'R-2',
    by: withTries('R-2', ([first]) => [heard(503, {}, 1), { ...first, replayed: 'replayed' }]),
  },
  {
    it: 'a till that was told another balance',
    rule: 'told as recorded',
    subject: 'R-2',
    by: withTries('R-2', ([first]) => [toldAs(first, { balanceAfterMinor: 701 })]),
  },
  {
    it: 'a balance that is off by one',
    rule: 'unbroken chains',
    subject: PAID,
    by: inBooks(withPayment(PAID, { balanceMinor: 551 })),
  },
  {
    it: 'a chain that is broken',
    rule: 'unbroken chains',
    subject: PAID,
    by: inBooks(withMovement('R-3', { balanceBeforeMinor: 701 })),
  },
  {
    it: 'a movement without its command',
    rule: 'unbroken chains',
    subject: PAID,
    by: inBooks(withCommand('R-2', { outcome: 'insufficient_balance' })),
  },
  {
    it: 'a revision that is missing',
    rule: 'unbroken chains',
    subject: PAID,
    by: inBooks((books) => ({ ...books, commands: books.commands.filter(({ staffId }) => staffId !== 'R-4') })),
  },
  {
    it: 'an actor that believes something else',
    rule: 'books equal actors',
    subject: PAID,
    by: inBooks(withActor(PAID, { balanceMinor: 549 })),
  },
  {
    it: 'an actor that knows of no freeze',
    rule: 'books equal actors',
    subject: PAID,
    by: inBooks(withActor(PAID, { frozenCauses: [] })),
  },
  {
    it: 'an actor that is missing',
    rule: 'books equal actors',
    subject: GIFTED,
    by: inBooks((books) => ({ ...books, actors: books.actors.filter(({ reference }) => reference !== GIFTED) })),
  },
  {
    it: 'books that were contradicted',
    rule: 'no conflicts',
    subject: PAID,
    by: inBooks((books) => ({ ...books, conflicts: [PAID] })),
  },
  {
    it: 'a close that proves nothing',
    rule: 'closes prove',
    subject: 'closes',
    by: inBooks((books) => ({ ...books, unproven: ['row_changed'] })),
  },
  {
    it: 'a payment that nobody thawed',
    rule: 'no conflicts',
    subject: GIFTED,
    by: inBooks(withPayment(GIFTED, { frozenCauses: ['gift'] })),
  },
  {
    it: 'a deadline that was forgotten',
    rule: 'ended in time',
    subject: GIFTED,
    by: inBooks(withPayment(GIFTED, { expiresAt: '1970-01-01T00:00:01.000Z' })),
  },
  {
    it: 'a freeze that does not show',
    rule: 'last word stands',
    subject: 'R-7',
    by: inBooks(withPayment(PAID, { frozenCauses: [] })),
  },
  {
    it: 'a freeze that is in no books',
    rule: 'last word stands',
    subject: 'R-7',
    by: inBooks(withCommand('R-7', { staffId: null })),
  },
  {
    it: 'what came first after what came second',
    rule: 'decided in turn',
    subject: 'R-3',
    by: inBooks(swappedRevisions('R-2', 'R-3')),
  },
  {
    it: 'a payment as it was before',
    rule: 'shown in turn',
    subject: 'R-3',
    by: withTries('R-3', ([first]) => [showing(first, 1)]),
  },
  {
    it: 'a refusal of what was there',
    rule: 'refused rightly',
    subject: 'R-4',
    by: withTries('R-4', ([first]) => [availableIn(first, 5_000)]),
  },
  {
    it: 'a sale that got back more than it took',
    rule: 'never more back',
    subject: 'S-1',
    by: inBooks(withMovement('R-3', { amountMinor: 301 })),
  },
  {
    it: 'a sale that says something else',
    rule: 'sales add up',
    subject: 'S-1',
    by: inBooks(withSale('S-1', { takenMinor: 299 })),
  },
  {
    it: 'a sale that misses money',
    rule: 'sales add up',
    subject: 'S-1',
    by: inBooks((books) => ({ ...books, sales: books.sales.map((each) => ({ ...each, missingMinor: 1 })) })),
  },
  {
    it: 'a sale that is charged twice',
    rule: 'sales add up',
    subject: 'S-3',
    by: withOrder('R-10', { saleId: 'S-3' }),
  },
  {
    it: 'a freeze of which the books know nothing',
    rule: 'decided as told',
    subject: 'R-7',
    by: inBooks((books) => ({ ...books, commands: books.commands.filter(({ staffId }) => staffId !== 'R-7') })),
  },
  {
    it: 'a freeze that was decided twice',
    rule: 'decided as told',
    subject: 'R-7',
    by: inBooks(withCommandTwice('R-7')),
  },
  {
    it: 'a freeze of another payment',
    rule: 'decided as told',
    subject: 'R-7',
    by: inBooks(withCommand('R-7', { reference: HELD })),
  },
  {
    it: 'a thaw in place of a freeze',
    rule: 'decided as told',
    subject: 'R-7',
    by: inBooks(withCommand('R-7', { kind: 'thaw' })),
  },
  {
    it: 'a freeze that came to nothing and was done',
    rule: 'decided as told',
    subject: 'R-7',
    by: withTries('R-7', () => [heard(503)]),
  },
  {
    it: 'an extension that was refused and done',
    rule: 'decided as told',
    subject: 'R-13',
    by: inBooks(withCommand('R-13', { outcome: 'accepted' })),
  },
  {
    it: 'a refusal with another code than was told',
    rule: 'decided as told',
    subject: 'R-13',
    by: inBooks(withCommand('R-13', { outcome: 'payment_frozen' })),
  },
  {
    it: 'a refusal that is in no books',
    rule: 'decided as told',
    subject: 'R-13',
    by: inBooks((books) => ({ ...books, commands: books.commands.filter(({ staffId }) => staffId !== 'R-13') })),
  },
  {
    it: 'a hold that was refused and holds',
    rule: 'decided as told',
    subject: 'R-11',
    by: withTries('R-11', () => [heard(409, { code: 'insufficient_balance' })]),
  },
  {
    it: 'a settlement that came to nothing and holds',
    rule: 'decided as told',
    subject: 'R-11',
    by: withTries('R-11', () => [heard(503)], { call: 'settle' }),
  },
  {
    it: 'a hold that was made twice',
    rule: 'decided as told',
    subject: 'R-11',
    by: inBooks(withCommandTwice('R-11')),
  },
  {
    it: 'a release that was refused and done',
    rule: 'decided as told',
    subject: 'R-15',
    by: withTries('R-15', () => [heard(409, { code: 'hold_closed' })]),
  },
  {
    it: 'a release that let nothing go',
    rule: 'decided as told',
    subject: 'R-15',
    by: inBooks(withCommand('R-15', { outcome: 'hold_closed' })),
  },
  {
    it: 'money that is held by nobody',
    rule: 'held by somebody',
    subject: HELD,
    by: inBooks(withPayment(HELD, { heldMinor: 50 })),
  },
  {
    it: 'a hold of another amount, of which the sale knows',
    rule: 'held as asked',
    subject: HELD,
    by: heldOf(50),
  },
  {
    it: 'a hold of another amount that was let go again',
    rule: 'held as asked',
    subject: GIFTED,
    by: inBooks(withCommand('R-14', { amountMinor: 6 })),
  },
  {
    it: 'a gift that holds more than is given',
    rule: 'held as asked',
    subject: PAID,
    by: inBooks(withCommandOf('R-8', 'hold', { amountMinor: 51 })),
  },
  {
    it: 'a capture of more than was held',
    rule: 'held as asked',
    subject: PAID,
    by: inBooks(withCommand('R-6', { amountMinor: 151 })),
  },
  {
    it: 'a capture that left something held',
    rule: 'held as asked',
    subject: PAID,
    by: inBooks(withCommand('R-6', { amountMinor: 149, rest: 'kept' })),
  },
  {
    it: 'a hold that was let go and holds',
    rule: 'held as asked',
    subject: GIFTED,
    by: inBooks(withPayment(GIFTED, { heldMinor: 5 })),
  },
  {
    it: 'a hold of an edited basket that has the amount from before',
    rule: 'held as asked',
    subject: HELD,
    by: edited(40, 'done'),
  },
  {
    it: 'a hold of a basket that was edited in vain, with another amount than before',
    rule: 'held as asked',
    subject: HELD,
    by: edited(30, 'refused'),
  },
  {
    it: 'a freeze without a cause',
    rule: 'frozen for cause',
    subject: GIFTED,
    by: inBooks(withPayment(GIFTED, { frozenCauses: ['staff'] })),
  },
  {
    it: 'a freeze for another cause',
    rule: 'frozen for cause',
    subject: PAID,
    by: inBooks(withCommand('R-7', { cause: 'reconciliation' })),
  },
  {
    it: 'a gift that could be spent before it was paid for',
    rule: 'frozen for cause',
    subject: GIFTED,
    by: inBooks(withCommandOf('R-8', 'issue', { frozen: [] })),
  },
  {
    it: 'a payment that was frozen from the first, and was asked to be free',
    rule: 'frozen for cause',
    subject: HELD,
    by: inBooks(withCommandOf('R-9', 'issue', { frozen: ['staff'] })),
  },
  {
    it: 'a replacement that is free of what its source was frozen for',
    rule: 'frozen for cause',
    subject: HELD,
    by: replacing(PAID),
  },
  {
    it: 'a purchase from what was frozen',
    rule: 'frozen for cause',
    subject: GIFTED,
    by: inBooks(neverThawed),
  },
  {
    it: 'a refusal for a freeze that there was not',
    rule: 'frozen for cause',
    subject: PAID,
    by: inBooks(withCommand('R-4', { outcome: 'payment_frozen' })),
  },
  {
    it: 'a command that nobody asked for',
    rule: 'decided as asked',
    subject: PAID,
    by: inBooks(withCommand('R-7', { staffId: null })),
  },
  {
    it: 'a freeze by the clock',
    rule: 'decided as asked',
    subject: PAID,
    by: inBooks(withCommand('R-7', { staffId: null, caller: 'clock' })),
  },
  {
    it: 'a refused command that nobody asked for',
    rule: 'decided as asked',
    subject: PAID,
    by: inBooks(withCommand('R-4', { staffId: 'R-99' })),
  },
  {
    it: 'a settlement that extended its payment too',
    rule: 'decided as asked',
    subject: GIFTED,
    by: inBooks(withCommand('R-13', { staffId: 'R-12' })),
  },
  {
    it: 'a hold of a payment that was not named',
    rule: 'decided as asked',
    subject: PAID,
    by: inBooks(withCommand('R-5', { staffId: 'R-11' })),
  },
];

test.each(altered)('$it is found', ({ rule, subject, by }) => {
  expect(check(by).map((each) => `${each.rule}: ${each.subject}`)).toContain(`${rule}: ${subject}`);
});

test('a gift that ended before it was thawed contradicts nobody', () => {
  const by = inBooks(withPayment(GIFTED, { frozenCauses: ['gift'], status: 'expired' }));
  expect(check(by).map(({ rule }) => rule)).not.toContain('no conflicts');
});

test('a payment that has ended need not remember what it refused', () => {
  const forgotten = (books: Books) => ({
    ...books,
    commands: books.commands.filter(({ staffId }) => staffId !== 'R-13'),
  });
  const by = inBooks((books) => forgotten(withPayment(GIFTED, { status: 'expired' })(books)));
  expect(check(by).map(({ rule }) => rule)).not.toContain('decided as told');
});

test('a hold that is let go on the way to a refusal is none', () => {
  const orders = honest.orders.filter(({ mark }) => mark !== 'R-15');
  const { books } = inBooks(withCommand('R-15', { staffId: 'R-14' }));
  const refused = { ...withTries('R-14', () => [heard(409, { code: 'payment_frozen' })]), books };
  const by = { ...refused, orders: refused.orders.filter((order) => orders.some(({ mark }) => mark === order.mark)) };
  expect(check(by).map(({ rule }) => rule)).not.toContain('decided as told');
});

test('what was new in a basket that was edited in vain, and is let go, is held as before', () => {
  const { orders, books } = edited(30, 'refused');
  const [resize] = books.commands.filter(({ staffId }) => staffId === 'R-16') as [Books['commands'][number]];
  const hold = { ...resize, holdId: null };
  const release = { ...resize, kind: 'release', revision: 5, commandId: 'c-5', holdId: 'c-4' };
  const commands = [...books.commands.filter(({ staffId }) => staffId !== 'R-16'), hold, release];
  const by = { orders, books: withPayment(HELD, { heldMinor: 40 })({ ...books, commands }) };
  expect(check(by).map(({ rule }) => rule)).not.toContain('held as asked');
});

test('what a capture holds for longer is held as before', () => {
  const { orders, books } = edited(40, 'done');
  const by = {
    orders: orders.map((order) =>
      order.mark === 'R-16' ? { ...order, call: 'capture' as const, body: { holdId: 'H-11' } } : order,
    ),
    books,
  };
  expect(check(by).map(({ rule }) => rule)).not.toContain('held as asked');
  expect(check(by).map(({ rule }) => rule)).not.toContain('decided as asked');
});

test('every rule has an alteration that it finds', () => {
  const source = readFileSync('scripts/faults/check/check.ts', 'utf8');
  const counted = /const rules = \[([^\]]*)\]/
    .exec(source)?.[1]
    ?.split(',')
    .filter((each) => each.trim()).length;
  // One rule tells two promises apart: in which order things were decided, and in which they were shown.
  expect(new Set(altered.map(({ rule }) => rule)).size).toBe((counted ?? 0) + 1);
});

test('of a long history only what has to do with it is told', () => {
  const by = inBooks(without('R-2'));
  const [violation] = check(by);
  expect(violation && shortest(by, violation).map(({ mark }) => mark)).toEqual(['R-2']);
});

test.each(altered.filter(({ subject }) => subject !== 'closes'))(
  'of $it the orders that it is about are told',
  (each) => {
    const { rule, subject, by } = each;
    const violation = check(by).find((found) => found.rule === rule && found.subject === subject);
    expect(violation && shortest(by, violation)).not.toEqual([]);
  },
);

test('of what somebody else found in the books the orders of its payment are told', () => {
  const violation = { rule: 'books and workflows agree', subject: PAID, sentence: 'x' };
  expect(shortest(honest, violation).map(({ mark }) => mark)).toContain('R-2');
});

test('the checker knows nothing of what it checks', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'scripts/faults/check'], {
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n'))
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g))
      expect(from).toMatch(/^\.\/\w+\.js$/);
});

function inBooks(alter: (books: Books) => Books): History {
  return { ...honest, books: alter(honest.books) };
}

function withOrder(mark: string, more: Partial<Order>): History {
  return { ...honest, orders: honest.orders.map((order) => (order.mark === mark ? { ...order, ...more } : order)) };
}

function withTries(
  mark: string,
  alter: (tries: readonly [Try, ...Try[]]) => Try[],
  more: Partial<Order> = {},
): History {
  const tries = honest.orders.find((order) => order.mark === mark)?.tries as [Try, ...Try[]];
  return withOrder(mark, { tries: alter(tries), ...more });
}

function heard(status: number, body: Try['body'] = {}, atMs = 90_000): Try {
  return { sentAtMs: atMs, heardAtMs: atMs + 1, status, replayed: 'first', body };
}

function toldAs(told: Try, more: Try['body']): Try {
  return { ...told, body: { ...told.body, usage: { ...(told.body['usage'] as object), ...more } } };
}

function showing(told: Try, revision: number): Try {
  return { ...told, body: { ...told.body, payment: { reference: PAID, revision } } };
}

function availableIn(told: Try, availableMinor: number): Try {
  return { ...told, body: { ...told.body, payment: { reference: PAID, revision: 4, availableMinor } } };
}

function without(mark: string) {
  return (books: Books): Books => ({ ...books, movements: books.movements.filter(({ staffId }) => staffId !== mark) });
}

function withoutMovementOf(reference: string) {
  return (books: Books): Books => ({
    ...books,
    movements: books.movements.filter((row) => row.reference !== reference),
  });
}

function twice(mark: string) {
  return (books: Books): Books => ({
    ...books,
    movements: books.movements.flatMap((row) => (row.staffId === mark ? [row, row] : [row])),
  });
}

function withMovement(mark: string, more: Partial<Books['movements'][number]>) {
  return (books: Books): Books => ({
    ...books,
    movements: books.movements.map((row) => (row.staffId === mark ? { ...row, ...more } : row)),
  });
}

function withCommand(mark: string, more: Partial<Books['commands'][number]>) {
  return (books: Books): Books => ({
    ...books,
    commands: books.commands.map((row) => (row.staffId === mark ? { ...row, ...more } : row)),
  });
}

function withCommandOf(mark: string, kind: string, more: Partial<Books['commands'][number]>) {
  return (books: Books): Books => ({
    ...books,
    commands: books.commands.map((row) => (row.staffId === mark && row.kind === kind ? { ...row, ...more } : row)),
  });
}

/** What was given is still frozen, and was spent all the same. */
function neverThawed(books: Books): Books {
  const frozen = withPayment(GIFTED, { frozenCauses: ['gift'] })(books);
  return withCommandOf('R-8', 'thaw', { outcome: 'books_behind' })(frozen);
}

/** More is held than was asked for, and everybody says so. */
function heldOf(heldMinor: number): History {
  const books = withCommand('R-11', { amountMinor: heldMinor })(withPayment(HELD, { heldMinor })(honest.books));
  return { ...honest, books: withSale('S-5', { heldMinor })(withActor(HELD, { heldMinor })(books)) };
}

/** The hold of 40 is asked to become one of 30, and the payment is asked for this. */
function edited(amountMinor: number, heardIs: 'done' | 'refused'): History {
  const first = honest.orders.find(({ mark }) => mark === 'R-11') as Order;
  const edit: Order = {
    ...first,
    mark: 'R-16',
    key: 'K-R-16',
    body: { payments: [{ reference: HELD, amountMinor: 30 }], replaces: 'H-11' },
    tries: [heardIs === 'done' ? heard(200, { hold: { holdId: 'H-16' } }) : heard(409, { code: 'payment_frozen' })],
  };
  const [hold] = honest.books.commands.filter(({ staffId }) => staffId === 'R-11');
  const resize = { ...hold, revision: 4, commandId: 'c-4', staffId: 'R-16', holdId: 'c-3', amountMinor } as const;
  const { orders, books } = heldOf(40);
  const commands = [...books.commands, resize as Books['commands'][number]];
  return { orders: [...orders, edit], books: withPayment(HELD, { heldMinor: amountMinor })({ ...books, commands }) };
}

/** What was issued to be held was issued by a return, in place of another payment. */
function replacing(counterpart: string): History {
  const returned = [{ reference: counterpart, amountMinor: 100, replacement: HELD }];
  const { orders } = withTries('R-9', () => [heard(200, { return: { returned } })], { call: 'return' });
  return { orders, books: withMovement('R-9', { counterpart })(honest.books) };
}

function withCommandTwice(mark: string) {
  return (books: Books): Books => ({
    ...books,
    commands: books.commands.flatMap((row) => (row.staffId === mark ? [row, { ...row, commandId: 'again' }] : [row])),
  });
}

function swappedRevisions(one: string, other: string) {
  return (books: Books): Books => {
    const revisionOf = (mark: string) => books.commands.find(({ staffId }) => staffId === mark)?.revision ?? 0;
    return withCommand(one, { revision: revisionOf(other) })(withCommand(other, { revision: revisionOf(one) })(books));
  };
}

function withPayment(reference: string, more: Partial<Books['payments'][number]>) {
  return (books: Books): Books => ({
    ...books,
    payments: books.payments.map((row) => (row.reference === reference ? { ...row, ...more } : row)),
  });
}

function withActor(reference: string, more: Partial<Books['actors'][number]>) {
  return (books: Books): Books => ({
    ...books,
    actors: books.actors.map((each) => (each.reference === reference ? { ...each, ...more } : each)),
  });
}

function withSale(saleId: string, more: Partial<Books['sales'][number]['payments'][number]>) {
  return (books: Books): Books => ({
    ...books,
    sales: books.sales.map((sale) =>
      sale.saleId === saleId ? { ...sale, payments: sale.payments.map((each) => ({ ...each, ...more })) } : sale,
    ),
  });
}
