import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../finance/random.js';
import type { Interruptible } from '../servers/own.js';
import type { Link, LinkState } from './link.js';

const processNames = ['api', 'worker', 'postgres', 'temporal'] as const;
const linkNames = [
  'till to api',
  'api to postgres',
  'worker to postgres',
  'api to temporal',
  'worker to temporal',
] as const;
export type ProcessName = (typeof processNames)[number];
export type LinkName = (typeof linkNames)[number];

/** What can be harmed. */
export type Victims = {
  readonly processes: Readonly<Record<ProcessName, Interruptible>>;
  readonly links: Readonly<Record<LinkName, Link>>;
};

export type Fault =
  | { readonly kind: 'kill' | 'pause'; readonly victim: ProcessName; readonly forMs: number }
  | { readonly kind: 'cut' | 'hang'; readonly victim: LinkName; readonly forMs: number }
  | { readonly kind: 'slow'; readonly victim: LinkName; readonly forMs: number; readonly latencyMs: number };

const KINDS = { kill: 5, pause: 4, cut: 5, hang: 4, slow: 3 } as const;

function pickFault(random: Random): Fault {
  const kind = random.weighted(KINDS);
  switch (kind) {
    case 'kill':
      return { kind, victim: random.pick(processNames), forMs: random.whole(0, 3_000) };
    case 'pause':
      return { kind, victim: random.pick(processNames), forMs: random.whole(300, 7_000) };
    case 'cut':
    case 'hang':
      return { kind, victim: random.pick(linkNames), forMs: random.whole(200, 8_000) };
    case 'slow':
      return {
        kind,
        victim: random.pick(linkNames),
        forMs: random.whole(1_000, 8_000),
        latencyMs: random.whole(20, 300),
      };
  }
}

export type Harm = {
  /** Counted by what was done to whom. */
  readonly counts: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
};

/** So many at a time at the most, never two of one victim; between them everything is well for a moment. */
const LANES = 2;

export function doHarm(victims: Victims, randoms: (lane: number) => Random): Harm {
  const counts = new Map<string, number>();
  const harmed = new Set<string>();
  const stopping = new AbortController();
  const isGoingOn = () => !stopping.signal.aborted;
  const wait = (ms: number) => pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const lane = async (random: Random) => {
    while (isGoingOn()) {
      await wait(random.whole(500, 5_000));
      const fault = pickFault(random);
      if (!isGoingOn() || harmed.has(fault.victim)) continue;
      const name = `${fault.kind} ${fault.victim}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      harmed.add(fault.victim);
      await carryOut(victims, fault, wait);
      harmed.delete(fault.victim);
    }
  };
  const done = Promise.all(Array.from({ length: LANES }, (_, i) => lane(randoms(i))));
  return {
    counts,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function carryOut(
  { processes, links }: Victims,
  fault: Fault,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      return processes[fault.victim].killAndBegin(fault.forMs);
    case 'pause':
      processes[fault.victim].signal('SIGSTOP');
      await wait(fault.forMs);
      return processes[fault.victim].signal('SIGCONT');
    case 'cut':
    case 'hang':
    case 'slow':
      links[fault.victim].become(stateOf(fault));
      await wait(fault.forMs);
      return links[fault.victim].become({ kind: 'open' });
  }
}

function stateOf(fault: Extract<Fault, { victim: LinkName }>): LinkState {
  switch (fault.kind) {
    case 'cut':
      return { kind: 'cut' };
    case 'hang':
      return { kind: 'hanging' };
    case 'slow':
      return { kind: 'slow', latencyMs: fault.latencyMs };
  }
}
