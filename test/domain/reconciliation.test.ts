import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirm } from '../../domain/payment/change.js';
import { handle } from '../../domain/payment/handle.js';
import { stateAtIssue } from '../../domain/payment/issue.js';
import { toPlain, type CommandRecord } from '../../domain/payment/state.js';
import { commandOf, movementOf, type BookedMovement, type BookedPayment } from '../../domain/reconciliation/booked.js';
import { compare } from '../../domain/reconciliation/compare.js';
import { isTooManyToFreeze } from '../../domain/reconciliation/difference.js';
import { lostBy, type LastRun, type Lost } from '../../domain/reconciliation/lost.js';
import { toldBy, type Told } from '../../domain/reconciliation/told.js';
import { issue, NOW } from './payment/build.js';
import { steps, terms } from './payment/steps.js';

/** What a payment brought the books, and what its last run tells of it, which began after so many commands. */
function live(overrides: Parameters<typeof issue>[0], sequence: Sequence, cut: number) {
  const state = stateAtIssue(issue(overrides));
  const records: CommandRecord[] = [];
  const recordAll = () => {
    records.push(...state.outbox);
    confirm(state, state.outbox.length);
  };
  recordAll();
  let [nowMs, base] = [NOW, null as Told['base']];
  for (const [i, [command, pauseMs]] of sequence.entries()) {
    nowMs += pauseMs;
    handle(state, command, nowMs);
    // With what it has just decided still to be brought.
    if (i === cut) base = plainly(toPlain(state));
    recordAll();
  }
  const since = records.filter(({ revision }) => base === null || revision > base.payment.revision);
  const batches = since.map((record) => ({ records: plainly([record]), isRecorded: true }));
  const told = toldBy({ ending: 'open', base, batches });
  return { records: plainly(records), told, reference: state.payment.terms.reference };
}
type Sequence = typeof steps extends fc.Arbitrary<infer Each> ? Each : never;

const plainly = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** As the recorder leaves them after the first so many. */
function booksAfter(records: readonly CommandRecord[]): BookedPayment {
  const last = records.at(-1);
  if (!last) throw new Error('nothing was recorded');
  return {
    row: { ...last.after, revision: last.revision },
    movements: records.map(movementOf).filter((movement) => movement !== null),
    commands: records.map(commandOf),
  };
}

const lives = fc.tuple(terms, steps, fc.integer({ min: -1, max: 12 }));
const differences = (reference: string, booked: BookedPayment, told: Told | null) =>
  compare(reference, { booked, reservation: 'there' }, told, NOW);

test('books that are as far as their workflow, or behind it by what waits, do not differ, in whichever run it is', () => {
  fc.assert(
    fc.property(lives, fc.nat(), ([overrides, sequence, cut], some) => {
      const { records, told, reference } = live(overrides, sequence, cut);
      expect(differences(reference, booksAfter(records), told)).toEqual([]);
      const waiting = records.slice(0, 1 + (some % records.length));
      const upTo = waiting.at(-1)?.revision ?? 0;
      const unconfirmed = { ...told, confirmedRevision: Math.min(told.confirmedRevision, upTo) };
      // Of before its run began a workflow does not know what it was then.
      if (upTo < (told.base?.payment.revision ?? 0) - (told.base?.outbox.length ?? 0)) return;
      expect(differences(reference, booksAfter(waiting), unconfirmed)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

type Writing = (movements: BookedMovement[], at: number) => BookedMovement[];
const writings: Readonly<Record<string, Writing>> = {
  changed: (all, at) => all.with(at, { ...one(all, at), amountMinor: one(all, at).amountMinor + 1 }),
  'changed with what it leaves': (all, at) => {
    const { amountMinor, balanceAfterMinor, ...movement } = one(all, at);
    return all.with(at, { ...movement, amountMinor: amountMinor + 1, balanceAfterMinor: balanceAfterMinor + 1 });
  },
  'given to another command': (all, at) => all.with(at, { ...one(all, at), commandId: 'by hand' }),
  'given to another person': (all, at) => all.with(at, { ...one(all, at), staffId: 'by hand' }),
  'moved to another shop': (all, at) => all.with(at, { ...one(all, at), shopId: 'by hand' }),
  'said to be of another caller': (all, at) => all.with(at, { ...one(all, at), caller: 'by hand' }),
  'said to be of another moment': (all, at) => all.with(at, { ...one(all, at), movedAt: '2020-01-01T00:00:00.000Z' }),
  'made another kind': (all, at) =>
    all.with(at, { ...one(all, at), kind: one(all, at).kind === 'applied' ? 'gifted' : 'applied' }),
  deleted: (all, at) => all.toSpliced(at, 1),
  added: (all) => {
    const { sequence, balanceAfterMinor } = one(all, all.length - 1);
    const added = { sequence: sequence + 1, balanceBeforeMinor: balanceAfterMinor, commandId: 'by hand' };
    const amounts = { amountMinor: -1, balanceAfterMinor: balanceAfterMinor - 1 };
    return [...all, { ...one(all, 0), ...added, ...amounts }];
  },
};

function one(movements: readonly BookedMovement[], at: number): BookedMovement {
  const movement = movements[at];
  if (!movement) throw new Error('there is no such movement');
  return movement;
}

test.each(Object.entries(writings))('a movement that was %s behind the back of the books is named', (what, write) => {
  fc.assert(
    fc.property(lives, fc.nat(), ([overrides, sequence, cut], some) => {
      const { records, told, reference } = live(overrides, sequence, cut);
      const { movements, ...booked } = booksAfter(records);
      const at = some % movements.length;
      const tampered = { ...booked, movements: write([...movements], at) };
      const named = differences(reference, tampered, told).filter(({ kind }) => kind === 'movement');
      const subject = what === 'added' ? movements.length + 1 : at + 1;
      expect(named.map((each) => each.subject)).toContain(String(subject));
    }),
    { numRuns: 100 },
  );
});

test('of a payment that ended in what Temporal lost only the books are asked, once its workflow is ended', () => {
  fc.assert(
    fc.property(lives, ([overrides, sequence]) => {
      const { records, reference } = live(overrides, sequence, -1);
      const { row, ...booked } = booksAfter(records);
      const ended = { ...row, status: 'cancelled' as const };
      const told = (ending: Told['ending']): Told => ({ ending, base: null, records: [], confirmedRevision: 0 });
      const kinds = (found: BookedPayment, ending: Told['ending']) =>
        new Set(differences(reference, found, told(ending)).map(({ kind }) => kind));
      expect(kinds({ row: ended, ...booked }, 'gone')).toEqual(new Set());
      // Still open it could be spent, and one that can change is to be made again.
      expect(kinds({ row: ended, ...booked }, 'open')).toEqual(new Set(['row_ahead']));
      expect(kinds({ row: { ...row, status: 'active' }, ...booked }, 'gone')).toEqual(
        new Set(['actor_missing', 'row_ahead']),
      );
      const tampered = booked.movements.map((each) => ({ ...each, balanceAfterMinor: each.balanceAfterMinor + 1 }));
      expect(kinds({ row: ended, ...booked, movements: tampered }, 'gone')).toContain('movement');
    }),
    { numRuns: 50 },
  );
});

const decided = (commandId: string, revision: number) => ({ commandId, revision }) as CommandRecord;
const lastRun = (more: Partial<Told>, heard: Partial<LastRun> = {}): LastRun => ({
  told: { ending: 'gone', base: null, records: [decided('issue', 1)], confirmedRevision: 1, ...more },
  answeredRevision: 0,
  signalled: [],
  booksSaid: 'recorded',
  ...heard,
});
const records = [decided('issue', 1), decided('apply', 2)];
const losing: Readonly<Record<string, [LastRun, Lost]>> = {
  'all of it is in the books': [lastRun({}, { answeredRevision: 1, signalled: ['issue'] }), 'nothing'],
  'it is open': [lastRun({ ending: 'open', records }), 'nothing'],
  'it ended by itself': [lastRun({ ending: 'completed' }), 'ended'],
  'the books say otherwise': [lastRun({ records }, { booksSaid: 'books_differ' }), 'nothing'],
  'the books are behind': [lastRun({ records }, { booksSaid: 'books_behind' }), 'recorded'],
  'a batch is on its way': [lastRun({ records }, { answeredRevision: 2, signalled: ['apply'] }), 'recorded'],
  'something was answered after its last batch': [lastRun({ records }, { answeredRevision: 3 }), 'decided'],
  'a signal was sent that is in no batch': [lastRun({}, { signalled: ['apply'] }), 'decided'],
};
test.each(Object.entries(losing))('what a second start would lose when %s', (_, [last, lost]) => {
  expect(lostBy(last, { revision: 1, commandIds: new Set(['issue']) })).toBe(lost);
});

test('an issue that was promised and never came to the books is lost once its workflow is gone, and not before', () => {
  const told = (ending: Told['ending']): Told => ({ ending, base: null, records: [], confirmedRevision: 0 });
  const kinds = (ending: Told['ending'], reservation: 'there' | 'missing') =>
    compare('P', { booked: null, reservation }, told(ending), NOW).map(({ kind }) => kind);
  expect(kinds('open', 'there')).toEqual([]);
  expect(kinds('gone', 'there')).toEqual(['row_missing']);
  // Nobody was promised it: somebody started it by hand, or the books lost that too.
  expect(kinds('gone', 'missing')).toEqual(['reservation_missing']);
});

test.each([
  [0, 0, false],
  [1, 1, false],
  [2, 150, true],
  [2, 200, false],
  [20, 2_000, false],
  [20, 50_000, false],
  [21, 50_000, true],
])('%i that differ of %i are too many to freeze: %s', (differing, all, isTooMany) => {
  expect(isTooManyToFreeze(differing, all)).toBe(isTooMany);
});
