import type { Sql } from '../../db/connect.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { findScopes, type FoundScope } from '../../db/payment/accountPayments.js';
import { areSomeKnown } from '../../db/payment/commands.js';
import { takenBySale } from '../../db/payment/refundable.js';
import { findSale, findSaleCommand, type AnsweredBefore } from '../../db/sale/saleCommands.js';
import { findSalePlan, type SalePlan } from '../../db/sale/salePlans.js';
import type { SaleInBooks } from '../../domain/sale/sale.js';

/** What the books know of a sale; `away` when they cannot be asked. */
export type Recalled =
  | { readonly books: 'away' }
  | {
      readonly books: 'there';
      readonly answered: AnsweredBefore | null;
      /** Of a return that had begun and did not come to an answer. */
      readonly planned: Pick<SalePlan, 'bodyHash' | 'plan'> | null;
      /** The sale, when it had a workflow before. */
      readonly sale: SaleInBooks | null;
      /** What the sale has of all payments, and of each. */
      readonly takenMinor: number;
      readonly takenOf: readonly { readonly reference: string; readonly takenMinor: number }[];
      /** What the payments that it is to draw on are good for. */
      readonly scopes: readonly FoundScope[];
      /** Whether this very command has begun to hold, in a workflow that somebody ended before it answered. */
      readonly standing: 'new' | 'begun';
    };

/** A payment that a sale is to draw on, and the id of its hold there. */
export type HoldThere = { readonly reference: string; readonly holdId: string };

const PATIENCE_MS = 2_000;

export async function recallSale(
  sql: Sql,
  saleId: string,
  commandId: string,
  payments: readonly HoldThere[],
): Promise<Recalled> {
  try {
    const asked = Promise.all([
      findSaleCommand(sql, saleId, commandId),
      findSalePlan(sql, saleId, commandId),
      findSale(sql, saleId),
      takenBySale(sql, saleId),
      findScopes(
        sql,
        payments.map(({ reference }) => reference),
      ),
      areSomeKnown(
        sql,
        payments.map(({ reference, holdId }) => ({ reference, commandId: holdId })),
      ),
    ]);
    const [answered, planned, sale, takenOf, scopes, isBegun] = await within(PATIENCE_MS, asked);
    const takenMinor = takenOf.reduce((sum, each) => sum + each.takenMinor, 0);
    const standing = isBegun ? 'begun' : 'new';
    const found = { answered: answered ?? null, planned: planned ?? null, sale: sale ?? null };
    return { books: 'there', ...found, takenMinor, takenOf, scopes, standing };
  } catch (error) {
    if (isRecordsOutage(error)) return { books: 'away' };
    throw error;
  }
}
