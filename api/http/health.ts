import { createRoute, z } from '@hono/zod-openapi';
import { createSharing } from '../../db/sharing.js';
import { createSlots } from '../../db/slots.js';
import { allow } from './access.js';
import { createCalls, type App } from './calls.js';
import { otherwise } from './documents.js';
import type { Parts } from '../../service/parts.js';

const states = ['up', 'down'] as const;
const readiness = ['ready', 'degraded', 'unready'] as const;

const state = z.enum(states);

const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'health',
  summary: 'Whether the process is alive',
  security: [],
  responses: {
    200: {
      description: 'Alive',
      content: { 'application/json': { schema: z.object({ status: z.literal('alive') }) } },
    },
  },
});

const readySchema = z.object({ status: z.enum(readiness), temporal: state, postgres: state });

const readyRoute = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'ready',
  summary: 'Whether calls can be answered, and what stands behind them',
  description: 'Without Postgres tills go on spending, so that is degraded, not unready.',
  security: [],
  responses: {
    200: { description: 'Ready, or degraded', content: { 'application/json': { schema: readySchema } } },
    503: { description: 'Unready', content: { 'application/json': { schema: readySchema } } },
  },
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'metrics',
  summary: 'Measurements, in the text format of Prometheus',
  description: 'For keys that may see reports: finance and admin.',
  middleware: [allow('report')] as const,
  responses: { 200: { description: 'Measurements', content: { 'text/plain': { schema: z.string() } } }, ...otherwise },
});

const PATIENCE_MS = 2_000;

/** Nobody is asked twice at once, however many want to know: probes need no key. */
export function healthCalls({ actors, healthSql: sql, metrics }: Parts): App {
  const calls = createCalls();
  const { sharing } = createSharing<State>();
  const asking = createSlots(1);
  const standingOf = (name: 'temporal' | 'postgres', ask: () => PromiseLike<unknown>) =>
    sharing(
      name,
      () => upOrDown(ask()),
      () => undefined,
    );
  calls.openapi(healthRoute, (c) => c.json({ status: 'alive' as const }, 200));
  calls.openapi(readyRoute, async (c) => {
    const [temporal, postgres] = await Promise.all([
      standingOf('temporal', actors.ping),
      standingOf('postgres', () => asking(PATIENCE_MS, async () => sql`select 1`)),
    ]);
    if (temporal === 'down') return c.json({ status: 'unready' as const, temporal, postgres }, 503);
    return c.json({ status: postgres === 'up' ? ('ready' as const) : ('degraded' as const), temporal, postgres }, 200);
  });
  calls.openapi(metricsRoute, async (c) => c.text(await metrics.registry.metrics(), 200));
  return calls;
}

type State = z.infer<typeof state>;

async function upOrDown(asked: PromiseLike<unknown>): Promise<State> {
  try {
    await asked;
    return 'up';
  } catch {
    return 'down';
  }
}
