import type { RulesNumber } from '../../domain/payment/rules.js';
import type { CommandRecord, Details } from '../../domain/payment/state.js';
import type postgres from 'postgres';
import type { CommandKind, Disposition, Parent } from '../../domain/payment/command.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

export type CommandRow = {
  commandId: string;
  revision: number;
  kind: CommandRecord['kind'];
  bodyHash: string;
  outcome: CommandRecord['outcome'];
  rules: number;
  caller: string;
  staffId: string | null;
  shopId: string;
  parentKind: Parent['kind'] | null;
  parentId: string | null;
  parentCommandId: string | null;
  decidedAt: string;
  saleShopId: string | null;
  saleId: string | null;
  keptMinor: number;
  details: Details;
};

export function toCommandRow({
  commandId,
  revision,
  kind,
  bodyHash,
  outcome,
  rules,
  by,
  parent,
  at,
  details,
}: CommandRecord): CommandRow {
  const { saleShopId, saleId, keptMinor } = details;
  return {
    commandId,
    revision,
    kind,
    bodyHash,
    outcome,
    rules,
    caller: by.caller,
    staffId: by.staffId ?? null,
    shopId: by.shopId,
    parentKind: parent?.kind ?? null,
    parentId: parent?.id ?? null,
    parentCommandId: parent?.commandId ?? null,
    decidedAt: at,
    saleShopId: typeof saleShopId === 'string' ? saleShopId : null,
    saleId: typeof saleId === 'string' ? saleId : null,
    keptMinor: typeof keptMinor === 'number' ? keptMinor : 0,
    details,
  };
}

/** A row as `sql` inserts it. */
export function asColumns(sql: Sql, reference: string, runId: string, { details, ...row }: CommandRow) {
  return { reference, runId, ...row, details: sql.json(details as postgres.JSONValue) };
}

/** Returns how many of them were new. */
export async function insertCommands(sql: Sql, reference: string, runId: string, rows: CommandRow[]): Promise<number> {
  const { count } = await sql`
    insert into commands ${sql(rows.map((row) => asColumns(sql, reference, runId, row)))} on conflict do nothing`;
  return count;
}

/** Whether the books have any of these commands. */
export async function areSomeKnown(
  sql: Sql,
  asked: readonly { reference: string; commandId: string }[],
): Promise<boolean> {
  const [references, commandIds] = [asked.map(({ reference }) => reference), asked.map(({ commandId }) => commandId)];
  const [row] = await sql<{ known: boolean }[]>`
    select exists (
      select from commands
        join unnest(${references}::text[], ${commandIds}::text[]) as a (reference, command_id)
             using (reference, command_id)) as known`;
  return row?.known ?? false;
}

const columns = (sql: Sql) =>
  sql`command_id, revision, kind, body_hash, outcome, rules, caller, staff_id, shop_id, parent_kind, parent_id,
      parent_command_id, decided_at, sale_shop_id, sale_id, kept_minor, details`;

export async function commandsAt(sql: Sql, reference: string, revisions: number[]): Promise<CommandRow[]> {
  return sql<CommandRow[]>`
    select ${columns(sql)} from commands
     where reference = ${reference} and revision = any(${revisions}) order by revision`;
}

export async function findCommand(sql: Sql, reference: string, commandId: string): Promise<CommandRow | undefined> {
  const [row] = await sql<CommandRow[]>`
    select ${columns(sql)} from commands where reference = ${reference} and command_id = ${commandId}`;
  return row;
}

/** By which a payment decided its last command. */
export async function lastRules(sql: Sql, reference: string): Promise<RulesNumber> {
  const [row] = await sql<{ rules: RulesNumber }[]>`
    select rules from commands where reference = ${reference} order by revision desc limit 1`;
  if (!row) throw new Error('a payment in the books without its issue');
  return row.rules;
}

/** The command that cancelled a payment, and what became of the rest; undefined of one that was not cancelled. */
export async function findCancellation(
  sql: Sql,
  reference: string,
): Promise<{ commandId: string; disposition: Disposition } | undefined> {
  const [row] = await sql<{ commandId: string; disposition: Disposition }[]>`
    select command_id, details ->> 'disposition' as disposition from commands
     where reference = ${reference} and kind = 'cancel' and outcome = 'accepted'`;
  return row;
}

export type CommandKey = { readonly reference: string; readonly commandId: string };

/** Which of these commands are in the books. */
export async function recordedCommands(sql: Sql, keys: readonly CommandKey[]): Promise<CommandKey[]> {
  const [references, commandIds] = [keys.map(({ reference }) => reference), keys.map(({ commandId }) => commandId)];
  return sql<CommandKey[]>`
    select c.reference, c.command_id
      from unnest(${references}::text[], ${commandIds}::text[]) as asked (reference, command_id)
      join commands c using (reference, command_id)
     where c.outcome = 'accepted'`;
}

export type CommandFilter = {
  kind?: CommandRecord['kind'] | undefined;
  saleId?: string | undefined;
  shopId?: string | undefined;
  caller?: string | undefined;
  decidedFrom?: Instant | undefined;
  decidedBefore?: Instant | undefined;
};

/** The two orders of a list: which comes first. */
export const orders = ['oldest', 'newest'] as const;

export type CommandPage = { order: (typeof orders)[number]; afterRevision: number | undefined; limit: number };

/** What a payment decided, refusals too, in the order of its revisions or against it. */
export async function listCommands(
  sql: Sql,
  reference: string,
  filter: CommandFilter,
  { order, afterRevision, limit }: CommandPage,
): Promise<CommandRow[]> {
  const conditions = [
    filter.kind !== undefined && sql`kind = ${filter.kind}`,
    filter.saleId !== undefined && sql`sale_id = ${filter.saleId}`,
    filter.shopId !== undefined && sql`shop_id = ${filter.shopId}`,
    filter.caller !== undefined && sql`caller = ${filter.caller}`,
    filter.decidedFrom !== undefined && sql`decided_at >= ${filter.decidedFrom}`,
    filter.decidedBefore !== undefined && sql`decided_at < ${filter.decidedBefore}`,
    afterRevision !== undefined &&
      (order === 'oldest' ? sql`revision > ${afterRevision}` : sql`revision < ${afterRevision}`),
  ].filter((each) => each !== false);
  return sql<CommandRow[]>`
    select ${columns(sql)} from commands
     where reference = ${reference} ${conditions.reduce((all, each) => sql`${all} and ${each}`, sql``)}
     order by revision ${order === 'oldest' ? sql`asc` : sql`desc`} limit ${limit}`;
}

/** Of which payments the id of a step belongs to another kind of command, or to one that is no step of this. */
export async function findForeignSteps(
  sql: Sql,
  asked: readonly { reference: string; commandId: string }[],
  kind: CommandKind,
  parent: Parent,
): Promise<string[]> {
  const [references, commandIds] = [asked.map(({ reference }) => reference), asked.map(({ commandId }) => commandId)];
  const rows = await sql<{ reference: string }[]>`
    select c.reference from commands c
      join unnest(${references}::text[], ${commandIds}::text[]) as a (reference, command_id)
           using (reference, command_id)
     where c.kind <> ${kind}
        or (c.parent_kind, c.parent_id, c.parent_command_id)
           is distinct from (${parent.kind}, ${parent.id}, ${parent.commandId})`;
  return rows.map(({ reference }) => reference);
}
