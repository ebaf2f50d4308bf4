import type { FC } from 'hono/jsx';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isRecordsOutage, isValueRefused } from '../../db/outage.js';
import { ActorsUnavailable, OutcomeUnknown } from '../../service/temporal.js';
import type { PageContext } from './context.js';
import { Forbidden, Malformed, NotFound, TooMany } from './faults.js';
import { readForm, SIGNER, TYPED_BEFORE, typedIn, writeTyped, type Values } from './form.js';
import { page } from './page.js';
import type { PageParts } from './parts.js';
import type { Texts } from '../texts/texts.js';

type Told = { readonly status: ContentfulStatusCode; readonly title: string; readonly sentences: readonly string[] };

/** What a page says when it cannot be had. A form that waits for an answer tells it itself, with what was typed. */
export async function whatWentWrong(error: Error, c: PageContext, { log }: PageParts): Promise<Response> {
  const { texts } = c.get('reader');
  const isForm = c.req.method === 'POST';
  const { status, title, sentences } = tellOf(error, texts, isForm) ?? bug(error, c, log);
  if (status === 429) c.header('Retry-After', '1');
  const typed = status === 503 && isForm ? await typedInto(c) : undefined;
  return page(
    c,
    { title, status },
    <>
      {sentences.map((sentence) => (
        <p>{sentence}</p>
      ))}
      {typed && <SendAgain c={c} typed={typed} />}
    </>,
  );
}

/** What a form said that could not be answered, less what no page says again. */
async function typedInto(c: PageContext): Promise<Values> {
  const values = await readForm(c);
  return TYPED_BEFORE in values ? { [TYPED_BEFORE]: values[TYPED_BEFORE] ?? '' } : typedIn(keptOf(values));
}

/** Whoever signed types the name again beside the password. */
function keptOf({ [SIGNER]: _, ...values }: Values): Values {
  return { [TYPED_BEFORE]: writeTyped(values) };
}

const SendAgain: FC<{ c: PageContext; typed: Values }> = ({ c, typed }) => {
  const { pathname, search } = new URL(c.req.url);
  return (
    <form class="sheet narrow" method="post" action={pathname + search}>
      {Object.entries(typed).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div class="actions">
        <button>{c.get('reader').texts.acts.again}</button>
      </div>
    </form>
  );
};

function tellOf(error: Error, { problems, refusals }: Texts, isForm: boolean): Told | undefined {
  if (error instanceof NotFound) return { status: 404, title: problems.notFoundTitle, sentences: [problems.notFound] };
  if (error instanceof Forbidden)
    return { status: 403, title: problems.forbiddenTitle, sentences: [problems.forbidden] };
  if (error instanceof TooMany) return { status: 429, title: problems.tooManyTitle, sentences: [problems.tooMany] };
  // The check of where a form comes from says no more than that.
  if (error instanceof HTTPException && error.status === 403)
    return { status: 403, title: problems.forbiddenTitle, sentences: [problems.otherSite] };
  if (error instanceof HTTPException && (error.status === 421 || error.status === 413)) {
    const sentence = error.status === 421 ? problems.otherName : problems.tooLarge;
    return { status: error.status, title: problems.notTakenTitle, sentences: [sentence] };
  }
  if (error instanceof HTTPException)
    return { status: error.status, title: problems.notTakenTitle, sentences: [refusals.malformed_request] };
  if (error instanceof Malformed || isValueRefused(error))
    return { status: 400, title: problems.notTakenTitle, sentences: [refusals.malformed_request] };
  const outage = outageOf(error, problems);
  if (outage === undefined) return undefined;
  const sentence = isForm ? outage : isRecordsOutage(error) ? problems.booksAwayNow : problems.paymentsAwayNow;
  return { status: 503, title: problems.awayTitle, sentences: [sentence, problems.listsAway] };
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
