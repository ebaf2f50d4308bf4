import { randomUUID } from 'node:crypto';
import { whileAway, within } from '../../db/outage.js';
import { endedAmong } from '../../db/sale/names.js';
import { isCurrency } from '../../domain/money.js';
import { authorityOf, isPermitted } from '../../domain/roles.js';
import type { Wish } from '../../domain/payment/command.js';
import { isForManagers } from '../../domain/payment/issue.js';
import type { ReturnAuthority, ReturnSale, ReturnView } from '../../domain/sale/sale.js';
import { roleOf } from '../../domain/staff.js';
import type { Asking, Who } from '../../service/asking.js';
import type { Refused } from '../../service/refused.js';
import { commandSale, type SaleAccepted, type SaleNotFound } from '../../service/sale/command.js';
import { returnAsCredit, whyNoCredit, type ReturnedAsCredit } from '../../service/sale/returnAsCredit.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { errorsOfSignature, type Errors } from '../http/fields.js';
import { askingOf, FORM_KEY, minorIn, readForm, SIGNER, whoAsks, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { outageOf } from '../http/wrong.js';
import { saleAddress, saleKeyIn } from './address.js';
import { inCurrency, loadSale, type SaleShown } from './load.js';
import { refusalTold } from './refusal.js';
import { CREDIT, extentIn, otherWayIn, readReturn, type ReturnWish } from './returnFields.js';
import { isShown, ReturnForm } from './returnForm.js';
import { ReturnPreview, SendAgain, type Signing } from './returnPreview.js';

/** A sale is taken back in two steps: what would go where, which changes nothing, and then the return. */
export function returnRoutes(parts: PageParts): Pages {
  const { desk } = parts;
  return createRoutes()
    .get('/sales/:saleId/return', signedIn(desk, 'read'), async (c) => {
      const sale = await loaded(c, parts);
      return showForm(c, sale, { values: { extent: 'everything', order: 'creditFirst' }, errors: {} }, 200);
    })
    .post('/sales/:saleId/return', signedIn(desk, 'read', again(parts)), async (c) => {
      const values = await readForm(c);
      try {
        return await answer(c, parts, values);
      } catch (error) {
        const outage = outageOf(error, c.get('reader').texts.problems);
        if (outage === undefined) throw error;
        return showAgain(c, values, { '': outage }, 503);
      }
    });
}

/** A return that was confirmed may have been done: it is asked for to the letter, and not from what is left now. */
function again(parts: PageParts): ShowAgain {
  return async (c, values) => {
    if (stepIn(values) === 'confirm') return showAgain(c, values, {}, 200);
    return showForm(c, await loaded(c, parts), { values, errors: {} }, 200);
  };
}

/** What a button of these pages asks for. */
const steps = ['preview', 'change', 'confirm'] as const;

function stepIn(values: Values) {
  return steps.find((each) => each === values['step']) ?? 'preview';
}

async function answer(c: PageContext, parts: PageParts, values: Values): Promise<Response> {
  switch (stepIn(values)) {
    case 'change':
      return showForm(c, await loaded(c, parts), { values, errors: {} }, 200);
    case 'preview':
      return preview(c, parts, values, {});
    case 'confirm':
      return confirm(c, parts, values);
  }
}

async function loaded(c: PageContext, parts: PageParts): Promise<SaleShown> {
  const sale = await loadSale(parts, saleKeyIn(c));
  if (!sale) throw new NotFound();
  return inCurrency(sale, c.req.query('currency'));
}

/** What is said on the preview beside what would happen, when it comes a second time. */
type Before = { readonly errors?: Errors; readonly status?: 200 | 403; readonly formKey?: string };

async function preview(c: PageContext, parts: PageParts, values: Values, before: Before): Promise<Response> {
  const sale = await loaded(c, parts);
  const reader = c.get('reader');
  const read = readReturn(values, { reader, currency: sale.currency, sold: sale.lines });
  if ('errors' in read) return showForm(c, sale, { values, errors: read.errors }, 422);
  const { result, signing: ofReturn } = await previewed(c, parts, read.wish, values);
  if (result.outcome !== 'accepted') {
    const errors = { [fieldOf(values)]: refusalTold(reader, result, sale.currency) };
    return showForm(c, sale, { values, errors }, 422);
  }
  if (!result.return) throw new Error('a preview that shows nothing');
  const { errors = {}, status = 200, formKey = randomUUID() } = before;
  const signing =
    ofReturn === 'not_needed' ? signingOfCredit(c, parts, sale, { values, back: result.return }) : ofReturn;
  const references = result.return.returned.map(({ reference }) => reference);
  const body = (
    <ReturnPreview
      reader={reader}
      sale={sale}
      wish={read.wish}
      back={result.return}
      ended={await endedOrNone(parts, references)}
      values={{ ...values, [FORM_KEY]: formKey }}
      errors={errors}
      signing={signing}
      warnings={result.warnings}
    />
  );
  return page(c, { title: reader.texts.returning.previewTitle(sale.key.saleId), here: 'sales', status }, body);
}

/** Whether store credit of this return is more than this role may issue. */
function signingOfCredit(
  c: PageContext,
  { now }: PageParts,
  { key, currency }: SaleShown,
  { values, back: { otherTenderMinor } }: { values: Values; back: ReturnView },
): Signing {
  if (otherWayIn(values) !== 'credit' || otherTenderMinor === 0) return 'not_needed';
  const { staffRole, shop } = c.get('session');
  const issue = { amountMinor: otherTenderMinor, currency, receiptId: key.saleId };
  return whyNoCredit({ role: roleOf(staffRole), shop }, issue, now()) === undefined ? 'not_needed' : 'past_limit';
}

type Previewed = { readonly result: SaleAccepted | Refused | SaleNotFound; readonly signing: Signing };

/**
 * What would happen, seen by whoever asks: after the return period, or where the role does not reach, a manager signs
 * it later on. It changes nothing and is nobody's request, so each has a key of its own.
 */
async function previewed(c: PageContext, parts: PageParts, wish: ReturnWish, values: Values): Promise<Previewed> {
  const { staffId, staffRole, shop } = c.get('session');
  const role = roleOf(staffRole);
  const who: Who = { caller: `staff:${staffId}`, role, shop, staffId };
  const ask = async (authority: ReturnAuthority) => {
    const asking = askingOf(c, { ...values, [FORM_KEY]: randomUUID() }, who);
    if (!asking) throw new Error('a new key that is none');
    return commandSale(parts, asking, saleKeyIn(c), { ...wish, authority, extent: 'preview' });
  };
  const own = await ask(authorityOf(role));
  if (own.outcome === 'refused' && own.code === 'sale_closed' && authorityOf(role) === 'till')
    return { result: await ask('manager'), signing: 'past_period' };
  return { result: own, signing: isPermitted(role, 'spend') ? 'not_needed' : 'needed' };
}

async function confirm(c: PageContext, parts: PageParts, values: Values): Promise<Response> {
  const reader = c.get('reader');
  const key = saleKeyIn(c);
  const currency = values['currency'] ?? '';
  if (!isCurrency(currency)) return preview(c, parts, values, {});
  const read = readReturn(values, { reader, currency, sold: null });
  if ('errors' in read) return preview(c, parts, values, {});
  const signed = await whoAsks(c, parts.desk, values, 'spend');
  if (signed.outcome !== 'signed') {
    const errors = errorsOfSignature(reader, signed);
    return preview(c, parts, values, { errors, status: 403, formKey: values[FORM_KEY] ?? randomUUID() });
  }
  const asking = askingOf(c, values, signed.who);
  if (!asking) return preview(c, parts, values, {});
  const authority = authorityOf(signed.who.role);
  const wish = { ...read.wish, authority, extent: 'carried_out' } as const;
  const result =
    otherWayIn(values) === 'credit'
      ? await asCredit(c, parts, asking, { wish, seenMinor: minorIn(values[CREDIT]) })
      : await commandSale(parts, asking, key, wish);
  if (result.outcome === 'accepted') {
    const recorded = result.delivery === 'replayed' ? 'before' : result.recorded ? 'yes' : 'no';
    return c.redirect(saleAddress(key, '', { done: 'returned', recorded, ...creditSaid(result) }), 303);
  }
  if (isForManagers(result.code) && authority === 'till')
    return preview(c, parts, values, {
      errors: { [SIGNER]: reader.texts.refusals[result.code] },
      status: 403,
      formKey: values[FORM_KEY] ?? randomUUID(),
    });
  if (result.code === 'sale_closed' && authority === 'till')
    return preview(c, parts, values, { errors: { [SIGNER]: reader.texts.returning.pastPeriod }, status: 403 });
  const errors = { [fieldOf(values)]: refusalTold(reader, result, currency) };
  return showForm(c, await loaded(c, parts), { values, errors }, 422);
}

async function asCredit(
  c: PageContext,
  parts: PageParts,
  asking: Asking,
  { wish, seenMinor }: { wish: Wish<ReturnSale>; seenMinor: number },
) {
  const { key, customerIds } = await loaded(c, parts);
  const [customerId] = customerIds;
  // The form offers it for sales of this shop alone.
  if (customerId === undefined || key.saleShopId !== asking.who.shop.shopId) throw new NotFound();
  return returnAsCredit(parts, asking, key, { wish, credit: { customerId, seenMinor } });
}

/** What the sale's page says of store credit. */
function creditSaid(result: SaleAccepted | ReturnedAsCredit): Record<string, string> {
  if (!('credit' in result) || result.credit === null) return {};
  return { credit: result.credit.outcome === 'issued' ? result.credit.payment.reference : 'refused' };
}

/** Beside what a refusal is told: the amount, where one was typed. */
function fieldOf(values: Values): '' | 'amount' {
  return extentIn(values) === 'amount' ? 'amount' : '';
}

type Typed = { readonly values: Values; readonly errors: Errors };

function showForm(c: PageContext, sale: SaleShown, { values, errors }: Typed, status: 200 | 422): Promise<Response> {
  const reader = c.get('reader');
  const { shop } = c.get('session');
  const placed = Object.entries(errors).map(([name, error]) => [isShown(name, sale, shop) ? name : '', error]);
  const typed: Typed = { values, errors: Object.fromEntries(placed) as Errors };
  const title = reader.texts.returning.title(sale.key.saleId);
  return page(c, { title, here: 'sales', status }, <ReturnForm reader={reader} sale={sale} shop={shop} {...typed} />);
}

/** Nothing can be looked up, or nobody knows what came of it: what was typed is there, to be sent once more. */
function showAgain(c: PageContext, values: Values, errors: Errors, status: 200 | 503): Promise<Response> {
  const reader = c.get('reader');
  const key = saleKeyIn(c);
  const { currency } = values;
  const to = saleAddress(key, '/return', currency === undefined ? {} : { currency });
  const body = <SendAgain reader={reader} to={to} values={values} errors={errors} />;
  return page(c, { title: reader.texts.returning.title(key.saleId), here: 'sales', status }, body);
}

const PATIENCE_MS = 1_000;

async function endedOrNone({ sql }: PageParts, references: readonly string[]): Promise<ReadonlySet<string>> {
  return within(PATIENCE_MS, endedAmong(sql, references)).catch(whileAway(new Set<string>()));
}
