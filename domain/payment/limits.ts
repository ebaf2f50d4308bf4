import type { Command } from './command.js';
import type { CommandRecord, Memory, State } from './state.js';

/**
 * Bounds on what one payment remembers. Its state crosses continue-as-new as one Temporal payload, of at most 2 MiB;
 * new spending stops at three quarters of that, so that what always has room has some.
 */
export const room = {
  acceptedCommands: 10_000,
  rememberedRefusals: 2_000,
  waitingRecords: 2_000,
  openHolds: 100,
  stateBytes: 1_500_000,
} as const;

/** The most that each kind of entry takes in the state's JSON; a record that spends, with every id at its longest. */
const bytesOf = { accepted: 75, refused: 80, sale: 45, endedHold: 25, record: 1_200, line: 180 } as const;

/** Refusals younger than this are never forgotten: 30 days. */
export const REFUSAL_MEMORY_MS = 30 * 24 * 60 * 60 * 1000;

/** Only new spending is ever turned away: money that comes back, or an end, always fits. */
export function hasRoomFor({ payment, memory, outbox }: State, command: Command): boolean {
  if (command.kind !== 'apply' && command.kind !== 'hold') return true;
  if (command.kind === 'hold' && payment.holds.length >= room.openHolds) return false;
  if (memory.accepted.size >= room.acceptedCommands || outbox.length >= room.waitingRecords) return false;
  return weightOf(memory, outbox) < room.stateBytes;
}

function weightOf({ accepted, refused, sales, endedHolds }: Memory, outbox: State['outbox']): number {
  return (
    accepted.size * bytesOf.accepted +
    refused.size * bytesOf.refused +
    sales.size * bytesOf.sale +
    endedHolds.size * bytesOf.endedHold +
    outbox.reduce((sum, record) => sum + bytesOf.record + linesIn(record) * bytesOf.line, 0)
  );
}

function linesIn({ details }: CommandRecord): number {
  return Array.isArray(details['lines']) ? details['lines'].length : 0;
}

/** A refusal that could not be remembered is not given: sent again, it might turn into a purchase. */
export function hasRoomForRefusal({ memory, outbox }: State, nowMs: number): boolean {
  if (outbox.length >= room.waitingRecords) return false;
  if (memory.refused.size < room.rememberedRefusals) return true;
  return forgettableRefusals(memory, nowMs).length > 0;
}

/** The oldest come first in the Map; those past their 30 days make room when it is needed. */
export function forgettableRefusals({ refused }: Memory, nowMs: number): string[] {
  if (refused.size < room.rememberedRefusals) return [];
  const forgettable: string[] = [];
  for (const [id, { at }] of refused) {
    if (Date.parse(at) + REFUSAL_MEMORY_MS > nowMs) break;
    forgettable.push(id);
  }
  return forgettable;
}
