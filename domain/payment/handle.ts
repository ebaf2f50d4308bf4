import { hasEnded, view, type AccountPaymentView, type Movement } from './payment.js';
import type { By, Command } from './command.js';
import { decide, refundableMinor } from './decide.js';
import { commit, foldAccepted, foldRefused, movementOf } from './change.js';
import { hasPassed, type Instant } from '../instants.js';
import { InvariantBroken } from './invariants.js';
import type { RefusalCode } from '../refusals.js';
import type { State } from './state.js';

/** What a sender hears, with the payment as it is now. */
export type Answer = {
  readonly payment: AccountPaymentView;
} & (
  | {
      readonly outcome: 'accepted';
      readonly delivery: Delivery;
      readonly revision: number;
      readonly at: Instant;
      readonly movement: Movement | null;
    }
  | {
      readonly outcome: 'refused';
      readonly delivery: Delivery;
      readonly revision: number;
      readonly code: RefusalCode;
      readonly refundableMinor?: number;
    }
  | { readonly outcome: 'turned_away'; readonly code: RefusalCode }
);

/** Whether this is the first answer to a command or the same one again. */
export type Delivery = 'first' | 'replayed';

/**
 * Takes a command in: lets first happen what time has brought, decides, remembers, and answers. A bug throws and
 * leaves the state as it was before the step in which it showed.
 */
export function handle(state: State, command: Command, nowMs: number): Answer {
  passTime(state, nowMs);
  const answer = take(state, command, nowMs);
  passTime(state, nowMs);
  return { ...answer, payment: view(state.payment, nowMs) };
}

/** Lets lapse what is past its time: holds, then the payment itself. */
export function passTime(state: State, nowMs: number): void {
  for (let due = dueCommand(state, nowMs); due; due = dueCommand(state, nowMs)) {
    const { outcome } = take(state, due, nowMs);
    if (outcome !== 'accepted') throw new InvariantBroken('what is due is accepted');
  }
}

/** When time next means something for this payment, its holds or its expiry; `null` when it never does again. */
export function nextDeadline({ payment }: State, nowMs: number): Instant | null {
  if (hasEnded(payment)) return null;
  const ends = [
    ...payment.holds.map((hold) => hold.expiresAt),
    ...(payment.expiresAt === null ? [] : [payment.expiresAt]),
  ];
  return ends.filter((end) => !hasPassed(end, nowMs)).sort()[0] ?? null;
}

type Unaddressed<Each> = Each extends Answer ? Omit<Each, 'payment'> : never;

function take(state: State, command: Command, nowMs: number): Unaddressed<Answer> {
  const decision = decide(state, command, nowMs);
  switch (decision.outcome) {
    case 'accepted': {
      const change = foldAccepted(state, command, nowMs);
      commit(state, change);
      const { revision, at, movement } = change.record;
      return { outcome: 'accepted', delivery: 'first', revision, at, movement };
    }
    case 'refused': {
      const { code } = decision;
      const change = foldRefused(state, command, code, nowMs);
      commit(state, change);
      return {
        outcome: 'refused',
        delivery: 'first',
        revision: change.record.revision,
        code,
        ...left(state, command, code),
      };
    }
    case 'replayed': {
      const { first } = decision;
      if ('code' in first)
        return {
          outcome: 'refused',
          delivery: 'replayed',
          revision: first.revision,
          code: first.code,
          ...left(state, command, first.code),
        };
      const { revision, at } = first;
      return { outcome: 'accepted', delivery: 'replayed', revision, at, movement: movementOf(command, first) };
    }
    case 'turned_away':
      return decision;
  }
}

/** Beside `exceeds_refundable`: what the sale still has of this payment. */
function left({ memory }: State, command: Command, code: RefusalCode): { refundableMinor?: number } {
  return command.kind === 'refund' && code === 'exceeds_refundable'
    ? { refundableMinor: refundableMinor(memory, command.saleId) }
    : {};
}

const CLOCK: By = { caller: 'clock' };

/** Their ids are made of what lapses, so that each happens once, and hold a slash, so that no caller can choose them. */
function dueCommand({ payment }: State, nowMs: number): Command | undefined {
  const lapsed = payment.holds.find((hold) => hasPassed(hold.expiresAt, nowMs));
  if (lapsed) {
    return {
      kind: 'release',
      commandId: `clock/lapse/${lapsed.holdId}`,
      by: CLOCK,
      holdId: lapsed.holdId,
      cause: 'lapsed',
    };
  }
  if (payment.standing.status !== 'active' || payment.holds.length > 0) return undefined;
  if (!hasPassed(payment.expiresAt, nowMs)) return undefined;
  return { kind: 'expire', commandId: 'clock/expire', by: CLOCK, cause: 'deadline' };
}
