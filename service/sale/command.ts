import { within } from '../../db/outage.js';
import { findCredits, type Credit } from '../../db/payment/accountPayments.js';
import { findSaleCommand, findSaleTerms } from '../../db/sale/saleCommands.js';
import type { Warning } from '../../domain/law/decision.js';
import { derivedId, type SaleKey, type Wish } from '../../domain/payment/command.js';
import type { Delivery } from '../../domain/payment/handle.js';
import { isHeldTooLong } from '../../domain/sale/decide.js';
import type { HoldView, ReturnView, SaleCommand, SaleView, SettleSale } from '../../domain/sale/sale.js';
import { saleStepId } from '../../domain/sale/stepId.js';
import { shownToRefused } from '../../domain/sale/view.js';
import { isAnothers } from '../../domain/sale/whose.js';
import { byOf, keyOf, type Asking } from '../asking.js';
import { warningsOfReturn } from '../law/ofReturn.js';
import type { Parts } from '../parts.js';
import { refused, type Refused } from '../refused.js';
import { isRepeat } from '../requestKeys.js';
import { NO_ACTOR } from '../temporal.js';
import { countOfSale } from './callerCount.js';
import { asItIsNow } from './takenNow.js';
import { withoutErased } from './untold.js';

export type SaleAccepted = {
  readonly outcome: 'accepted';
  readonly delivery: Delivery;
  readonly return: ReturnView | null;
  readonly hold: HoldView | null;
  readonly sale: SaleView | null;
  /** Beside a preview of a return: credit that was issued for its goods already. */
  readonly credits: readonly Credit[] | null;
  /** What a law has to say of what a return issues, or would issue. */
  readonly warnings: readonly Warning[];
  readonly recorded: boolean;
};
export type SaleNotFound = { readonly outcome: 'unanswered'; readonly code: 'sale_not_found' };

const PATIENCE_MS = 2_000;

/**
 * Sends one command to one sale, once however often it is asked to.
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export async function commandSale(
  parts: Parts,
  asking: Asking,
  sale: SaleKey,
  wish: Wish<SaleCommand>,
): Promise<SaleAccepted | Refused | SaleNotFound> {
  const counted = countOfSale(parts.callerLimit, asking.who, sale, wish);
  if (counted.standing === 'full' && !(await isRepeat(parts.sql, asking))) return refused(parts, 'try_later');
  const { requestId, requestHash } = asking;
  const commandId = commandIdOf(asking, sale);
  const isLate = wish.kind === 'capture' && isHeldTooLong(wish.heldUntil, parts.now());
  // A repeat may come after the time that its first had: it hears what became of that.
  if (isLate && !(await wasAsked(parts, asking, sale))) return refused(parts, 'invalid_lifetime');
  const registered = await parts.requestKeys(keyOf(asking, null));
  if (registered.standing === 'another' && !(await isDecided(parts, sale, commandId)))
    return refused(parts, 'command_id_reused');
  const command: SaleCommand = { ...wish, commandId, by: byOf(asking.who), requestId, requestHash };
  const asked = registered.standing === 'unknown' ? undefined : registered.asked;
  let answer = await parts.actors.commandSale(sale, command, asked);
  if (answer === NO_ACTOR) {
    const terms = await within(PATIENCE_MS, findSaleTerms(parts.sql, sale));
    answer = terms ? await parts.actors.resumeSale(sale, command, terms) : NO_ACTOR;
  }
  if (answer === NO_ACTOR) return { outcome: 'unanswered', code: 'sale_not_found' };
  counted.told(answer);
  const { delivery } = answer;
  if (answer.outcome === 'refused') {
    const { code, payments, ...figures } = await asItIsNow(parts, sale, wish, answer.refusal);
    const mayBeTold = shownToRefused(answer.sale, wish, code);
    const told = mayBeTold && (await withoutErased(parts.sql, mayBeTold));
    const shown = { ...figures, ...(payments.length > 0 && { payments }), ...(told && { sale: told }) };
    return refused(parts, code, { delivery, shown });
  }
  const { return: back, hold } = answer;
  const recorded =
    wish.kind === 'settle'
      ? await isTakingRecorded(parts, sale, { commandId, payments: wish.payments }, asking.waitMs)
      : await areRecorded(parts, answer, asking.waitMs);
  const isPreview = wish.kind === 'return' && wish.extent === 'preview';
  const credits = isPreview ? await within(PATIENCE_MS, findCredits(parts.sql, sale)) : null;
  // The last try may have named another customer, and come to nothing.
  const own = answer.sale && !isAnothers(answer.sale, wish) ? answer.sale : null;
  const told = own && (await withoutErased(parts.sql, own));
  const warnings = back ? await warningsOfReturn(parts, asking.who.shop, back) : [];
  return { outcome: 'accepted', delivery, return: back, hold, sale: told, credits, warnings, recorded };
}

/** Of the sale too, so that two sales never share a hold, whatever tells keys apart. */
function commandIdOf({ requestId }: Asking, { saleShopId, saleId }: SaleKey): string {
  return derivedId(requestId, saleShopId, saleId);
}

/**
 * Whether this very request came before. What is checked before it is sent speaks of first ones alone: a repeat hears
 * what became of its first.
 */
export async function wasAsked(parts: Parts, asking: Asking, sale: SaleKey): Promise<boolean> {
  return (await isRepeat(parts.sql, asking)) || wasDecided(parts, asking, sale);
}

/** Whether it is decided already; what only came before may still find the time that it was for gone. */
export function wasDecided(parts: Parts, asking: Asking, sale: SaleKey): Promise<boolean> {
  return isDecided(parts, sale, commandIdOf(asking, sale));
}

/**
 * The registry never overrules a decision: what the sale or the books know of this id is what is told.
 * @throws ActorsUnavailable, RecordsUnavailable: one that does not answer may know of it
 */
async function isDecided({ actors, sql }: Parts, sale: SaleKey, commandId: string): Promise<boolean> {
  if (await actors.isRememberedBySale(sale, commandId)) return true;
  return (await within(PATIENCE_MS, findSaleCommand(sql, sale, commandId))) !== undefined;
}

/**
 * Whether all that a settlement takes can be read back. It is told before it is taken, by steps that have their ids: of
 * one payment alone at once, of several out of what it holds there, or, where that is gone, anew.
 */
async function isTakingRecorded(
  { untilRecorded }: Parts,
  sale: SaleKey,
  { commandId, payments }: Pick<SettleSale, 'commandId' | 'payments'>,
  patienceMs: number,
): Promise<boolean> {
  const told = await Promise.all(
    payments.map(({ reference }) => {
      const oneOf = (['capture', 'apply'] as const).map((step) => saleStepId(sale, commandId, step, reference));
      return untilRecorded({ reference, oneOf }, patienceMs);
    }),
  );
  return told.every((recorded) => recorded);
}

/** Whether everything that this answer tells of can be read back. */
async function areRecorded(
  { untilRecorded }: Parts,
  { return: back, sale }: Pick<SaleAccepted, 'return' | 'sale'>,
  patienceMs: number,
): Promise<boolean> {
  // A sale that was paid by single applies tells of no payments itself.
  const returned = (back?.returned ?? []).map(({ reference, replacement, revision }) =>
    replacement === null ? { reference, revision } : { reference: replacement, revision: 1 },
  );
  const told = await Promise.all(
    [...(sale?.payments ?? []), ...returned].map(({ reference, revision }) =>
      untilRecorded({ reference, revision }, patienceMs),
    ),
  );
  return told.every((recorded) => recorded);
}
