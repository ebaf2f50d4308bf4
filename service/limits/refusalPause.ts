/** Whether an answer was kept back for its time, or there was no room for it to wait. */
export type Kept = 'waited' | 'no_room';

export type RefusalPause = {
  /** Waits until so much time has passed since what is refused came, or until whoever sent it has gone. */
  readonly after: (cameAtMs: number, gone: AbortSignal) => Promise<Kept>;
  /** Nobody waits any more, neither those who do now nor those who come. */
  readonly end: () => void;
};

type Options = {
  /** How long after it came a refusal is told at the earliest. */
  readonly leastMs: number;
  /** How many are kept back at once. */
  readonly most: number;
  readonly now?: () => number;
};

/** No longer than `Retry-After` asks for at the least, so that who heeds that is told in time. */
const LEAST_MS = 1_000;
/** Half of the connections that a server has, so that those who wait never have all of them. */
const MOST = 1_000;

/**
 * Keeps refusals back for a moment. Told at once, they are asked for again at once by whoever does not heed what they
 * say, and to refuse becomes all that is done here; so a connection hears one in this time. What waited for its turn
 * until it was refused has waited enough.
 */
export function createRefusalPause({
  leastMs = LEAST_MS,
  most = MOST,
  now = () => performance.now(),
}: Partial<Options> = {}): RefusalPause {
  const waiting = new Set<() => void>();
  let standing: 'open' | 'ended' = 'open';
  return {
    after(cameAtMs, gone) {
      const leftMs = leastMs - (now() - cameAtMs);
      if (standing === 'ended' || leftMs <= 0 || gone.aborted) return Promise.resolve('waited');
      if (waiting.size >= most) return Promise.resolve('no_room');
      return new Promise((tell) => {
        const go = () => {
          clearTimeout(timer);
          gone.removeEventListener('abort', go);
          waiting.delete(go);
          tell('waited');
        };
        const timer = setTimeout(go, leftMs);
        gone.addEventListener('abort', go);
        waiting.add(go);
      });
    },

    end() {
      standing = 'ended';
      for (const go of waiting) go();
    },
  };
}

/** Keeps nothing back. */
export const atOnce: RefusalPause = { after: () => Promise.resolve('waited'), end: () => undefined };
