import type { Sql } from '../../db/connect.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { takenBySale } from '../../db/payment/refundable.js';
import { findSaleCommand, type AnsweredBefore } from '../../db/sale/saleCommands.js';

/** What the books know of a sale; `away` when they cannot be asked. */
export type Recalled =
  | { readonly books: 'away' }
  | {
      readonly books: 'there';
      readonly answered: AnsweredBefore | null;
      /** What the sale has of all payments, and of each. */
      readonly takenMinor: number;
      readonly takenOf: readonly { readonly reference: string; readonly takenMinor: number }[];
    };

const PATIENCE_MS = 2_000;

export async function recallSale(sql: Sql, saleId: string, commandId: string): Promise<Recalled> {
  try {
    const asked = Promise.all([findSaleCommand(sql, saleId, commandId), takenBySale(sql, saleId)]);
    const [answered, takenOf] = await within(PATIENCE_MS, asked);
    const takenMinor = takenOf.reduce((sum, each) => sum + each.takenMinor, 0);
    return { books: 'there', answered: answered ?? null, takenMinor, takenOf };
  } catch (error) {
    if (isRecordsOutage(error)) return { books: 'away' };
    throw error;
  }
}
