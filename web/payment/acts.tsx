import { randomUUID } from 'node:crypto';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { readReference } from '../../domain/reference.js';
import type { Customer } from '../../db/customer/customers.js';
import { RecordsUnavailable } from '../../db/outage.js';
import { isPermitted } from '../../domain/roles.js';
import { roleOf } from '../../domain/staff.js';
import { readPayment } from '../../service/payment/read.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { errorsOfSignature, type Errors } from '../http/fields.js';
import { askingOf, FORM_KEY, readForm, whoAsks, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { AGAINST_LAW, becauseIn } from '../law/notice.js';
import { outageOf } from '../http/wrong.js';
import { actNames, permissionOf, type ActName, type Asked } from './act/asked.js';
import { carryOut } from './act/carryOut.js';
import { foresee, offered, whyNotOffered, type Known } from './act/foresee.js';
import { lawOn } from './act/law.js';
import { ActForm, addressOf, Again, Confirmation, SEEN, STEP } from './act/pages.js';
import { understand } from './act/read.js';
import { toldOf } from './act/refused.js';
import { tell } from './act/tell.js';
import { readFacts } from './facts.js';

/** What is done to one payment: a form, what it would do, and that it is done. */
export function actRoutes(parts: PageParts): Pages {
  const at = `/account-payments/:reference/:act{${actNames.join('|')}}` as const;
  return createRoutes()
    .get(at, signedIn(parts.desk, 'read'), async (c) => {
      const { sale } = c.req.query();
      const values: Values = sale === undefined ? {} : { sale };
      const known = await knownOf(c, parts);
      const { act } = addressed(c);
      return offered(known).includes(act) ? showForm(c, { known, values, errors: {} }, 200) : notNow(c, known);
    })
    .post(at, signedIn(parts.desk, 'read', again(parts)), async (c) => {
      const values = await readForm(c);
      try {
        const known = await knownOf(c, parts);
        const step = values[STEP];
        if (step === 'edit') return await showForm(c, { known, values, errors: {} }, 200);
        return step === 'confirm' ? await confirm(c, parts, known, values) : await send(c, parts, known, values);
      } catch (error) {
        const outage = outageOf(error, c.get('reader').texts.problems);
        if (outage === undefined) throw error;
        return showAgain(c, values, { '': outage });
      }
    });
}

/** Without an answer, what was confirmed is shown as it was asked for: it may have been done. */
function again(parts: PageParts): ShowAgain {
  return async (c, values) => {
    const known = await knownOf(c, parts);
    const step = values[STEP];
    const asked =
      step === 'edit' || step === 'confirm'
        ? 'not_yet'
        : await understand(parts, addressed(c).act, { known, reader: c.get('reader'), values });
    if (asked === 'not_yet' || asked.outcome === 'wrong') return showForm(c, { known, values, errors: {} }, 200);
    return showConfirmation(c, parts, { known, values, errors: {}, asked: asked.asked, seen: values[SEEN] }, 200);
  };
}

function addressed(c: PageContext): { act: ActName; reference: string } {
  const act = actNames.find((each) => each === c.req.param('act'));
  const reference = readReference(c.req.param('reference') ?? '');
  if (act === undefined || reference === undefined) throw new NotFound();
  return { act, reference };
}

/** @throws NotFound, RecordsUnavailable when neither the payment nor the books can be asked */
async function knownOf(c: PageContext, parts: PageParts): Promise<Known> {
  const { staffRole, shop } = c.get('session');
  const payment = await readPayment(parts, addressed(c).reference, shop);
  if (payment === 'payment_not_found') throw new NotFound();
  if (payment === 'records_unavailable') throw new RecordsUnavailable('nobody can tell of this payment');
  const own = roleOf(staffRole);
  const role = isPermitted(own, 'manage') ? own : 'manager';
  return { payment, facts: await readFacts(parts, payment), role, shop, nowMs: parts.now() };
}

function signingOf(c: PageContext, act: ActName): 'needed' | 'not_needed' {
  return isPermitted(roleOf(c.get('session').staffRole), permissionOf(act)) ? 'not_needed' : 'needed';
}

type Shown = {
  readonly known: Known;
  readonly values: Values;
  readonly errors: Errors;
  readonly customers?: readonly Customer[] | undefined;
};

/** @param key of a request that was refused for good nothing more can come: the next one has a key of its own */
function showForm(c: PageContext, shown: Shown, status: ContentfulStatusCode, key: 'same' | 'new' = 'same') {
  const reader = c.get('reader');
  const { act } = addressed(c);
  const formKey = key === 'same' ? keyOf(shown.values) : randomUUID();
  const body = <ActForm act={act} reader={reader} signing={signingOf(c, act)} formKey={formKey} {...shown} />;
  return page(c, { title: reader.texts.acts.names[act], here: 'payments', status }, body);
}

function keyOf(values: Values): string {
  return values[FORM_KEY] ?? randomUUID();
}

/** What will happen; `seen` is what somebody had seen who is to look again only at something else. */
async function showConfirmation(
  c: PageContext,
  parts: PageParts,
  { known, values, errors, asked, seen }: Shown & { asked: Asked; seen?: string | undefined },
  status: ContentfulStatusCode,
  key: 'same' | 'new' = 'same',
) {
  const reader = c.get('reader');
  const { act, reference } = addressed(c);
  const { payment, facts } = known;
  const body = (
    <Confirmation
      act={act}
      reference={reference}
      payment={payment}
      name={facts === 'away' ? undefined : facts.customerName}
      told={tell(asked, known, reader)}
      reader={reader}
      values={values}
      errors={errors}
      signing={signingOf(c, act)}
      formKey={key === 'same' ? keyOf(values) : randomUUID()}
      seen={seen ?? String(payment.balanceMinor)}
      judgement={await lawOn(parts, known, asked)}
    />
  );
  return page(c, { title: reader.texts.acts.names[act], here: 'payments', status }, body);
}

function showAgain(c: PageContext, values: Values, errors: Errors) {
  const reader = c.get('reader');
  const shown = { ...addressed(c), reader, values, errors, signing: signingOf(c, addressed(c).act) };
  const { awayTitle } = reader.texts.problems;
  return page(c, { title: awayTitle, here: 'payments', status: 503 }, <Again {...shown} formKey={keyOf(values)} />);
}

/** Somebody followed an old link, or the payment has changed meanwhile. */
function notNow(c: PageContext, known: Known) {
  const { texts } = c.get('reader');
  const { act, reference } = addressed(c);
  return page(
    c,
    { title: texts.acts.names[act], here: 'payments', status: 409 },
    <div class="sheet narrow">
      <p>{texts.acts.notNow}</p>
      <p>{whyNot(act, known, texts)}</p>
      <p>
        <a href={addressOf(reference)}>{texts.acts.backTo(reference)}</a>
      </p>
    </div>,
  );
}

function whyNot(act: ActName, known: Known, { acts, refusals }: Reader['texts']): string {
  const why = whyNotOffered(act, known);
  if (why !== 'nothing_to_do') return refusals[why];
  return act === 'reissue' ? acts.notWornOut : acts.noSales;
}

async function confirm(c: PageContext, parts: PageParts, known: Known, values: Values) {
  const reader = c.get('reader');
  const { act } = addressed(c);
  const understood = await understand(parts, act, { known, reader, values });
  if (understood.outcome === 'wrong') return showForm(c, { known, values, ...understood }, 422);
  const code = foresee(known, understood.asked);
  if (code === undefined)
    return showConfirmation(c, parts, { known, values, errors: {}, asked: understood.asked }, 200);
  return showForm(c, { known, values, errors: toldOf(code, known, reader) }, 422);
}

/** Does it: the payment's rules have the word, whatever was foreseen. */
async function send(c: PageContext, parts: PageParts, known: Known, values: Values) {
  const reader = c.get('reader');
  const { act } = addressed(c);
  const signed = await whoAsks(c, parts.desk, values, permissionOf(act));
  const understood = await understand(parts, act, { known, reader, values });
  if (signed.outcome !== 'signed') {
    const errors = errorsOfSignature(reader, signed);
    if (understood.outcome === 'wrong')
      return showForm(c, { known, values, errors: { '': reader.texts.sign.why } }, 403);
    return showConfirmation(c, parts, { known, values, errors, asked: understood.asked, seen: values[SEEN] }, 403);
  }
  if (understood.outcome === 'wrong') return showForm(c, { known, values, ...understood }, 422);
  const { asked } = understood;
  const asking = askingOf(c, values, signed.who);
  if (!asking)
    return showForm(c, { known, values, errors: { '': reader.texts.refusals.idempotency_key_required } }, 422, 'new');
  if (hasChanged(asked, known, values[SEEN]))
    return showConfirmation(c, parts, { known, values, errors: { '': reader.texts.acts.changed }, asked }, 409);
  const told = await carryOut(parts, { ...asking, ...becauseIn(values) }, known.payment, asked);
  switch (told.outcome) {
    case 'done': {
      const again = told.delivery === 'replayed' ? '&again=yes' : '';
      return c.redirect(`${addressOf(told.reference)}?done=${told.commandId}${again}`, 303);
    }
    case 'refused':
      if (told.code === 'against_law') {
        const errors = { [AGAINST_LAW]: reader.texts.law.becauseMissing };
        return showConfirmation(c, parts, { known, values, errors, asked, seen: values[SEEN] }, 422, 'new');
      }
      return showForm(c, { known, values, errors: toldOf(told.code, known, reader, told.shown) }, 422, 'new');
    case 'forbidden':
      return showForm(c, { known, values, errors: { '': reader.texts.problems.forbidden } }, 403);
    case 'unanswered':
      if (told.code === 'payment_not_found') throw new NotFound();
      return showAgain(c, values, {
        '': reader.texts.refusals[told.code === 'answer_in_books' ? told.code : 'payment_unavailable'],
      });
  }
}

/** Nobody loses more than was on the page that they said yes to. What has ended meanwhile says so itself. */
function hasChanged(asked: Asked, { payment }: Known, seen: string | undefined): boolean {
  const takesAll = asked.act === 'cancel' || asked.act === 'expire';
  return takesAll && seen !== undefined && payment.status === 'active' && seen !== String(payment.balanceMinor);
}
