import type postgres from 'postgres';
import type { SaleKey } from '../../domain/payment/command.js';
import type { Part, Planned, SalePlan } from '../../domain/sale/return.js';
import { parentInSale, saleStepId } from '../../domain/sale/stepId.js';
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

type Step = Part & { readonly commandId: string; readonly step: 'refund' | 'issue' };

/** A return as its steps tell, and in place of which payments it has issued something, or kept a fee. */
export type BegunReturn = { readonly plan: Planned; readonly inPlaceOf: readonly string[] };

/**
 * What a return had begun to give back, as its steps tell: a backup of the books lost its plan, or nobody could write
 * one down. Undefined when the books have no step of it.
 */
export async function findBegunReturn(sql: Sql, sale: SaleKey, commandId: string): Promise<BegunReturn | undefined> {
  const { kind, id } = parentInSale(sale, commandId);
  const steps = await sql<Step[]>`
    select command_id, 'refund' as step, reference, (details ->> 'amountMinor')::bigint as amount_minor,
           coalesce((details ->> 'keptMinor')::bigint, 0) as kept_minor
      from commands
     where (parent_kind, parent_id, parent_command_id) = (${kind}, ${id}, ${commandId}) and kind = 'refund'
    union all
    select command_id, 'issue', replaces, amount_minor, kept_minor
      from issue_reservations where ${ofSale(sql, sale)} and replaces is not null
    union all
    select command_id, 'issue', reference, 0, kept_minor from kept_fees where ${ofSale(sql, sale)}`;
  // What was planned again for what could not go back the first time follows from the first plan.
  const isItsOwn = (each: Step) => each.commandId === saleStepId(sale, commandId, each.step, each.reference, '1');
  const own = steps.filter(isItsOwn);
  if (own.length === 0) return undefined;
  const parts = new Map(
    own.map(({ reference, amountMinor, keptMinor }) => [reference, { reference, amountMinor, keptMinor }]),
  );
  const inPlaceOf = own.filter(({ step }) => step === 'issue').map(({ reference }) => reference);
  return { plan: { parts: [...parts.values()], otherTenderMinor: 0, toldBy: 'steps' }, inPlaceOf };
}
