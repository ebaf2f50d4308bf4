import { inParallel } from '../inParallel.js';
import { CALLERS, PAYMENTS, type Work } from './works.js';

const ROUNDS = 3;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

export type Sample = { name: string; callers: number; latenciesMs: number[]; seconds: number };

/** In turns within one run, so that whatever else the machine does meets all of them alike. */
export async function alternate(works: Work[]): Promise<Sample[]> {
  for (const work of works) await measure(work, 8, 2);
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const callers of CALLERS) {
      for (const work of works.filter((each) => each.callers.includes(callers))) {
        samples.push(await measure(work, callers, SECONDS));
        console.log(`round ${round + 1}: ${work.name}, ${callers} callers`);
      }
    }
  }
  return samples;
}

async function measure({ name, call }: Work, callers: number, seconds: number): Promise<Sample> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let next = 0;
  await inParallel(callers, callers, async () => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      await call((next += 1) % PAYMENTS);
      latenciesMs.push(performance.now() - sentAt);
    }
  });
  return { name, callers, latenciesMs, seconds: (performance.now() - startedAt) / 1_000 };
}
