import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { BY_INDEX, disconnect, type Sql } from '../../db/connect.js';
import { recordedRevisions } from '../../db/payment/accountPayments.js';
import { areSomeKnown, findForeignSteps, recordedCommands } from '../../db/payment/commands.js';
import { settledSignals } from '../../db/payment/leftSignals.js';
import { takenBySale } from '../../db/payment/refundable.js';
import { findBooked } from '../../db/sale/booked.js';
import { openConnections } from '../../service/connections.js';
import { explaining, wholeIndexes, wholeTables, type Step as PlanStep } from '../../scripts/bench/explaining.js';
import { BUSY_PAYMENT, fillUnseen } from '../../scripts/bench/manyRows.js';
import { MAIN_SHOP } from '../../scripts/mainShop.js';
import { createDatabase } from '../support/database.js';

const A_YOUNG_SHOP = { payments: 2_000, usagesOfOne: 200 };
const BIG = ['account_payments', 'movements', 'commands', 'customers'];
/** A prepared statement has one plan for whatever it is given from its sixth time on. */
const TIMES = 8;

let databaseUrl: string;
let owner: Sql;
let sql: Sql;
const plans: PlanStep[] = [];
beforeAll(async () => {
  const { url, sql: ownersSql } = await createDatabase(inject('postgresUrl'));
  [databaseUrl, owner] = [url, ownersSql];
  sql = explaining(url, ({ plan }) => plans.push(plan));
  for (const [name, value] of Object.entries(BY_INDEX)) await sql`select set_config(${name}, ${value}, false)`;
});
afterAll(() => Promise.all([owner, sql].map(disconnect)));

type Step = { readonly reference: string; readonly commandId: string };

const sale = { saleShopId: MAIN_SHOP, saleId: 'S-1' };
const parent = { kind: 'sale', id: 'S-1', commandId: 'settle' } as const;
const asked: Record<string, (steps: readonly Step[]) => Promise<unknown>> = {
  findBooked: (steps) => findBooked(sql, { ...sale, saleId: randomUUID() }, steps),
  areSomeKnown: (steps) => areSomeKnown(sql, steps),
  findForeignSteps: (steps) => findForeignSteps(sql, steps, 'apply', parent),
  recordedCommands: (steps) => recordedCommands(sql, steps),
  recordedRevisions: (steps) =>
    recordedRevisions(
      sql,
      steps.map(({ reference }) => reference),
    ),
  settledSignals: (steps) =>
    settledSignals(
      sql,
      steps.map((step) => ({ ...step, places: 1 })),
    ),
  takenBySale: () => takenBySale(sql, sale),
};

test('what a command asks on its way reads no big table whole, though it was planned when the shop began', async () => {
  const steps = () => [BUSY_PAYMENT, 'ACC-1', 'ACC-2'].map((reference) => ({ reference, commandId: randomUUID() }));
  for (const ask of Object.values(asked)) for (let time = 1; time <= TIMES; time++) await ask(steps());
  await fillUnseen(owner, A_YOUNG_SHOP);
  const whole: Record<string, string[]> = {};
  for (const [name, ask] of Object.entries(asked)) {
    plans.length = 0;
    await ask(steps());
    expect(plans.length, name).toBeGreaterThan(0);
    const read = plans.flatMap((plan) => [...wholeTables(plan), ...wholeIndexes(plan)]);
    if (read.some((table) => BIG.includes(table))) whole[name] = read;
  }
  expect(whole).toEqual({});
});

test('the connections of commands find by index, and those of lists and reports as Postgres plans', async () => {
  const opened = openConnections(databaseUrl);
  const findingOf = async (asking: Sql) =>
    (await asking<{ setting: string }[]>`select current_setting('enable_seqscan') as setting`)[0]?.setting;
  try {
    const [commands, lists, reports] = [opened.sql, opened.listSql, opened.reportSql];
    expect(await Promise.all([commands, lists, reports].map(findingOf))).toEqual(['off', 'on', 'on']);
  } finally {
    await opened.close();
  }
});
