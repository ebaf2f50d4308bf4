import { lastDayBefore, type Calendar, type Instant } from '../instants.js';
import type { Disposition, Purpose } from '../payment/command.js';
import type { FirstFunding } from '../payment/funding.js';
import type { Shop } from '../shop.js';
import { endOf, leastLastDay } from './calendar.js';
import { isWithin, lawTopics, type Day, type JudgedKind, type Rule } from './rule.js';
import { isIn, lawRules } from './rules.js';

/** What people want to do to a payment, as far as a law may have a word on it. */
export type Act =
  | { readonly kind: 'issue' | 'extend'; readonly expiresAt: Instant | null }
  | { readonly kind: 'payOut'; readonly amountMinor: number }
  | { readonly kind: 'cancel'; readonly disposition: Disposition }
  | { readonly kind: 'expire' };

/** What the law asks of a payment, and which law counts. */
export type Facts = {
  readonly purpose: Purpose;
  /** How the money first came to the shop, and when: a gift or a replacement goes on with what was there before. */
  readonly sourceFunding: FirstFunding;
  readonly issuedAt: Instant;
  readonly balanceMinor: number;
  readonly currency: string;
} & LawOfShop;

/** Of the shop where the money was first left. */
export type LawOfShop = Pick<Shop, 'jurisdiction' | 'againstLaw' | 'calendar'>;

/** A rule that stands against what is wanted, and the earliest last day by which it would not, where it is asked. */
export type Objection = { readonly rule: Rule; readonly leastValidThrough: Day | null };

export type Judgement =
  | { readonly outcome: 'clear' }
  /** The shop lets people do it all the same, or only they can tell whether they may. */
  | { readonly outcome: 'warned'; readonly objections: readonly Objection[] }
  | { readonly outcome: 'refused'; readonly objections: readonly Objection[] };

/** When and where somebody asks: days are told on the calendar of the shop in which they would be typed. */
export type Asked = { readonly nowMs: number; readonly calendar: Calendar };

/** What the law says of an act that is to be done now. */
export function judge(act: Act, facts: Facts, asked: Asked, rules: readonly Rule[] = lawRules): Judgement {
  const objections = rulesFor(facts, asked.nowMs, rules).flatMap((rule) => objectionOf(rule, act, facts, asked));
  if (objections.length === 0) return { outcome: 'clear' };
  const isBarred = facts.againstLaw === 'refused' && objections.some(({ rule }) => rule.force === 'binding');
  return { outcome: isBarred ? 'refused' : 'warned', objections };
}

/** Under which rules the customer may have what is left in cash. */
export function cashDue(facts: Facts, nowMs: number, rules: readonly Rule[] = lawRules): readonly Rule[] {
  return rulesFor(facts, nowMs, rules).filter((rule) => isCashDue(rule, facts));
}

/** The rules that count of a payment today: about each thing those of the narrowest place that has any. */
export function rulesFor(facts: Facts, nowMs: number, rules: readonly Rule[] = lawRules): readonly Rule[] {
  const { jurisdiction, purpose, sourceFunding, issuedAt, calendar } = facts;
  if (jurisdiction === null) return [];
  const issuedOn = calendar.dayAt(Date.parse(issuedAt));
  const today = calendar.dayAt(nowMs);
  const counting = rules.filter(
    (rule) =>
      isIn(jurisdiction, rule.jurisdiction) &&
      rule.purposes.includes(purpose) &&
      rule.fundings.includes(sourceFunding) &&
      isWithin(rule.issued, issuedOn) &&
      isWithin(rule.done, today),
  );
  return lawTopics.flatMap((topic) => narrowest(counting.filter((rule) => rule.topic === topic)));
}

function narrowest(rules: readonly Rule[]): readonly Rule[] {
  const length = Math.max(...rules.map(({ jurisdiction }) => jurisdiction.length));
  return rules.filter(({ jurisdiction }) => jurisdiction.length === length);
}

function objectionOf(rule: Rule, act: Act, facts: Facts, { nowMs, calendar }: Asked): readonly Objection[] {
  const { demand } = rule;
  const objection = [{ rule, leastValidThrough: null }];
  switch (demand.kind) {
    case 'least_validity': {
      const least = endOf(leastLastDay(demand, facts.calendar.dayAt(Date.parse(facts.issuedAt))), facts.calendar);
      const leastValidThrough = lastDayBefore(least, calendar);
      return isOverBefore(act, Date.parse(least), nowMs) ? [{ rule, leastValidThrough }] : [];
    }
    case 'no_expiry':
      return isOverBefore(act, Infinity, nowMs) ? objection : [];
    case 'cash_below':
      return isCashDue(rule, facts) && keepsSome(act, facts) ? objection : [];
    case 'limits_forfeiting':
      return isForfeiting(act) ? objection : [];
    case 'reminder':
      return demand.of.includes(kindOf(act)) ? objection : [];
    case 'nothing':
      return [];
  }
}

/** Whether a payment would be over, by its term or by what is done to it, before it may be. */
function isOverBefore(act: Act, leastMs: number, nowMs: number): boolean {
  if (act.kind === 'issue' || act.kind === 'extend')
    return act.expiresAt !== null && Date.parse(act.expiresAt) < leastMs;
  return isForfeiting(act) && nowMs < leastMs;
}

function isForfeiting(act: Act): boolean {
  return act.kind === 'expire' || (act.kind === 'cancel' && act.disposition === 'forfeited');
}

function isCashDue({ demand }: Rule, { balanceMinor, currency }: Facts): boolean {
  if (demand.kind !== 'cash_below' || demand.currency !== currency) return false;
  return balanceMinor > 0 && balanceMinor < demand.amountMinor;
}

/** Whether the customer would get less than all of it. */
function keepsSome(act: Act, { balanceMinor }: Facts): boolean {
  return isForfeiting(act) || (act.kind === 'payOut' && act.amountMinor < balanceMinor);
}

function kindOf(act: Act): JudgedKind {
  return act.kind === 'cancel' ? `cancel_${act.disposition}` : act.kind;
}
