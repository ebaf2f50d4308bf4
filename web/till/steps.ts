import { MAX_LINES, totalOf } from '../../domain/basket.js';
import { isCallersId } from '../../domain/ids.js';
import { scannedReferences } from '../../domain/reference.js';
import { readAmount } from '../../domain/typedAmount.js';
import { isRecordsOutage } from '../../db/outage.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../../service/parts.js';
import type { PaymentRead } from '../../service/payment/read.js';
import { readScanned } from '../../service/payment/readScanned.js';
import { ActorsUnavailable } from '../../service/temporal.js';
import type { Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import type { Draft } from './draft.js';
import { findCustomerByText, findProductByText, type Named } from './find.js';
import type { PendingField, Typed } from './typed.js';

/** What a button of the till asks for. */
export type Step =
  | { readonly kind: 'update' | 'otherCustomer' | 'propose' | 'nextSale' }
  /** What a script asks for while something is typed. */
  | { readonly kind: 'refresh' | 'seekCustomer' | 'seekProduct' }
  | { readonly kind: 'remove'; readonly index: number }
  | { readonly kind: 'hold' | 'complete' | 'part' | 'release' };

export function stepIn(values: Values): Step {
  const [, word = '', index] = /^(\w+)(?:-(\d{1,3}))?$/.exec(values['step'] ?? '') ?? [];
  switch (word) {
    case 'remove':
      return { kind: 'remove', index: Number(index ?? -1) };
    case 'refresh':
    case 'seekCustomer':
    case 'seekProduct':
    case 'otherCustomer':
    case 'propose':
    case 'nextSale':
    case 'hold':
    case 'complete':
    case 'part':
    case 'release':
      return { kind: word };
    default:
      return { kind: 'update' };
  }
}

/** What the till is after a step that changes nothing outside of it. */
export type Stepped = {
  readonly draft: Draft;
  /** What stays typed, because it is not understood yet. */
  readonly values: Values;
  readonly errors: Errors;
  readonly customers: readonly Named[];
  readonly products: readonly Named[];
};

type Counter = { readonly parts: Parts; readonly shop: Shop; readonly reader: Reader };

/** Looks at everything that was typed: whom it means, which line it adds, which payment it names. */
export async function takeIn(counter: Counter, { draft, values, errors, takenMinor }: Typed): Promise<Stepped> {
  let now: Stepped = { draft, values, errors, customers: [], products: [] };
  // A scanner types a payment's reference wherever it happens to stand.
  if (scannedReferences(values['product'] ?? '').length > 0)
    now = without({ ...now, values: { ...values, reference: values['product'] ?? '' } }, 'product');
  now = await withCustomer(counter, now);
  now = await withLine(counter, now);
  return withReference(counter, now, takenMinor);
}

function without({ values, ...rest }: Stepped, ...names: PendingField[]): Stepped {
  const left = Object.entries(values).filter(([name]) => !names.some((each) => each === name));
  return { ...rest, values: Object.fromEntries(left) };
}

async function withCustomer({ parts, shop, reader }: Counter, now: Stepped): Promise<Stepped> {
  const { customer = '', pickCustomer = '' } = now.values;
  if (isCallersId(pickCustomer))
    return without({ ...now, draft: { ...now.draft, customerId: pickCustomer } }, 'customer');
  if (customer === '') return now;
  const found = await findCustomerByText(parts, shop, customer);
  switch (found.outcome) {
    case 'found':
      return without({ ...now, draft: { ...now.draft, customerId: found.id } }, 'customer');
    case 'several':
      return { ...now, customers: found.choices };
    case 'none':
      return { ...now, errors: { ...now.errors, customer: reader.texts.till.nobody } };
  }
}

async function withLine({ parts, shop, reader }: Counter, now: Stepped): Promise<Stepped> {
  const { product = '', pickProduct = '', amount = '' } = now.values;
  if (product === '' && amount === '') return now;
  const { texts, formats } = reader;
  if (product === '') return { ...now, errors: { ...now.errors, product: texts.forms.required(texts.till.product) } };
  const found = isCallersId(pickProduct)
    ? ({ outcome: 'found', id: pickProduct } as const)
    : await findProductByText(parts, product);
  if (found.outcome === 'several') return { ...now, products: found.choices };
  if (found.outcome === 'none') return { ...now, errors: { ...now.errors, product: texts.till.noProduct } };
  const values = { ...now.values, product: found.id };
  // A scanner has typed the product and sent it: the price follows.
  if (amount === '') return { ...now, values };
  const amountMinor = readAmount(amount, shop.currency, formats.decimalMark);
  if (amountMinor === undefined) {
    const error = texts.forms.amount(formats.plainAmount(12_50, shop.currency));
    return { ...now, values, errors: { ...now.errors, amount: error } };
  }
  const lines = [...now.draft.lines, { productId: found.id, amountMinor }];
  if (lines.length > MAX_LINES)
    return { ...now, values, errors: { ...now.errors, product: texts.refusals.too_many_lines } };
  return without({ ...now, draft: { ...now.draft, lines } }, 'product', 'amount');
}

async function withReference(counter: Counter, now: Stepped, takenMinor: number): Promise<Stepped> {
  const { parts, shop, reader } = counter;
  const { reference: typed = '', referenceAmount = '' } = now.values;
  const { texts, formats } = reader;
  const wrong = (name: PendingField, error: string) => ({ ...now, errors: { ...now.errors, [name]: error } });
  if (typed === '')
    return referenceAmount === '' ? now : wrong('reference', texts.forms.required(texts.till.reference));
  const [asTyped] = scannedReferences(typed);
  if (asTyped === undefined) return wrong('reference', texts.till.noReference);
  const payment = await readIfReachable(parts, typed, shop);
  if (payment === 'payment_not_found') return wrong('reference', texts.refusals.payment_not_found);
  const reference = payment?.reference ?? asTyped;
  const { customerId = payment?.customerId } = now.draft;
  if (payment && payment.customerId !== customerId) return wrong('reference', texts.till.anothers);
  const draft = { ...now.draft, customerId };
  const others = draft.chosen.filter((each) => each.reference !== reference);
  const openMinor = totalOf(draft.lines) - takenMinor - totalOf(others) - draft.otherMinor;
  const proposedMinor = payment && Math.max(0, Math.min(payment.availableMinor, openMinor));
  const amountMinor =
    referenceAmount === '' ? proposedMinor : readAmount(referenceAmount, shop.currency, formats.decimalMark);
  if (amountMinor === undefined)
    return wrong('referenceAmount', texts.forms.amount(formats.plainAmount(12_50, shop.currency)));
  const chosen = amountMinor === 0 ? draft.chosen : [...others, { reference, amountMinor }];
  return without({ ...now, draft: { ...draft, chosen } }, 'reference', 'referenceAmount');
}

/** What is known of a payment now, if anything can be. */
async function readIfReachable(
  parts: Parts,
  typed: string,
  shop: Shop,
): Promise<PaymentRead | 'payment_not_found' | undefined> {
  try {
    const payment = await readScanned(parts, typed, shop);
    return payment === 'records_unavailable' ? undefined : payment;
  } catch (error) {
    if (isRecordsOutage(error) || error instanceof ActorsUnavailable) return undefined;
    throw error;
  }
}

type DroppingStep = 'remove' | 'otherCustomer' | 'propose' | 'nextSale';

/** The draft after a button that drops something of it. */
export function dropped(draft: Draft, step: DroppingStep, index = -1): Draft {
  switch (step) {
    case 'remove':
      return { ...draft, lines: draft.lines.filter((_, i) => i !== index) };
    case 'otherCustomer':
      return {
        ...draft,
        customerId: undefined,
        chosen: [],
        until: undefined,
        holdId: undefined,
        heldBasket: undefined,
      };
    case 'propose':
      return { ...draft, chosen: [] };
    case 'nextSale':
      return { ...draft, saleId: '', until: undefined, holdId: undefined, heldBasket: undefined };
  }
}
