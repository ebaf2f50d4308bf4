import { until } from '../../support/shop.js';
import { reserveIssue } from '../../../db/payment/issueReservations.js';
import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createActivities } from '../../../activities/createActivities.js';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { instantOf } from '../../../domain/instants.js';
import type { SaleView } from '../../../domain/sale/sale.js';
import { searchAttributeTypes as indexed } from '../../../scripts/namespace.js';
import type { accountPayment } from '../../../workflows/payment/workflow.js';
import { saleWorkflowId } from '../../../workflows/sale/start.js';
import type { sale } from '../../../workflows/sale/workflow.js';
import type { SaleAnswer } from '../../../workflows/sale/messages.js';
import { issue as anIssue } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { passTime, patientClient, startTimeSkipping, untilQuiet } from '../../support/skippedTime.js';
import { installRuntime } from '../../support/runtime.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const taskQueue = `sale-time-${randomUUID()}`;

let env: TestWorkflowEnvironment;
let worker: Worker;
let done: Promise<void>;
let sql: Sql;
let number = 0;

beforeAll(async () => {
  installRuntime();
  ({ sql } = await createDatabase(inject('postgresUrl')));
  env = await startTimeSkipping();
  await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: indexed });
  const activities = createActivities({ sql, client: patientClient(env) });
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('bundlePath') },
    activities,
  });
  done = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await done;
  await env.teardown();
  await disconnect(sql);
});

/** A payment of 100.00, and a sale that holds 40.00 of it for a quarter of an hour. */
async function heldSale() {
  const reference = `ACC-20261123-${String((number += 1)).padStart(8, '0')}`;
  const issue = anIssue({ reference, issuedAt: instantOf(await env.currentTimeMs()), expiresAt: null });
  const { commandId, issuedAt } = issue;
  await reserveIssue(sql, { commandId: reference + commandId, reference, bodyHash: 'x', issuedAt, notes: null, issue });
  const client = patientClient(env);
  const payment = await client.workflow.start<typeof accountPayment>('accountPayment', {
    workflowId: reference,
    taskQueue,
    args: [{ origin: 'issued', issue }],
  });
  const saleId = `S-${randomUUID()}`;
  const handle = await client.workflow.start<typeof sale>('sale', {
    workflowId: saleWorkflowId({ saleShopId: 'main', saleId }),
    taskQueue,
    args: [{ origin: 'begun', sale: { saleShopId: 'main', saleId }, returnPeriodMs: 365 * DAY_MS }],
  });
  const tell = (kind: string, body: object) =>
    handle.executeUpdate<SaleAnswer, [object]>(kind, {
      args: [{ commandId: randomUUID(), by: { caller: 'till-1' }, requestHash: 'x'.repeat(22), ...body }],
    });
  const basket = {
    customerId: 'C',
    currency: 'EUR',
    lines: [{ productId: 'bike', amountMinor: 4_000 }],
    payments: [{ reference, amountMinor: 4_000 }],
  };
  const held = await tell('hold', basket);
  expect(held).toMatchObject({ outcome: 'accepted', sale: { status: 'held', heldMinor: 4_000 } });
  const holdId = held.sale?.holdId ?? '';
  return {
    holdId,
    reference,
    saleId,
    handle,
    tell,
    /** What must be quiet before time may pass. */
    both: [payment, handle],
    view: () => payment.query<AccountPaymentView>('payment'),
    sale: () => handle.query<SaleView>('sale'),
  };
}

const kindsOf = async (reference: string) =>
  (
    await sql<
      { kind: string; caller: string }[]
    >`select kind, caller from commands where reference = ${reference} order by revision`
  ).map(({ kind, caller }) => `${kind} ${caller}`);

test('after a quarter of an hour the sale lets go by itself, and not before', async () => {
  const { reference, holdId, both, view, sale, tell } = await heldSale();
  await passTime(env, both, 14 * MINUTE_MS);
  expect(await view()).toMatchObject({ heldMinor: 4_000 });
  await passTime(env, both, MINUTE_MS + 1_000);
  expect(await sale()).toMatchObject({ status: 'lapsed', heldMinor: 0 });
  expect(await view()).toMatchObject({ heldMinor: 0, balanceMinor: 10_000 });
  expect(await tell('capture', { holdId })).toMatchObject({ outcome: 'refused', refusal: { code: 'hold_expired' } });
  expect(await kindsOf(reference)).toEqual(['issue till-1', 'hold till-1', 'release clock']);
});

test('a sale that somebody terminated leaves a hold that ends by itself, a day after the sale would have let go', async () => {
  const { reference, saleId, handle, both, view } = await heldSale();
  // The test server's time stands still for good when a workflow is terminated in the middle of a task or an activity.
  await until(async () => (await sql`select from sale_commands where sale_id = ${saleId}`).length === 1);
  await untilQuiet([handle]);
  await handle.terminate('by mistake');
  await passTime(env, both, DAY_MS + 14 * MINUTE_MS);
  expect(await view()).toMatchObject({ heldMinor: 4_000 });
  await passTime(env, both, MINUTE_MS + 1_000);
  expect(await view()).toMatchObject({ heldMinor: 0, availableMinor: 10_000 });
  expect(await kindsOf(reference)).toEqual(['issue till-1', 'hold till-1', 'release clock']);
});

test('a completed sale takes returns for a year and then ends; one that came to nothing ends after thirty days', async () => {
  const completed = await heldSale();
  const released = await heldSale();
  expect(await completed.tell('capture', { holdId: completed.holdId })).toMatchObject({ outcome: 'accepted' });
  expect(await released.tell('release', { holdId: released.holdId })).toMatchObject({ outcome: 'accepted' });
  const four = [...completed.both, ...released.both];
  await passTime(env, four, 29 * DAY_MS);
  expect((await released.handle.describe()).status.name).toBe('RUNNING');
  await passTime(env, four, DAY_MS + 1_000);
  expect((await released.handle.describe()).status.name).toBe('COMPLETED');
  await passTime(env, four, 330 * DAY_MS);
  expect(await completed.tell('return', { currency: 'EUR', amountMinor: 500 })).toMatchObject({
    outcome: 'accepted',
    return: { amountMinor: 500 },
  });
  expect(await completed.view()).toMatchObject({ balanceMinor: 6_500 });
  await passTime(env, four, 5 * DAY_MS);
  expect(await completed.handle.result()).toMatchObject({ status: 'completed', givenBackMinor: 500 });
});

test('what a capture leaves held waits until the time it names, and is then let go', async () => {
  const { reference, holdId, both, view, sale, tell } = await heldSale();
  const heldUntil = instantOf((await env.currentTimeMs()) + 30 * DAY_MS);
  const part = { holdId, payments: [{ reference, amountMinor: 1_500 }], heldUntil };
  expect(await tell('capture', part)).toMatchObject({
    outcome: 'accepted',
    sale: { status: 'held', heldMinor: 2_500 },
  });
  await passTime(env, both, 29 * DAY_MS);
  expect(await view()).toMatchObject({ balanceMinor: 8_500, heldMinor: 2_500 });
  await passTime(env, both, DAY_MS + 1_000);
  expect(await sale()).toMatchObject({ status: 'completed', takenMinor: 1_500, heldMinor: 0 });
  expect(await view()).toMatchObject({ balanceMinor: 8_500, heldMinor: 0 });
  expect(await kindsOf(reference)).toEqual(['issue till-1', 'hold till-1', 'capture till-1', 'release clock']);
});
