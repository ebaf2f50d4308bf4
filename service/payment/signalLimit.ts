import type { Sql } from '../../db/connect.js';
import { whileAway } from '../../db/outage.js';
import type { LeftSignal } from '../../db/payment/leftSignals.js';
import { addSentSignal, removeSentSignal } from '../../db/payment/sentSignals.js';
import { createSlots } from '../../db/slots.js';
import { NO_ACTOR, OutcomeUnknown, type NoActor } from '../temporal.js';
import { createSentByCaller } from './sentByCaller.js';

/** Leaves one more signal with Temporal, if this caller may for this payment; what was never left is not counted. */
export type SignalLimit = (asked: Asked, leave: () => Promise<'sent' | NoActor>) => Promise<'sent' | NoActor | 'full'>;

type Asked = Omit<LeftSignal, 'places'> & {
  readonly caller: string;
  readonly books: 'there' | 'away';
  /** What it takes as JSON. */
  readonly bytes: number;
};
type Place = { readonly giveBack: () => Promise<void> | void };

/** While Postgres is away nobody can count the others': as many again of this process alone. */
const MOST = 500;
/** A long one takes the room of several: 2 MB wait for a payment, where its history may have 50. */
const BYTES_A_PLACE = 4 * 1024;
const PATIENCE_MS = 250;
const MOST_ASKING = 100;

type Options = { sql: Sql; patienceMs?: number };

/**
 * Signals wait with Temporal, which takes 1,200 a run as we set it up and refuses what comes then; and no payment
 * decides so many without being late for everybody. So those that are not in the books yet are counted.
 */
export function createSignalLimit({ sql, patienceMs = PATIENCE_MS }: Options): SignalLimit {
  const asking = createSlots(MOST_ASKING);
  const sentWhileAway = new Map<string, number>();
  const sentByCaller = createSentByCaller({ sql, asking, patienceMs });
  return async ({ caller, books, bytes, ...asked }, leave) => {
    const signal = { ...asked, places: Math.ceil(bytes / BYTES_A_PLACE) };
    const ofCaller = await sentByCaller(caller, signal);
    if (ofCaller === 'full') return 'full';
    const ofPayment = await placeOf(signal, books).catch((error: unknown) => {
      ofCaller.giveBack();
      throw error;
    });
    if (ofPayment === 'full') {
      ofCaller.giveBack();
      return 'full';
    }
    const giveBack = async () => {
      ofCaller.giveBack();
      await ofPayment.giveBack();
    };
    try {
      const left = await leave();
      if (left === NO_ACTOR) await giveBack();
      return left;
    } catch (error) {
      // Of what was sent and not answered nobody knows: it may wait there.
      if (!(error instanceof OutcomeUnknown)) await giveBack();
      throw error;
    }
  };

  async function placeOf(signal: LeftSignal, books: Asked['books']): Promise<Place | 'full'> {
    const counted = books === 'there' ? await inBooks(signal) : 'away';
    if (counted === 'away') return outsideBooks(signal);
    sentWhileAway.clear();
    if (counted.others + signal.places > MOST) return 'full';
    return { giveBack: () => (counted.added ? outOfBooks(signal) : undefined) };
  }

  function outsideBooks({ reference, places }: LeftSignal): Place | 'full' {
    const sent = () => sentWhileAway.get(reference) ?? 0;
    if (sent() + places > MOST) return 'full';
    sentWhileAway.set(reference, sent() + places);
    return { giveBack: () => void sentWhileAway.set(reference, Math.max(0, sent() - places)) };
  }

  function inBooks(signal: LeftSignal) {
    const adding = asking(patienceMs, () => addSentSignal(sql, { ...signal, most: MOST }));
    return adding.catch(whileAway('away'));
  }

  /** Where Postgres is away by now it stays counted, and is told of as lost. */
  async function outOfBooks({ commandId }: LeftSignal): Promise<void> {
    await asking(patienceMs, () => removeSentSignal(sql, commandId)).catch(whileAway(undefined));
  }
}
