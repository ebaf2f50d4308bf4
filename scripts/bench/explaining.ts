import postgres from 'postgres';
import { types, type Sql } from '../../db/connect.js';

/** A step of a plan as it was carried out. */
export type Step = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Step[];
};
export type Plan = { readonly tookMs: number; readonly plan: Step };

/**
 * One connection, each of whose answers comes with its plan.
 * @param url of the owner: nobody else may look so far in
 * @param statements those that are asked, or also those in the functions that they call
 */
export function explaining(
  url: string,
  carriedOut: (plan: Plan) => void,
  statements: 'asked' | 'nested' = 'asked',
): Sql {
  return postgres(url, {
    types,
    transform: { ...postgres.camel, undefined: null },
    max: 1,
    connection: {
      client_min_messages: 'log',
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_format': 'json',
      'auto_explain.log_nested_statements': statements === 'nested' ? 'on' : 'off',
    },
    onnotice: ({ message = '' }) => {
      const [said, plan] = message.split('plan:\n', 2);
      if (plan === undefined) return;
      const tookMs = Number(/duration: ([\d.]+) ms/.exec(said ?? '')?.[1]);
      carriedOut({ tookMs, plan: (JSON.parse(plan) as { Plan: Step }).Plan });
    },
  }) as Sql;
}

/** Which tables were read from end to end. */
export function wholeTables({ Plans = [], ...step }: Step): string[] {
  const below = Plans.flatMap(wholeTables);
  const table = step['Relation Name'];
  return step['Node Type'] === 'Seq Scan' && table !== undefined ? [table, ...below] : below;
}

/** Of which tables an index was gone through, rather than asked for something. */
export function wholeIndexes({ Plans = [], ...step }: Step): string[] {
  const below = Plans.flatMap(wholeIndexes);
  const [table, index] = [step['Relation Name'], step['Index Name']];
  const isWhole = table !== undefined && index !== undefined && step['Index Cond'] === undefined;
  return isWhole ? [table, ...below] : below;
}

/** By which indexes something was found. */
export function indexesOf({ Plans = [], ...step }: Step): string[] {
  const index = step['Index Name'];
  return [...(index === undefined ? [] : [index]), ...Plans.flatMap(indexesOf)];
}
