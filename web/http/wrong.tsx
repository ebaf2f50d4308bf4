import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isRecordsOutage, isValueRefused } from '../../db/outage.js';
import { ActorsUnavailable, OutcomeUnknown } from '../../service/temporal.js';
import type { PageContext } from './context.js';
import { Forbidden, Malformed, NotFound, TooMany } from './faults.js';
import { page } from './page.js';
import type { PageParts } from './parts.js';
import type { Texts } from '../texts/texts.js';

type Told = { readonly status: ContentfulStatusCode; readonly title: string; readonly sentences: readonly string[] };

/** What a page says when it cannot be had. A form that waits for an answer tells it itself, with what was typed. */
export function whatWentWrong(error: Error, c: PageContext, { log }: PageParts): Response | Promise<Response> {
  const { status, title, sentences } = tellOf(error, c.get('reader').texts) ?? bug(error, c, log);
  if (status === 429) c.header('Retry-After', '1');
  return page(
    c,
    { title, status },
    sentences.map((sentence) => <p>{sentence}</p>),
  );
}

function tellOf(error: Error, { problems, refusals }: Texts): Told | undefined {
  if (error instanceof NotFound) return { status: 404, title: problems.notFoundTitle, sentences: [problems.notFound] };
  if (error instanceof Forbidden)
    return { status: 403, title: problems.forbiddenTitle, sentences: [problems.forbidden] };
  if (error instanceof TooMany) return { status: 429, title: problems.tooManyTitle, sentences: [problems.tooMany] };
  // The check of where a form comes from says no more than that.
  if (error instanceof HTTPException && error.status === 403)
    return { status: 403, title: problems.forbiddenTitle, sentences: [problems.otherSite] };
  if (error instanceof HTTPException)
    return { status: error.status, title: problems.notTakenTitle, sentences: [error.message] };
  if (error instanceof Malformed || isValueRefused(error))
    return { status: 400, title: problems.notTakenTitle, sentences: [refusals.malformed_request] };
  const outage = outageOf(error, problems);
  if (outage === undefined) return undefined;
  return { status: 503, title: problems.awayTitle, sentences: [outage, problems.listsAway] };
}

/** In which words an outage is told; `undefined` for what is none. */
export function outageOf(error: unknown, problems: Texts['problems']): string | undefined {
  if (error instanceof OutcomeUnknown) return problems.unknown;
  if (error instanceof ActorsUnavailable) return problems.paymentsAway;
  return isRecordsOutage(error) ? problems.booksAway : undefined;
}

function bug(error: Error, c: PageContext, log: PageParts['log']): Told {
  log.error({ bug: error.name, stack: error.stack?.split('\n').slice(1, 6) }, 'a page met a bug');
  const { problems } = c.get('reader').texts;
  return { status: 500, title: problems.bugTitle, sentences: [problems.bug] };
}
