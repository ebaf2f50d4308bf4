import { createRoute, z } from '@hono/zod-openapi';
import { exportFiles, listExports } from '../../db/finance/exports.js';
import { within } from '../../db/outage.js';
import { exportMakings, ledgerFormats } from '../../domain/finance/ledger.js';
import { sending } from '../../service/afterSending.js';
import { exportJournal } from '../../service/finance/exportJournal.js';
import { fileHeadersOf } from '../../service/finance/file.js';
import type { Parts } from '../../service/parts.js';
import { says } from '../../workflows/fields.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import { answers, otherwise } from '../http/documents.js';
import { answerRefused, problem } from '../http/problems.js';
import { field } from '../http/requestFields.js';
import { entryRoute, readingRoute } from '../http/routes.js';

const PATIENCE_MS = 5_000;

const wish = {
  legalEntity: field.legalEntity,
  currency: field.currency,
  format: z.enum(ledgerFormats, says('malformed_request')).meta({ example: 'datev' }),
  fromDay: field.day,
  toDay: field.day,
};
const exportSchema = z
  .object({
    number: z.int(),
    legalEntity: z.string(),
    currency: z.string(),
    format: z.string(),
    fromDay: z.string(),
    toDay: z.string(),
    debitsMinor: z.int(),
    madeBy: z.string(),
    madeAt: z.string(),
  })
  .openapi('Export');
const fileSchema = z.object({ name: z.string(), href: z.string() });
const madeSchema = z.object({ export: exportSchema, files: z.array(fileSchema), made: z.enum(exportMakings) });

const listRoute = readingRoute({
  path: '/finance/exports',
  operationId: 'listExports',
  summary: 'What was handed to a ledger, the latest first',
  permission: 'report',
  request: {},
  answer: answers('All exports', z.object({ items: z.array(exportSchema) })),
});

const makeRoute = entryRoute({
  path: '/finance/exports',
  operationId: 'makeExport',
  summary: 'Hand some days of an entity and currency to its ledger: each day once, and asked again the same files',
  body: z.strictObject(wish).openapi({
    example: {
      legalEntity: 'Nord GmbH',
      currency: 'EUR',
      format: 'datev',
      fromDay: '2026-01-01',
      toDay: '2026-01-31',
    },
  }),
  answers: { 200: answers('It was made before', madeSchema), 201: answers('It is made', madeSchema) },
});

const ordinal = z.coerce
  .number(says('malformed_request'))
  .int(says('malformed_request'))
  .min(1, says('malformed_request'))
  .max(2_147_483_647, says('malformed_request'));
const fileRoute = createRoute({
  method: 'get',
  path: '/finance/exports/{number}/files/{position}',
  operationId: 'exportFile',
  summary: 'A file of an export, byte by byte as it was made',
  middleware: [allow('report')] as const,
  request: {
    params: z.object({
      number: ordinal.openapi({ param: { name: 'number', in: 'path' }, example: 1 }),
      position: ordinal.openapi({ param: { name: 'position', in: 'path' }, example: 1 }),
    }),
  },
  responses: {
    200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } },
    ...otherwise,
  },
});

export function exportCalls({ listSql: sql, now }: Parts): App {
  return createCalls()
    .openapi(listRoute, async (c) => c.json({ items: await within(PATIENCE_MS, listExports(sql)) }, 200))
    .openapi(makeRoute, async (c) => {
      const by = { madeBy: c.get('caller').name, nowMs: now() };
      const made = await sending(exportJournal(sql, c.req.valid('json'), by));
      if ('code' in made) return answerRefused(c, made);
      const { number } = made.export;
      const files = made.files.map(({ name }, i) => ({ name, href: `/v1/finance/exports/${number}/files/${i + 1}` }));
      return c.json({ ...made, files }, made.made === 'now' ? 201 : 200);
    })
    .openapi(fileRoute, async (c) => {
      const { number, position } = c.req.valid('param');
      const file = (await within(PATIENCE_MS, exportFiles(sql, number)))[position - 1];
      if (!file) return problem(c, 'not_found');
      return c.body(file.bytes as Uint8Array<ArrayBuffer>, 200, fileHeadersOf(file));
    });
}
