import { OpenAPIHono } from '@hono/zod-openapi';
import type { Variables } from './access.js';
import { faultsOf } from './faults.js';
import { problem } from './problems.js';

export type App = OpenAPIHono<Variables>;

/** A part of the API whose calls answer what does not fit their schemas with one problem that names every fault. */
export function createCalls(): App {
  return new OpenAPIHono<Variables>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const errors = faultsOf(result.error.issues, result.target);
      return problem(c, errors[0]?.code ?? 'malformed_request', { errors });
    },
  });
}
