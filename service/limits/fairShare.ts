import { AsyncLocalStorage } from 'node:async_hooks';

export type FairShare = {
  /**
   * Does the work when it is this caller's turn.
   * @returns 'too_many' where nothing was done, for too many of this caller's wait already, or its turn did not come
   */
  readonly inTurn: <T>(caller: string, work: () => Promise<T>) => Promise<T | 'too_many'>;
  /** A waiting that is no work: who waits for longer than a moment gives the turn to the next of the same caller. */
  readonly resting: <Args extends unknown[], T>(wait: (...args: Args) => Promise<T>) => (...args: Args) => Promise<T>;
};

type Options = {
  /** How many of a caller's are at work at once while nobody else is here. */
  readonly alone: number;
  /** And how many while others are. */
  readonly inCompany: number;
  /** How many more of one caller's wait for their turn, and for how long. */
  readonly waiting: number;
  readonly patienceMs: number;
  readonly now?: () => number;
};

/** Who was here so lately is here still: between two requests a till is no stranger. */
const COMPANY_MS = 5_000;
const A_MOMENT_MS = 100;

type Turn = { readonly leave: () => void };
type Queue = { atWork: number; readonly waiting: Set<() => void> };

/**
 * Every caller has a turn of its own and waits behind nobody else's. One that sends much has all there is while it is
 * alone, and a small share as soon as others are here, so that they are answered nearly as fast as without it.
 */
export function createFairShare({ alone, inCompany, waiting, patienceMs, now = Date.now }: Options): FairShare {
  const queues = new Map<string, Queue>();
  const turns = new AsyncLocalStorage<Turn>();
  const isInCompany = createCompany(now);

  return {
    async inTurn(caller, work) {
      const turn = await enter(caller);
      if (turn === 'too_many') return turn;
      try {
        return await turns.run(turn, work);
      } finally {
        turn.leave();
      }
    },

    resting:
      (wait) =>
      async (...args) => {
        const turn = turns.getStore();
        const timer = setTimeout(() => turn?.leave(), A_MOMENT_MS);
        try {
          return await wait(...args);
        } finally {
          clearTimeout(timer);
        }
      },
  };

  async function enter(caller: string): Promise<Turn | 'too_many'> {
    const most = mostOf(caller, 'comes');
    const queue = queues.get(caller) ?? { atWork: 0, waiting: new Set() };
    queues.set(caller, queue);
    if (queue.atWork >= most) {
      if (queue.waiting.size >= waiting || (await comesTooLate(queue))) return 'too_many';
    } else queue.atWork += 1;
    let standing: 'here' | 'left' = 'here';
    const leave = () => {
      if (standing === 'left') return;
      standing = 'left';
      letGo(caller, queue);
    };
    return { leave };
  }

  /** Others are here while they are at work, however long that takes, and for a moment after they came. */
  function mostOf(caller: string, why: 'comes' | 'looks'): number {
    const wasInCompany = isInCompany(caller, why);
    return wasInCompany || queues.size > (queues.has(caller) ? 1 : 0) ? inCompany : alone;
  }

  /** Whoever lets go hands the turn on, counted as it is. */
  function comesTooLate({ waiting }: Queue): Promise<boolean> {
    return new Promise((tell) => {
      const begin = () => {
        clearTimeout(timer);
        tell(false);
      };
      const timer = setTimeout(() => {
        waiting.delete(begin);
        tell(true);
      }, patienceMs);
      waiting.add(begin);
    });
  }

  function letGo(caller: string, queue: Queue): void {
    queue.atWork -= 1;
    const most = mostOf(caller, 'looks');
    for (const next of queue.waiting) {
      if (queue.atWork >= most) return;
      queue.waiting.delete(next);
      queue.atWork += 1;
      next();
    }
    if (queue.atWork === 0) queues.delete(caller);
  }
}

/** Tells whether anybody but this caller was here lately; the caller is, unless it only looks. */
function createCompany(now: () => number) {
  let latest: { caller: string; atMs: number } | undefined;
  let before: { atMs: number } | undefined;
  return (caller: string, why: 'comes' | 'looks'): boolean => {
    if (why === 'comes') {
      if (latest?.caller !== caller) before = latest;
      latest = { caller, atMs: now() };
    }
    const other = latest?.caller === caller ? before : latest;
    return other !== undefined && now() - other.atMs < COMPANY_MS;
  };
}
