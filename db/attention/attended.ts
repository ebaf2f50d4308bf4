import type { Sql } from '../connect.js';
import { missingOf } from './waiting.js';

/** What waits for a person until somebody says that it is settled. */
export type Attended =
  | { readonly kind: 'signal'; readonly reference: string; readonly commandId: string }
  | { readonly kind: 'sale'; readonly saleShopId: string; readonly saleId: string; readonly number: number };

/** By whom, and which shop's they look after; every one's when null. */
export type Attendant = { readonly caller: string; readonly shopId: string; readonly looksAfter: string | null };

/** Notes once that it is settled, and says whether it is theirs to settle. */
export async function noteAttended(sql: Sql, what: Attended, by: Attendant): Promise<'noted' | 'unknown'> {
  const rows = what.kind === 'signal' ? await noteSignal(sql, what, by) : await noteSale(sql, what, by);
  return rows.length > 0 ? 'noted' : 'unknown';
}

type OfKind<Kind extends Attended['kind']> = Extract<Attended, { kind: Kind }>;

/** Only one that was refused: what has no answer yet may come. */
function noteSignal(sql: Sql, { reference, commandId }: OfKind<'signal'>, { caller, shopId, looksAfter }: Attendant) {
  return sql`
    with theirs as (
      select c.command_id, c.reference from sent_signals s join commands c using (reference, command_id)
       where c.reference = ${reference} and c.command_id = ${commandId} and c.outcome <> 'accepted'
         and (${looksAfter}::text is null or c.shop_id = ${looksAfter})),
    noted as (
      insert into attended_signals (command_id, reference, caller, shop_id)
      select command_id, reference, ${caller}, ${shopId} from theirs on conflict do nothing)
    select from theirs`;
}

function noteSale(sql: Sql, { number, ...sale }: OfKind<'sale'>, { caller, shopId, looksAfter }: Attendant) {
  return sql`
    with theirs as (
      select number, sale_shop_id, sale_id, ${missingOf(sql)} as missing_minor from sale_commands
       where number = ${number} and sale_shop_id = ${sale.saleShopId} and sale_id = ${sale.saleId}
         and (${looksAfter}::text is null or sale_shop_id = ${looksAfter})),
    noted as (
      insert into attended_sales (number, sale_shop_id, sale_id, missing_minor, caller, shop_id)
      select number, sale_shop_id, sale_id, missing_minor, ${caller}, ${shopId} from theirs on conflict do nothing)
    select from theirs`;
}
