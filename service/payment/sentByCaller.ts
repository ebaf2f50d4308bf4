import type { Sql } from '../../db/connect.js';
import { decidedCommands } from '../../db/payment/commands.js';
import type { Slots } from '../../db/slots.js';

/** Whether a caller may leave one more signal with Temporal, for whatever payment. A repeat always may. */
export type SentByCaller = (caller: string, signal: Signal) => Promise<'room' | 'full'>;

type Signal = { readonly reference: string; readonly commandId: string };
type Sent = { readonly waiting: Map<string, Signal & { readonly sentAtMs: number }>; lookedAtMs: number };

/** As many as two payments take; workers are some seconds behind then, for everybody. */
const MOST = 1_000;
/** Of one that is not in the books by then nobody knows what became of it. */
const KEPT_MS = 60 * 60 * 1000;
const LOOK_EVERY_MS = 1_000;

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
  return async (caller, { reference, commandId }) => {
    const sent = callers.get(caller) ?? { waiting: new Map(), lookedAtMs: 0 };
    callers.set(caller, sent);
    const { waiting } = sent;
    if (waiting.has(commandId)) return 'room';
    if (waiting.size >= most) await makeRoom(sent);
    if (waiting.size >= most) return 'full';
    waiting.set(commandId, { reference, commandId, sentAtMs: now() });
    return 'room';
  };

  async function makeRoom(sent: Sent): Promise<void> {
    if (now() - sent.lookedAtMs < LOOK_EVERY_MS) return;
    sent.lookedAtMs = now();
    for (const [id, { sentAtMs }] of sent.waiting) if (now() - sentAtMs > KEPT_MS) sent.waiting.delete(id);
    const asked = [...sent.waiting.values()];
    const decided = await asking(patienceMs, () => decidedCommands(sql, asked)).catch(() => []);
    for (const { commandId } of decided) sent.waiting.delete(commandId);
  }
}
