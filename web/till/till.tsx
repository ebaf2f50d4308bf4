import { randomBytes, randomUUID } from 'node:crypto';
import type { Calendar } from '../../domain/instants.js';
import { isAmountMinor } from '../../domain/money.js';
import { makeReference } from '../../domain/reference.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import type { Errors } from '../http/fields.js';
import { FORM_KEY, readForm, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { isQuick } from '../http/quick.js';
import { signedIn } from '../http/signedIn.js';
import { carryOut } from './carryOut.js';
import { Choices } from './choices.js';
import { addressOf, draftIn, isAddressable, toldIn, valuesInAddress } from './draft.js';
import { customersLike, productsLike } from './find.js';
import type { AsSent } from './rows.js';
import { saleSlip } from './saleSlip.js';
import type { Focus, Shown } from './shown.js';
import { lookAround, type Sight } from './sight.js';
import { dropped, stepIn, takeIn, type Stepped } from './steps.js';
import { TillForm } from './tillForm.js';
import { hasPending, pending, readTyped, useField, type Typed } from './typed.js';

/** Where a sale is paid from a customer's account. */
export function tillRoutes(parts: PageParts): Pages {
  const { desk } = parts;
  return createRoutes()
    .get('/till', signedIn(desk, 'spend'), (c) => {
      const values = valuesInAddress(c.req.url);
      return show(c, parts, { ...nothingWrong, draft: draftIn(values), values: { told: values['told'] ?? '' } });
    })
    .post(
      '/till',
      signedIn(desk, 'spend', (c, values) => showAgain(c, parts, values)),
      async (c) => send(c, parts, await readForm(c)),
    )
    .get('/till/slips/:saleId', signedIn(desk, 'read'), (c) => saleSlip(c, parts));
}

async function send(c: PageContext, parts: PageParts, values: Values): Promise<Response> {
  const { shop } = c.get('session');
  const reader = c.get('reader');
  const typed = readTyped(values, reader, shop.currency);
  const step = stepIn(values);
  const counter = { parts, shop, reader };
  const { till } = reader.texts;
  switch (step.kind) {
    case 'update':
      return goOn(c, parts, await takeIn(counter, typed));
    case 'refresh':
      return refresh(c, parts, typed);
    case 'seekCustomer': {
      const choices = await customersLike(parts, values['customer'] ?? '');
      return c.html(<Choices name="pickCustomer" title={till.whichCustomer} choices={choices} focus="kept" />);
    }
    case 'seekProduct': {
      const choices = await productsLike(parts, values['product'] ?? '');
      return c.html(<Choices name="pickProduct" title={till.whichProduct} choices={choices} focus="kept" />);
    }
    case 'remove':
      return goOn(c, parts, { ...asTyped(typed), draft: dropped(typed.draft, step.kind, step.index) });
    case 'otherCustomer':
    case 'propose':
    case 'nextSale':
      return goOn(c, parts, { ...withoutOf(step.kind, typed), draft: dropped(typed.draft, step.kind) });
    case 'release':
      return command(c, parts, typed, step.kind);
    case 'hold':
    case 'complete':
    case 'part': {
      if (!hasPending(typed)) return command(c, parts, typed, step.kind);
      // What was typed last is looked at before any money moves for it.
      const taken = await takeIn(counter, typed);
      const isClear = Object.keys(taken.errors).length === 0;
      return show(c, parts, isClear ? { ...taken, errors: { '': till.notYet } } : taken);
    }
  }
}

async function command(c: PageContext, parts: PageParts, typed: Typed, step: Parameters<typeof carryOut>[3]) {
  const done = await carryOut(c, parts, typed, step);
  switch (done.outcome) {
    case 'done':
      return c.redirect(done.to, 303);
    case 'refused':
      return show(c, parts, { ...asTyped(typed), draft: done.draft, errors: done.errors });
    case 'away':
      return show(c, parts, { ...asTyped(typed), errors: done.errors }, typed);
  }
}

const nothingWrong = { errors: {}, customers: [], products: [] };

function asTyped({ draft, values, errors }: Typed): Stepped {
  return { ...nothingWrong, draft, values, errors };
}

/** What goes with a button that drops something: what was wrong with it too. */
function withoutOf(step: 'otherCustomer' | 'propose' | 'nextSale', typed: Typed): Stepped {
  const errors = Object.entries(typed.errors).filter(
    ([name]) => !name.startsWith(useField('')) && (step !== 'nextSale' || name !== 'saleId'),
  );
  const values = step === 'nextSale' ? { ...typed.values, saleId: '' } : typed.values;
  return { ...asTyped({ ...typed, values }), errors: Object.fromEntries(errors) };
}

/** On to the next look at the till: in its address when all of it has found its place. */
function goOn(c: PageContext, parts: PageParts, stepped: Stepped): Response | Promise<Response> {
  const { draft, values, errors, customers, products } = stepped;
  const isOpen = pending.some((name) => (values[name] ?? '') !== '') || customers.length + products.length > 0;
  if (Object.keys(errors).length > 0 || isOpen || !isAddressable(draft)) return show(c, parts, stepped);
  return c.redirect(addressOf(draft), 303);
}

/** @param asSent what a form that got no answer said, to be said again under the same key */
async function show(c: PageContext, parts: PageParts, stepped: Stepped, asSent?: AsSent): Promise<Response> {
  const sight = await lookAround(parts, c.get('session').shop, stepped.draft, asSent);
  const isWrong = Object.keys(stepped.errors).length > 0;
  return render(c, parts, stepped, {
    sight,
    formKey: (asSent && stepped.values[FORM_KEY]) || randomUUID(),
    focus: isWrong ? 'error' : focusOf(stepped, sight),
    status: asSent ? 503 : isWrong ? 422 : 200,
  });
}

/** As it was typed, under its key; what it may have asked of its sale already is there to be asked to the letter. */
async function showAgain(c: PageContext, parts: PageParts, values: Values): Promise<Response> {
  const { shop } = c.get('session');
  const typed = readTyped(values, c.get('reader'), shop.currency);
  const sight = await lookAround(parts, shop, typed.draft, isCommand(stepIn(values)) ? typed : undefined);
  const focus = Object.keys(typed.errors).length > 0 ? 'error' : focusOf(asTyped(typed), sight);
  return render(c, parts, asTyped(typed), { sight, formKey: values[FORM_KEY] || randomUUID(), focus, status: 200 });
}

function isCommand({ kind }: ReturnType<typeof stepIn>): boolean {
  return kind === 'hold' || kind === 'complete' || kind === 'part' || kind === 'release';
}

/** The same form with new figures. Its key stays: whether an earlier request came through is not known here. */
async function refresh(c: PageContext, parts: PageParts, typed: Typed): Promise<Response> {
  const { problems } = c.get('reader').texts;
  const sight = await lookAround(parts, c.get('session').shop, typed.draft);
  const isListed = (reference: string) => sight.rows.some((row) => row.reference === reference);
  // What the books alone propose would go from a list that they cannot be asked for.
  if (sight.books === 'away' && !typed.uses.every(({ reference }) => isListed(reference)))
    return show(c, parts, { ...asTyped(typed), errors: { '': problems.booksAway } }, typed);
  const formKey = typed.values[FORM_KEY] || randomUUID();
  const status = Object.keys(typed.errors).length > 0 ? 422 : 200;
  return render(c, parts, asTyped(typed), { sight, formKey, focus: 'kept', status });
}

type Look = Pick<Shown, 'sight' | 'formKey' | 'focus'> & { readonly status: 200 | 422 | 503 };

function render(c: PageContext, parts: PageParts, stepped: Stepped, { status, ...look }: Look) {
  const { shop } = c.get('session');
  const reader = c.get('reader');
  const { sight } = look;
  const { values, errors, customers, products } = stepped;
  const texts = fieldsOf(sight, values, errors, (amountMinor) =>
    isAmountMinor(amountMinor) ? reader.formats.plainAmount(amountMinor, shop.currency) : '',
  );
  if (texts['saleId'] === '') texts['saleId'] = proposedSaleId(parts.now(), shop.calendar);
  const shown = { reader, shop, values: texts, errors, customers, products, told: toldIn(values), ...look };
  if (isQuick(c)) c.header('HX-Replace-Url', addressOf(sight.draft));
  return page(c, { title: reader.texts.till.title, here: 'till', status }, <TillForm {...shown} />);
}

/** The text of each field: of what is understood as it is written, of the rest as it was typed. */
function fieldsOf(
  { draft, rows }: Sight,
  values: Values,
  errors: Errors,
  plain: (amountMinor: number) => string,
): Record<string, string> {
  const left = [...pending, ...Object.keys(errors)].map((name) => [name, values[name] ?? '']);
  return {
    saleId: draft.saleId,
    staffId: draft.staffId ?? '',
    holdFor: draft.holdFor,
    until: draft.until ?? '',
    other: plain(draft.otherMinor),
    ...Object.fromEntries(rows.map(({ reference, amountMinor }) => [useField(reference), plain(amountMinor)])),
    ...(Object.fromEntries(left) as Record<string, string>),
  };
}

function focusOf({ values, customers, products }: Stepped, { draft }: Sight): Focus {
  if (customers.length + products.length > 0) return 'choice';
  if (draft.customerId === undefined) return 'customer';
  return (values['product'] ?? '') === '' ? 'product' : 'amount';
}

/** `T-20261231-7KQ2M9XB`, for shops whose till gives no number. */
function proposedSaleId(nowMs: number, calendar: Calendar): string {
  return makeReference(nowMs, calendar, randomBytes(8)).replace(/^ACC/, 'T');
}
