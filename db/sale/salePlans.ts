import type postgres from 'postgres';
import type { SaleKey } from '../../domain/payment/command.js';
import type { SalePlan } from '../../domain/sale/return.js';
import type { Sql } from '../connect.js';
import { ofSale } from './ofSale.js';

/** Writes down a plan; brought again it changes nothing. */
export async function insertSalePlan(sql: Sql, { plan, ...row }: SalePlan): Promise<void> {
  await sql`
    insert into sale_plans ${sql({ ...row, plan: sql.json(plan as unknown as postgres.JSONValue) })}
    on conflict do nothing`;
}

export async function findSalePlan(
  sql: Sql,
  sale: SaleKey,
  commandId: string,
): Promise<Pick<SalePlan, 'bodyHash' | 'plan'> | undefined> {
  const [row] = await sql<Pick<SalePlan, 'bodyHash' | 'plan'>[]>`
    select body_hash, plan from sale_plans where ${ofSale(sql, sale)} and command_id = ${commandId}`;
  return row;
}
