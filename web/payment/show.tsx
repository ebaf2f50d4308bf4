import type { Child, FC } from 'hono/jsx';
import { RecordsUnavailable } from '../../db/outage.js';
import { refusedAfterEnd } from '../../db/payment/refusedAfterEnd.js';
import { listTimeline } from '../../db/payment/timeline.js';
import { isOver } from '../../domain/payment/payment.js';
import { readReference } from '../../domain/reference.js';
import type { PaymentRead } from '../../service/payment/read.js';
import { readCommand } from '../../service/payment/readCommand.js';
import { readScanned } from '../../service/payment/readScanned.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { Acts } from './act/links.js';
import { addressOf } from './act/pages.js';
import { readFacts, unlessAway } from './facts.js';
import { Glance, type Seen } from './glance.js';
import { Held } from './held.js';
import { Kin, Sales } from './kin.js';
import { noteRoutes, Notes } from './notes.js';
import { Timeline, type History } from './timeline.js';

/** One payment: how it stands, what was asked of it, what can be done. */
export function showRoutes(parts: PageParts): Pages {
  return createRoutes()
    .get('/account-payments/:reference', signedIn(parts.desk, 'read'), async (c) => {
      const reference = readReference(c.req.param('reference'));
      if (reference === undefined) throw new NotFound();
      const payment = await readScanned(parts, reference, c.get('session').shop);
      if (payment === 'records_unavailable') throw new RecordsUnavailable('nobody can tell of this payment');
      if (payment === 'payment_not_found') throw new NotFound();
      if (payment.reference !== reference)
        return c.redirect(`${addressOf(payment.reference)}?instead=${reference}`, 302);
      return show(c, parts, payment);
    })
    .route('/', noteRoutes(parts));
}

const PAGE = 50;

async function show(c: PageContext, parts: PageParts, payment: PaymentRead): Promise<Response> {
  const { session, reader } = { session: c.get('session'), reader: c.get('reader') };
  const { reference } = payment;
  const [facts, history, notice] = await Promise.all([
    readFacts(parts, payment),
    unlessAway(historyOf(parts, reference, revisionOf(c.req.query('before')))),
    noticeOf(c, parts, reference),
  ]);
  const seen: Seen = { payment, facts, reader, shop: session.shop, nowMs: parts.now() };
  const { texts } = reader;
  const answers = payment.source === 'actor' || isOver({ ...payment, standing: payment }, seen.nowMs);
  return page(
    c,
    { title: texts.payment.titleOf(reference), here: 'payments' },
    <>
      {notice}
      {(facts === 'away' || history === 'away') && <p class="notice amber">{texts.payment.booksAway}</p>}
      {!answers && <p class="notice amber">{texts.payment.unanswered}</p>}
      <Glance {...seen} />
      {answers && <Acts seen={seen} session={session} />}
      <p>
        <a href={`${addressOf(reference)}/slip`}>{texts.payment.slip}</a>
        {' · '}
        <a href={`${addressOf(reference)}/explanation`}>{texts.payment.explanation.open}</a>
      </p>
      <Held {...seen} />
      <Notes seen={seen} session={session} />
      <Sales {...seen} />
      <Kin {...seen} />
      <section>
        <h2 id="history">{texts.payment.history}</h2>
        {history === 'away' ? (
          <p class="empty">{texts.payment.historyWaits}</p>
        ) : (
          <Timeline {...seen} history={history} done={c.req.query('done')} />
        )}
      </section>
      {session.staffRole === 'admin' && <Workflow parts={parts} seen={seen} />}
    </>,
  );
}

function revisionOf(before: string | undefined): number | undefined {
  return before !== undefined && /^[1-9]\d{0,8}$/.test(before) ? Number(before) : undefined;
}

async function historyOf({ sql }: PageParts, reference: string, before: number | undefined): Promise<History> {
  const [found, late] = await Promise.all([
    listTimeline(sql, reference, { before, limit: PAGE + 1 }),
    before === undefined ? refusedAfterEnd(sql, reference, PAGE) : [],
  ]);
  const rows = found.slice(0, PAGE);
  return { rows, refusedAfterEnd: late, older: found.length > PAGE ? rows.at(-1)?.revision : undefined, before };
}

/** What was just done, and whether the books have it; or why another payment is shown than was asked for. */
async function noticeOf(c: PageContext, parts: PageParts, reference: string): Promise<Child> {
  const { texts } = c.get('reader');
  const { done, again, noted, instead } = c.req.query();
  if (instead !== undefined && readReference(instead) !== undefined)
    return <p class="notice amber">{texts.payment.shownInstead(instead)}</p>;
  if (noted !== undefined) return <p class="notice">{texts.payment.noted}</p>;
  if (done === undefined || !/^[\w-]{1,64}$/.test(done)) return null;
  const command = await readCommand(parts, reference, done);
  if (typeof command === 'string' || command.outcome !== 'accepted') return null;
  if (!command.recorded)
    return (
      <p class="notice amber" role="status">
        {texts.recorded.no}
      </p>
    );
  return (
    <p class="notice" role="status">
      {again === undefined ? texts.recorded.yes : texts.recorded.before}
    </p>
  );
}

/** Temporal's own UI shows the workflow of that name. */
const Workflow: FC<{ parts: PageParts; seen: Seen }> = ({ parts, seen }) => {
  if (!parts.temporalUiUrl) return null;
  const base = `${parts.temporalUiUrl.href.replace(/\/$/, '')}/namespaces/${encodeURIComponent(parts.actors.namespace)}`;
  return (
    <p>
      <a href={`${base}/workflows/${seen.payment.reference}`}>{seen.reader.texts.payment.workflow}</a>
    </p>
  );
};
