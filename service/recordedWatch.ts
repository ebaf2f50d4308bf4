import { setTimeout as pause } from 'node:timers/promises';
import { recordedRevisions } from '../db/payment/accountPayments.js';
import { recordedCommands } from '../db/payment/commands.js';
import type { Sql } from '../db/connect.js';
import { createSlots, together } from '../db/slots.js';

/** A command of a payment, by its id, or one of several, or what a payment was after it. */
export type Awaited = { readonly reference: string } & (
  { readonly commandId: string } | { readonly oneOf: readonly string[] } | { readonly revision: number }
);

export type RecordedWatch = (awaited: Awaited, patienceMs: number) => Promise<boolean>;

/** One till alone is told at once. Many share one look at the database. */
const tickMs = (waiting: number) => (waiting <= 4 ? 4 : 10);
/** Who has waited for long is looked for ever more seldom: its record is late by this part of that at most. */
const PART_OF_WAIT = 1 / 8;
const LONGEST_PAUSE_MS = 250;

const LOOK_PATIENCE_MS = 1_000;
/** Looks that a Postgres that hangs may owe an answer; then the next ones find it away, and pause. */
const MOST_LOOKS = 4;
const AWAY_PAUSE_MS = 100;

type Waiter = {
  readonly awaited: Awaited;
  readonly sinceMs: number;
  lookAtMs: number;
  readonly tell: (recorded: boolean) => void;
};

/**
 * Tells when a command can be read back from Postgres, or that it could not within the caller's patience. All who wait
 * share one query a tick, so a busy shop costs the database no more than a quiet one.
 */
export function createRecordedWatch({ sql }: { sql: Sql }): RecordedWatch {
  const waiters = new Set<Waiter>();
  const asking = createSlots(MOST_LOOKS);
  let looking: Promise<void> | undefined;

  return async (awaited, patienceMs) => {
    if (patienceMs <= 0) return false;
    let timer: NodeJS.Timeout | undefined;
    const recorded = await new Promise<boolean>((tell) => {
      const sinceMs = performance.now();
      const waiter = { awaited, sinceMs, lookAtMs: sinceMs, tell };
      timer = setTimeout(() => {
        waiters.delete(waiter);
        tell(false);
      }, patienceMs);
      waiters.add(waiter);
      looking ??= look().finally(() => (looking = undefined));
    });
    clearTimeout(timer);
    return recorded;
  };

  async function look(): Promise<void> {
    while (waiters.size > 0) {
      await pause(tickMs(waiters.size));
      const looked = due();
      if (looked.length === 0) continue;
      // During an outage everybody waits as long as they are willing to, and then hears that it is not recorded.
      const found = await asking(LOOK_PATIENCE_MS, () => together([revisionsOf(looked), commandsOf(looked)])).catch(
        () => undefined,
      );
      if (!found) {
        await pause(AWAY_PAUSE_MS);
        continue;
      }
      const [revisions, commands] = found;
      for (const waiter of looked) {
        const { awaited } = waiter;
        const isRecorded =
          'revision' in awaited
            ? (revisions.get(awaited.reference) ?? 0) >= awaited.revision
            : idsIn(awaited).some((commandId) => commands.has(`${awaited.reference} ${commandId}`));
        if (!isRecorded) continue;
        waiters.delete(waiter);
        waiter.tell(true);
      }
    }
  }

  function due(): Waiter[] {
    const nowMs = performance.now();
    const looked = [...waiters].filter(({ lookAtMs }) => lookAtMs <= nowMs);
    for (const waiter of looked)
      waiter.lookAtMs = nowMs + Math.min((nowMs - waiter.sinceMs) * PART_OF_WAIT, LONGEST_PAUSE_MS);
    return looked;
  }

  async function revisionsOf(looked: readonly Waiter[]): Promise<Map<string, number>> {
    const references = looked.flatMap(({ awaited }) => ('revision' in awaited ? [awaited.reference] : []));
    if (references.length === 0) return new Map();
    const rows = await recordedRevisions(sql, [...new Set(references)]);
    return new Map(rows.map((row) => [row.reference, row.revision]));
  }

  async function commandsOf(looked: readonly Waiter[]): Promise<Set<string>> {
    const asked = looked.flatMap(({ awaited }) =>
      idsIn(awaited).map((commandId) => ({ reference: awaited.reference, commandId })),
    );
    if (asked.length === 0) return new Set();
    const rows = await recordedCommands(sql, asked);
    return new Set(rows.map((row) => `${row.reference} ${row.commandId}`));
  }
}

function idsIn(awaited: Awaited): readonly string[] {
  if ('commandId' in awaited) return [awaited.commandId];
  return 'oneOf' in awaited ? awaited.oneOf : [];
}
