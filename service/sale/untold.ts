import { erasedUntil } from '../../db/customer/erasures.js';
import { whileAway, within } from '../../db/outage.js';
import type { Sql } from '../../db/connect.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import type { SaleView } from '../../domain/sale/sale.js';

const PATIENCE_MS = 2_000;

/**
 * A sale without the reasons that were erased: its workflow remembers them for as long as it takes returns. While
 * nobody can say what was erased, none is told.
 */
export async function withoutErased<Told extends Pick<SaleView, 'customerId' | 'returns'>>(
  sql: Sql,
  sale: Told,
): Promise<Told> {
  if (sale.returns.every(({ reason }) => reason === null)) return sale;
  const until = await untilOf(sql, sale.customerId);
  const mayBeTold = ({ at }: { readonly at: Instant | null }) => at === null || at > until;
  return { ...sale, returns: sale.returns.map((each) => (mayBeTold(each) ? each : { ...each, reason: null })) };
}

async function untilOf(sql: Sql, customerId: string): Promise<Instant> {
  return (await within(PATIENCE_MS, erasedUntil(sql, customerId)).catch(whileAway(FOR_EVER))) ?? NEVER;
}

const [NEVER, FOR_EVER] = [instantOf(0), '9999-12-31T23:59:59.999Z'];
