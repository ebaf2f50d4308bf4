import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../db/connect.js';
import { explaining, indexesOf, wholeTables, type Step } from '../../scripts/bench/explaining.js';
import { listed } from '../../scripts/bench/listed.js';
import { fillBooks } from '../../scripts/bench/manyRows.js';
import { createDatabase } from '../support/database.js';

/** Enough that Postgres reads the whole of a table only where nothing else leads to what is asked for. */
const MANY = { payments: 20_000, usagesOfOne: 2_000 };
const BIG = ['account_payments', 'movements', 'commands', 'customers'];

/**
 * What has no index, for every use of a payment, or every hold, would change it, and with it the entries of that row in
 * all others. A balance that is not 0, and what is held, have only the active payments.
 */
const CHANGES_WITH_EVERY_USE = /by balance|"balanceFrom"|"marks":\["held"\]|^shop: held now$|^shop: overview$/i;

let owner: Sql;
let sql: Sql;
const plans: Step[] = [];
beforeAll(async () => {
  const { url, sql: ownersSql } = await createDatabase(inject('postgresUrl'));
  owner = ownersSql;
  await fillBooks(owner, MANY);
  sql = explaining(url, ({ plan }) => plans.push(plan));
});
afterAll(() => Promise.all([owner, sql].map(disconnect)));

test('no list and no search reads the whole of a big table, whatever is asked for and whether there is any', async () => {
  const whole: Record<string, string[]> = {};
  for (const { name, ask } of listed) {
    plans.length = 0;
    await ask(sql);
    expect(plans.length, name).toBeGreaterThan(0);
    const tables = plans.flatMap(wholeTables).filter((table) => BIG.includes(table));
    if (tables.length > 0 && !CHANGES_WITH_EVERY_USE.test(name)) whole[name] = tables;
  }
  expect(whole).toEqual({});
});

test('nothing but a list that is sorted by the names of customers goes through them in their order', async () => {
  const through: string[] = [];
  for (const { name, ask } of listed.filter((each) => !each.name.includes('by customerName'))) {
    plans.length = 0;
    await ask(sql);
    if (plans.flatMap(indexesOf).includes('customers_by_name')) through.push(name);
  }
  expect(through).toEqual([]);
});

test('of what a use changes in the row of a payment only its status stands in an index', async () => {
  const changing = ['balance_minor', 'held_minor', 'revision', 'last_sequence', 'ended_balance_minor', 'status'];
  const indexed = await owner<{ column: string }[]>`
    select distinct attname as column
      from pg_index
      join pg_depend on objid = indexrelid and refobjid = indrelid
      join pg_attribute on attrelid = indrelid and attnum = refobjsubid
     where indrelid = 'account_payments'::regclass and attname = any(${changing})`;
  expect(indexed.map(({ column }) => column)).toEqual(['status']);
});
