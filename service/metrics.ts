import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'How long requests took, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    refusals: new Counter({
      name: 'account_payment_refusals_total',
      help: 'Commands that were turned down, by code',
      labelNames: ['code'],
      registers: [registry],
    }),
    actorsMissing: new Counter({
      name: 'account_payment_actors_missing_total',
      help: 'Calls for a payment that is active in the records and has no workflow: somebody terminated it',
      registers: [registry],
    }),
  };
}
