import type { Cost } from './cost.js';
import type { Sample } from './measure.js';
import { parts, type Part } from './usage.js';

/** One thing, called by so many at a time. */
export type Line = {
  readonly name: string;
  readonly callers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
  readonly firstFailure: string | null;
  readonly events: number | null;
  readonly rows: number | null;
  /** Of a call, by whom. */
  readonly cpuMs: Readonly<Record<Part, number>>;
};

export function summarise(samples: readonly Sample[], costs: ReadonlyMap<string, Cost>): Line[] {
  const isFirst = (sample: Sample) => samples.find((each) => isSame(each, sample)) === sample;
  return samples.filter(isFirst).map((first) => {
    const group = samples.filter((each) => isSame(each, first));
    return lineOf(first, group, costs.get(first.name));
  });
}

function isSame(a: Sample, b: Sample): boolean {
  return a.name === b.name && a.callers === b.callers;
}

function lineOf({ name, callers }: Sample, samples: readonly Sample[], cost: Cost | undefined): Line {
  const all = samples.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
  const sum = (figure: (sample: Sample) => number) => samples.reduce((total, sample) => total + figure(sample), 0);
  const at = (share: number) => rounded(all[Math.floor(all.length * share)] ?? 0);
  return {
    name,
    callers,
    perSecond: rounded(all.length / sum(({ seconds }) => seconds)),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failed: sum(({ failures }) => failures.length),
    firstFailure: samples.flatMap(({ failures }) => failures)[0] ?? null,
    events: cost?.events ?? null,
    rows: cost?.rows ?? null,
    cpuMs: Object.fromEntries(
      parts.map((part) => [
        part,
        rounded((1_000 * sum(({ cpuSeconds }) => cpuSeconds[part])) / Math.max(1, all.length)),
      ]),
    ) as Record<Part, number>,
  };
}

/** The rows of `docs/limits.md`. */
export function markdown(lines: readonly Line[]): string {
  const names = [...new Set(lines.map(({ name }) => name))];
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const told = (name: string, callers: number) => {
    const line = lines.find((each) => each.name === name && each.callers === callers);
    if (!line) return '';
    return `${line.perSecond}, ${line.p50Ms}, ${line.p99Ms}${line.failed > 0 ? ` (${line.failed} failed)` : ''}`;
  };
  const cost = (name: string) => {
    const line = lines.find((each) => each.name === name);
    const eight = lines.find((each) => each.name === name && each.callers === 8);
    const cpu = (...of: Part[]) => (eight ? rounded(of.reduce((sum, part) => sum + eight.cpuMs[part], 0)) : '');
    return [
      line?.events ?? '',
      line?.rows ?? '',
      cpu('Temporal'),
      cpu('worker', 'floors'),
      cpu('API'),
      cpu('Postgres'),
    ];
  };
  return [
    row(['a second, p50 ms, p99 ms', '1 caller', '8 callers', '32 callers', 'events', 'rows', ...CPU]),
    row(Array<string>(10).fill('---')),
    ...names.map((name) => row([name, told(name, 1), told(name, 8), told(name, 32), ...cost(name)])),
  ].join('\n');
}

const CPU = ['CPU ms a call: Temporal', 'worker', 'API', 'Postgres'];

export function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(value < 1 ? 2 : 3));
}
