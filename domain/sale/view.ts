import { totalOf } from '../basket.js';
import type { Return, ReturnView, Sale, SaleView, Source } from './sale.js';

type Viewed = Pick<Sale, 'saleId' | 'attempt' | 'returns'>;

export function viewOfSale({ saleId, attempt, returns }: Viewed): SaleView | null {
  if (!attempt) return null;
  const { commandId: holdId, customerId, currency, lines, holdExpiresAt, phase, sources } = attempt;
  const sum = (amount: (source: Source) => number) => sources.reduce((total, source) => total + amount(source), 0);
  const [totalMinor, heldMinor] = [totalOf(lines), sum((each) => each.heldMinor)];
  const coveredMinor = attempt.takenBeforeMinor + sum((each) => each.capturedMinor) + heldMinor;
  return {
    saleId,
    customerId,
    status: phase.status,
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

export function viewOfReturn({ commandId, at, reason, otherTenderMinor, returned, notReturned }: Return): ReturnView {
  const keptMinor = returned.reduce((total, each) => total + each.keptMinor, 0);
  return {
    ...{ returnId: commandId, at, amountMinor: totalOf(returned), keptMinor, otherTenderMinor },
    ...{ reason, returned, notReturned },
  };
}
