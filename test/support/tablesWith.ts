import type { Sql } from '../../db/connect.js';

/** In which tables a text stands, wherever in a row. */
export async function tablesWith(sql: Sql, text: string): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select schemaname || '.' || tablename as name from pg_tables
     where schemaname in ('public', 'staff', 'finance') order by 1`;
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await sql.unsafe(`select from ${name} r where r::text like '%' || $1 || '%' limit 1`, [text]);
      return rows.length > 0 ? [name] : [];
    }),
  );
  return found.flat();
}
