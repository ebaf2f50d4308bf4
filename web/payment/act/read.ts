import { MAX_NOTES_LENGTH } from '../../../domain/ids.js';
import type { Customer } from '../../../db/customer/customers.js';
import type { Parts } from '../../../service/parts.js';
import type { Errors } from '../../http/fields.js';
import { causeOf, type ActName, type Asked } from './asked.js';
import { recipientOf } from './recipient.js';
import { amountIn, dispositionIn, expiryIn, reasonIn, saleIn, tenderIn, textIn, type Typed } from './typed.js';

/** What was typed, understood; or what is wrong with it, and who may be meant. */
export type Understood =
  | { readonly outcome: 'asked'; readonly asked: Asked }
  | { readonly outcome: 'wrong'; readonly errors: Errors; readonly customers?: readonly Customer[] };

/** @throws RecordsUnavailable where a customer has to be found */
export async function understand(
  parts: Pick<Parts, 'listSql'>,
  act: ActName,
  form: Omit<Typed, 'errors'>,
): Promise<Understood> {
  const typed: Typed = { ...form, errors: {} };
  if (act === 'give') return understandGift(parts, typed);
  return understood(typed, askedIn(act, typed));
}

function understood({ errors }: Typed, asked: Asked): Understood {
  return Object.keys(errors).length === 0 ? { outcome: 'asked', asked } : { outcome: 'wrong', errors };
}

function askedIn(act: Exclude<ActName, 'give'>, typed: Typed): Asked {
  const { values } = typed;
  switch (act) {
    case 'refund':
      return { act, sale: saleIn(typed), amountMinor: amountIn(typed), reason: reasonIn(typed) };
    case 'extend':
      return { act, expiresAt: expiryIn(typed), reason: reasonIn(typed) };
    case 'pay-out':
      return { act, amountMinor: amountIn(typed), tender: tenderIn(typed), reason: reasonIn(typed) };
    case 'freeze':
    case 'thaw':
      return { act, cause: causeOf(values['cause']) ?? 'staff', reason: reasonIn(typed) };
    case 'cancel': {
      const disposition = dispositionIn(typed);
      const tender = disposition === 'paid_out' ? tenderIn(typed) : undefined;
      return { act, disposition, tender, reason: reasonIn(typed) };
    }
    case 'expire':
    case 'reissue':
      return { act, reason: reasonIn(typed) };
    case 'reinstate':
      return { act, expiresAt: values['until'] === 'shop' ? undefined : expiryIn(typed), reason: reasonIn(typed) };
  }
}

async function understandGift(parts: Pick<Parts, 'listSql'>, typed: Typed): Promise<Understood> {
  const { values, reader, known, errors } = typed;
  const { acts, forms, refusals } = reader.texts;
  const amountMinor = amountIn(typed);
  const message = textIn(typed, 'message', MAX_NOTES_LENGTH);
  const reason = reasonIn(typed);
  const to = values['to'] ?? '';
  if (to === '') return { outcome: 'wrong', errors: { to: forms.required(acts.to), ...errors } };
  const recipient = await recipientOf(parts, { typed: to, chosen: values['toCustomerId'] ?? '' });
  switch (recipient.outcome) {
    case 'none':
      return { outcome: 'wrong', errors: { to: acts.noSuchCustomer, ...errors } };
    case 'several': {
      const { customers } = recipient;
      return { outcome: 'wrong', errors: { toCustomerId: acts.whichCustomer, ...errors }, customers };
    }
    case 'one': {
      const { customerId: toCustomerId, name: toName } = recipient;
      if (toCustomerId === known.payment.customerId) errors['to'] = refusals.gift_to_self;
      const words = message === '' ? undefined : message;
      return understood(typed, { act: 'give', toCustomerId, toName, amountMinor, message: words, reason });
    }
  }
}
