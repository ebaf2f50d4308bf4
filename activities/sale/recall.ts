import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { findScopes } from '../../db/payment/accountPayments.js';
import { areSomeKnown } from '../../db/payment/commands.js';
import { takenBySale } from '../../db/payment/refundable.js';
import { together, type Slots } from '../../db/slots.js';
import { findSale, findSaleCommand, isSaleKnown } from '../../db/sale/saleCommands.js';
import { findSalePlan } from '../../db/sale/salePlans.js';
import type { SaleKey } from '../../domain/payment/command.js';
import type { HoldThere, Recalled } from '../../workflows/activities.js';

const PATIENCE_MS = 2_000;

export async function recallSale(
  { sql, asking }: { sql: Sql; asking: Slots },
  sale: SaleKey,
  commandId: string,
  payments: readonly HoldThere[],
): Promise<Recalled> {
  try {
    const [answered, planned, before, takenOf, scopes, isBegun, isKnown] = await asking(PATIENCE_MS, () =>
      together([
        findSaleCommand(sql, sale, commandId),
        findSalePlan(sql, sale, commandId),
        findSale(sql, sale),
        takenBySale(sql, sale),
        findScopes(
          sql,
          payments.map(({ reference }) => reference),
        ),
        areSomeKnown(
          sql,
          payments.map(({ reference, holdId }) => ({ reference, commandId: holdId })),
        ),
        isSaleKnown(sql, sale),
      ]),
    );
    const takenMinor = takenOf.reduce((sum, each) => sum + each.takenMinor, 0);
    const standing = isBegun ? 'begun' : 'new';
    const found = { answered: answered ?? null, planned: planned ?? null, sale: before ?? null };
    const earlierLife = isKnown ? 'in_books' : 'none';
    return { books: 'there', ...found, takenMinor, takenOf, scopes, earlierLife, standing };
  } catch (error) {
    if (isRecordsOutage(error)) return { books: 'away' };
    throw error;
  }
}
