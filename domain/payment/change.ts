import { balanceOf, hasEnded, type AccountPayment, type Movement, type Standing } from './payment.js';
import { stepOf } from './steps.js';
import { bodyHash, saleKeyOf, type Capture, type Command } from './command.js';
import { instantOf } from '../instants.js';
import { assertSound } from './invariants.js';
import type { RefusalCode } from '../refusals.js';
import { detailsOf, recordOf } from './record.js';
import { jsonBytes } from '../json.js';
import { assertRulesKnown, type RulesNumber } from './rules.js';
import { forgettableRefusals, shrinkable } from './limits.js';
import {
  callerHash,
  shortBodyHash,
  saleHash,
  shortHash,
  type Accepted,
  type CommandRecord,
  type HoldEnd,
  type Refused,
  type SaleTotals,
  type State,
} from './state.js';

const RECENT = 8;

/** All that a remembered command changes, computed before anything is changed. */
export type Change = {
  readonly payment: AccountPayment;
  readonly record: CommandRecord;
  readonly accepted?: readonly [string, Accepted];
  readonly refused?: readonly [string, Refused];
  readonly sale?: readonly [string, SaleTotals];
  readonly endedHold?: readonly [string, HoldEnd];
  /** Accepted and refused ones of which only the ids stay known. */
  readonly shrunk: readonly string[];
};

export function changeOfAccepted(state: State, command: Command, nowMs: number, hash = bodyHash(command)): Change {
  const step = stepOf(state.payment, command, nowMs);
  const balanceBeforeMinor = balanceOf(state.payment);
  const sequence = state.payment.lastSequence + 1;
  const movement = numbered(sequence, balanceBeforeMinor, movedBy(command, balanceBeforeMinor));
  const payment: AccountPayment = {
    ...state.payment,
    ...step.payment,
    standing: step.ends
      ? { status: step.ends, endedBalanceMinor: balanceBeforeMinor }
      : standingAfter(state.payment, movement),
    revision: state.payment.revision + 1,
    lastSequence: movement ? sequence : state.payment.lastSequence,
  };
  const sale = saleAfter(state, command, movement);
  assertSound(state.payment, payment, movement, sale?.[1]);

  const at = instantOf(nowMs);
  const accepted: Accepted = {
    bodyHash: shortBodyHash(hash),
    revision: payment.revision,
    at,
    sequence: movement ? sequence : 0,
    balanceBeforeMinor,
  };
  return {
    payment,
    record: recordOf({
      rules: state.rules,
      payment,
      command,
      hash,
      outcome: 'accepted',
      at,
      movement,
      details: detailsOf(state.payment, command),
    }),
    accepted: [shortHash(command.commandId), accepted],
    ...(sale && { sale }),
    ...(step.endedHold && { endedHold: [shortHash(step.endedHold.holdId), step.endedHold.end] }),
    shrunk: shrinkable(state, nowMs),
  };
}

export function changeOfRefused(
  state: State,
  command: Command,
  code: RefusalCode,
  nowMs: number,
  hash = bodyHash(command),
): Change {
  const payment = { ...state.payment, revision: state.payment.revision + 1 };
  const at = instantOf(nowMs);
  return {
    payment,
    record: recordOf({
      rules: state.rules,
      payment,
      command,
      hash,
      outcome: code,
      at,
      movement: null,
      details: detailsOf(state.payment, command),
    }),
    refused: [
      shortHash(command.commandId),
      { bodyHash: shortBodyHash(hash), revision: payment.revision, at, code, by: callerHash(command.by) },
    ],
    shrunk: forgettableRefusals(state.memory, nowMs),
  };
}

/** The only place where a state changes; nothing in it can fail. */
export function commit(state: State, change: Change): void {
  const { memory } = state;
  for (const id of change.shrunk) {
    memory.bare.set(id, memory.accepted.delete(id) ? 'accepted' : 'refused');
    memory.refused.delete(id);
  }
  if (change.accepted) memory.accepted.set(...change.accepted);
  if (change.refused) memory.refused.set(...change.refused);
  if (change.sale) memory.sales.set(...change.sale);
  if (change.endedHold) memory.endedHolds.set(...change.endedHold);
  state.payment = change.payment;
  state.outbox.push(change.record);
  state.outboxBytes += jsonBytes(change.record);
  const { kind, outcome, revision, by, movement } = change.record;
  state.recent = [...state.recent.slice(1 - RECENT), { kind, outcome, revision, by, movement }];
}

/** Takes other rules up. It is no command: nothing of the payment changes, and no revision counts it. */
export function adopt(state: State, rules: RulesNumber): void {
  assertRulesKnown(rules);
  state.rules = rules;
}

/** The books have confirmed the oldest records that wait. */
export function confirm(state: State, count: number): void {
  const confirmed = state.outbox.splice(0, count);
  state.outboxBytes -= confirmed.reduce((sum, record) => sum + jsonBytes(record), 0);
  state.books = 'agree';
}

/**
 * The books cannot take what this payment decided. It freezes by itself: no command, for the books could not take that
 * either.
 */
export function meetConflict(state: State, books: 'behind' | 'differ'): void {
  state.books = books;
  if (state.payment.frozen.includes('conflict')) return;
  state.payment = { ...state.payment, frozen: [...state.payment.frozen, 'conflict'] };
}

/** What an accepted command moved, from its own fields and from what is remembered of it. */
export function movementOf(command: Command, first: Accepted): Movement | null {
  const { sequence, balanceBeforeMinor } = first;
  return numbered(sequence, balanceBeforeMinor, movedBy(command, balanceBeforeMinor));
}

function numbered(sequence: number, balanceBeforeMinor: number, moved: Moved | undefined): Movement | null {
  return moved
    ? { sequence, ...moved, balanceBeforeMinor, balanceAfterMinor: balanceBeforeMinor + moved.amountMinor }
    : null;
}

type Moved = Pick<Movement, 'kind' | 'amountMinor' | 'saleShopId' | 'saleId' | 'reason' | 'counterpart' | 'tender'>;

function movedBy(command: Command, balanceMinor: number): Moved | undefined {
  switch (command.kind) {
    case 'apply':
      return { kind: 'applied', amountMinor: -command.amountMinor, ...saleKeyOf(command) };
    case 'capture':
      return capturedBy(command);
    case 'refund':
      return command.amountMinor === 0
        ? undefined
        : { kind: 'refunded', amountMinor: command.amountMinor, ...saleKeyOf(command), reason: command.reason };
    case 'payOut':
      return { kind: 'paid_out', amountMinor: -command.amountMinor, reason: command.reason, tender: command.tender };
    case 'cancel':
      return { kind: 'cancelled', amountMinor: -balanceMinor, reason: command.reason, tender: command.tender };
    case 'expire':
      return { kind: 'expired', amountMinor: -balanceMinor, reason: 'reason' in command ? command.reason : undefined };
    case 'hold':
    case 'release':
    case 'extend':
    case 'freeze':
    case 'thaw':
      return undefined;
  }
}

function capturedBy(command: Capture): Moved {
  const amountMinor = -command.amountMinor;
  if ('saleId' in command) return { kind: 'applied', amountMinor, ...saleKeyOf(command) };
  return { kind: 'gifted', amountMinor, counterpart: command.counterpart };
}

function standingAfter(payment: AccountPayment, movement: Movement | null): Standing {
  if (!movement || hasEnded(payment.standing)) return payment.standing;
  const balanceMinor = movement.balanceAfterMinor;
  return balanceMinor === 0 ? { status: 'used' } : { status: 'active', balanceMinor };
}

function saleAfter(
  { memory }: State,
  command: Command,
  movement: Movement | null,
): readonly [string, SaleTotals] | undefined {
  const isOfSale = 'saleId' in command && (command.kind === 'refund' || movement !== null);
  if (!isOfSale) return undefined;
  const id = saleHash(command);
  const before = memory.sales.get(id) ?? { takenMinor: 0, givenBackMinor: 0, keptMinor: 0 };
  if (command.kind !== 'refund')
    return [id, { ...before, takenMinor: before.takenMinor - (movement?.amountMinor ?? 0) }];
  return [
    id,
    {
      ...before,
      givenBackMinor: before.givenBackMinor + command.amountMinor,
      keptMinor: before.keptMinor + (command.keptMinor ?? 0),
    },
  ];
}
