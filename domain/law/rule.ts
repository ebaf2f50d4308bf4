import type { FirstFunding } from '../payment/funding.js';
import type { Disposition, Purpose } from '../payment/command.js';

/** `2026-11-23`, a day of the calendar. */
export type Day = string;

/** The first and the last day of something; null where it is open. */
export type Period = { readonly from: Day | null; readonly through: Day | null };

/** What a rule is about. Of rules about the same thing the narrower jurisdiction's count, and no others. */
export const lawTopics = ['validity', 'cash', 'forfeiting'] as const;
export type LawTopic = (typeof lawTopics)[number];

/** `advisory` where the law leaves a question that only people can answer: it is told, and never in the way. */
export const lawForces = ['binding', 'advisory'] as const;
export type LawForce = (typeof lawForces)[number];

/** What people do to a payment that a rule may have a word on. */
export type JudgedKind = 'issue' | 'extend' | 'expire' | 'payOut' | `cancel_${Disposition}`;

export type Demand =
  /** Good through the same day so many years later, counted from the day of issue or from the end of its year. */
  | { readonly kind: 'least_validity'; readonly years: number; readonly from: 'issue' | 'end_of_year' }
  | { readonly kind: 'no_expiry' }
  /** The customer may have the balance in cash while it is below this. */
  | { readonly kind: 'cash_below'; readonly amountMinor: number; readonly currency: string }
  /** Of what is forfeited the shop may keep only some: its reasonable costs, or what was agreed in writing. */
  | { readonly kind: 'limits_forfeiting' }
  /** To be thought of whenever one of these is done. */
  | { readonly kind: 'reminder'; readonly of: readonly JudgedKind[] }
  /** The law was looked up, and asks for nothing. */
  | { readonly kind: 'nothing' };

export type Rule = {
  /** Stands in the books beside what was done against it: it is never given to another rule. */
  readonly id: string;
  /** A country of ISO 3166, or a region of one: `US`, `US-CA`. */
  readonly jurisdiction: string;
  readonly topic: LawTopic;
  readonly force: LawForce;
  /** What the money is for, and how it first came to the shop. */
  readonly purposes: readonly Purpose[];
  readonly fundings: readonly FirstFunding[];
  /** When a payment was issued of which this counts. */
  readonly issued: Period;
  /** When this counts of what is done to one, whenever it was issued. */
  readonly done: Period;
  readonly demand: Demand;
  readonly source: { readonly citation: string; readonly address: string };
  /** When somebody last held the row against the law: against its words, or only against what others say of it. */
  readonly checked: { readonly on: Day; readonly against: 'text' | 'summary' };
  /** A sentence that staff read. */
  readonly words: { readonly en: string; readonly de: string };
};

export const ALWAYS: Period = { from: null, through: null };

export function isWithin({ from, through }: Period, day: Day): boolean {
  return (from === null || day >= from) && (through === null || day <= through);
}

/** What is commonly sold as a gift card, a voucher, or credit to spend later. */
export const SOLD = {
  purposes: ['gift', 'prepayment', 'store_credit'],
  fundings: ['paid'],
} as const satisfies Pick<Rule, 'purposes' | 'fundings'>;

/** Paid towards goods that are put aside. */
export const LAID_AWAY = {
  purposes: ['deposit'],
  fundings: ['paid'],
} as const satisfies Pick<Rule, 'purposes' | 'fundings'>;
