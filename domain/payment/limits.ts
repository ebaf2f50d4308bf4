import type { Command } from './command.js';
import type { Instant } from '../instants.js';
import type { RefusalCode } from '../refusals.js';
import { isShrinking, resized, type AccountPayment } from './payment.js';
import { decidesBy } from './rules.js';
import { callerHash, type Memory, type State } from './state.js';

/**
 * Limits on what one payment remembers. Its state crosses continue-as-new as one Temporal payload, of at most 2 MiB;
 * new spending stops long before that, so that what always has room has some.
 */
export const room = {
  /** With what they moved. Older ones are known by their ids alone. */
  acceptedCommands: 10_000,
  rememberedRefusals: 2_000,
  /** Of one caller's commands, so that none takes the room of all others. */
  refusalsOfCaller: 500,
  bareIds: 20_000,
  waitingRecords: 2_000,
  openHolds: 100,
  /** More sales than one till has open with one customer. */
  openHoldsOfCaller: 20,
  /** Beyond this nothing new is spent. */
  spendingBytes: 1_000_000,
  /** Beyond this nothing is accepted any more but what ends a hold or the payment. */
  stateBytes: 1_700_000,
} as const;

/**
 * The most that each kind of entry takes in the state's JSON, and all the rest of it together. An open hold, and the
 * rest, hold room for what their end will take, so that whenever that comes the state grows no heavier by it.
 */
const bytesOf = {
  accepted: 75,
  refused: 80,
  bareId: 11,
  sale: 60,
  endedHold: 25,
  openHold: 2_000,
  rest: 60_000,
} as const;

/** Refusals younger than this are never forgotten: 30 days. */
export const REFUSAL_MEMORY_MS = 30 * 24 * 60 * 60 * 1000;
/** An accepted command younger than this keeps its answer here: a day. */
export const ANSWER_MEMORY_MS = 24 * 60 * 60 * 1000;
/** So many shrink at once, or as many as it takes, that not every command has to look for the next. */
const SHRUNK_AT_ONCE = 200;
const SHRINKING_FREES = bytesOf.accepted - bytesOf.bareId;

type Weighed = Readonly<Pick<State, 'payment' | 'memory' | 'outboxBytes'>> & {
  readonly outbox: readonly { readonly revision: number }[];
};

/** Why a command that the rules accept finds no room. Money that comes back has room the longest, an end always. */
export function lackOfRoom(state: Weighed, command: Command, nowMs: number): RefusalCode | undefined {
  const { payment, memory, outbox } = state;
  if (isEnd(payment, command)) return undefined;
  const shrinking = shrinkable(state, nowMs).length;
  const weight = weightOf(state) - shrinking * SHRINKING_FREES;
  if (weight >= room.stateBytes) return 'try_later';
  if (command.kind !== 'apply' && command.kind !== 'hold' && command.kind !== 'payOut') return undefined;
  if (isShrinking(payment, command)) return undefined;
  const isResizing = command.kind === 'hold' && resized(payment, command) !== undefined;
  if (command.kind === 'hold' && !isResizing && payment.holds.length >= room.openHolds) return 'try_later';
  if (outbox.length >= room.waitingRecords) return 'try_later';
  if (weight < room.spendingBytes && memory.accepted.size - shrinking < room.acceptedCommands) return undefined;
  return isWornOut(memory) ? 'payment_worn_out' : 'try_later';
}

/** It closes an open hold, or the payment: there are never more of these than its room was kept for. */
function isEnd({ holds }: AccountPayment, command: Command): boolean {
  switch (command.kind) {
    case 'cancel':
    case 'expire':
      return true;
    case 'release':
      return holds.some(({ holdId }) => holdId === command.holdId);
    case 'capture':
      return command.heldUntil === undefined;
    case 'apply':
    case 'refund':
    case 'hold':
    case 'payOut':
    case 'extend':
    case 'freeze':
    case 'thaw':
      return false;
  }
}

/** What is never forgotten leaves no room for more, however long one waits. */
function isWornOut({ accepted, refused, bare, sales, endedHolds }: Memory): boolean {
  const lasting =
    bytesOf.rest +
    (accepted.size + refused.size + bare.size) * bytesOf.bareId +
    sales.size * bytesOf.sale +
    endedHolds.size * bytesOf.endedHold;
  return bare.size >= room.bareIds || lasting >= room.spendingBytes;
}

/** A refusal that could not be remembered is not given: sent again, it might turn into a purchase. */
export function hasRoomForRefusal(state: Weighed & Pick<State, 'rules'>, command: Command, nowMs: number): boolean {
  const { memory, outbox, rules } = state;
  const isBounded = decidesBy(rules, 2) && !hasToBeAnswered(command);
  if (isBounded && refusalsOf(memory, callerHash(command.by), nowMs) >= room.refusalsOfCaller) return false;
  if (outbox.length >= room.waitingRecords || weightOf(state) >= room.stateBytes) return false;
  if (memory.refused.size < room.rememberedRefusals) return true;
  return forgettableRefusals(memory, nowMs).length > 0;
}

/** What a decided sale takes in place of a hold that is gone, and a hold that it resizes: it waits for these. */
function hasToBeAnswered(command: Command): boolean {
  if (command.parent === undefined) return false;
  if (command.kind === 'apply') return command.takenMinor === undefined;
  return command.kind === 'hold' && command.resizes !== undefined;
}

/** Those of one caller that are not past their time. */
function refusalsOf({ refused }: Memory, caller: string, nowMs: number): number {
  if (refused.size < room.refusalsOfCaller) return 0;
  return Array.from(refused.values()).filter(({ by, at }) => by === caller && !isForgettable(at, nowMs)).length;
}

function isForgettable(at: Instant, nowMs: number): boolean {
  return Date.parse(at) + REFUSAL_MEMORY_MS <= nowMs;
}

/** Refusals past their 30 days, oldest first, once room is needed. Of them only the ids stay known. */
export function forgettableRefusals({ refused, bare }: Memory, nowMs: number): string[] {
  if (refused.size < room.rememberedRefusals) return [];
  const most = Math.min(SHRUNK_AT_ONCE, room.bareIds - bare.size);
  return oldest(refused, most, ({ at }) => isForgettable(at, nowMs));
}

/** Accepted commands whose answers the books have by now, oldest first, once room is needed. */
export function shrinkable(state: Weighed, nowMs: number): string[] {
  if (!isCrowded(state)) return [];
  const { memory, outbox } = state;
  const firstWaiting = outbox[0]?.revision ?? Infinity;
  const needed = Math.ceil((weightOf(state) - room.spendingBytes) / SHRINKING_FREES);
  const most = Math.min(Math.max(SHRUNK_AT_ONCE, needed), room.bareIds - memory.bare.size);
  return oldest(
    memory.accepted,
    most,
    ({ at, revision }) => revision < firstWaiting && Date.parse(at) + ANSWER_MEMORY_MS <= nowMs,
  );
}

function isCrowded(state: Weighed): boolean {
  return state.memory.accepted.size >= room.acceptedCommands || weightOf(state) >= room.spendingBytes;
}

/** The oldest come first in the Map. */
function oldest<Entry>(entries: ReadonlyMap<string, Entry>, most: number, isOld: (entry: Entry) => boolean): string[] {
  const ids: string[] = [];
  for (const [id, entry] of entries) {
    if (ids.length >= most || !isOld(entry)) break;
    ids.push(id);
  }
  return ids;
}

/** At least what the state takes as JSON. */
export function weightOf({ payment, memory, outboxBytes }: Weighed): number {
  const { accepted, refused, bare, sales, endedHolds } = memory;
  return (
    bytesOf.rest +
    accepted.size * bytesOf.accepted +
    refused.size * bytesOf.refused +
    bare.size * bytesOf.bareId +
    sales.size * bytesOf.sale +
    endedHolds.size * bytesOf.endedHold +
    payment.holds.length * bytesOf.openHold +
    outboxBytes
  );
}
