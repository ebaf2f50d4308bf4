import type { Sql } from '../../db/connect.js';
import { whileAway } from '../../db/outage.js';
import { settledSignals, wasLeft, type LeftSignal } from '../../db/payment/leftSignals.js';
import type { Slots } from '../../db/slots.js';

/** A place among those that wait. What was not left with Temporal after all gives it back. */
export type Place = { readonly giveBack: () => void };

/** Whether a caller may leave one more signal with Temporal, for whatever payment. A repeat always may. */
export type SentByCaller = (caller: string, signal: LeftSignal) => Promise<Place | 'full'>;

type Sent = {
  readonly waiting: Map<string, LeftSignal & { readonly sentAtMs: number }>;
  lookedAtMs: number;
  /** The latest look: who comes while it is under way waits for it. */
  look: Promise<void>;
};

/** As many as two payments take; workers are some seconds behind then, for everybody. */
const MOST = 1_000;
/** Of one that is not in the books by then nobody knows what became of it. */
const KEPT_MS = 60 * 60 * 1000;
const LOOK_EVERY_MS = 1_000;
/** Of a repeat: the first has its place already. */
const NO_PLACE: Place = { giveBack: () => undefined };

type Options = {
  readonly sql: Sql;
  readonly asking: Slots;
  readonly patienceMs: number;
  readonly most?: number;
  readonly now?: () => number;
};

/**
 * Counts, in this process, what each caller has left with Temporal that is not in the books yet. These are asked only
 * when a caller has no room, and while they are away nothing makes any.
 */
export function createSentByCaller({ sql, asking, patienceMs, most = MOST, now = Date.now }: Options): SentByCaller {
  const callers = new Map<string, Sent>();
  return async (caller, signal) => {
    const sent = callers.get(caller) ?? { waiting: new Map(), lookedAtMs: 0, look: Promise.resolve() };
    callers.set(caller, sent);
    const { waiting } = sent;
    const { commandId } = signal;
    if (waiting.has(commandId)) return NO_PLACE;
    const hasRoom = () => placesOf(sent) + signal.places <= most;
    if (!hasRoom()) await makeRoom(sent);
    if (!hasRoom()) return (await isRepeat(signal)) ? NO_PLACE : 'full';
    waiting.set(commandId, { ...signal, sentAtMs: now() });
    return { giveBack: () => void waiting.delete(commandId) };
  };

  function placesOf({ waiting }: Sent): number {
    return [...waiting.values()].reduce((sum, { places }) => sum + places, 0);
  }

  function makeRoom(sent: Sent): Promise<void> {
    if (now() - sent.lookedAtMs < LOOK_EVERY_MS) return sent.look;
    sent.lookedAtMs = now();
    sent.look = lookAgain(sent);
    return sent.look;
  }

  async function lookAgain(sent: Sent): Promise<void> {
    for (const [id, { sentAtMs }] of sent.waiting) if (now() - sentAtMs > KEPT_MS) sent.waiting.delete(id);
    const asked = [...sent.waiting.values()];
    const settled = await asking(patienceMs, () => settledSignals(sql, asked)).catch(whileAway([]));
    for (const commandId of settled) sent.waiting.delete(commandId);
  }

  /** Another process may have left it, or this one before it was started anew. */
  function isRepeat(signal: LeftSignal): Promise<boolean> {
    return asking(patienceMs, () => wasLeft(sql, signal)).catch(whileAway(false));
  }
}
