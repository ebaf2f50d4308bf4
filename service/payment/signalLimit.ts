import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { addSentSignal } from '../../db/payment/sentSignals.js';
import { createSlots } from '../../db/slots.js';
import { createSentByCaller } from './sentByCaller.js';

/** Whether one more signal may be left with Temporal for this payment, by this caller. */
export type SignalLimit = (asked: Asked) => Promise<'room' | 'full'>;

type Asked = { caller: string; reference: string; commandId: string; books: 'there' | 'away' };

const MOST = 500;
/** Of this process alone: while Postgres is away nobody can count the others'. */
const MOST_WHILE_AWAY = 1_000;
const PATIENCE_MS = 250;
const MOST_ASKING = 100;

type Options = { sql: Sql; patienceMs?: number };

/**
 * Signals wait with Temporal, which takes 2,000 a run as we set it up and refuses what comes then; and no payment
 * decides so many without being late for everybody. So those that are not in the books yet are counted.
 */
export function createSignalLimit({ sql, patienceMs = PATIENCE_MS }: Options): SignalLimit {
  const asking = createSlots(MOST_ASKING);
  const sentWhileAway = new Map<string, number>();
  const sentByCaller = createSentByCaller({ sql, asking, patienceMs });
  return async ({ caller, reference, commandId, books }) => {
    if ((await sentByCaller(caller, { reference, commandId })) === 'full') return 'full';
    const others = books === 'there' ? await othersOf(reference, commandId) : 'away';
    if (others !== 'away') {
      sentWhileAway.clear();
      return others < MOST ? 'room' : 'full';
    }
    const sent = sentWhileAway.get(reference) ?? 0;
    if (sent >= MOST_WHILE_AWAY) return 'full';
    sentWhileAway.set(reference, sent + 1);
    return 'room';
  };

  async function othersOf(reference: string, commandId: string): Promise<number | 'away'> {
    try {
      return await asking(patienceMs, () => addSentSignal(sql, { reference, commandId, most: MOST }));
    } catch (error) {
      if (isRecordsOutage(error)) return 'away';
      throw error;
    }
  }
}
