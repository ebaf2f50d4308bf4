import { recordedRevisions } from '../db/payment/accountPayments.js';
import type { Sql } from '../db/connect.js';
import { within } from '../db/outage.js';

export type RecordedWatch = (reference: string, revision: number, patienceMs: number) => Promise<boolean>;

/** A lone till is told at once; a crowd shares its looks. */
const tickMs = (waiting: number) => (waiting <= 4 ? 4 : 10);

type Waiter = { reference: string; revision: number; tell: (recorded: boolean) => void };

/**
 * Tells when a revision can be read back from Postgres, or that it could not within the caller's patience. All who
 * wait share one query a tick, so a busy shop costs the database no more than a quiet one.
 */
export function createRecordedWatch({ sql }: { sql: Sql }): RecordedWatch {
  const waiters = new Set<Waiter>();
  let looking: Promise<void> | undefined;

  return async (reference, revision, patienceMs) => {
    if (patienceMs <= 0) return false;
    let timer: NodeJS.Timeout | undefined;
    const recorded = await new Promise<boolean>((tell) => {
      const waiter = { reference, revision, tell };
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
      await new Promise((resume) => setTimeout(resume, tickMs(waiters.size)));
      const references = [...new Set(Array.from(waiters, (waiter) => waiter.reference))];
      // An outage leaves everybody waiting for as long as they will: that is what they are told then.
      const rows = await within(1_000, recordedRevisions(sql, references)).catch(() => []);
      const revisions = new Map(rows.map((row) => [row.reference, row.revision]));
      for (const waiter of waiters) {
        if ((revisions.get(waiter.reference) ?? 0) < waiter.revision) continue;
        waiters.delete(waiter);
        waiter.tell(true);
      }
    }
  }
}
