import { refusals, type RefusalCode } from '../../domain/refusals.js';

const sentences = Object.entries(refusals).map(([code, { sentence }]) => [code, sentence] as const);

/** What a refusal says to whoever stands at the counter: as the API says it, unless that is said for programmers. */
export const refusalsInEnglish: Readonly<Record<RefusalCode, string>> = {
  ...(Object.fromEntries(sentences) as Record<RefusalCode, string>),

  malformed_request: 'What was typed cannot be read here. Load the page again and fill it in once more.',
  missing_field: 'Something that is needed here was not filled in.',
  unknown_field: 'This page is out of date. Load it again and fill it in once more.',
  invalid_amount: 'This amount cannot be taken: it is nothing, or far too large.',
  invalid_currency: 'This is no currency. A currency has three letters, such as EUR.',
  invalid_id: 'A number has 1 to 128 letters, digits and signs: no accents, no @.',
  invalid_text: 'This text is too long, or has a sign in it that cannot be kept.',
  invalid_expires_at: 'This is no day of the calendar, or it is too far away.',
  invalid_lifetime: 'A sale is held for 24 hours at most, and the rest of a part delivery for 60 days at most.',
  invalid_tax_code: 'A tax code has 1 to 32 letters, digits and signs.',
  books_unavailable: 'The books cannot be reached now. Nothing has changed by this try.',
  return_begun:
    'This return has begun before, and something of it is missing in the books. Please send it again a little later.',
  empty_basket: 'Nothing is in the basket yet.',
  mixed_currencies: 'Everything in one basket has to be in the same currency.',
  no_payments: 'A sale uses at least one account payment, and at most 100.',
  payment_named_twice: 'The same account payment was chosen twice for this sale.',
  product_id_required: 'Say for which product it is good.',
  product_id_not_allowed: 'What is good for any purchase is for no product of its own. Leave the product out.',
  tender_not_allowed: 'Cash, card or transfer is said only of what was paid.',
  receipt_id_not_allowed: 'A sale number is said only of goods that came back. Leave it empty.',
  idempotency_key_required: 'This form is not complete. Load the page again and fill it in once more.',

  exceeds_basket: 'That is more than the basket comes to.',
  issue_not_allowed:
    'A cashier takes what is paid, and goods that come back with their sale number, in the currency of the shop.',
  exceeds_till_limit: 'That is more than a cashier of this shop may take at once.',
  not_reinstatable: 'Only what has expired or was forfeited, with something left, can be issued again.',
  already_reinstated: 'This account payment was issued again already.',

  command_id_reused: 'This form was sent before with something else in it. Begin anew.',
  sale_completing: 'This sale is being completed and can no longer be let go.',
  basket_unknown: 'What was sold in this sale is not known. Name an amount instead.',
  payment_busy: 'This account payment can take no more for now. Try it again in a moment.',
  payment_unavailable: 'This account payment does not answer. Use nothing of it for now, and tell a manager.',
  answer_in_books: 'What became of this stands in the books, and they cannot be reached now. Nothing has changed.',
  issue_not_recorded: 'This account payment is so new that it is not in the books yet. Nothing has changed.',
  product_not_in_sale: 'That is only good for a product that is not in this sale.',
  exceeds_product_total: 'That is more than this product comes to in this sale.',
  hold_not_found: 'Nothing is held here that this could be about.',
  hold_closed: 'What was held has been taken or let go already.',
  hold_expired: 'The time of this hold is over, and the money is free again. Hold it anew.',
  exceeds_held_amount: 'That is more than is held.',
  too_many_holds: 'Twenty of your open sales hold some of it: complete one first, or let go of it.',
  hold_open: 'Some of it is held for a sale: complete that sale, or let go of it first.',
  expires_at_in_past: 'The last day has to lie in the future.',
  expires_at_not_later: 'The last day can only be moved to a later one, or to never.',
  payment_worn_out: 'This account payment was used so often that it can take no more. A manager can issue it anew.',
};
