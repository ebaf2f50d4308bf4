import { createRoute, z } from '@hono/zod-openapi';
import type { Sql } from '../../db/connect.js';
import { within } from '../../db/outage.js';
import type { Parts } from '../../service/parts.js';
import { allow } from './access.js';
import { createCalls, type App } from './calls.js';
import { limit } from './cursor.js';
import { problem } from './problems.js';
import { answers, json, otherwiseOfWriting } from './documents.js';
import { field, idField } from './requestFields.js';
import { readingRoute } from './routes.js';

const PATIENCE_MS = 2_000;

/** What has a name that people read, and how its table is asked. */
type Named = {
  readonly noun: 'customer' | 'product';
  /** An id and a name, for the documents. */
  readonly example: { readonly id: string; readonly name: string };
  readonly put: (parts: Parts, id: string, name: string) => Promise<object>;
  readonly find: (sql: Sql, id: string) => Promise<object | undefined>;
  readonly search: (sql: Sql, q: string, limit: number) => Promise<object[]>;
};

/** The calls to set, read and find names: the shop's own systems keep them up to date. */
export function namedCalls({ noun, example, put, find, search }: Named): (parts: Parts) => App {
  const title = noun.replace(/^./, (first) => first.toUpperCase());
  const schema = z
    .object({
      [`${noun}Id`]: z.string(),
      name: z.string(),
      updatedAt: z.string().openapi({ format: 'date-time' }),
    })
    .openapi(title);
  const params = z.object({ id: idField(example.id) });
  const body = json(z.strictObject({ name: field.name }).openapi({ example: { name: example.name } }));

  const putRoute = createRoute({
    method: 'put',
    path: `/${noun}s/{id}`,
    operationId: `put${title}`,
    summary: `Set a ${noun}'s name`,
    middleware: [allow('manage')] as const,
    request: { params, body },
    responses: { 200: answers('Set', schema), ...otherwiseOfWriting },
  });
  const getRoute = readingRoute({
    path: `/${noun}s/{id}`,
    operationId: `get${title}`,
    summary: `Read a ${noun}'s name`,
    request: { params },
    answer: answers('It is there', schema),
  });
  const searchRoute = readingRoute({
    path: `/${noun}s`,
    operationId: `search${title}s`,
    summary: `Find ${noun}s by name or id`,
    request: { query: z.strictObject({ q: field.q, limit }) },
    answer: answers('Those found, by name', z.object({ items: z.array(schema) })),
  });

  return (parts) =>
    createCalls()
      .openapi(searchRoute, async (c) => {
        const { q, limit: most } = c.req.valid('query');
        return c.json({ items: await within(PATIENCE_MS, search(parts.listSql, q, most)) }, 200);
      })
      .openapi(putRoute, async (c) => {
        const { id } = c.req.valid('param');
        return c.json(await put(parts, id, c.req.valid('json').name), 200);
      })
      .openapi(getRoute, async (c) => {
        const found = await within(PATIENCE_MS, find(parts.sql, c.req.valid('param').id));
        return found ? c.json(found, 200) : problem(c, `${noun}_not_found`);
      });
}
