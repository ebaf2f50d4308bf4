import { randomBytes, randomUUID } from 'node:crypto';
import { isAmountMinor } from '../../domain/money.js';
import { makeReference } from '../../domain/reference.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import type { Errors } from '../http/fields.js';
import { readForm, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { carryOut } from './carryOut.js';
import { addressOf, draftIn, isAddressable, toldIn, valuesInAddress } from './draft.js';
import type { AsSent } from './rows.js';
import { saleSlip } from './saleSlip.js';
import type { Focus } from './shown.js';
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
    .post('/till', signedIn(desk, 'spend'), async (c) => send(c, parts, await readForm(c)))
    .get('/till/slips/:saleId', signedIn(desk, 'read'), (c) => saleSlip(c, parts));
}

async function send(c: PageContext, parts: PageParts, values: Values): Promise<Response> {
  const { shop } = c.get('session');
  const reader = c.get('reader');
  const typed = readTyped(values, reader, shop.currency);
  const step = stepIn(values);
  const counter = { parts, shop, reader };
  switch (step.kind) {
    case 'update':
      return goOn(c, parts, await takeIn(counter, typed));
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
      return show(c, parts, isClear ? { ...taken, errors: { '': reader.texts.till.notYet } } : taken);
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
  const { shop } = c.get('session');
  const reader = c.get('reader');
  const { values, errors, customers, products } = stepped;
  const sight = await lookAround(parts, shop, stepped.draft, asSent);
  const isWrong = Object.keys(errors).length > 0;
  const formKey = (asSent && values['formKey']) || randomUUID();
  const texts = fieldsOf(sight, values, errors, (amountMinor) =>
    isAmountMinor(amountMinor) ? reader.formats.plainAmount(amountMinor, shop.currency) : '',
  );
  if (texts['saleId'] === '') texts['saleId'] = proposedSaleId(parts.now(), shop.timeZone);
  const focus = isWrong ? 'error' : focusOf(stepped, sight);
  const shown = {
    reader,
    shop,
    sight,
    values: texts,
    errors,
    formKey,
    customers,
    products,
    told: toldIn(values),
    focus,
  };
  const status = asSent ? 503 : isWrong ? 422 : 200;
  return page(c, { title: reader.texts.till.title, here: 'till', status }, <TillForm {...shown} />);
}

/** The text of each field: of what is understood as it is written, of the rest as it was typed. */
function fieldsOf(
  { draft, rows }: Sight,
  values: Values,
  errors: Errors,
  plain: (amountMinor: number) => string,
): Record<string, string> {
  const left = [...pending, 'until', ...Object.keys(errors)].map((name) => [name, values[name] ?? '']);
  return {
    saleId: draft.saleId,
    staffId: draft.staffId ?? '',
    holdFor: draft.holdFor,
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
function proposedSaleId(nowMs: number, timeZone: string): string {
  return makeReference(nowMs, timeZone, randomBytes(8)).replace(/^ACC/, 'T');
}
