import { closeRefusals } from './finance/closing.js';

/**
 * Every way in which a command can be turned down: its name, its HTTP status and its sentence. Which of several is told
 * the rungs of `decide` say, not their order here. What is malformed comes first: it never reaches the rules.
 */
export const refusals = {
  malformed_request: { status: 400, sentence: 'The request is not in the form that this call takes.' },
  missing_field: { status: 400, sentence: 'A field that this call needs is missing.' },
  unknown_field: { status: 400, sentence: 'This call has no such field.' },
  invalid_amount: { status: 400, sentence: 'An amount is a whole number of minor units, from 1 to 1,000,000,000,000.' },
  invalid_currency: { status: 400, sentence: 'A currency is one of the three-letter codes of ISO 4217.' },
  invalid_id: {
    status: 400,
    sentence:
      'An id is 1 to 128 visible ASCII characters, blanks inside allowed, without an @; a reference is ACC, a date and 8 characters.',
  },
  invalid_text: {
    status: 400,
    sentence:
      'A text is too long, or holds a control character or half a character; only notes and messages have several lines.',
  },
  invalid_expires_at: {
    status: 400,
    sentence: 'An expiry is an instant with its offset, or a calendar date, from 1970 to 9998.',
  },
  invalid_lifetime: {
    status: 400,
    sentence:
      'A lifetime is a whole number of milliseconds, at least 1, and at most 24 hours for a sale; what a capture leaves held waits for 60 days at most.',
  },
  invalid_tax_code: { status: 400, sentence: 'A tax code is 1 to 32 visible ASCII characters.' },
  empty_basket: { status: 400, sentence: 'A basket has at least one line.' },
  too_many_lines: { status: 400, sentence: 'A basket has at most 500 lines.' },
  mixed_currencies: { status: 400, sentence: 'All lines of a basket are in the currency of the basket.' },
  no_payments: { status: 400, sentence: 'A sale names the account payments that it draws on, from 1 to 100.' },
  payment_named_twice: { status: 400, sentence: 'A sale names each account payment once.' },
  product_id_required: { status: 400, sentence: 'A product-specific payment names its product.' },
  product_id_not_allowed: { status: 400, sentence: 'A generic payment names no product.' },
  tender_not_allowed: { status: 400, sentence: 'Only a payment that was paid for names a tender.' },
  receipt_id_not_allowed: { status: 400, sentence: 'Only a return of goods names a receipt.' },
  idempotency_key_required: {
    status: 400,
    sentence: 'A call that moves money needs an Idempotency-Key header of 1 to 255 visible characters.',
  },

  exceeds_basket: { status: 422, sentence: 'That is more than the lines come to.' },
  issue_not_allowed: {
    status: 403,
    sentence: 'A till issues what was paid, or what came back with its receipt, in the currency of its shop.',
  },
  exceeds_till_limit: { status: 403, sentence: 'That is more than a till of this shop may issue at once.' },
  against_law: {
    status: 422,
    sentence: 'A rule of law stands against that. A manager can do it all the same, and says why.',
  },
  not_reinstatable: {
    status: 409,
    sentence: 'Only what has expired or was forfeited, with something left, can be reinstated.',
  },
  already_reinstated: { status: 409, sentence: 'This account payment has been issued anew already.' },
  gift_to_self: { status: 422, sentence: 'A gift goes to another customer.' },

  command_id_reused: { status: 422, sentence: 'This key was used for another request.' },
  sale_not_found: { status: 404, sentence: 'There is no such sale.' },
  sale_exists: { status: 409, sentence: 'This sale is held or completed already.' },
  sale_completing: { status: 409, sentence: 'This sale is being completed and can no longer be released.' },
  sale_not_completed: { status: 409, sentence: 'This sale is not completed: nothing was taken that could go back.' },
  sale_closed: {
    status: 409,
    sentence: 'The time for returns of this sale is over. A manager can still take it back.',
  },
  basket_unknown: {
    status: 422,
    sentence: 'The lines of this sale are not known. Name amounts instead.',
  },
  books_unavailable: {
    status: 503,
    sentence: 'The books cannot be reached now. This request has changed nothing.',
  },
  return_begun: {
    status: 503,
    sentence:
      'This return has begun before, and the books do not have all of it yet. Its key is told what went back once they do.',
  },
  payment_not_in_sale: { status: 422, sentence: 'This sale took nothing of this account payment.' },
  payment_busy: {
    status: 409,
    sentence: 'This account payment can take no more for now. Try again under another key.',
  },
  payment_unavailable: {
    status: 409,
    sentence: 'The workflow of this account payment is missing. An operator has to look.',
  },
  payment_not_found: { status: 404, sentence: 'There is no such account payment.' },
  answer_in_books: {
    status: 503,
    sentence: 'The answer to this key is in the books, and they cannot be reached now. Nothing has changed.',
  },
  issue_not_recorded: {
    status: 429,
    sentence: 'The issue of this account payment is not in the books yet. Nothing has changed.',
  },
  payment_used: { status: 409, sentence: 'This account payment is used up.' },
  payment_expired: { status: 409, sentence: 'This account payment has expired.' },
  payment_cancelled: { status: 409, sentence: 'This account payment was cancelled.' },
  payment_frozen: { status: 409, sentence: 'This account payment is frozen: nothing new may be spent.' },
  currency_mismatch: { status: 422, sentence: 'That is in another currency.' },
  not_payable: { status: 422, sentence: 'This shop does not pay out what was given free.' },
  product_not_in_sale: { status: 422, sentence: 'That is for a product that is not in the sale.' },
  exceeds_product_total: { status: 422, sentence: "That is more than the sale's lines of this product come to." },
  insufficient_balance: { status: 409, sentence: 'The available balance is smaller than that.' },
  exceeds_refundable: { status: 409, sentence: 'That is more than this sale took and has not got back.' },
  hold_not_found: { status: 404, sentence: 'There is no such hold on this account payment.' },
  hold_closed: { status: 409, sentence: 'This hold was captured or released.' },
  hold_expired: { status: 409, sentence: 'This hold has lapsed.' },
  exceeds_held_amount: { status: 409, sentence: 'That is more than the hold reserves.' },
  hold_open: { status: 409, sentence: 'Money of this account payment is held: capture or release it first.' },
  too_many_holds: {
    status: 409,
    sentence: 'This till holds this account payment for 20 sales already: complete or release one first.',
  },
  expires_at_in_past: { status: 422, sentence: 'The expiry has to lie in the future.' },
  expires_at_not_later: { status: 422, sentence: 'An expiry can only be moved to a later time, or to never.' },
  already_frozen: { status: 409, sentence: 'This account payment is frozen for that cause already.' },
  not_frozen: { status: 409, sentence: 'This account payment is not frozen for that cause.' },
  books_behind: {
    status: 409,
    sentence: 'The books miss something of this account payment. They have to agree first.',
  },
  books_differ: { status: 409, sentence: 'The books contradict this account payment. They have to agree first.' },
  payment_worn_out: {
    status: 409,
    sentence: 'This account payment has had too many commands to take new spending. A manager can reissue it.',
  },
  try_later: { status: 429, sentence: 'This account payment can take no more for now. Nothing has changed.' },

  ...closeRefusals,
} as const satisfies Record<string, { status: 400 | 403 | 404 | 409 | 422 | 429 | 503; sentence: string }>;

export type RefusalCode = keyof typeof refusals;

export function isRefusalCode(value: string): value is RefusalCode {
  return Object.hasOwn(refusals, value);
}
