import type { Tender } from '../../domain/payment/command.js';
import type { FundingFacts } from '../../domain/payment/funding.js';
import type { Giving } from '../../domain/payment/replace.js';
import type { MovementKind } from '../../domain/payment/payment.js';
import type { CommandRecord } from '../../domain/payment/state.js';
import type { Sql } from '../connect.js';
import type { CommandPage } from './commands.js';

export type MovementRow = {
  sequence: number;
  commandId: string;
  kind: MovementKind;
  amountMinor: number;
  balanceBeforeMinor: number;
  balanceAfterMinor: number;
  saleShopId: string | null;
  saleId: string | null;
  reason: string | null;
  counterpart: string | null;
  tender: Tender | null;
  caller: string;
  staffId: string | null;
  shopId: string;
  movedAt: string;
};

export type UsageRow = Omit<MovementRow, 'kind' | 'counterpart' | 'tender'> & { kind: 'apply' | 'refund' };

type Moving = Pick<CommandRecord, 'commandId' | 'movement' | 'by' | 'at'>;

/** None for a command that moved nothing. */
export function toMovementRows({ commandId, movement, by, at }: Moving): MovementRow[] {
  if (!movement) return [];
  const {
    sequence,
    kind,
    amountMinor,
    balanceBeforeMinor,
    balanceAfterMinor,
    saleShopId,
    saleId,
    reason,
    counterpart,
    tender,
  } = movement;
  return [
    {
      sequence,
      commandId,
      kind,
      amountMinor,
      balanceBeforeMinor,
      balanceAfterMinor,
      saleShopId: saleShopId ?? null,
      saleId: saleId ?? null,
      reason: reason ?? null,
      counterpart: counterpart ?? null,
      tender: tender ?? null,
      caller: by.caller,
      staffId: by.staffId ?? null,
      shopId: by.shopId,
      movedAt: at,
    },
  ];
}

/** Returns how many of them were new. */
export async function insertMovements(sql: Sql, reference: string, rows: MovementRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { count } = await sql`
    insert into movements ${sql(rows.map((row) => ({ reference, ...row })))} on conflict do nothing`;
  return count;
}

const usageColumns = (sql: Sql) => sql`
  sequence, command_id, kind, amount_minor, balance_before_minor, balance_after_minor, sale_shop_id, sale_id, reason,
  caller, staff_id, shop_id, moved_at`;
const columns = (sql: Sql) => sql`${usageColumns(sql)}, counterpart, tender`;

export async function movementsAt(sql: Sql, reference: string, sequences: number[]): Promise<MovementRow[]> {
  return sql<MovementRow[]>`
    select ${columns(sql)} from movements
     where reference = ${reference} and sequence = any(${sequences}) order by sequence`;
}

export type Page = { order: CommandPage['order']; afterSequence: number | undefined; limit: number };

/** In the order of their sequence, which is that of the payment's revisions, or against it. */
export async function listMovements(sql: Sql, reference: string, page: Page): Promise<MovementRow[]> {
  return sql<MovementRow[]>`
    select ${columns(sql)} from movements where reference = ${reference} ${onPage(sql, page)}`;
}

export async function listUsages(sql: Sql, reference: string, page: Page): Promise<UsageRow[]> {
  return sql<UsageRow[]>`
    select ${usageColumns(sql)} from usage_records where reference = ${reference} ${onPage(sql, page)}`;
}

function onPage(sql: Sql, { order, afterSequence, limit }: Page) {
  const [isPast, direction] = order === 'oldest' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const past = afterSequence === undefined ? sql`` : sql`and sequence ${isPast} ${afterSequence}`;
  return sql`${past} order by sequence ${direction} limit ${limit}`;
}

export async function findMovementOf(sql: Sql, reference: string, commandId: string): Promise<MovementRow | undefined> {
  const [row] = await sql<MovementRow[]>`
    select ${columns(sql)} from movements where reference = ${reference} and command_id = ${commandId}`;
  return row;
}

/** Whether the payment that gave this one, as a gift, has given it. */
export async function findGiving(
  sql: Sql,
  { reference, givenFrom }: Pick<FundingFacts, 'givenFrom'> & { readonly reference: string },
): Promise<Giving> {
  const rows = await sql`
    select from movements where reference = ${givenFrom} and kind = 'gifted' and counterpart = ${reference}`;
  return rows.length > 0 ? 'given' : 'not_given';
}
