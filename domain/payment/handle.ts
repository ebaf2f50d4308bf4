import { hasEnded, view, type AccountPaymentView, type Movement } from './payment.js';
import type { By, Command } from './command.js';
import { decide } from './decide.js';
import { figuresOf, type Figures } from './figures.js';
import { commit, changeOfAccepted, changeOfRefused, meetConflict, movementOf } from './change.js';
import { hasPassed, type Instant } from '../instants.js';
import { InvariantBroken } from './invariants.js';
import type { RefusalCode } from '../refusals.js';
import { saleTotals, type SaleTotals, type State } from './state.js';

/** How a command ends that is remembered. */
export const outcomes = ['accepted', 'refused'] as const;

/** What a sender hears, with the payment as it is now. */
export type Answer = {
  readonly payment: AccountPaymentView;
  /** What the command's sale has of it now; null when the command names none. */
  readonly sale: SaleTotals | null;
} & (
  | {
      readonly outcome: 'accepted';
      readonly delivery: Delivery;
      readonly revision: number;
      readonly at: Instant;
      readonly movement: Movement | null;
      /** Of a hold: whether it is there still, for a repeat may come after its end. */
      readonly hold: 'open' | 'gone' | null;
    }
  | {
      readonly outcome: 'refused';
      readonly delivery: Delivery;
      readonly revision: number;
      readonly code: RefusalCode;
      readonly figures: Figures;
    }
  | { readonly outcome: 'turned_away'; readonly code: RefusalCode; readonly figures: Figures }
);

/** Whether this is the first answer to a command or the same one again. */
export type Delivery = 'first' | 'replayed';

/**
 * Takes a command in: first lets pass what is due, then decides, remembers and answers. A bug throws and leaves the
 * state as it was before the step in which it showed.
 * @param knownRevision what the sender has seen of this payment in the books; 0 when it has not looked
 */
export function handle(state: State, command: Command, nowMs: number, knownRevision = 0): Answer {
  // Only a reset or a second life is behind its own books: what it believes to have is spent already.
  if (state.payment.revision < knownRevision) meetConflict(state, 'differ');
  passTime(state, nowMs);
  const answer = decideAndRemember(state, command, nowMs);
  passTime(state, nowMs);
  return { ...answer, payment: view(state.payment, nowMs), sale: totalsOf(state, command) };
}

/** Whether the payment that answered knows less than the books did when it was asked. */
export function isBehindBooks({ payment }: Answer, knownRevision = 0): boolean {
  return payment.revision < knownRevision;
}

/** Ends what is past its time: holds first, then the payment itself. */
export function passTime(state: State, nowMs: number): void {
  for (let due = dueCommand(state, nowMs); due; due = dueCommand(state, nowMs)) {
    const { outcome } = decideAndRemember(state, due, nowMs);
    if (outcome !== 'accepted') throw new InvariantBroken('what is due is accepted');
  }
}

/** When a hold or the payment ends next; `null` when nothing ends by itself any more. */
export function nextDeadline({ payment }: State, nowMs: number): Instant | null {
  if (hasEnded(payment.standing)) return null;
  const ends = [
    ...payment.holds.map((hold) => hold.expiresAt),
    ...(payment.expiresAt === null ? [] : [payment.expiresAt]),
  ];
  return ends.filter((end) => !hasPassed(end, nowMs)).sort()[0] ?? null;
}

function totalsOf({ memory }: State, command: Command): SaleTotals | null {
  return 'saleId' in command ? saleTotals(memory, command) : null;
}

type Unaddressed<Each> = Each extends Answer ? Omit<Each, 'payment' | 'sale'> : never;

function decideAndRemember(state: State, command: Command, nowMs: number): Unaddressed<Answer> {
  const decision = decide(state, command, nowMs);
  switch (decision.outcome) {
    case 'accepted': {
      const change = changeOfAccepted(state, command, nowMs);
      commit(state, change);
      const { revision, at, movement } = change.record;
      return { outcome: 'accepted', delivery: 'first', revision, at, movement, hold: holdOf(state, command) };
    }
    case 'refused': {
      const { code } = decision;
      const change = changeOfRefused(state, command, code, nowMs);
      commit(state, change);
      const { revision } = change.record;
      return { outcome: 'refused', delivery: 'first', revision, code, figures: figuresOf(state, command, code, nowMs) };
    }
    case 'replayed': {
      const { first } = decision;
      const { revision } = first;
      if ('code' in first) {
        const { code } = first;
        return {
          outcome: 'refused',
          delivery: 'replayed',
          revision,
          code,
          figures: figuresOf(state, command, code, nowMs),
        };
      }
      const movement = movementOf(command, first);
      return {
        outcome: 'accepted',
        delivery: 'replayed',
        revision,
        at: first.at,
        movement,
        hold: holdOf(state, command),
      };
    }
    case 'turned_away':
      return { ...decision, figures: figuresOf(state, command, decision.code, nowMs) };
  }
}

function holdOf({ payment }: State, command: Command): 'open' | 'gone' | null {
  if (command.kind !== 'hold') return null;
  const holdId = command.resizes ?? command.commandId;
  return payment.holds.some((hold) => hold.holdId === holdId) ? 'open' : 'gone';
}

/** Time passes in the shop that issued it. */
function clockOf({ terms }: State['payment']): By {
  return { caller: 'clock', shopId: terms.by.shopId };
}

/** Their ids are made of what lapses, so that each happens once, and hold an @, so that no caller can choose them. */
function dueCommand({ payment, books }: State, nowMs: number): Command | undefined {
  const lapsed = payment.holds.find((hold) => hasPassed(hold.expiresAt, nowMs));
  if (lapsed) {
    return {
      kind: 'release',
      commandId: `@clock/lapse/${lapsed.holdId}`,
      by: clockOf(payment),
      holdId: lapsed.holdId,
      cause: 'lapsed',
    };
  }
  if (payment.standing.status !== 'active' || payment.holds.length > 0) return undefined;
  // Nothing is decided before the books have the issue; nor is a balance ended that nobody believes.
  if (books === 'unconfirmed' || books === 'differ') return undefined;
  if (!hasPassed(payment.expiresAt, nowMs)) return undefined;
  return { kind: 'expire', commandId: '@clock/expire', by: clockOf(payment), cause: 'deadline' };
}
