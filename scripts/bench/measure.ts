import { inParallel } from '../../activities/inParallel.js';
import type { Stand } from './stand.js';
import { parts, type Part } from './usage.js';

export const ALL_CALLERS: readonly number[] = [1, 8, 32];

/** One thing that is measured. */
export type Work = {
  readonly name: string;
  readonly callers: readonly number[];
  /** One call, on payment, sale or workflow number `i`; tells which workflows it was for. */
  readonly call: (i: number) => Promise<readonly string[]>;
};

export type Pace = { readonly rounds: number; readonly seconds: number; readonly warmUpSeconds: number };

export type Sample = {
  readonly name: string;
  readonly callers: number;
  readonly latenciesMs: readonly number[];
  readonly failures: readonly string[];
  readonly seconds: number;
  readonly cpuSeconds: Readonly<Record<Part, number>>;
};

/** In turns within one run, so that whatever else the machine does meets all of them alike. */
export async function alternate(stand: Stand, works: readonly Work[], pace: Pace): Promise<Sample[]> {
  for (const work of works) await measure(stand, work, 8, pace.warmUpSeconds);
  const samples: Sample[] = [];
  for (let round = 1; round <= pace.rounds; round++) {
    for (const callers of ALL_CALLERS) {
      for (const work of works.filter((each) => each.callers.includes(callers)))
        samples.push(await measure(stand, work, callers, pace.seconds));
      console.log(`Round ${round} of ${pace.rounds}: ${callers} at a time.`);
    }
  }
  return samples;
}

let next = 0;

export async function measure(stand: Stand, work: Work, callers: number, seconds: number): Promise<Sample> {
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  const before = await stand.usage();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  await inParallel(callers, callers, async () => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      try {
        await work.call((next += 1));
        latenciesMs.push(performance.now() - sentAt);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
  });
  const took = (performance.now() - startedAt) / 1_000;
  const after = await stand.usage();
  const cpuSeconds = Object.fromEntries(
    parts.map((part) => [part, after.cpuSeconds(part) - before.cpuSeconds(part)]),
  ) as Record<Part, number>;
  return { name: work.name, callers, latenciesMs, failures, seconds: took, cpuSeconds };
}
