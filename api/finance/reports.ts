import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Rows } from '../../service/finance/reports.js';
import { asCsv, asJson } from '../../service/finance/file.js';
import {
  figureOfField,
  paramFields,
  paramsOf,
  readCell,
  readParams,
  reportOfSlug,
  slugOf,
} from '../../domain/finance/asked.js';
import { fieldOf, type Column, type Param } from '../../domain/finance/report.js';
import { columnsOf, movementColumns, reportNames } from '../../domain/finance/reports.js';
import { questions } from '../../domain/finance/questions.js';
import { isStorableText } from '../../domain/ids.js';
import { refusals, type RefusalCode } from '../../domain/refusals.js';
import type { Parts } from '../../service/parts.js';
import { streamed } from '../../service/streamed.js';
import { says } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import { answers } from '../http/documents.js';
import { problem } from '../http/problems.js';
import { readingRoute } from '../http/routes.js';

const typed = z.string().refine(isStorableText, says('malformed_request'));
const slugs = reportNames.map(slugOf);

/** Each parameter of each report. No schema can say that what one needs depends on its name, so a sentence does. */
const params = Object.fromEntries(
  paramFields.map((field) => [field, typed.optional().openapi({ description: whoTakes(field) })]),
);

const name = z.string().openapi({
  description: 'A name of the list, with `.csv` at its end for a file',
  enum: slugs,
  example: slugs[0],
});

const rowsSchema = z.object({
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
});

const columnSchema = z.object({ name: z.string(), kind: z.string(), role: z.string() });
const listSchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      question: z.string(),
      parameters: z.array(
        z.object({ name: z.string(), kind: z.string(), need: z.string(), of: z.array(z.string()).optional() }),
      ),
      columns: z.array(columnSchema),
    }),
  ),
});

const listRoute = readingRoute({
  path: '/reports',
  operationId: 'reports',
  summary: 'Which report answers which question, and what each is asked with',
  permission: 'report',
  request: {},
  answer: answers('All reports', listSchema),
});

const reportRoute = readingRoute({
  path: '/reports/{name}',
  operationId: 'report',
  summary: 'The rows of a report, as JSON, or as CSV where that is accepted or asked for by name',
  permission: 'report',
  request: { params: z.object({ name }), query: z.strictObject(params) },
  answer: answers('Its rows. Amounts are in minor units; in a CSV file they have decimals', rowsSchema),
});

const movementsRoute = readingRoute({
  path: '/reports/{name}/movements',
  operationId: 'reportMovements',
  summary: 'The movements behind one figure of one row: their amounts sum to it',
  permission: 'report',
  request: {
    params: z.object({ name }),
    query: z.strictObject({
      ...params,
      figure: typed.openapi({ description: 'A column of amounts', example: 'netMinor' }),
      cell: typed.optional().openapi({
        description: "Values of the row's key columns, as JSON; what is left out is of every row",
        example: '{"currency":"EUR"}',
      }),
    }),
  },
  answer: answers('The movements, the oldest first', rowsSchema),
});

export function reportCalls({ reports }: Parts): App {
  return createCalls()
    .openapi(listRoute, (c) => c.json({ items: reportNames.map(described) }, 200))
    .openapi(movementsRoute, async (c) => {
      const { figure: field, cell: typedCell, ...query } = c.req.valid('query');
      const report = named(c);
      if (!report) return problem(c, 'not_found');
      const asked = readParams(report, query);
      if ('fault' in asked) return faulty(c, asked.fault.field, codes[asked.fault.why]);
      const figure = figureOfField(report, field);
      if (figure === undefined) return faulty(c, 'figure', 'malformed_request');
      const keys = readCell(report, typedCell);
      if (!keys) return faulty(c, 'cell', 'malformed_request');
      const rows = await reports.movements(report, asked.params, { keys, figure });
      return answered(c, rows, Object.entries(movementColumns), `${slugOf(report)}-movements`);
    })
    .openapi(reportRoute, async (c) => {
      const report = named(c);
      if (!report) return problem(c, 'not_found');
      const asked = readParams(report, c.req.valid('query'));
      if ('fault' in asked) return faulty(c, asked.fault.field, codes[asked.fault.why]);
      return answered(c, await reports.report(report, asked.params), columnsOf(report), slugOf(report));
    });
}

function whoTakes(field: string): string {
  const having = (need: Param['need']) =>
    reportNames
      .filter((report) => paramsOf(report).some((param) => fieldOf(param.name) === field && param.need === need))
      .map(slugOf);
  const [needing, taking] = [having('required'), having('optional')];
  return [
    ...(needing.length > 0 ? [`Needed by ${needing.join(', ')}.`] : []),
    ...(taking.length > 0 ? [`May be said to ${taking.join(', ')}.`] : []),
  ].join(' ');
}

const codes = { missing: 'missing_field', malformed: 'malformed_request', unknown: 'unknown_field' } as const;

function faulty(c: Context, parameter: string, code: RefusalCode): Response {
  return problem(c, code, { errors: [{ parameter, code, reason: refusals[code].sentence }] });
}

function named(c: Context) {
  return reportOfSlug((c.req.param('name') ?? '').replace(/\.csv$/, ''));
}

function described(report: (typeof reportNames)[number]) {
  return {
    name: slugOf(report),
    question: questions[report],
    parameters: paramsOf(report).map(({ name: param, kind, need, of }) => ({
      name: fieldOf(param),
      kind,
      need,
      ...(of && { of: of.map(fieldOf) }),
    })),
    columns: columnsOf(report).map(([column, { kind, role }]) => ({ name: fieldOf(column), kind, role })),
  };
}

/** As the caller takes it. The first rows are there by now: what could go wrong before would have been told as such. */
async function answered(
  c: Context,
  rows: Rows | 'too_many',
  columns: readonly (readonly [string, Column])[],
  fileName: string,
): Promise<Response> {
  if (rows === 'too_many') return problem(c, 'too_many_requests');
  const isFile = /\.csv($|\/)/.test(c.req.path) || (c.req.header('Accept') ?? '').includes('text/csv');
  const text = isFile ? asCsv(columns, rows) : asJson(rows);
  return c.body(await streamed(text), 200, {
    'Content-Type': isFile ? 'text/csv; charset=utf-8' : 'application/json',
    ...(isFile && { 'Content-Disposition': `attachment; filename="${fileName}.csv"` }),
  });
}
