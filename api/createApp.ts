import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import { BooksPutBack } from '../db/booksCompared.js';
import { isRecordsOutage, isValueRefused } from '../db/outage.js';
import { authenticate, type Variables } from './http/access.js';
import { ActorsUnavailable, OutcomeUnknown } from '../service/temporal.js';
import type { Parts } from '../service/parts.js';
import { boundBody } from './http/boundBody.js';
import { apiDoors } from './http/doors.js';
import { docsPage } from './http/docsPage.js';
import { headAlone } from './http/head.js';
import { healthCalls } from './http/health.js';
import type { Keyring } from './http/keys.js';
import {
  answerInTime,
  boundCalls,
  boundIssues,
  boundLists,
  boundRefused,
  createLimits,
  recordsInTurn,
  type Limits,
} from './http/limits.js';
import { problem } from './http/problems.js';
import { applyCall } from './payment/apply.js';
import { cancelCall } from './payment/cancel.js';
import { captureCall, releaseCall } from './sale/capture.js';
import { commandCall } from './payment/command.js';
import { applicablePaymentsCall, customerAccountCall } from './customer/account.js';
import { expireCall } from './payment/expire.js';
import { explanationCall } from './payment/explanation.js';
import { extendCall } from './payment/extend.js';
import { freezeCall, thawCall } from './payment/freeze.js';
import { payOutCall } from './payment/payOut.js';
import { commandsCall } from './payment/commands.js';
import { movementsCall, usagesCall } from './payment/history.js';
import { closeCalls } from './finance/closes.js';
import { financeEntryCalls } from './finance/entries.js';
import { exportCalls } from './finance/exports.js';
import { reportCalls } from './finance/reports.js';
import { issueCall } from './payment/issue.js';
import { listCall } from './payment/list.js';
import { customerDataCall } from './customer/data.js';
import { customerCalls } from './customer/customers.js';
import { productCalls } from './product/products.js';
import { quoteCall } from './sale/quote.js';
import { notesCall, readCall } from './payment/read.js';
import { readSaleCall } from './sale/read.js';
import { reinstateCall, reissueCall } from './payment/replace.js';
import { refundCall } from './payment/refund.js';
import { returnSaleCall } from './sale/return.js';
import { holdSaleCall, settleCall } from './sale/hold.js';
import { giveCall, readGiftCall } from './gift/give.js';

const calls = [
  issueCall,
  listCall,
  readCall,
  notesCall,
  applyCall,
  refundCall,
  cancelCall,
  expireCall,
  extendCall,
  payOutCall,
  freezeCall,
  thawCall,
  reinstateCall,
  reissueCall,
  usagesCall,
  movementsCall,
  commandsCall,
  commandCall,
  explanationCall,
  customerCalls,
  productCalls,
  customerAccountCall,
  customerDataCall,
  applicablePaymentsCall,
  quoteCall,
  holdSaleCall,
  captureCall,
  releaseCall,
  settleCall,
  returnSaleCall,
  readSaleCall,
  giveCall,
  readGiftCall,
  closeCalls,
  reportCalls,
  financeEntryCalls,
  exportCalls,
];

/** What may read much. */
const lists = [
  '/v1/account-payments',
  '/v1/account-payments/:reference/usages',
  '/v1/account-payments/:reference/movements',
  '/v1/account-payments/:reference/commands',
  '/v1/account-payments/:reference/explanation',
  '/v1/customers',
  '/v1/customers/:id/account',
  '/v1/customers/:id/data',
  '/v1/products',
  '/v1/closes',
  '/v1/reports/*',
  '/v1/finance/*',
];

/** What issues payments that are recorded after the answer. A gift is at work until it is decided. */
const issues = [
  '/v1/account-payments',
  '/v1/account-payments/:reference/reinstate',
  '/v1/account-payments/:reference/reissue',
];

/** The whole HTTP surface. Everything that it reaches outside for comes in as `parts`. */
export function createApp(
  given: Parts,
  keyring: Keyring,
  /** `names`: by which it is called, beside the machine's own names for itself. */
  { limits = createLimits(), names = [] }: { limits?: Limits; names?: readonly string[] } = {},
): OpenAPIHono<Variables> {
  const parts = { ...given, untilRecorded: recordsInTurn(given.untilRecorded, limits) };
  const app = new OpenAPIHono<Variables>();
  app.use(headAlone, answerInTime(limits), observe(parts), apiDoors(names));
  app.use(
    '/v1/*',
    boundRefused(limits, keyring),
    authenticate(keyring),
    boundCalls(limits),
    addressCheck,
    contentChecks(app),
    boundBody,
  );
  app.on('GET', lists, boundLists(limits));
  app.on('POST', issues, boundIssues(limits));
  for (const call of calls) app.route('/v1', call(parts));
  app.use('/metrics', boundRefused(limits, keyring), authenticate(keyring), boundCalls(limits));
  app.route('/', healthCalls(parts));
  app.route('/', docsPage());
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Account payments',
      version: '1',
      description: 'Money that customers leave with a shop before they buy.',
    },
    security: [{ key: [] }],
  });
  app.notFound((c) => unknownAddress(app, c));
  app.onError((error, c) => whatWentWrong(error, c, parts));
  return app;
}

/**
 * One line and one measurement a request: the route, never the address with what people put into it. Who guesses at
 * other customers' payments is found by the caller beside `payment_not_found`.
 */
function observe({ log, metrics, now }: Parts) {
  return createMiddleware<{ Variables: Partial<Variables['Variables']> }>(async (c, next) => {
    const startedAtMs = now();
    await next();
    const tookMs = now() - startedAtMs;
    const route = routePath(c, -1);
    const { status } = c.res;
    metrics.requests.observe({ method: c.req.method, route, status: String(status) }, tookMs / 1_000);
    log.info(
      { method: c.req.method, route, status, problem: c.var.problem, caller: c.var.caller?.name, tookMs },
      'request',
    );
  });
}

/** An address whose escapes are no text would be read as it stands, as somebody's id. */
const addressCheck = createMiddleware(async (c, next) => {
  try {
    decodeURIComponent(c.req.url);
  } catch {
    return problem(c, 'malformed_request');
  }
  return next();
});

/** What a body is, where there is a call that takes one: a method that an address does not take is told first. */
function contentChecks(app: OpenAPIHono<Variables>) {
  return createMiddleware(async (c, next) => {
    const hasBody = ['POST', 'PUT', 'PATCH'].includes(c.req.method);
    const mediaType = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
    const isWrong = hasBody && mediaType !== 'application/json';
    return isWrong && methodsAt(app, c.req.path).includes(c.req.method) ? problem(c, 'unsupported_media_type') : next();
  });
}

function unknownAddress(app: OpenAPIHono<Variables>, c: Context): Response {
  const allowed = methodsAt(app, c.req.path);
  if (allowed.length === 0) return problem(c, 'not_found');
  c.header('Allow', allowed.join(', '));
  return problem(c, 'method_not_allowed');
}

function methodsAt(app: OpenAPIHono<Variables>, path: string): string[] {
  const routes = app.openAPIRegistry.definitions.flatMap((each) => (each.type === 'route' ? [each.route] : []));
  const here = routes.filter((route) => new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
  return [...new Set(here.map((route) => route.method.toUpperCase()))];
}

function whatWentWrong(error: Error, c: Context, { log }: Parts): Response {
  if (error instanceof HTTPException)
    return problem(c, error.status === 413 ? 'payload_too_large' : 'malformed_request');
  if (error instanceof OutcomeUnknown) return problem(c, 'outcome_unknown');
  if (error instanceof ActorsUnavailable) return problem(c, 'temporal_unavailable');
  if (error instanceof BooksPutBack) return problem(c, 'books_put_back', {}, 60);
  if (isRecordsOutage(error)) return problem(c, 'records_unavailable');
  if (isValueRefused(error)) {
    // The doors are there to see it first: this one let it through.
    log.warn({ stack: error.stack?.split('\n').slice(1, 6) }, 'Postgres cannot hold a value of a request');
    return problem(c, 'malformed_request');
  }
  log.error({ bug: error.name, stack: error.stack?.split('\n').slice(1, 6) }, 'a request met a bug');
  return problem(c, 'internal_error');
}
