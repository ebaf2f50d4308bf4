import type { Sql } from '../../db/connect.js';
import { whileAway } from '../../db/outage.js';
import { together, type Slots } from '../../db/slots.js';
import { findBooked } from '../../db/sale/booked.js';
import { findSale, findSaleCommand } from '../../db/sale/saleCommands.js';
import { findBegunReturn, findSalePlan } from '../../db/sale/salePlans.js';
import type { SaleKey } from '../../domain/payment/command.js';
import type { Recalled, StepThere } from '../../workflows/activities.js';

/** For what has to be known. */
export const NEEDED_PATIENCE_MS = 2_000;
/** For what can be done without while a till waits. */
export const TILLS_PATIENCE_MS = 1_000;

/** What the books know of a sale: of one that is new to them, in one round trip. */
export async function recallSale(
  { sql, asking, patienceMs }: { sql: Sql; asking: Slots; patienceMs: number },
  sale: SaleKey,
  commandId: string,
  steps: readonly StepThere[],
): Promise<Recalled> {
  const recalling = asking(patienceMs, async () => {
    const { earlierLife, ...booked } = await findBooked(sql, sale, steps);
    const nothing = { answered: null, planned: null, sale: null };
    const found = earlierLife === 'none' ? nothing : await findEarlierLife(sql, sale, commandId);
    return { books: 'there' as const, ...found, ...booked, earlierLife };
  });
  return recalling.catch(whileAway({ books: 'away' }));
}

async function findEarlierLife(sql: Sql, sale: SaleKey, commandId: string) {
  const [answered, planned, before] = await together([
    findSaleCommand(sql, sale, commandId),
    findSalePlan(sql, sale, commandId),
    findSale(sql, sale),
  ]);
  const begun = answered || planned ? undefined : await findBegunReturn(sql, sale, commandId);
  return {
    answered: answered ?? null,
    planned: planned ?? (begun ? { bodyHash: null, plan: begun.plan } : null),
    sale: before ?? null,
  };
}
