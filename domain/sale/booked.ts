import { scopeOf } from '../payment/command.js';
import type { FoundScope } from '../payment/payment.js';
import { exceedingProducts, takenBefore } from './decide.js';
import type { Taken } from './quote.js';
import type { HoldSale, SaleRefusal, SettleSale } from './sale.js';

/** What the books have of a sale that is about to begin, and of the payments that it is to draw on. */
export type Booked = {
  /** Whether this very command has begun to ask its payments, in a workflow that somebody ended before it answered. */
  readonly standing: 'new' | 'begun';
  readonly takenOf: readonly BookedTaking[];
  readonly scopes: readonly FoundScope[];
};

/** What a sale has of one payment, and whose that is. */
export type BookedTaking = Taken & { readonly customerId: string; readonly currency: string };

/** What a sale has taken in the currency of a basket. */
function takenIn({ currency }: { readonly currency: string }, taken: readonly BookedTaking[]): BookedTaking[] {
  return taken.filter((each) => each.currency === currency);
}

/** The same, of one customer's payments: nobody is told what another's gave. */
export function takenOfCustomer(
  basket: { readonly customerId: string; readonly currency: string },
  taken: readonly BookedTaking[],
): BookedTaking[] {
  return takenIn(basket, taken).filter(({ customerId }) => customerId === basket.customerId);
}

/** Why a sale is refused before any payment is asked. */
export function refusedByBooks(command: HoldSale | SettleSale, booked: Booked): SaleRefusal | undefined {
  // What a command that has begun took itself is no reason against it.
  const taken = booked.standing === 'new' ? takenIn(command, booked.takenOf) : [];
  if (booked.standing === 'new' && isChargedBefore(command, taken)) return chargedBefore(command, taken);
  return exceedingInBooks(command, booked.scopes, taken);
}

/** Whether the books say that a sale has been charged, otherwise than the till believes. */
function isChargedBefore(command: HoldSale | SettleSale, taken: readonly BookedTaking[]): boolean {
  if (sumOf(taken) !== takenBefore(command)) return true;
  return command.payments.some((drawn) => {
    const booked = taken.find(({ reference }) => reference === drawn.reference);
    return (booked?.takenMinor ?? 0) !== (drawn.takenMinor ?? 0);
  });
}

/** How much it was, a customer is told whose money all of it is. */
function chargedBefore(command: HoldSale | SettleSale, taken: readonly BookedTaking[]): SaleRefusal {
  const takenMinor = sumOf(taken);
  const isOwn = sumOf(takenOfCustomer(command, taken)) === takenMinor;
  return { code: 'sale_exists', payments: [], ...(isOwn && { takenMinor }) };
}

/** The same before any payment is asked, as far as the books know what the customer's payments are good for. */
function exceedingInBooks(
  { customerId, lines, payments }: HoldSale | SettleSale,
  known: readonly FoundScope[],
  taken: readonly BookedTaking[],
): SaleRefusal | undefined {
  const sources = payments.map(({ reference, amountMinor: heldMinor }) => {
    const row = known.find((each) => each.reference === reference && each.customerId === customerId);
    const isSold = lines.some(({ productId }) => productId === row?.productId);
    return { reference, heldMinor, scope: row && isSold ? scopeOf(row.type, row.productId) : null };
  });
  return exceedingProducts({ lines, sources, taken });
}

function sumOf(taken: readonly BookedTaking[]): number {
  return taken.reduce((sum, each) => sum + each.takenMinor, 0);
}
