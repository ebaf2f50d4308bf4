import { whileAway, within } from '../../db/outage.js';
import { findCommand } from '../../db/payment/commands.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import type { LawDecision } from '../../domain/law/decided.js';
import { actOf, decidedBy, notedOf, warningsOf, type Warning } from '../../domain/law/decision.js';
import { judge, type Judgement } from '../../domain/law/judge.js';
import { findLawFacts, type LawFacts } from '../../db/law/lawFacts.js';
import type { Command, Wish } from '../../domain/payment/command.js';
import type { Issuing } from '../../domain/payment/issue.js';
import { sourceOf } from '../../domain/payment/funding.js';
import { hasEndedBy } from '../../domain/payment/payment.js';
import { isPermitted } from '../../domain/roles.js';
import type { Asking, Who } from '../asking.js';
import type { Parts } from '../parts.js';
import { factsOf, type Basis } from './facts.js';

/** What the law says of a request: it is refused, or it goes on with what is to be written beside it. */
export type Judged =
  | { readonly outcome: 'refused'; readonly warnings: readonly Warning[]; readonly basis: Basis }
  | { readonly outcome: 'goes_on'; readonly law: LawDecision | undefined };

const CLEAR: Judgement = { outcome: 'clear' };
type Based = { readonly judgement: Judgement; readonly basis: Basis };

/** The law's word on a command to a payment, before it is sent. A payment's own rules never ask for it. */
export async function judgeCommand(
  parts: Parts,
  asking: Pick<Asking, 'who' | 'againstLawBecause'>,
  reference: string,
  wish: Wish<Command>,
  books: 'there' | 'away',
): Promise<Judged> {
  const { judgement, basis } = await basedJudgement(parts, asking.who, reference, wish, books);
  return judged(asking, judgement, basis);
}

/** The same before anybody asked for it: nothing is sent. */
export async function judgementOf(
  parts: Parts,
  { shop }: Pick<Who, 'shop'>,
  reference: string,
  wish: Wish<Command>,
): Promise<Judgement> {
  return (await basedJudgement(parts, { shop }, reference, wish, 'there')).judgement;
}

async function basedJudgement(
  parts: Parts,
  { shop }: Pick<Who, 'shop'>,
  reference: string,
  wish: Wish<Command>,
  books: 'there' | 'away',
): Promise<Based> {
  const act = actOf(wish);
  const found = act && (await factsOf(parts, shop, reference, books));
  if (!found) return { judgement: CLEAR, basis: 'appearance' };
  const { facts, basis } = found;
  const isNotAsked = isStrangers(facts, wish) || isRefusedAnyway(facts, wish, parts.now());
  return { judgement: isNotAsked ? CLEAR : judge(act, facts, { nowMs: parts.now(), calendar: shop.calendar }), basis };
}

/** The law's word on issuing anew what has ended: it counts from when the money first came. */
export async function judgeReissue(
  parts: Parts,
  asking: Pick<Asking, 'who' | 'againstLawBecause'>,
  ended: string,
  expiresAt: Instant | null,
): Promise<Judged> {
  return judged(asking, await judgementOfReissue(parts, asking.who, ended, expiresAt), 'books');
}

/** The same before anybody asked for it. Nothing is issued anew without the books, which alone tell of what ended. */
export async function judgementOfReissue(
  { sql, now }: Pick<Parts, 'sql' | 'now'>,
  { shop }: Pick<Who, 'shop'>,
  ended: string,
  expiresAt: Instant | null,
): Promise<Judgement> {
  const facts = await within(PATIENCE_MS, findLawFacts(sql, ended));
  if (!facts) return CLEAR;
  return judge({ kind: 'issue', expiresAt }, facts, { nowMs: now(), calendar: shop.calendar });
}

/** The law's word on a payment that is to be issued now, for money that has just come. */
export function judgementOfIssue(issuing: Issue, { shop }: Pick<Who, 'shop'>, nowMs: number): Judgement {
  const { purpose, funding, amountMinor: balanceMinor, currency, expiresAt } = issuing;
  const { jurisdiction, againstLaw, calendar } = shop;
  const issuedAt = instantOf(nowMs);
  const facts = { purpose, sourceFunding: sourceOf(funding), issuedAt, balanceMinor, currency };
  return judge({ kind: 'issue', expiresAt }, { ...facts, jurisdiction, againstLaw, calendar }, { nowMs, calendar });
}

type Issue = Pick<Issuing, 'purpose' | 'funding' | 'amountMinor' | 'currency' | 'expiresAt'>;

/** The law's word on an issue, of which all is known. */
export function judgeIssue(asking: Pick<Asking, 'who' | 'againstLawBecause'>, issuing: Issue, nowMs: number): Judged {
  return judged(asking, judgementOfIssue(issuing, asking.who, nowMs), 'books');
}

/** A manager may go against it, with a reason. */
function judged(
  { who, againstLawBecause }: Pick<Asking, 'who' | 'againstLawBecause'>,
  judgement: Judgement,
  basis: Basis,
): Judged {
  const decision = decidedBy(judgement, isPermitted(who.role, 'manage') ? againstLawBecause : undefined);
  if (decision === 'refused') return { outcome: 'refused', warnings: warningsOf(notedOf(judgement)), basis };
  return { outcome: 'goes_on', law: decision };
}

/** What of it is written beside the command. */
export function noted(judged: Judged): { readonly law?: LawDecision } {
  return judged.outcome === 'goes_on' && judged.law ? { law: judged.law } : {};
}

/** What the sender of a command was warned of when it was decided, as far as the books can tell now. */
export async function warnedBefore(
  { sql }: Parts,
  reference: string,
  commandId: string,
): Promise<readonly Warning[] | undefined> {
  const command = await within(PATIENCE_MS, findCommand(sql, reference, commandId)).catch(whileAway(undefined));
  return command && warningsOf((command.details['law'] as LawDecision | undefined)?.rules);
}

const PATIENCE_MS = 1_000;

/** Nobody hears of the law of a payment that is another customer's. */
function isStrangers({ customerId }: LawFacts, wish: Wish<Command>): boolean {
  return 'customerId' in wish && wish.customerId !== undefined && wish.customerId !== customerId;
}

/** What the payment refuses by its own rules is its own to refuse. */
function isRefusedAnyway(facts: LawFacts, { kind }: Wish<Command>, nowMs: number): boolean {
  if (hasEndedBy(nowMs, facts)) return true;
  return facts.status === 'used' && kind !== 'extend';
}
