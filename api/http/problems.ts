import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Delivery } from '../../domain/payment/handle.js';
import { financeRefusals, type FinanceRefusal, type FinanceRefusalCode } from '../../domain/finance/refusals.js';
import { refusals, type RefusalCode } from '../../domain/refusals.js';
import type { Refused, ShownBeside } from '../../service/refused.js';

/** What can go wrong on the way to the rules and back, beside the refusals of the rules themselves. */
const doorProblems = {
  unauthorized: { status: 401, sentence: 'This call needs a valid key: Authorization: Bearer <key>.' },
  forbidden: { status: 403, sentence: 'The role of this key may not do that.' },
  not_found: { status: 404, sentence: 'There is nothing at this address.' },
  command_not_found: { status: 404, sentence: 'No command with this id is known here, or not yet.' },
  gift_not_found: { status: 404, sentence: 'There is no such gift.' },
  customer_not_found: { status: 404, sentence: 'There is no such customer.' },
  product_not_found: { status: 404, sentence: 'There is no such product.' },
  method_not_allowed: { status: 405, sentence: 'This address does not take this method.' },
  unknown_host: {
    status: 421,
    sentence: 'This service does not answer to that name: ALLOWED_HOSTS and PUBLIC_URL say to which.',
  },
  payload_too_large: { status: 413, sentence: 'A body is 128 KiB at most.' },
  unsupported_media_type: { status: 415, sentence: 'A body is application/json.' },
  too_many_requests: {
    status: 429,
    sentence: 'More was asked for under this name, or from this address, than fits. Nothing has changed.',
  },
  internal_error: {
    status: 500,
    sentence: 'Something is wrong here. Sent again with the same key, the request gets its one answer.',
  },
  temporal_unavailable: { status: 503, sentence: 'The account payments cannot be reached. Nothing has changed.' },
  records_unavailable: { status: 503, sentence: 'The records cannot be reached. Nothing has changed.' },
  books_put_back: {
    status: 503,
    sentence:
      'The books were put back to an earlier time, and nothing is issued or closed before they are complete again.',
  },
  actor_missing: { status: 503, sentence: 'The workflow of this account payment is missing. An operator has to look.' },
  outcome_unknown: {
    status: 504,
    sentence:
      'No answer came in time; it may have been done. Sent again, under the same key where it has one, it counts once.',
  },
} as const;

export type ProblemCode = RefusalCode | FinanceRefusalCode | keyof typeof doorProblems;

export const problems: Readonly<Record<ProblemCode, { status: number; sentence: string }>> = {
  ...refusals,
  ...financeRefusals,
  ...doorProblems,
};

/** One thing that is wrong with a request, and where: a JSON pointer into the body, or a parameter's name. */
export type Fault = { readonly code: RefusalCode; readonly reason: string } & (
  { readonly pointer: string } | { readonly parameter: string }
);

export type ProblemExtras = Omit<ShownBeside, 'payments'> & {
  errors?: readonly Fault[];
  payments?: readonly { detail: string }[];
  /** What a refusal of finance's is about. */
  about?: Readonly<Record<string, unknown>>;
};

/**
 * An answer that is not what was asked for, as RFC 9457 has it.
 * @param retryAfterS when it may be asked for again, where that is known better than by the code
 */
export function problem(
  c: Context,
  code: ProblemCode,
  extras: ProblemExtras = {},
  retryAfterS: number | undefined = retryAfterOf(code),
): Response {
  const { status, sentence } = problems[code];
  const title = code.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
  if (status === 401) c.header('WWW-Authenticate', 'Bearer');
  if (retryAfterS !== undefined) c.header('Retry-After', String(retryAfterS));
  c.set('problem', code);
  const body = { type: `urn:account-payments:problem:${code}`, title, status, detail: sentence, code, ...extras };
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, { 'Content-Type': 'application/problem+json' });
}

/** A payment that is full takes a while; all else is over in a moment. */
function retryAfterOf(code: ProblemCode): number | undefined {
  const { status } = problems[code];
  if (code === 'too_many_requests' || status >= 503) return 1;
  return status === 429 ? 60 : undefined;
}

/** What the service answers instead of having done what was asked. */
type NotDone =
  Refused | { readonly outcome: 'forbidden' } | { readonly outcome: 'unanswered'; readonly code: ProblemCode };

/** What was not done, with all that this caller may see beside it. */
export function answerNotDone(c: Context, result: NotDone): Response {
  switch (result.outcome) {
    case 'forbidden':
      return problem(c, 'forbidden');
    case 'unanswered':
      return problem(c, result.code);
    case 'refused': {
      const { payments, ...shown } = result.shown;
      const inWords = payments?.map((each) => ({ ...each, detail: refusals[each.code].sentence }));
      markReplayed(c, result.delivery);
      return problem(c, result.code, { ...shown, ...(inWords && { payments: inWords }) });
    }
  }
}

/** What finance was refused, with what it is about. */
export function answerRefused(c: Context, { code, ...about }: FinanceRefusal): Response {
  return problem(c, code, Object.keys(about).length > 0 ? { about } : {});
}

export function markReplayed(c: Context, delivery: Delivery): void {
  if (delivery === 'replayed') c.header('Idempotent-Replayed', 'true');
}
