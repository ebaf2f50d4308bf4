import {
  by,
  count,
  counts,
  figure,
  figures,
  grain,
  key,
  keys,
  note,
  optional,
  period,
  required,
  where,
  type Report,
} from './report.js';

const asOf = [required('as_of', 'instant'), optional('known_at', 'instant')] as const;

/** Whose a balance is, and of what kind, as far as it is asked by. */
const dimensioned = keys(
  'legal_entity',
  'shop_id',
  'currency',
  'funding',
  'source_funding',
  'tax_point',
  'purpose',
  'type',
);

/** What is owed and to whom, what changed it, what was taken and handed out, and what of it is taxed. */
export const coreReports = {
  tenders: {
    params: [...period, ...where],
    columns: {
      ...keys('legal_entity', 'shop_id'),
      day: key('day'),
      ...keys('currency', 'tender'),
      ...figures('taken_minor', 'taken_in_error_minor', 'paid_out_minor', 'net_minor'),
      ...counts('taken_count', 'taken_in_error_count', 'paid_out_count'),
    },
  },
  roll_forward: {
    params: [...period, grain, by, ...where],
    columns: {
      first_day: key('day'),
      last_day: note('day'),
      ...dimensioned,
      opening_minor: figure,
      ...figures('issued_paid_minor', 'issued_return_minor', 'issued_goodwill_minor', 'issued_replacement_minor'),
      ...figures('gifted_in_minor', 'applied_minor', 'refunded_minor', 'gifted_out_minor', 'paid_out_minor'),
      ...figures('expired_minor', 'forfeited_minor', 'remitted_minor', 'issued_in_error_minor', 'reissued_minor'),
      ...figures('closing_minor', 'held_minor', 'frozen_minor'),
      ...figures('issued_paid_cash_minor', 'issued_paid_card_minor', 'issued_paid_bank_transfer_minor'),
      ...figures('issued_paid_other_minor', 'paid_out_cash_minor', 'paid_out_card_minor'),
      ...figures('paid_out_bank_transfer_minor', 'paid_out_other_minor'),
      ...counts('issued_count', 'applied_count', 'refunded_count', 'gifted_out_count', 'paid_out_count'),
      ...counts('ended_count', 'open_count'),
    },
  },
  outstanding_liability: {
    params: [...asOf, by, ...where],
    columns: {
      ...dimensioned,
      ...figures('balance_minor', 'held_minor', 'frozen_minor'),
      ...counts('payment_count', 'customer_count'),
    },
  },
  customer_balances: {
    params: [...asOf, ...where],
    columns: {
      ...keys('legal_entity', 'customer_id', 'currency'),
      ...figures('balance_minor', 'held_minor', 'frozen_minor', 'goodwill_minor'),
      payment_count: count,
      first_issued_at: note('instant'),
    },
  },
  control: {
    params: [required('as_of', 'day'), optional('legal_entity', 'entity')],
    columns: {
      ...keys('legal_entity', 'currency', 'account'),
      liability_minor: figure,
      ledger_minor: note('amount'),
      difference_minor: note('amount'),
      entered_by: note('text'),
      entered_at: note('instant'),
    },
  },
  exceptions: {
    params: [...period, ...where],
    columns: {
      ...keys('legal_entity', 'shop_id', 'currency', 'act', 'person', 'signed_by'),
      ...figures('amount_minor', 'by_issuer_minor'),
      ...counts('act_count', 'by_issuer_count'),
    },
  },
  between_shops: {
    params: [...period, ...where],
    columns: {
      ...keys('owing_entity', 'owing_shop_id', 'owed_entity', 'owed_shop_id', 'currency'),
      relation: note('text'),
      ...figures('applied_minor', 'refunded_minor', 'paid_out_minor', 'gifted_minor', 'reissued_minor'),
      ...figures('reinstated_minor', 'net_minor'),
    },
  },
  tax: {
    params: [...period, ...where],
    columns: {
      ...keys('legal_entity', 'shop_id', 'currency', 'tax_point', 'tax_code'),
      rate_basis_points: key('number'),
      ...figures('taxed_minor', 'taken_off_minor', 'due_minor'),
      tax_minor: note('amount'),
      ...figures('expired_minor', 'taxed_before_minor', 'free_minor'),
    },
  },
} as const satisfies Readonly<Record<string, Report>>;
