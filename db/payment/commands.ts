import type { CommandRecord } from '../../domain/payment/state.js';
import type { Sql } from '../connect.js';

export type CommandRow = {
  commandId: string;
  revision: number;
  kind: CommandRecord['kind'];
  bodyHash: string;
  outcome: CommandRecord['outcome'];
  caller: string;
  staffId: string | null;
  decidedAt: string;
};

export function toCommandRow({ commandId, revision, kind, bodyHash, outcome, by, at }: CommandRecord): CommandRow {
  return {
    commandId,
    revision,
    kind,
    bodyHash,
    outcome,
    caller: by.caller,
    staffId: by.staffId ?? null,
    decidedAt: at,
  };
}

/** Returns how many of them were new. */
export async function insertCommands(sql: Sql, reference: string, rows: CommandRow[]): Promise<number> {
  const { count } = await sql`
    insert into commands ${sql(rows.map((row) => ({ reference, ...row })))} on conflict do nothing`;
  return count;
}

const columns = (sql: Sql) => sql`command_id, revision, kind, body_hash, outcome, caller, staff_id, decided_at`;

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
