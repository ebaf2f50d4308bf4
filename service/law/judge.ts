import { within } from '../../db/outage.js';
import { findCommand } from '../../db/payment/commands.js';
import { hasPassed, instantOf, type Instant } from '../../domain/instants.js';
import type { LawDecision } from '../../domain/law/decided.js';
import { actOf, decidedBy, notedOf, warningsOf, type Warning } from '../../domain/law/decision.js';
import { judge, type Judgement } from '../../domain/law/judge.js';
import type { LawFacts } from '../../db/law/lawFacts.js';
import type { Command, Wish } from '../../domain/payment/command.js';
import type { Issuing } from '../../domain/payment/issue.js';
import { sourceOf } from '../../domain/payment/funding.js';
import { isPermitted } from '../../domain/roles.js';
import type { Asking, Who } from '../asking.js';
import type { Parts } from '../parts.js';
import { factsOf } from './facts.js';

/** What the law says of a request: it is refused, or it goes on with what is to be written beside it. */
export type Judged =
  | { readonly outcome: 'refused'; readonly warnings: readonly Warning[] }
  | { readonly outcome: 'goes_on'; readonly law: LawDecision | undefined };

const CLEAR: Judgement = { outcome: 'clear' };

/** The law's word on a command to a payment, before it is sent. A payment's own rules never ask for it. */
export async function judgeCommand(
  parts: Parts,
  asking: Pick<Asking, 'who' | 'againstLawBecause'>,
  reference: string,
  wish: Wish<Command>,
  books: 'there' | 'away',
): Promise<Judged> {
  return judged(asking, await judgementOf(parts, asking.who, reference, wish, books));
}

/** The same before anybody asked for it: nothing is sent. */
export async function judgementOf(
  parts: Parts,
  { shop }: Pick<Who, 'shop'>,
  reference: string,
  wish: Wish<Command>,
  books: 'there' | 'away' = 'there',
): Promise<Judgement> {
  const act = actOf(wish);
  const facts = act && (await factsOf(parts, shop, reference, books));
  if (!facts || isStrangers(facts, wish) || isRefusedAnyway(facts, wish, parts.now())) return CLEAR;
  return judge(act, facts, parts.now());
}

/** The law's word on issuing anew what has ended: it counts from when the money first came. */
export async function judgementOfReissue(
  parts: Parts,
  { shop }: Pick<Who, 'shop'>,
  ended: string,
  expiresAt: Instant | null,
): Promise<Judgement> {
  const facts = await factsOf(parts, shop, ended);
  return facts ? judge({ kind: 'issue', expiresAt }, facts, parts.now()) : CLEAR;
}

/** The law's word on a payment that is to be issued now, for money that has just come. */
export function judgementOfIssue(issuing: Issue, { shop }: Pick<Who, 'shop'>, nowMs: number): Judgement {
  const { purpose, funding, amountMinor: balanceMinor, currency, expiresAt } = issuing;
  const { jurisdiction, againstLaw, calendar } = shop;
  const issuedAt = instantOf(nowMs);
  const facts = { purpose, sourceFunding: sourceOf(funding), issuedAt, balanceMinor, currency };
  return judge({ kind: 'issue', expiresAt }, { ...facts, jurisdiction, againstLaw, calendar }, nowMs);
}

type Issue = Pick<Issuing, 'purpose' | 'funding' | 'amountMinor' | 'currency' | 'expiresAt'>;

/** A manager may go against it, with a reason. */
export function judged(
  { who, againstLawBecause }: Pick<Asking, 'who' | 'againstLawBecause'>,
  judgement: Judgement,
): Judged {
  const decision = decidedBy(judgement, isPermitted(who.role, 'manage') ? againstLawBecause : undefined);
  if (decision === 'refused') return { outcome: 'refused', warnings: warningsOf(notedOf(judgement)) };
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
  const command = await within(PATIENCE_MS, findCommand(sql, reference, commandId)).catch(() => undefined);
  return command && warningsOf((command.details['law'] as LawDecision | undefined)?.rules);
}

const PATIENCE_MS = 1_000;

/** Nobody hears of the law of a payment that is another customer's. */
function isStrangers({ customerId }: LawFacts, wish: Wish<Command>): boolean {
  return 'customerId' in wish && wish.customerId !== undefined && wish.customerId !== customerId;
}

/** What the payment refuses by its own rules is its own to refuse. */
function isRefusedAnyway({ status, expiresAt }: LawFacts, { kind }: Wish<Command>, nowMs: number): boolean {
  if (status === 'expired' || status === 'cancelled' || hasPassed(expiresAt, nowMs)) return true;
  return status === 'used' && kind !== 'extend';
}
