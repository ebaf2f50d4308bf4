import type { SaleKey } from '../../domain/payment/command.js';
import type { FoundScope } from '../../domain/payment/payment.js';
import type { Booked } from '../../domain/sale/booked.js';
import { parentOfSteps } from '../../domain/sale/stepId.js';
import type { Sql } from '../connect.js';
import { areSomeKnown } from '../payment/commands.js';
import { takenBySale } from '../payment/refundable.js';
import { ofSale } from './ofSale.js';

type Row = { isKnown: boolean; isBegun: boolean; hasMoved: boolean; scopes: FoundScope[] };

/** What the books have of a sale that is about to begin, in one round trip unless it has moved something already. */
export async function findBooked(
  sql: Sql,
  sale: SaleKey,
  steps: readonly { reference: string; commandId: string }[],
): Promise<Booked & { earlierLife: 'none' | 'in_books' }> {
  const [references, commandIds] = [steps.map(({ reference }) => reference), steps.map((each) => each.commandId)];
  const { kind, id } = parentOfSteps(sale);
  const [row] = await sql<[Row]>`
    select exists (select from sale_commands where ${ofSale(sql, sale)})
             or exists (select from sale_plans where ${ofSale(sql, sale)})
             -- A backup of the books may have lost both, and not what a return gave back.
             or exists (select from commands
                         where (parent_kind, parent_id) = (${kind}, ${id}) and kind = 'refund')
             or exists (select from issue_reservations where ${ofSale(sql, sale)} and replaces is not null)
             or exists (select from kept_fees where ${ofSale(sql, sale)}) as is_known,
           exists (
             select from commands
               join unnest(${references}::text[], ${commandIds}::text[]) as asked (reference, command_id)
                    using (reference, command_id)) as is_begun,
           exists (select from movements where ${ofSale(sql, sale)}) as has_moved,
           (select coalesce(jsonb_agg(jsonb_build_object('reference', reference, 'customerId', customer_id,
                                                         'type', type, 'productId', product_id)), '[]')
              from account_payments where reference = any(${references})) as scopes`;
  const { isKnown, isBegun, hasMoved, scopes } = row;
  const earlierLife = isKnown ? 'in_books' : 'none';
  if (!hasMoved) return { earlierLife, standing: isBegun ? 'begun' : 'new', takenOf: [], scopes };
  // In this order: what a step of this very command took meanwhile is known to be its own.
  const takenOf = await takenBySale(sql, sale);
  const standing = isBegun || (await areSomeKnown(sql, steps)) ? 'begun' : 'new';
  return { earlierLife, standing, takenOf, scopes };
}
