import { totalOf, totalsByProduct } from '../basket.js';
import { bodyHash, type Line } from '../payment/command.js';
import { leftMinor } from '../payment/figures.js';
import { hasPassed, instantOf, type Instant } from '../instants.js';
import type { Share, Taken } from './quote.js';
import type { RefusalCode } from '../refusals.js';
import { isAnothers } from './whose.js';
import { planReturn, type ReturnPlan, type SoldBefore } from './return.js';
import { isCounted, mayFollow } from './phases.js';
import { hasRoomFor } from './room.js';
import { MAX_REST_LIFETIME_MS } from './lifetimes.js';
import type {
  Attempt,
  CaptureSale,
  HoldSale,
  PaymentRefusal,
  RememberedSaleCommand,
  ReturnSale,
  Sale,
  SaleCommand,
  SaleRecord,
  SaleRefusal,
  SettleSale,
  Source,
} from './sale.js';

export type SaleDecision =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly refusal: SaleRefusal }
  | { readonly outcome: 'replayed'; readonly first: RememberedSaleCommand }
  | { readonly outcome: 'turned_away'; readonly code: RefusalCode };

/**
 * Whether a sale may begin with a command at this moment; what the payments say to it is heard later. Changes nothing.
 * A sale takes one command at a time, so none is decided in the middle of another.
 * @param outbox what waits for its books
 */
export function decideSale(
  sale: Sale,
  command: SaleCommand,
  nowMs: number,
  outbox: readonly SaleRecord[] = [],
): SaleDecision {
  const first = sale.remembered.find(({ commandId }) => commandId === command.commandId);
  if (first) {
    const isSame = first.bodyHash === bodyHash(command);
    return isSame ? { outcome: 'replayed', first } : { outcome: 'turned_away', code: 'command_id_reused' };
  }
  if (!hasRoomFor(sale, outbox, command)) return { outcome: 'turned_away', code: 'try_later' };
  const refusal = refusalOf(sale, command, nowMs);
  if (refusal?.code === 'invalid_lifetime') return { outcome: 'turned_away', code: refusal.code };
  return refusal ? { outcome: 'refused', refusal } : { outcome: 'accepted' };
}

/** Until when a completed sale takes returns. */
export function returnsUntil({ returnPeriodMs }: Sale, completedAt: string): string {
  return instantOf(Date.parse(completedAt) + returnPeriodMs);
}

function refusalOf(sale: Sale, command: SaleCommand, nowMs: number): SaleRefusal | undefined {
  const { attempt } = sale;
  if (command.kind === 'hold' || command.kind === 'settle') {
    const taken = command.kind === 'hold' ? misfitOfReplacing(sale, command, nowMs) : takenAlready(sale);
    if (taken) return just(taken);
    const fitsMinor = Math.max(0, totalOf(command.lines) - takenBefore(command));
    return totalOf(command.payments) > fitsMinor ? { ...just('exceeds_basket'), fitsMinor } : undefined;
  }
  // What a return may give back, the payments say: they are asked first.
  if (command.kind === 'return') return undefined;
  if (!attempt || isAnothers(attempt, command)) return just('sale_not_found');
  const ended = standingOfHold(sale, attempt, command.holdId, nowMs);
  if (ended) return just(ended);
  if (command.kind === 'release') return undefined;
  return isHeldTooLong(command.heldUntil, nowMs) ? just('invalid_lifetime') : misfitOf(attempt, command);
}

/** Whether what a capture leaves held would wait longer than it may, or not at all. */
export function isHeldTooLong(heldUntil: Instant | undefined, nowMs: number): boolean {
  if (heldUntil === undefined) return false;
  const lifetimeMs = Date.parse(heldUntil) - nowMs;
  return lifetimeMs <= 0 || lifetimeMs > MAX_REST_LIFETIME_MS;
}

/** A sale that takes money cannot let go of it: the goods may have left the shop. Told at once, and not remembered. */
export function decideAtOnce({ attempt, remembered }: Sale, command: SaleCommand): RefusalCode | undefined {
  if (command.kind !== 'release' || !attempt || isAnothers(attempt, command)) return undefined;
  const { status } = attempt.phase;
  if (status !== 'capturing' && status !== 'completing') return undefined;
  return remembered.some(({ commandId }) => commandId === command.commandId) ? undefined : 'sale_completing';
}

/** What the till believes that the sale has taken already. */
export function takenBefore({ takenMinor, payments }: HoldSale | SettleSale): number {
  return takenMinor ?? payments.reduce((total, each) => total + (each.takenMinor ?? 0), 0);
}

/**
 * Whether a sale may take this return now, as its payments know it; and what then goes where.
 * @param sold what the payments say, and what the books have of its basket and of returns in earlier lives
 */
export function decideReturn(sale: Sale, sold: SoldBefore, command: ReturnSale, nowMs: number): ReturnPlan {
  const { attempt, returns } = sale;
  const isOthers = attempt !== null && isAnothers(attempt, command);
  // A try that came to nothing says neither whose the sale is nor what was sold.
  const counted = attempt && isCounted(attempt.phase.status) ? attempt : null;
  if (counted && isOthers) return { code: 'sale_not_found' };
  if (sold.books === 'away' && counted && counted.takenElsewhereMinor > 0) return { code: 'books_unavailable' };
  const figures = sold.figures.filter((figure) => !isAnothers(figure, command));
  if (figures.every(({ takenMinor }) => takenMinor === 0))
    return { code: attempt && !isOthers ? 'sale_not_completed' : 'sale_not_found' };
  const lastTakenAt = figures
    .flatMap((each) => each.lastTakenAt ?? [])
    .toSorted()
    .at(-1);
  const since = attempt?.phase.status === 'completed' ? attempt.phase.since : lastTakenAt;
  if (command.authority === 'till' && since !== undefined && hasPassed(returnsUntil(sale, since), nowMs))
    return { code: 'sale_closed' };
  const unseen = sold.returns.filter(({ commandId }) => returns.every((each) => each.commandId !== commandId));
  if (command.lines && counted && counted.currency !== command.currency) return { code: 'currency_mismatch' };
  const lines = attempt ? (counted?.lines ?? null) : sold.lines;
  const plan = planReturn({ figures, lines, returns: [...unseen, ...returns] }, command);
  // What only the books know may have been paid by credit: no till gives that back by another tender.
  const isUncertain = sold.books === 'away' && 'parts' in plan && plan.otherTenderMinor > 0;
  return isUncertain ? { code: 'books_unavailable' } : plan;
}

/** A held or completed sale is not begun again; one that came to nothing may be. */
function takenAlready({ attempt }: Sale): RefusalCode | undefined {
  return attempt && !mayFollow(attempt.phase.status, 'holding') ? 'sale_exists' : undefined;
}

/** A hold is replaced by its own customer's, in its own currency, and only while it is open. */
function misfitOfReplacing(sale: Sale, command: HoldSale, nowMs: number): RefusalCode | undefined {
  const { attempt } = sale;
  if (command.replaces === undefined) return takenAlready(sale);
  if (!attempt || attempt.customerId !== command.customerId) return 'sale_not_found';
  return (
    standingOfHold(sale, attempt, command.replaces, nowMs) ??
    (attempt.currency === command.currency ? undefined : 'currency_mismatch') ??
    (knowsWhatWasTaken(attempt, command) ? undefined : 'sale_exists')
  );
}

/** A part that was delivered is paid for: whoever edits the basket afterwards has to know how much that was. */
function knowsWhatWasTaken({ sources, takenElsewhereMinor }: Attempt, command: HoldSale): boolean {
  return takenBefore(command) >= sources.reduce((sum, each) => sum + leftMinor(each), takenElsewhereMinor);
}

/** Why a hold of this sale cannot be taken, let go of or replaced. */
function standingOfHold(
  { endedHolds }: Sale,
  attempt: Attempt,
  holdId: string,
  nowMs: number,
): RefusalCode | undefined {
  if (attempt.commandId === holdId) return closedHold(attempt, nowMs);
  const ended = endedHolds.find((each) => each.holdId === holdId);
  if (!ended) return 'hold_not_found';
  return ended.end === 'lapsed' ? 'hold_expired' : 'hold_closed';
}

function closedHold({ phase, holdExpiresAt }: Attempt, nowMs: number): RefusalCode | undefined {
  switch (phase.status) {
    case 'refused':
      return 'hold_not_found';
    case 'lapsed':
      return 'hold_expired';
    case 'held':
      return hasPassed(holdExpiresAt, nowMs) ? 'hold_expired' : undefined;
    case 'released':
    case 'completed':
    case 'holding':
    case 'replacing':
    case 'capturing':
    case 'completing':
    case 'releasing':
      return 'hold_closed';
  }
}

function misfitOf({ sources }: Attempt, { payments = [] }: CaptureSale): SaleRefusal | undefined {
  return naming(
    payments.flatMap(({ reference, amountMinor }: Share): PaymentRefusal[] => {
      const source = sources.find((each) => each.reference === reference);
      if (!source) return [{ reference, code: 'payment_not_in_sale', availableMinor: null }];
      return amountMinor > source.heldMinor
        ? [{ reference, code: 'exceeds_held_amount', availableMinor: source.heldMinor }]
        : [];
    }),
  );
}

/** What a payment is good for, and how much of it is asked for. */
export type Scoped = Pick<Source, 'reference' | 'scope' | 'heldMinor'>;

/**
 * More of a product's own payments than its lines come to, all of them together and with what the sale took of such
 * before; a payment by itself cannot see that.
 */
export function exceedingProducts({
  lines,
  sources,
  taken,
}: {
  readonly lines: readonly Line[];
  readonly sources: readonly Scoped[];
  readonly taken: readonly Pick<Taken, 'productId' | 'takenMinor'>[];
}): SaleRefusal | undefined {
  const totals = totalsByProduct(lines);
  const askedMinor = new Map<string, number>();
  for (const { productId, takenMinor } of taken)
    if (productId !== null) askedMinor.set(productId, (askedMinor.get(productId) ?? 0) + takenMinor);
  return naming(
    sources.flatMap(({ reference, scope, heldMinor }): PaymentRefusal[] => {
      if (scope?.type !== 'product_specific') return [];
      const before = askedMinor.get(scope.productId) ?? 0;
      askedMinor.set(scope.productId, before + heldMinor);
      const fitsMinor = Math.max(0, (totals.get(scope.productId) ?? 0) - before);
      return heldMinor > fitsMinor
        ? [{ reference, code: 'exceeds_product_total', availableMinor: null, fitsMinor }]
        : [];
    }),
  );
}

/** The same of a try that its payments have heard of: what the sale took of them before, they say. */
export function exceedingProductsOf({ lines, sources }: Attempt): SaleRefusal | undefined {
  const taken = sources.flatMap((source) => {
    const { scope } = source;
    return scope?.type === 'product_specific' ? [{ productId: scope.productId, takenMinor: leftMinor(source) }] : [];
  });
  return exceedingProducts({ lines, sources, taken });
}

/** A refusal is named by the first payment that it names. */
export function naming(payments: readonly PaymentRefusal[]): SaleRefusal | undefined {
  return payments[0] && { code: payments[0].code, payments };
}

function just(code: RefusalCode): SaleRefusal {
  return { code, payments: [] };
}
