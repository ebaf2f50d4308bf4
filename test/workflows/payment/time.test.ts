import { until } from '../../support/shop.js';
import { passTime, patientClient, startTimeSkipping } from '../../support/skippedTime.js';
import type { Answer } from '../../../domain/payment/handle.js';
import type { Recorded } from '../../../workflows/activities.js';
import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Batch } from '../../../domain/payment/record.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { Issue } from '../../../domain/payment/command.js';
import { instantOf } from '../../../domain/instants.js';
import type { CommandRecord } from '../../../domain/payment/state.js';
import type { accountPayment } from '../../../workflows/payment/workflow.js';
import { searchAttributeTypes as indexed } from '../../../scripts/namespace.js';
import { issue as anIssue } from '../../domain/payment/build.js';
import { installRuntime } from '../../support/runtime.js';

const DAY_MS = 86_400_000;

let env: TestWorkflowEnvironment;
let worker: Worker;
let done: Promise<void>;
const taskQueue = `time-${randomUUID()}`;
const recorded = new Map<string, CommandRecord[]>();

beforeAll(async () => {
  installRuntime();
  env = await startTimeSkipping();
  await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: indexed });
  const record = ({ terms, records }: Batch): Promise<Recorded> => {
    recorded.set(terms.reference, [...(recorded.get(terms.reference) ?? []), ...records]);
    return Promise.resolve('recorded');
  };
  const workflowBundle = { codePath: inject('bundlePath') };
  worker = await Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle, activities: { record } });
  done = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await done;
  await env.teardown();
});

async function start(overrides: Partial<Issue> & { lifetimeMs?: number } = {}) {
  const { lifetimeMs, ...terms } = overrides;
  const nowMs = await env.currentTimeMs();
  const reference = `ACC-20261123-${randomUUID().slice(0, 8).toUpperCase()}`;
  const expiresAt = lifetimeMs === undefined ? null : instantOf(nowMs + lifetimeMs);
  const issue = anIssue({ reference, issuedAt: instantOf(nowMs), expiresAt, ...terms });
  return patientClient(env).workflow.start<typeof accountPayment>('accountPayment', {
    workflowId: reference,
    taskQueue,
    args: [{ origin: 'issued', issue }],
  });
}

type Handle = Awaited<ReturnType<typeof start>>;
const view = (handle: Handle) => handle.query<AccountPaymentView>('payment');
/** Once the issue is recorded, for before that a payment takes nothing. */
const send = (handle: Handle, name: string, message: object) =>
  until(async () => {
    const answer = await handle.executeUpdate<Answer, [object]>(name, {
      args: [{ commandId: randomUUID(), ...message }],
    });
    return !('code' in answer && answer.code === 'issue_not_recorded') && answer;
  });
/** As a signal: the test server forgets an update's answer once the workflow has ended. */
const tell = (handle: Handle, name: string, message: object) =>
  handle.signal(name, { commandId: randomUUID(), ...message });
const spending = { customerId: 'C', amountMinor: 4_000, currency: 'EUR', saleId: 'S' };
const kinds = (handle: Handle) =>
  (recorded.get(handle.workflowId) ?? []).map(({ kind, outcome }) => (outcome === 'accepted' ? kind : outcome));

test('a payment sleeps for a year, then expires itself and ends', async () => {
  const handle = await start({ lifetimeMs: 365 * DAY_MS });
  await passTime(env, [handle], 364 * DAY_MS);
  expect(await view(handle)).toMatchObject({ status: 'active', balanceMinor: 10_000 });
  await passTime(env, [handle], DAY_MS + 1_000);
  expect(await handle.result()).toMatchObject({ status: 'expired', balanceMinor: 0, endedBalanceMinor: 10_000 });
  expect(kinds(handle)).toEqual(['issue', 'expire']);
});

test('an extension moves the deadline, and never takes it away', async () => {
  const handle = await start({ lifetimeMs: 10 * DAY_MS });
  const nowMs = await env.currentTimeMs();
  await send(handle, 'extend', { customerId: 'C', expiresAt: instantOf(nowMs + 30 * DAY_MS), reason: 'goodwill' });
  await passTime(env, [handle], 20 * DAY_MS);
  expect(await view(handle)).toMatchObject({ status: 'active' });
  await send(handle, 'extend', { customerId: 'C', expiresAt: null, reason: 'more of it' });
  await passTime(env, [handle], 2_000 * DAY_MS);
  expect(await view(handle)).toMatchObject({ status: 'active', expiresAt: null });
  await tell(handle, 'expire', { reason: 'agreed' });
  expect(await handle.result()).toMatchObject({ status: 'expired' });
});

test('a deadline centuries away is armed and does not fire', async () => {
  const handle = await start({ expiresAt: '9999-12-31T00:00:00.000Z' });
  await passTime(env, [handle], 3 * 365 * DAY_MS);
  expect(await view(handle)).toMatchObject({ status: 'active', expiresAt: '9999-12-31T00:00:00.000Z' });
  await tell(handle, 'cancel', { customerId: 'C', disposition: 'paid_out', tender: 'cash', reason: 'cash' });
  expect(await handle.result()).toMatchObject({ status: 'cancelled' });
});

test('a hold lapses by itself, and what it held can be spent', async () => {
  const handle = await start();
  await send(handle, 'hold', { ...spending, amountMinor: 10_000, lifetimeMs: 15 * 60_000 });
  expect(await view(handle)).toMatchObject({ heldMinor: 10_000, availableMinor: 0 });
  await passTime(env, [handle], 15 * 60_000 + 1_000);
  expect(await view(handle)).toMatchObject({ heldMinor: 0, availableMinor: 10_000 });
  expect(kinds(handle)).toEqual(['issue', 'hold', 'release']);
  await tell(handle, 'cancel', { customerId: 'C', disposition: 'paid_out', tender: 'cash', reason: 'cash' });
});

test('a payment past its deadline waits for its holds, takes nothing new, and expires when the last one closes', async () => {
  const handle = await start({ lifetimeMs: DAY_MS });
  await send(handle, 'hold', { ...spending, commandId: 'held', lifetimeMs: 3 * DAY_MS });
  await passTime(env, [handle], 2 * DAY_MS);
  expect(await view(handle)).toMatchObject({ status: 'active', heldMinor: 4_000, availableMinor: 0 });
  expect(await send(handle, 'apply', spending)).toMatchObject({ outcome: 'refused', code: 'payment_expired' });
  await tell(handle, 'capture', { holdId: 'held', saleId: 'S', amountMinor: 1_000 });
  expect(await handle.result()).toMatchObject({ status: 'expired', endedBalanceMinor: 9_000 });
  expect(kinds(handle)).toEqual(['issue', 'hold', 'payment_expired', 'capture', 'expire']);
});

test('a used payment stays open for returns until its deadline, then ends as used', async () => {
  const handle = await start({ lifetimeMs: 10 * DAY_MS });
  await send(handle, 'apply', { ...spending, amountMinor: 10_000 });
  await passTime(env, [handle], 5 * DAY_MS);
  expect(await view(handle)).toMatchObject({ status: 'used' });
  await passTime(env, [handle], 5 * DAY_MS + 1_000);
  expect(await handle.result()).toMatchObject({ status: 'used', balanceMinor: 0, endedBalanceMinor: null });
});

test('a used payment that gets money back is active again, and expires with it', async () => {
  const handle = await start({ lifetimeMs: 10 * DAY_MS });
  await send(handle, 'apply', { ...spending, amountMinor: 10_000 });
  expect(
    await send(handle, 'refund', { customerId: 'C', amountMinor: 700, currency: 'EUR', saleId: 'S' }),
  ).toMatchObject({
    payment: { status: 'active' },
  });
  await passTime(env, [handle], 10 * DAY_MS + 1_000);
  expect(await handle.result()).toMatchObject({ status: 'expired', endedBalanceMinor: 700 });
});

test('one timer serves a deadline however many purchases come before it', async () => {
  const handle = await start({ lifetimeMs: 10 * DAY_MS });
  for (let i = 0; i < 5; i++) await send(handle, 'apply', { ...spending, amountMinor: 1 });
  const { events } = await handle.fetchHistory();
  expect((events ?? []).filter((event) => event.timerStartedEventAttributes)).toHaveLength(1);
  expect((events ?? []).filter((event) => event.timerCanceledEventAttributes)).toHaveLength(0);
  await tell(handle, 'cancel', { customerId: 'C', disposition: 'paid_out', tender: 'cash', reason: 'cash' });
});
