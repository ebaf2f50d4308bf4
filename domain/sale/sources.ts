import type { Begun, Source } from './sale.js';

export function withSources(sale: Begun, change: (source: Source) => Source): Begun {
  return { ...sale, attempt: { ...sale.attempt, sources: sale.attempt.sources.map(change) } };
}
