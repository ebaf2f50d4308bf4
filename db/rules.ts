import type { RulesNumber } from '../domain/payment/rules.js';
import type { Sql } from './connect.js';

/** The rules that are switched on: what is issued decides by them. */
export async function findRulesOn(sql: Sql): Promise<RulesNumber> {
  const [row] = await sql<{ rules: number }[]>`
    select rules from rules_switched order by switch_id desc limit 1`;
  if (!row) throw new Error('the books name no rules');
  return row.rules;
}

export async function switchRulesOn(sql: Sql, rules: RulesNumber): Promise<void> {
  await sql`insert into rules_switched (rules) values (${rules})`;
}
