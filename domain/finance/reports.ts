import { coreReports } from './coreReports.js';
import {
  count,
  figure,
  key,
  note,
  optional,
  period,
  required,
  where,
  type Column,
  type FieldOf,
  type Report,
} from './report.js';

const asOf = required('as_of', 'day');

/** How old something is, or how long it still is. */
const byDays = {
  up_to_30_days_minor: figure,
  up_to_90_days_minor: figure,
  up_to_180_days_minor: figure,
  up_to_365_days_minor: figure,
  over_365_days_minor: figure,
} as const;

/** Every report that there is. A name is that of its SQL function, and of the question that it answers in the texts. */
export const reports = {
  ...coreReports,
  breakage: {
    params: [...period, optional('legal_entity', 'entity')],
    columns: {
      legal_entity: key('text'),
      month: key('day'),
      currency: key('text'),
      purpose: key('text'),
      source_funding: key('text'),
      method: note('text'),
      rate_basis_points: note('number'),
      expired_minor: figure,
      reinstated_minor: figure,
      expected_minor: figure,
      breakage_minor: figure,
      left_out_minor: figure,
    },
  },
  journal: {
    params: [...period, ...where],
    columns: {
      legal_entity: key('text'),
      day: key('day'),
      shop_id: key('text'),
      currency: key('text'),
      debit: key('text'),
      credit: key('text'),
      partner_entity: key('text'),
      debit_code: note('text'),
      credit_code: note('text'),
      amount_minor: figure,
      entry_count: count,
    },
  },
  ageing: {
    params: [asOf, ...where],
    columns: {
      legal_entity: key('text'),
      shop_id: key('text'),
      currency: key('text'),
      purpose: key('text'),
      source_funding: key('text'),
      since: key('text'),
      ...byDays,
      balance_minor: figure,
      payment_count: count,
    },
  },
  layaways: {
    params: [asOf, ...where],
    columns: {
      legal_entity: key('text'),
      shop_id: key('text'),
      product_id: key('text'),
      currency: key('text'),
      ...byDays,
      without_end_minor: figure,
      balance_minor: figure,
      payment_count: count,
    },
  },
  expiring: {
    params: [asOf, optional('within_days', 'days'), ...where],
    columns: {
      legal_entity: key('text'),
      shop_id: key('text'),
      reference: key('text'),
      currency: key('text'),
      customer_id: note('text'),
      type: note('text'),
      product_id: note('text'),
      purpose: note('text'),
      source_funding: note('text'),
      last_day: note('day'),
      days_left: note('number'),
      balance_minor: figure,
    },
  },
  dormant: {
    params: [asOf, optional('months', 'months'), ...where],
    columns: {
      legal_entity: key('text'),
      shop_id: key('text'),
      reference: key('text'),
      currency: key('text'),
      customer_id: note('text'),
      purpose: note('text'),
      source_funding: note('text'),
      last_act: note('text'),
      last_act_on: note('day'),
      balance_minor: figure,
    },
  },
  redemption: {
    params: [...period, optional('legal_entity', 'entity')],
    columns: {
      legal_entity: key('text'),
      currency: key('text'),
      purpose: key('text'),
      source_funding: key('text'),
      cohort: key('day'),
      months_since: key('number'),
      issued_minor: figure,
      used_minor: figure,
      used_so_far_minor: figure,
      used_so_far_basis_points: note('number'),
    },
  },
} as const satisfies Readonly<Record<string, Report>>;

export type ReportName = keyof typeof reports;

type AnyReport = (typeof reports)[ReportName];
type ColumnNames<Each> = Each extends { readonly columns: infer Columns } ? Extract<keyof Columns, string> : never;
/** What reports are asked with and tell, as addresses and rows have it. */
export type ParamField = FieldOf<AnyReport['params'][number]['name']>;
export type ColumnField = FieldOf<ColumnNames<AnyReport>>;

export const reportNames = Object.keys(reports) as readonly ReportName[];

/** The columns of a report by name, in order. */
export function columnsOf(name: ReportName): [name: string, column: Column][] {
  return Object.entries(reports[name].columns);
}

export function keysOf(name: ReportName): string[] {
  return namesOf(name, 'key');
}

/** The figures that open to movements. */
export function figuresOf(name: ReportName): string[] {
  return namesOf(name, 'figure');
}

function namesOf(name: ReportName, role: Column['role']): string[] {
  return columnsOf(name).flatMap(([column, each]) => (each.role === role ? [column] : []));
}

/** The columns of the movements behind a figure, in order. */
export const movementColumns = {
  reference: key('text'),
  sequence: key('number'),
  day: note('day'),
  moved_at: note('instant'),
  shop_id: note('text'),
  kind: note('text'),
  category: note('text'),
  currency: note('text'),
  amount_minor: note('amount'),
  balance_before_minor: note('amount'),
  balance_after_minor: note('amount'),
  customer_id: note('text'),
  command_id: note('text'),
  caller: note('text'),
  staff_id: note('text'),
  reason: note('text'),
  sale_shop_id: note('text'),
  sale_id: note('text'),
  recorded_at: note('instant'),
  booked_late: note('flag'),
} as const satisfies Readonly<Record<string, Column>>;
