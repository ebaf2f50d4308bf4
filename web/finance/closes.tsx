import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Close } from '../../db/finance/closes.js';
import { within } from '../../db/outage.js';
import { listShops } from '../../db/shops.js';
import { isMonth, monthOf } from '../../domain/finance/closing.js';
import { categories } from '../../domain/finance/categories.js';
import { daysAfter } from '../../domain/instants.js';
import { isReason, MAX_REASON_LENGTH } from '../../domain/ids.js';
import { isPermitted } from '../../domain/roles.js';
import { entitiesOf } from '../../domain/shop.js';
import { roleOf } from '../../domain/staff.js';
import { closeMonth, closes, reopen } from '../../service/finance/closes.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { ErrorSummary, SelectField, TextField, type Errors } from '../http/fields.js';
import { askingOf, FORM_KEY, readForm, type Values } from '../http/form.js';
import { FormKey } from '../http/layout.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { outageOf } from '../http/wrong.js';
import { personIn } from './person.js';

const PATIENCE_MS = 5_000;

/** Reports › Closed months: what was closed, to print and keep; to close a month; and to open one again. */
export function closeRoutes(parts: PageParts): Pages {
  const readers = signedIn(parts.desk, 'report');
  const first = (c: PageContext) => ({ values: suggested(c, parts), errors: {} });
  const again =
    (act: Act): ShowAgain =>
    (c, values) =>
      show(c, parts, act, { values, errors: {} }, 200);
  return createRoutes()
    .get('/closes', readers, (c) => show(c, parts, 'close', first(c), 200))
    .post('/closes', signedIn(parts.desk, 'report', again('close')), (c) => carryOut(c, parts, 'close'))
    .get('/closes/reopen', signedIn(parts.desk, 'reopen'), (c) => show(c, parts, 'reopen', first(c), 200))
    .post('/closes/reopen', signedIn(parts.desk, 'reopen', again('reopen')), (c) => carryOut(c, parts, 'reopen'));
}

const acts = ['close', 'reopen'] as const;
type Act = (typeof acts)[number];

function mayReopen(c: PageContext): boolean {
  return isPermitted(roleOf(c.get('session').staffRole), 'reopen');
}

/** The month before this one, of the entity in whose shop somebody is. */
function suggested(c: PageContext, parts: PageParts): Values {
  const { shop } = c.get('session');
  const firstDay = `${monthOf(shop.calendar.dayAt(parts.now()))}-01`;
  return { legalEntity: shop.legalEntity, month: monthOf(daysAfter(firstDay, -1)), [FORM_KEY]: randomUUID() };
}

async function carryOut(c: PageContext, parts: PageParts, act: Act): Promise<Response> {
  const values = await readForm(c);
  const { texts } = c.get('reader');
  const { legalEntity = '', month = '' } = values;
  const reason = (values['reason'] ?? '').normalize('NFC');
  if (!isMonth(month)) return show(c, parts, act, { values, errors: { month: texts.closes.unusableMonth } }, 422);
  if (act === 'reopen' && reason === '')
    return show(c, parts, act, { values, errors: { reason: texts.forms.required(texts.closes.reason) } }, 422);
  if (act === 'reopen' && !isReason(reason))
    return show(c, parts, act, { values, errors: { reason: texts.refusals.invalid_text } }, 422);
  try {
    if (!(await entitiesIn(parts)).includes(legalEntity))
      return await show(c, parts, act, { values, errors: { legalEntity: texts.refusals.entity_not_found } }, 422);
    const done = await ask(c, parts, act, { values, legalEntity, month, reason });
    if (!('code' in done)) return c.redirect(`/closes?done=${act}`, 303);
    const about = 'month' in done ? ` (${done.month})` : '';
    const anew = { ...values, [FORM_KEY]: randomUUID() };
    return await show(c, parts, act, { values: anew, errors: { '': `${texts.refusals[done.code]}${about}` } }, 422);
  } catch (error) {
    const outage = outageOf(error, texts.problems);
    if (outage === undefined) throw error;
    return show(c, parts, act, { values, errors: { '': outage } }, 503);
  }
}

type Asked = { readonly values: Values; readonly legalEntity: string; readonly month: string; readonly reason: string };

async function ask(c: PageContext, parts: PageParts, act: Act, { values, ...wish }: Asked) {
  const { staffId, staffRole, shop } = c.get('session');
  const who = { caller: `staff:${staffId}`, role: roleOf(staffRole), shop, staffId };
  const asking = askingOf(c, values, who);
  if (!asking) return { code: 'idempotency_key_required' } as const;
  return act === 'close' ? closeMonth(parts, asking, wish) : reopen(parts, asking, wish);
}

type Typed = { readonly values: Values; readonly errors: Errors };

async function show(
  c: PageContext,
  parts: PageParts,
  act: Act,
  typed: Typed,
  status: 200 | 422 | 503,
): Promise<Response> {
  const reader = c.get('reader');
  const { closes: words, finance } = reader.texts;
  const done = acts.find((each) => each === c.req.query('done'));
  const [made, entities] = await Promise.all([closes(parts, {}), entitiesIn(parts)]);
  return page(
    c,
    { title: act === 'close' ? words.title : words.reopen, here: 'reports', status },
    <>
      <p>{act === 'close' ? <a href="/reports">{finance.back}</a> : <a href="/closes">{words.title}</a>}</p>
      <ErrorSummary reader={reader} errors={typed.errors} />
      {done && status === 200 && (
        <p class="sheet" role="status">
          {words.done[done]}
        </p>
      )}
      <MonthForm reader={reader} entities={entities} act={act} {...typed} />
      {act === 'close' && mayReopen(c) && (
        <p>
          <a href="/closes/reopen">{words.reopen}</a>
        </p>
      )}
      {made.length === 0 && <p class="sheet">{words.none}</p>}
      {made.map((close) => (
        <Printed reader={reader} close={close} isAgain={isAgain(close, made)} />
      ))}
    </>,
  );
}

async function entitiesIn({ listSql }: PageParts): Promise<readonly string[]> {
  return entitiesOf(await within(PATIENCE_MS, listShops(listSql)));
}

/** Whether the same month was closed before. */
function isAgain(close: Close, made: readonly Close[]): boolean {
  return made.some(
    ({ kind, legalEntity, firstDay, number }) =>
      kind === close.kind && legalEntity === close.legalEntity && firstDay === close.firstDay && number < close.number,
  );
}

type FormProps = Typed & {
  readonly reader: Reader;
  readonly entities: readonly string[];
  readonly act: Act;
};

const MonthForm: FC<FormProps> = ({ reader, entities, act, values, errors }) => {
  const { closes: words } = reader.texts;
  const choices = entities.map((each) => ({ value: each, label: each }));
  return (
    <form class="sheet narrow" method="post" action={act === 'close' ? '/closes' : '/closes/reopen'}>
      <p>{act === 'close' ? words.closeHint : words.reopenHint}</p>
      <FormKey formKey={values[FORM_KEY] ?? ''} />
      <SelectField name="legalEntity" label={words.entity} values={values} errors={errors} choices={choices} />
      <TextField name="month" label={words.month} hint={words.monthHint} values={values} errors={errors} />
      {act === 'reopen' && (
        <TextField
          name="reason"
          label={words.reason}
          values={values}
          errors={errors}
          maxlength={MAX_REASON_LENGTH}
          autocomplete="off"
        />
      )}
      <div class="actions">
        <button class={act === 'close' ? '' : 'amber'}>{act === 'close' ? words.close : words.reopen}</button>
      </div>
    </form>
  );
};

const Printed: FC<{ reader: Reader; close: Close; isAgain: boolean }> = ({ reader, close, isAgain: again }) => {
  const { formats, texts } = reader;
  const { closes: words, finance } = texts;
  const days = `${formats.day(close.firstDay)} – ${formats.day(close.lastDay)}`;
  const title =
    close.kind === 'reopening' ? words.reopened(days) : again ? words.closedAgain(days) : words.closed(days);
  const nameOf = (category: string) =>
    categories.some((each) => each === category)
      ? finance.categories[category as (typeof categories)[number]]
      : category;
  return (
    <section class="sheet">
      <h2>
        {close.legalEntity}: {title}
      </h2>
      <p>{words.made(formats.instant(close.closedAt), personIn(close.closedBy))}</p>
      {close.reason !== null && (
        <p>
          {words.reason}: <bdi>{close.reason}</bdi>
        </p>
      )}
      {close.kind === 'month' && (
        <p>
          {words.movements(formats.number(close.movementCount), formats.number(close.lateCount))}{' '}
          {close.unrecordedCount === null ? words.unknownWaiting : words.waiting(formats.number(close.unrecordedCount))}
        </p>
      )}
      {close.totals.map(({ currency, openingMinor = 0, closingMinor = 0, ...total }) => (
        <dl class="facts">
          <dt>{words.opening}</dt>
          <dd>{formats.money(openingMinor, currency)}</dd>
          {total.categories.map(({ category, amountMinor }) => (
            <>
              <dt>{nameOf(category)}</dt>
              <dd>{formats.signedMoney(amountMinor, currency)}</dd>
            </>
          ))}
          <dt>{words.closing}</dt>
          <dd>{formats.money(closingMinor, currency)}</dd>
          <dt>{words.received}</dt>
          <dd>{formats.money(total.receivedMinor, currency)}</dd>
          <dt>{words.receivedEver}</dt>
          <dd>{formats.money(total.perpetualReceivedMinor, currency)}</dd>
        </dl>
      ))}
      <p>
        {words.head(formats.number(close.position))} <code>{close.head.match(/.{1,16}/g)?.join(' ')}</code>
      </p>
    </section>
  );
};
