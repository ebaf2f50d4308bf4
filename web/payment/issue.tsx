import { randomUUID } from 'node:crypto';
import { within } from '../../db/outage.js';
import { findReservation } from '../../db/payment/issueReservations.js';
import type { Judgement } from '../../domain/law/judge.js';
import { isForManagers } from '../../domain/payment/issue.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Asking } from '../../service/asking.js';
import { issuePayment, judgementOfWanted, type Issued } from '../../service/payment/issue.js';
import { issueToNewCustomer } from '../../service/payment/issueToNew.js';
import type { Refused } from '../../service/refused.js';
import { BACK, tillFor, tillIn } from '../http/backToTill.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { errorsOfSignature, type Errors } from '../http/fields.js';
import { askingOf, FORM_KEY, LAW_READ, readForm, SIGNER, whoAsks, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { outageOf } from '../http/wrong.js';
import { AGAINST_LAW, becauseIn, rulesOf } from '../law/notice.js';
import { lookUp } from './issue/choices.js';
import { IssueForm } from './issue/form.js';
import { readTyped, type Typed } from './issue/typed.js';
import { slipPath } from './slip/address.js';

/** New account payments. */
export function issueRoutes(parts: PageParts): Pages {
  const again: ShowAgain = (c, values) => show(c, parts, { values, errors: {}, status: 200 });
  return createRoutes()
    .get('/account-payments/new', signedIn(parts.desk, 'issue'), (c) =>
      show(c, parts, { values: begun(c), errors: {}, status: 200 }),
    )
    .post('/account-payments/new', signedIn(parts.desk, 'issue', again), async (c) => {
      const values = await readForm(c);
      if (values['step'] === 'search') return show(c, parts, { values, errors: {}, status: 200 });
      const typed = readTyped(values, c.get('reader'));
      if ('errors' in typed) return show(c, parts, { values, errors: typed.errors, status: 422 });
      return issue(c, parts, values, typed);
    });
}

/** Names of fields that a link may fill in: nothing in them says who somebody is. */
const LINKED = [
  'customerId',
  'type',
  'productId',
  'purpose',
  'money',
  'receiptId',
  'amount',
  'currency',
  'validThrough',
  BACK,
] as const;

function begun(c: PageContext): Values {
  const linked = LINKED.flatMap((name) => {
    const value = c.req.query(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const type = c.req.query('productId') ? 'product_specific' : 'generic';
  return { type, currency: c.get('session').shop.currency, ...Object.fromEntries(linked) };
}

async function issue(c: PageContext, parts: PageParts, values: Values, typed: Typed) {
  const reader = c.get('reader');
  try {
    const signed = await whoAsks(c, parts.desk, values, 'issue');
    if (signed.outcome !== 'signed')
      return await show(c, parts, { values, errors: errorsOfSignature(reader, signed), status: 403 });
    const asking = askingOf(c, values, signed.who);
    if (asking === undefined) return await refuse(c, parts, values, 'idempotency_key_required');
    const judgement = judgementOfWanted(typed.wanted, signed.who, parts.now());
    const unread = whyUnread(judgement, values, reader);
    if (unread && !(await issuedBy(parts, asking)))
      return await show(c, parts, { values, errors: unread, status: 422, judgement });
    const result = await ask(parts, { ...asking, ...becauseIn(values) }, typed);
    if (result.outcome === 'refused') return await refuse(c, parts, values, result.code, asking);
    return c.redirect(slipOf(result, tillIn(values[BACK])), 303);
  } catch (error) {
    const outage = outageOf(error, reader.texts.problems);
    if (outage === undefined) throw error;
    return show(c, parts, { values, errors: { '': outage }, status: 503 });
  }
}

/** What the law says is read before anything is issued: a form that has not shown it yet shows it first. */
function whyUnread(judgement: Judgement, values: Values, { texts }: Reader): Errors | undefined {
  if (judgement.outcome === 'clear') return undefined;
  if (judgement.outcome === 'refused') {
    return 'againstLawBecause' in becauseIn(values) ? undefined : { [AGAINST_LAW]: texts.law.becauseMissing };
  }
  return values[LAW_READ] === rulesOf(judgement) ? undefined : { '': texts.law.lookAgain };
}

function ask(parts: PageParts, asking: Asking, { customer, wanted }: Typed): Promise<Issued | Refused> {
  if ('customerId' in customer) return issuePayment(parts, asking, { ...wanted, ...customer });
  return issueToNewCustomer(parts, asking, customer, wanted);
}

/** The slip as it is opened first: what became of the issue, and the sale at the till that it was asked from. */
function slipOf({ recorded, delivery, payment }: Issued, till: string | undefined): string {
  const { reference, customerId } = payment;
  const outcome = delivery === 'replayed' ? 'before' : recorded ? 'yes' : 'no';
  return slipPath(reference, { first: 0, outcome, till: till && tillFor(customerId, till) });
}

/** A definite answer: what is sent next is another request. */
async function refuse(c: PageContext, parts: PageParts, values: Values, code: RefusalCode, asking?: Asking) {
  const errors = toldBeside(code, c.get('reader'));
  // A form that came through without an answer, and was changed then: what it did must not be done again unseen.
  const before = code === 'command_id_reused' && asking ? await issuedBy(parts, asking) : undefined;
  const renewed = { ...values, [FORM_KEY]: randomUUID() };
  return show(c, parts, { values: renewed, errors, status: 422, issued: before?.reference });
}

/** What a form has issued already. Sent again it is answered as it was, whatever the law asks for since. */
function issuedBy({ sql }: PageParts, { requestId }: Asking) {
  return within(PATIENCE_MS, findReservation(sql, requestId));
}

const PATIENCE_MS = 2_000;

/** Beside which field a refusal is told; the others concern no single one. */
const besides: Partial<Record<RefusalCode, string>> = {
  expires_at_in_past: 'validThrough',
  issue_not_allowed: 'money',
  exceeds_till_limit: 'amount',
  against_law: AGAINST_LAW,
};

function toldBeside(code: RefusalCode, { texts }: Reader): Errors {
  const told = { [besides[code] ?? '']: texts.refusals[code] };
  return isForManagers(code) ? { ...told, [SIGNER]: texts.sign.why } : told;
}

/** While a form is searched in or corrected nothing is said of it. */
function lawOnTyped(c: PageContext, parts: PageParts, values: Values): Judgement {
  const typed = values['step'] === 'issue' ? readTyped(values, c.get('reader')) : { errors: {} };
  if ('errors' in typed) return { outcome: 'clear' };
  return judgementOfWanted(typed.wanted, { shop: c.get('session').shop }, parts.now());
}

type Showing = {
  readonly values: Values;
  readonly errors: Errors;
  readonly status: 200 | 403 | 422 | 503;
  readonly issued?: string | undefined;
  /** What the law says of it, once it is known what is wanted. */
  readonly judgement?: Judgement | undefined;
};

async function show(c: PageContext, parts: PageParts, showing: Showing) {
  const { values, errors, status, issued, judgement = lawOnTyped(c, parts, values) } = showing;
  const reader = c.get('reader');
  const shown = { values, errors, issued, judgement, formKey: values[FORM_KEY] || randomUUID() };
  const looked = await lookUp(parts.listSql, values);
  return page(
    c,
    { title: reader.texts.issue.title, here: 'newPayment', status },
    <IssueForm reader={reader} session={c.get('session')} looked={looked} {...shown} />,
  );
}
