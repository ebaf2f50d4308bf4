import type { NewCustomer } from '../../../domain/customer/contacts.js';
import { isCallersId, isLines, lengthOf, MAX_NOTES_LENGTH } from '../../../domain/ids.js';
import { isDay } from '../../../domain/instants.js';
import { isCurrency } from '../../../domain/money.js';
import { misfitOf, purposes, scopeOf, tenders, types } from '../../../domain/payment/command.js';
import { misfitOfFunding, type FundingSaid } from '../../../domain/payment/funding.js';
import { readAmount } from '../../../domain/typedAmount.js';
import type { Wanted } from '../../../service/payment/issue.js';
import { readContacts } from '../../customer/typed.js';
import type { Errors } from '../../http/fields.js';
import type { Values } from '../../http/form.js';
import type { Reader } from '../../http/reader.js';

/** Where the money came from, as a cashier would say it: how it was paid, or why nobody paid. */
export const moneys = [...tenders, 'return', 'goodwill'] as const;

/** What somebody at the counter wants to have issued, and to whom. */
export type Typed = {
  readonly wanted: Omit<Wanted, 'customerId'>;
  readonly customer: { readonly customerId: string } | NewCustomer;
};

/** Reads the form; where something is missing or wrong, says so beside each field. */
export function readTyped(values: Values, reader: Reader): Typed | { readonly errors: Errors } {
  const customer = readCustomer(values, reader);
  const terms = readTerms(values, reader);
  const money = readMoney(values, reader);
  const errors = { ...errorsIn(customer), ...errorsIn(terms), ...errorsIn(money) };
  if ('errors' in customer || 'errors' in terms || 'errors' in money) return { errors };
  return { customer, wanted: { ...terms, ...money } };
}

type Wrong = { readonly errors: Errors };
const errorsIn = (read: object | Wrong): Errors => ('errors' in read ? read.errors : {});

/** All fields at once, so that nobody corrects one only to hear of the next. */
function gather() {
  const errors: Record<string, string> = {};
  const wrong = (name: string, error: string) => {
    errors[name] ??= error;
  };
  return { errors, wrong, isRight: () => Object.keys(errors).length === 0 };
}

const NEW = { name: 'newName', phone: 'newPhone', email: 'newEmail' };

function readCustomer(values: Values, { texts }: Reader): Typed['customer'] | Wrong {
  const { customerId = '' } = values;
  const isNew = Object.values(NEW).some((field) => (values[field] ?? '') !== '');
  const fresh = isNew ? readContacts(values, NEW, texts) : { errors: {} };
  if (customerId === '') {
    if (!isNew) return { errors: { customerSearch: texts.issue.customerMissing } };
    return 'contacts' in fresh ? fresh.contacts : fresh;
  }
  const errors = {
    ...errorsIn(fresh),
    ...(isNew && { newName: texts.issue.customerTwice }),
    ...(!isCallersId(customerId) && { customerSearch: texts.refusals.invalid_id }),
  };
  return Object.keys(errors).length === 0 ? { customerId } : { errors };
}

function readTerms(
  values: Values,
  { texts }: Reader,
): Pick<Wanted, 'scope' | 'purpose' | 'validThrough' | 'notes'> | Wrong {
  const { errors, wrong } = gather();
  const type = types.find((each) => each === values['type']);
  const productId = values['productId'] || undefined;
  const purpose = purposes.find((each) => each === values['purpose']);
  const validThrough = values['validThrough'] || undefined;
  const notes = (values['notes'] ?? '').replace(/\r\n?/g, '\n').normalize('NFC');
  if (type === undefined) wrong('type', texts.issue.typeMissing);
  const misfit = type && misfitOf({ type, productId });
  if (misfit !== undefined) wrong('productSearch', texts.refusals[misfit]);
  if (productId !== undefined && !isCallersId(productId)) wrong('productSearch', texts.refusals.invalid_id);
  if (purpose === undefined) wrong('purpose', texts.issue.purposeMissing);
  if (validThrough !== undefined && !isDay(validThrough)) wrong('validThrough', texts.refusals.invalid_expires_at);
  if (!isLines(notes) || lengthOf(notes) > MAX_NOTES_LENGTH) wrong('notes', texts.refusals.invalid_text);
  if (type === undefined || purpose === undefined || Object.keys(errors).length > 0) return { errors };
  return { scope: scopeOf(type, productId), purpose, validThrough, notes: notes || null };
}

function readMoney(
  values: Values,
  { texts, formats }: Reader,
): Pick<Wanted, 'amountMinor' | 'currency' | keyof FundingSaid> | Wrong {
  const { errors, wrong } = gather();
  const currency = (values['currency'] ?? '').toUpperCase();
  const isKnown = isCurrency(currency);
  const amountMinor = isKnown ? readAmount(values['amount'] ?? '', currency, formats.decimalMark) : undefined;
  const said = readFunding(values);
  if (!isKnown) wrong('currency', texts.refusals.invalid_currency);
  if (isKnown && amountMinor === undefined) wrong('amount', texts.forms.amount(formats.plainAmount(123_450, currency)));
  if (said === undefined) wrong('money', texts.issue.moneyMissing);
  if (said?.receiptId !== undefined) {
    if (!isCallersId(said.receiptId)) wrong('receiptId', texts.refusals.invalid_id);
    // The purpose has no say where the funding is told.
    const misfit = misfitOfFunding('deposit', said);
    if (misfit !== undefined) wrong('receiptId', texts.refusals[misfit]);
  }
  if (amountMinor === undefined || said === undefined || Object.keys(errors).length > 0) return { errors };
  return { amountMinor, currency, ...said };
}

function readFunding(values: Values): FundingSaid | undefined {
  const money = moneys.find((each) => each === values['money']);
  const receiptId = values['receiptId'] || undefined;
  switch (money) {
    case undefined:
      return undefined;
    case 'return':
    case 'goodwill':
      return { funding: money, receiptId };
    case 'cash':
    case 'card':
    case 'bank_transfer':
    case 'other':
      return { funding: 'paid', tender: money, receiptId };
  }
}
