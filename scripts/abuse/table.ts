import type { Flood } from './floods.js';
import type { Sample } from './tills.js';

export type Measured = {
  readonly flood: Flood;
  /** How often each answer was given to the flood. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly failure: string | null;
  readonly before: readonly Sample[];
  readonly during: readonly Sample[];
  readonly after: readonly Sample[];
  readonly answersAgainMs: number | null;
  /** Who was not served once while it went on. */
  readonly lockedOut: readonly string[];
  readonly lost: number;
};

/** Twice as slow, and this much that no till notices. */
const AT_MOST = 2;
const UNNOTICED_MS = 20;

export function medianMs(samples: readonly Sample[]): number {
  const sorted = samples.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

export function lineOf(measured: Measured) {
  const { flood, statuses, before, during, after, answersAgainMs, lockedOut, lost } = measured;
  return {
    flood: flood.name,
    answers: Array.from(statuses, ([status, count]) => `${count} × ${status}`)
      .sort()
      .join(', '),
    'p50 before, during, after': [before, during, after].map(medianMs).join(', '),
    'worst during': Math.round(Math.max(0, ...during.map(({ tookMs }) => tookMs))),
    'not served': `${during.filter(isTurnedAway).length} of ${during.length}`,
    'locked out': lockedOut.join(', '),
    'answers again after': answersAgainMs,
    lost,
  };
}

export function faultsOf(measured: Measured): string[] {
  const { flood, failure, before, during, after, answersAgainMs, lockedOut, lost } = measured;
  const usualMs = Math.max(medianMs(before), medianMs(after));
  const isSlow = (samples: readonly Sample[], thanMs: number) => medianMs(samples) > AT_MOST * thanMs + UNNOTICED_MS;
  const faults = [
    failure,
    ...answersThatFail(measured),
    // Tills that all wait are no fast ones.
    [before, during, after].some(({ length }) => length === 0) &&
      'no honest till was answered before, during or after it',
    lost > 0 && `${lost} acknowledged commands are in no books`,
    lockedOut.length > 0 && `locked out: ${lockedOut.join(', ')}`,
    answersAgainMs === null && 'the payment does not answer again',
    flood.away === 'nothing' && isSlow(during, usualMs) && 'honest tills take more than twice as long',
    during.some(({ status }) => !HONEST[flood.away].includes(status)) && 'honest tills were turned away',
    isSlow(after, medianMs(before)) && 'honest tills are not as fast as before 5 s after its end',
    after.some(isTurnedAway) && 'honest tills are turned away 5 s after its end',
  ];
  return faults.flatMap((fault) => (typeof fault === 'string' ? [`${flood.name}: ${fault}`] : []));
}

/** What honest tills may hear beside a flood: with nobody to decide, that; with the books away they go on selling. */
const HONEST: Readonly<Record<Flood['away'], readonly number[]>> = {
  nothing: [200],
  worker: [200, 429, 503, 504],
  Postgres: [200, 504],
};

/** What the flood was answered and should not have been, and what should have been said to it and was not. */
function answersThatFail({ flood: { answers, seldom = [] }, statuses }: Measured): string[] {
  const others = [...statuses.keys()].filter((status) => !answers.includes(status) && !seldom.includes(status));
  return [
    ...others.map((status) => `${statuses.get(status) ?? 0} were answered ${status === 0 ? 'nothing' : status}`),
    ...answers.filter((status) => !statuses.has(status)).map((status) => `none was answered ${status}`),
  ];
}

function isTurnedAway({ status }: Sample): boolean {
  return status !== 200;
}
