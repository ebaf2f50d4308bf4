import { isCallersId, isLines, isOneLine, lengthOf, MAX_REASON_LENGTH } from '../../../domain/ids.js';
import { endOfDay, isDay, type Instant } from '../../../domain/instants.js';
import type { SaleKey, Tender } from '../../../domain/payment/command.js';
import { readAmount } from '../../../domain/typedAmount.js';
import type { Values } from '../../http/form.js';
import type { Reader } from '../../http/reader.js';
import { dispositionOf, tenderOf, type AskedDisposition } from './asked.js';
import type { Known } from './foresee.js';

/**
 * What was typed, read field by field. Each notes in `errors` what is wrong beside its field; what it returns then is
 * never used.
 */
export type Typed = {
  readonly values: Values;
  readonly reader: Reader;
  readonly known: Known;
  readonly errors: Record<string, string>;
};

export function reasonIn(typed: Typed): string {
  const { acts, forms, refusals } = typed.reader.texts;
  const reason = textIn(typed, 'reason', MAX_REASON_LENGTH);
  if (!isOneLine(reason)) typed.errors['reason'] = refusals.invalid_text;
  if (reason === '') typed.errors['reason'] = forms.required(acts.reason);
  return reason;
}

export function textIn({ values, reader, errors }: Typed, name: string, maxLength: number): string {
  const text = (values[name] ?? '').normalize('NFC');
  if (!isLines(text) || lengthOf(text) > maxLength) errors[name] = reader.texts.refusals.invalid_text;
  return text;
}

export function amountIn({ values, reader: { texts, formats }, known, errors }: Typed): number {
  const { currency } = known.payment;
  const amountMinor = readAmount(values['amount'] ?? '', currency, formats.decimalMark);
  if (amountMinor === undefined) errors['amount'] = texts.forms.amount(formats.plainAmount(1_050, currency));
  return amountMinor ?? 0;
}

export function tenderIn({ values, reader: { texts }, errors }: Typed): Tender {
  const tender = tenderOf(values['tender']);
  if (tender === undefined) errors['tender'] = texts.forms.required(texts.acts.tender);
  return tender ?? 'other';
}

export function dispositionIn({ values, reader: { texts }, errors }: Typed): AskedDisposition {
  const disposition = dispositionOf(values['disposition']);
  if (disposition === undefined) errors['disposition'] = texts.forms.required(texts.acts.disposition);
  return disposition ?? 'issued_in_error';
}

/** Chosen from those that are known, as `shop/sale`; or its number, typed. */
export function saleIn({ values, reader: { texts }, known, errors }: Typed): SaleKey {
  const chosen = /^([^/]+)\/(.+)$/.exec(values['sale'] ?? '');
  const saleShopId = chosen?.[1] ?? known.shop.shopId;
  const saleId = chosen?.[2] ?? values['saleId'] ?? '';
  const name = known.facts === 'away' ? 'saleId' : 'sale';
  const { acts, forms } = texts;
  if (saleId === '') errors[name] = forms.required(name === 'sale' ? acts.sale : acts.saleId);
  else if (!isCallersId(saleId) || !isCallersId(saleShopId)) errors[name] = texts.refusals.invalid_id;
  return { saleShopId, saleId };
}

/** The end of the day that was typed; null for ever. */
export function expiryIn({ values, reader: { texts }, known, errors }: Typed): Instant | null {
  if (values['until'] === 'never') return null;
  const day = values['validThrough'] ?? '';
  if (day === '') errors['validThrough'] = texts.forms.required(texts.acts.validThrough);
  else if (!isDay(day)) errors['validThrough'] = texts.refusals.invalid_expires_at;
  return (isDay(day) && endOfDay(day, known.shop.calendar)) || null;
}
