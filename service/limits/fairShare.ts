import { AsyncLocalStorage } from 'node:async_hooks';
import { createCompany } from './company.js';

export type FairShare = {
  /**
   * Does the work when it is this caller's turn.
   * @returns 'too_many' where nothing was done, for too many of this caller's wait already, or its turn did not come
   */
  readonly inTurn: <T>(caller: string, work: () => Promise<T>) => Promise<T | 'too_many'>;
  /** A waiting that is no work: who waits for longer than a moment gives the turn to the next of the same caller. */
  readonly resting: <Args extends unknown[], T>(wait: (...args: Args) => Promise<T>) => (...args: Args) => Promise<T>;
  /** The turn of now, if there is one, is not over with its work, but only with this. */
  readonly keep: (until: () => Promise<unknown>) => void;
  /** The same where others are here and more of the same caller's wait: nobody else pays for what it leaves behind. */
  readonly keepBesideOthers: (until: () => Promise<unknown>) => void;
  /** Whether others than this caller are here. */
  readonly isInCompany: (caller: string) => boolean;
};

type Options = {
  /** How many of a caller's are at work at once while nobody else is here. */
  readonly alone: number;
  /** And how many, at least, while others are. */
  readonly inCompany: number;
  /** With others here, a caller has what these leave of so much; no more than the least unless said. */
  readonly together?: number;
  /** How many more of one caller's wait for their turn, and for how long. */
  readonly waiting: number;
  readonly patienceMs: number;
  /** Whether what a caller asks for comes to nothing: with others here it has one at work, and no more. */
  readonly isFruitless?: (caller: string) => boolean;
  /** Whether others are here, where it is not told by who comes here. */
  readonly isInCompany?: (caller: string) => boolean;
  readonly now?: () => number;
};

const A_MOMENT_MS = 100;

type Turn = { readonly caller: string; readonly leave: () => void; keptUntil: Promise<unknown> | undefined };
type Queue = { atWork: number; readonly waiting: Set<() => void> };

/**
 * Every caller has a turn of its own and waits behind nobody else's. One that sends much has all there is while it is
 * alone; as soon as others are here, what they leave of what can be done well at once, and a small share in any case.
 * So they are answered nearly as fast as without it, and nothing stands idle while somebody has work.
 */
export function createFairShare(options: Options): FairShare {
  const turns = new AsyncLocalStorage<Turn>();
  const { enter, isInCompany, hasMore } = createQueues(options);
  return {
    async inTurn(caller, work) {
      const turn = await enter(caller);
      if (turn === 'too_many') return turn;
      try {
        return await turns.run(turn, work);
      } finally {
        if (turn.keptUntil === undefined) turn.leave();
        else void turn.keptUntil.then(turn.leave, turn.leave);
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

    keep(until) {
      const turn = turns.getStore();
      if (turn) turn.keptUntil = until();
    },

    keepBesideOthers(until) {
      const turn = turns.getStore();
      if (turn && isInCompany(turn.caller) && hasMore(turn.caller)) turn.keptUntil = until();
    },

    isInCompany,
  };
}

/** A queue for each caller, of those who wait for its turns. */
function createQueues({
  alone,
  inCompany,
  together = inCompany,
  waiting,
  patienceMs,
  now = Date.now,
  ...told
}: Options) {
  const queues = new Map<string, Queue>();
  const company = createCompany(now);
  let atWork = 0;
  const hasMore = (caller: string) => (queues.get(caller)?.waiting.size ?? 0) > 0;
  return { enter, isInCompany, hasMore };

  async function enter(caller: string): Promise<Turn | 'too_many'> {
    company.comes(caller);
    const queue = queues.get(caller) ?? { atWork: 0, waiting: new Set() };
    queues.set(caller, queue);
    if (queue.atWork >= mostOf(caller, queue)) {
      if (queue.waiting.size >= waiting || (await comesTooLate(queue))) return 'too_many';
    } else begin(queue);
    let standing: 'here' | 'left' = 'here';
    const leave = () => {
      if (standing === 'left') return;
      standing = 'left';
      letGo(caller, queue);
    };
    return { caller, leave, keptUntil: undefined };
  }

  /** Others are here while they are at work, however long that takes, and for a moment after they came. */
  function isInCompany(caller: string): boolean {
    if (told.isInCompany?.(caller)) return true;
    return company.isBeside(caller) || queues.size > (queues.has(caller) ? 1 : 0);
  }

  function mostOf(caller: string, queue: Queue): number {
    if (!isInCompany(caller)) return alone;
    if (told.isFruitless?.(caller)) return 1;
    return Math.max(inCompany, together - (atWork - queue.atWork));
  }

  function begin(queue: Queue): void {
    queue.atWork += 1;
    atWork += 1;
  }

  function comesTooLate({ waiting }: Queue): Promise<boolean> {
    return new Promise((tell) => {
      const comes = () => {
        clearTimeout(timer);
        tell(false);
      };
      const timer = setTimeout(() => {
        waiting.delete(comes);
        tell(true);
      }, patienceMs);
      waiting.add(comes);
    });
  }

  function letGo(caller: string, queue: Queue): void {
    queue.atWork -= 1;
    atWork -= 1;
    if (queue.atWork === 0 && queue.waiting.size === 0) queues.delete(caller);
    for (let next = nextInTurn(); next; next = nextInTurn()) next();
  }

  /** Of those who wait and may begin, the next of who has the least at work; counted as it is handed the turn. */
  function nextInTurn(): (() => void) | undefined {
    let least: Queue | undefined;
    for (const [caller, queue] of queues) {
      const mayBegin = queue.waiting.size > 0 && queue.atWork < mostOf(caller, queue);
      if (mayBegin && queue.atWork < (least?.atWork ?? Infinity)) least = queue;
    }
    const [first] = least?.waiting ?? [];
    if (!least || !first) return undefined;
    least.waiting.delete(first);
    begin(least);
    return first;
  }
}
