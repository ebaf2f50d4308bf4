import { totalOf } from '../basket.js';
import type { Wish } from '../payment/command.js';
import type { RefusalCode } from '../refusals.js';
import { isAnothers } from './whose.js';
import type { Return, ReturnView, Sale, SaleCommand, SaleView, Source } from './sale.js';

type Viewed = Pick<Sale, 'saleShopId' | 'saleId' | 'attempt' | 'returns'>;

export function viewOfSale({ saleShopId, saleId, attempt, returns }: Viewed): SaleView | null {
  if (!attempt) return null;
  const { commandId: holdId, customerId, currency, lines, holdExpiresAt, phase } = attempt;
  const isCompleting = phase.status === 'completing';
  const sources = isCompleting ? attempt.sources.map(asTaken) : attempt.sources;
  const sum = (amount: (source: Source) => number) => sources.reduce((total, source) => total + amount(source), 0);
  const [totalMinor, heldMinor] = [totalOf(lines), sum((each) => each.heldMinor)];
  const coveredMinor = attempt.takenBeforeMinor + sum((each) => each.capturedMinor) + heldMinor;
  return {
    saleShopId,
    saleId,
    customerId,
    status: isCompleting ? 'completed' : phase.status,
    currency,
    totalMinor,
    heldMinor,
    takenMinor: attempt.takenElsewhereMinor + sum((each) => each.takenMinor),
    givenBackMinor: sum((each) => each.givenBackMinor),
    keptMinor: sum((each) => each.keptMinor),
    missingMinor: sum((each) => each.missingMinor),
    leftToPayMinor: Math.max(0, totalMinor - coveredMinor),
    holdId,
    holdExpiresAt,
    payments: sources.map(({ scope: _, holdId: __, capturedMinor: ___, ...source }) => source),
    returns: returns.map(viewOfReturn),
  };
}

/** What is held was promised as taken, and is told so. */
function asTaken(source: Source): Source {
  const { heldMinor, capturedMinor, takenMinor } = source;
  return { ...source, heldMinor: 0, capturedMinor: capturedMinor + heldMinor, takenMinor: takenMinor + heldMinor };
}

export function viewOfReturn({ commandId, at, reason, otherTenderMinor, returned, notReturned }: Return): ReturnView {
  const keptMinor = returned.reduce((total, each) => total + each.keptMinor, 0);
  return {
    returnId: commandId,
    at,
    amountMinor: totalOf(returned),
    keptMinor,
    otherTenderMinor,
    reason,
    returned,
    notReturned,
  };
}

/**
 * What a caller who is refused may see of the sale. Whoever names another customer is told nothing of this one's, nor
 * is whoever sends a key that was used for something else.
 */
export function shownToRefused(
  sale: SaleView | null,
  asked: Wish<SaleCommand>,
  code: RefusalCode,
): SaleView | undefined {
  if (!sale || code === 'command_id_reused') return undefined;
  return isAnothers(sale, asked) ? undefined : sale;
}
