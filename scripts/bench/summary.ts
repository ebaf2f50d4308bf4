import type { Sample } from './measure.js';
import { CALLERS, type Work } from './works.js';

type Line = {
  name: string;
  callers: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  eventsPerCall: number | null;
};

export async function summarise(works: Work[], samples: Sample[]): Promise<Line[]> {
  const calls = (name: string) =>
    samples.filter((sample) => sample.name === name).reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0);
  const lines: Line[] = [];
  for (const { name, call, ...work } of works) {
    const eventsPerCall = await work.eventsPerCall(call);
    for (const callers of work.callers) {
      const mine = samples.filter((sample) => sample.name === name && sample.callers === callers);
      const all = mine.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
      const seconds = mine.reduce((sum, sample) => sum + sample.seconds, 0);
      const at = (share: number) => Number((all[Math.floor(all.length * share)] ?? 0).toFixed(1));
      lines.push({
        name,
        callers,
        perSecond: Number((all.length / seconds).toFixed(1)),
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        eventsPerCall,
      });
    }
    console.log(`${name}: ${calls(name)} calls measured`);
  }
  return lines;
}

/** The figures that were wanted, beside those that were reached. */
export function verdict(lines: Line[]): void {
  const line = (prefix: string, callers: number) =>
    lines.find(({ name, callers: n }) => name.startsWith(prefix) && n === callers);
  console.log(
    `1 caller: settle p50 ${line('D', 1)?.p50Ms} ms, at most 300 wanted; quote p50 ${line('E', 1)?.p50Ms} ms, at most 20 wanted`,
  );
  for (const callers of CALLERS) {
    const [a0, a, b, c] = [line('A0', callers), line('A ', callers), line('B', callers), line('C', callers)];
    if (!a0 || !a || !b || !c) continue;
    const ratio = (x: number, y: number) => (x / y).toFixed(2);
    console.log(
      `${callers} callers: A/B throughput ${ratio(a.perSecond, b.perSecond)} (wait=0 ${ratio(a0.perSecond, b.perSecond)}), at least 0.80 wanted; ` +
        `A(wait=0)/C p50 ${ratio(a0.p50Ms, c.p50Ms)}, at most 1.50 wanted; events ${a.eventsPerCall} against ${b.eventsPerCall}`,
    );
  }
}
