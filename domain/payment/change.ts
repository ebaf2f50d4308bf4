import { balanceOf, hasEnded, type AccountPayment, type Movement, type OpenHold, type Standing } from './payment.js';
import { bodyHash, type Capture, type Command } from './command.js';
import { instantOf } from '../instants.js';
import { assertSound } from './invariants.js';
import type { RefusalCode } from '../refusals.js';
import { detailsOf, recordOf } from './record.js';
import { forgettableRefusals } from './limits.js';
import {
  shortBodyHash,
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
  readonly forgotten?: readonly string[];
};

export function foldAccepted(state: State, command: Command, nowMs: number): Change {
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
  assertSound(state.payment, payment, movement);

  const hash = bodyHash(command);
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
      payment,
      command,
      hash,
      outcome: 'accepted',
      at,
      movement,
      details: detailsOf(state.payment, command),
    }),
    accepted: [shortHash(command.commandId), accepted],
    ...(movement?.saleId !== undefined && { sale: saleAfter(state, movement.saleId, movement.amountMinor) }),
    ...(step.endedHold && { endedHold: [shortHash(step.endedHold.holdId), step.endedHold.end] }),
  };
}

export function foldRefused(state: State, command: Command, code: RefusalCode, nowMs: number): Change {
  const payment = { ...state.payment, revision: state.payment.revision + 1 };
  const hash = bodyHash(command);
  const at = instantOf(nowMs);
  return {
    payment,
    record: recordOf({
      payment,
      command,
      hash,
      outcome: code,
      at,
      movement: null,
      details: detailsOf(state.payment, command),
    }),
    refused: [shortHash(command.commandId), { bodyHash: shortBodyHash(hash), revision: payment.revision, at, code }],
    forgotten: forgettableRefusals(state.memory, nowMs),
  };
}

/** The only place where a state changes; nothing in it can fail. */
export function commit(state: State, change: Change): void {
  const { memory } = state;
  for (const id of change.forgotten ?? []) memory.refused.delete(id);
  if (change.accepted) memory.accepted.set(...change.accepted);
  if (change.refused) memory.refused.set(...change.refused);
  if (change.sale) memory.sales.set(...change.sale);
  if (change.endedHold) memory.endedHolds.set(...change.endedHold);
  state.payment = change.payment;
  state.outbox.push(change.record);
  state.recent = [...state.recent.slice(1 - RECENT), change.record];
}

/** What a command that was accepted before had moved, told from its own words and what is remembered of it. */
export function movementOf(command: Command, first: Accepted): Movement | null {
  const { sequence, balanceBeforeMinor } = first;
  return numbered(sequence, balanceBeforeMinor, movedBy(command, balanceBeforeMinor));
}

function numbered(sequence: number, balanceBeforeMinor: number, moved: Moved | undefined): Movement | null {
  return moved
    ? { sequence, ...moved, balanceBeforeMinor, balanceAfterMinor: balanceBeforeMinor + moved.amountMinor }
    : null;
}

type Moved = Pick<Movement, 'kind' | 'amountMinor' | 'saleId' | 'reason' | 'counterpart'>;

type Step = {
  readonly payment?: Partial<Pick<AccountPayment, 'holds' | 'expiresAt'>>;
  readonly ends?: 'expired' | 'cancelled';
  readonly endedHold?: { readonly holdId: string; readonly end: HoldEnd };
};

/** What a command does besides moving the balance. */
function stepOf(payment: AccountPayment, command: Command, nowMs: number): Step {
  switch (command.kind) {
    case 'apply':
    case 'refund':
      return {};
    case 'hold':
      return { payment: { holds: [...payment.holds, openHold(command.commandId, command, nowMs)] } };
    case 'capture':
      return closing(payment, command.holdId, 'closed');
    case 'release':
      return closing(payment, command.holdId, command.cause === 'lapsed' ? 'expired' : 'closed');
    case 'cancel':
      return { ends: 'cancelled' };
    case 'expire':
      return { ends: 'expired' };
    case 'extend':
      return { payment: { expiresAt: command.expiresAt } };
  }
}

function movedBy(command: Command, balanceMinor: number): Moved | undefined {
  switch (command.kind) {
    case 'apply':
      return { kind: 'applied', amountMinor: -command.amountMinor, saleId: command.saleId };
    case 'capture':
      return capturedBy(command);
    case 'refund':
      return { kind: 'refunded', amountMinor: command.amountMinor, saleId: command.saleId, reason: command.reason };
    case 'cancel':
      return { kind: 'cancelled', amountMinor: -balanceMinor, reason: command.reason };
    case 'expire':
      return { kind: 'expired', amountMinor: -balanceMinor, reason: 'reason' in command ? command.reason : undefined };
    case 'hold':
    case 'release':
    case 'extend':
      return undefined;
  }
}

function capturedBy(command: Capture): Moved {
  const amountMinor = -command.amountMinor;
  if ('saleId' in command) return { kind: 'applied', amountMinor, saleId: command.saleId };
  return { kind: 'gifted', amountMinor, counterpart: command.counterpart };
}

function openHold(holdId: string, hold: Extract<Command, { kind: 'hold' }>, nowMs: number): OpenHold {
  const target = 'saleId' in hold ? { saleId: hold.saleId } : { giftId: hold.giftId };
  return { holdId, ...target, amountMinor: hold.amountMinor, expiresAt: instantOf(nowMs + hold.lifetimeMs) };
}

function closing(payment: AccountPayment, holdId: string, end: HoldEnd): Step {
  return { payment: { holds: payment.holds.filter((hold) => hold.holdId !== holdId) }, endedHold: { holdId, end } };
}

function standingAfter(payment: AccountPayment, movement: Movement | null): Standing {
  if (!movement || hasEnded(payment)) return payment.standing;
  const balanceMinor = movement.balanceAfterMinor;
  return balanceMinor === 0 ? { status: 'used' } : { status: 'active', balanceMinor };
}

function saleAfter({ memory }: State, saleId: string, amountMinor: number): readonly [string, SaleTotals] {
  const id = shortHash(saleId);
  const { takenMinor, refundedMinor } = memory.sales.get(id) ?? { takenMinor: 0, refundedMinor: 0 };
  return amountMinor < 0
    ? [id, { takenMinor: takenMinor - amountMinor, refundedMinor }]
    : [id, { takenMinor, refundedMinor: refundedMinor + amountMinor }];
}
