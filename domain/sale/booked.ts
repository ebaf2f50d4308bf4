import { scopeOf } from '../payment/command.js';
import type { FoundScope } from '../payment/payment.js';
import { exceedingProducts, takenBefore } from './decide.js';
import type { HoldSale, SaleRefusal, SettleSale } from './sale.js';

/** What the books have of a sale that is about to begin, and of the payments that it is to draw on. */
export type Booked = {
  /** Whether this very command has begun to ask its payments, in a workflow that somebody ended before it answered. */
  readonly standing: 'new' | 'begun';
  /** What the sale has of all payments, and of each. */
  readonly takenMinor: number;
  readonly takenOf: readonly { readonly reference: string; readonly takenMinor: number }[];
  readonly scopes: readonly FoundScope[];
};

/** Why a sale is refused before any payment is asked. */
export function refusedByBooks(command: HoldSale | SettleSale, booked: Booked): SaleRefusal | undefined {
  if (booked.standing === 'new' && isChargedBefore(command, booked)) return { code: 'sale_exists', payments: [] };
  return exceedingInBooks(command, booked.scopes);
}

/** Whether the books say that a sale has been charged, otherwise than the till believes. */
function isChargedBefore(
  command: HoldSale | SettleSale,
  { takenMinor, takenOf }: Pick<Booked, 'takenMinor' | 'takenOf'>,
): boolean {
  if (takenMinor !== takenBefore(command)) return true;
  return command.payments.some((drawn) => {
    const booked = takenOf.find(({ reference }) => reference === drawn.reference);
    return (booked?.takenMinor ?? 0) !== (drawn.takenMinor ?? 0);
  });
}

/** The same before any payment is asked, as far as the books know what the customer's payments are good for. */
function exceedingInBooks(
  { customerId, lines, payments }: HoldSale | SettleSale,
  known: readonly FoundScope[],
): SaleRefusal | undefined {
  const sources = payments.map(({ reference, amountMinor: heldMinor }) => {
    const row = known.find((each) => each.reference === reference && each.customerId === customerId);
    const isSold = lines.some(({ productId }) => productId === row?.productId);
    return { reference, heldMinor, scope: row && isSold ? scopeOf(row.type, row.productId) : null };
  });
  return exceedingProducts({ lines, sources });
}
