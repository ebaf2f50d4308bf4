import { WorkflowNotFoundError } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { switchRulesOn } from '../../db/rules.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { room } from '../../domain/payment/limits.js';
import { rulesKnown } from '../../domain/payment/rules.js';
import { adoptRules } from '../../scripts/adoptRules.js';
import { restorePayment } from '../../scripts/restorePayment.js';
import { adoptSignal, adoptUpdate } from '../../workflows/payment/messages.js';
import { startOfPayment } from '../../workflows/payment/start.js';
import { issue } from '../domain/payment/build.js';
import { addNamespace, openShop, until, type Shop } from '../support/shop.js';

const NEWEST = Math.max(...rulesKnown.map(({ number }) => number));
const UNKNOWN = NEWEST + 1;

let shop: Shop;
beforeAll(async () => {
  // Its own, for all payments that are open in it are told.
  const namespace = await addNamespace();
  shop = await openShop({ namespace });
});
afterAll(() => shop.close());

const handle = (reference: string) => shop.client.workflow.getHandle(reference);
const read = (reference: string) => handle(reference).query<AccountPaymentView>('payment');
const rulesOf = async (reference: string) =>
  (
    await shop.sql<{ rules: number }[]>`select rules from commands where reference = ${reference} order by revision`
  ).map(({ rules }) => rules);

async function isBegun(reference: string): Promise<boolean> {
  return handle(reference)
    .describe()
    .then(
      () => true,
      (error) => {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      },
    );
}

/** Its worker leaves it to one that knows these rules. It is ended here, for there will be none. */
async function waitsForOthers(reference: string): Promise<void> {
  const { failure } = await until(async () => {
    const { events } = await handle(reference).fetchHistory();
    return events?.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed ?? [])[0];
  });
  expect(failure?.message).toBe(`rules ${UNKNOWN} are not known here; the newest are ${NEWEST}`);
  expect((await handle(reference).describe()).status.name).toBe('RUNNING');
  await handle(reference).terminate('seen');
}

test('every command in the books names the rules by which it was decided', async () => {
  const { reference } = await shop.issue();
  const spend = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
  await shop.post(`/account-payments/${reference}/apply`, spend);
  expect(await until(async () => (await rulesOf(reference)).length === 2 && rulesOf(reference))).toEqual([
    NEWEST,
    NEWEST,
  ]);
});

test('all open payments are told to adopt rules, which is no command; ended ones need not be', async () => {
  const [one, two, over] = [await shop.issue(), await shop.issue(), await shop.issue()].map((each) => each.reference);
  await shop.post(`/account-payments/${over}/expire`, { reason: 'agreed' });
  await until(async () => (await handle(over ?? '').describe()).status.name === 'COMPLETED');
  const told = await until(async () => {
    const count = await adoptRules(shop.client, NEWEST);
    return count >= 3 && count;
  });
  expect(told).toBe(3);
  for (const reference of [one ?? '', two ?? '']) {
    expect(await handle(reference).executeUpdate(adoptUpdate, { args: [{ rules: NEWEST }] })).toEqual({
      rules: NEWEST,
    });
    expect((await read(reference)).revision).toBe(1);
  }
});

test('a payment of older rules decides by them until it is told to adopt newer ones, and then by those', async () => {
  onTestFinished(() => switchRulesOn(shop.sql, NEWEST));
  await switchRulesOn(shop.sql, 1);
  const { reference } = await shop.issue();
  const hold = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', lifetimeMs: 600_000 };
  const claims = { by: { caller: 'till-7' } };
  const holdFor = (saleId: string) => shop.tell(reference, 'hold', { commandId: saleId, ...claims, ...hold, saleId });
  for (let i = 0; i <= room.openHoldsOfCaller; i++)
    expect(await holdFor(`S-${i}`)).toMatchObject({ outcome: 'accepted' });
  await handle(reference).executeUpdate(adoptUpdate, { args: [{ rules: 2 }] });
  expect(await holdFor('S-last')).toMatchObject({ outcome: 'accepted' });
  const [callers, rules] = await until(async () => {
    const rows = await shop.sql<{ caller: string; rules: number }[]>`
      select caller, rules from commands where reference = ${reference} and kind = 'hold' order by revision`;
    return rows.length === room.openHoldsOfCaller + 2 && [rows.map((row) => row.caller), rows.map((row) => row.rules)];
  });
  expect(rules).toEqual([...Array<number>(room.openHoldsOfCaller + 1).fill(1), 2]);
  expect(new Set(callers.slice(0, -1))).toEqual(new Set(['till-7']));
  expect(callers.at(-1)).toBe('operator');
});

test('what names no rules is dropped, and an update of it is turned down', async () => {
  const { reference } = await shop.issue();
  for (const message of [null, 1, {}, { rules: 0 }, { rules: '1' }, { rules: 1, more: 1 }])
    await handle(reference).signal(adoptSignal, message as never);
  await expect(handle(reference).executeUpdate(adoptUpdate, { args: [{ rules: 1.5 }] })).rejects.toThrow();
  expect((await read(reference)).revision).toBe(1);
});

test('a worker that does not know the rules of a payment decides nothing of it, and ends nothing', async () => {
  const reference = `ACC-20261123-${randomUUID()
    .slice(0, 8)
    .toUpperCase()
    .replace(/[ILOU]/g, '0')}`;
  const begun = startOfPayment(issue({ reference, rules: UNKNOWN }));
  await shop.client.workflow.start('accountPayment', { ...begun, taskQueue: shop.taskQueue });
  await waitsForOthers(reference);
});

test('one that is told to adopt rules which this worker does not know waits for a worker that does', async () => {
  const { reference } = await shop.issue();
  await handle(reference).signal(adoptSignal, { rules: UNKNOWN });
  await waitsForOthers(reference);
});

test('a payment that was not awake yet when it was told to adopt rules takes them up as well', async () => {
  await shop.stopWorker();
  const { reference } = await shop.issue();
  await handle(reference).signal(adoptSignal, { rules: UNKNOWN });
  await shop.startWorker();
  await waitsForOthers(reference);
});

test('what is issued, and what is restored, decides by the rules that are switched on', async () => {
  const { reference: old } = await shop.issue();
  await until(async () => (await rulesOf(old)).length === 1);
  onTestFinished(() => switchRulesOn(shop.sql, NEWEST));
  await switchRulesOn(shop.sql, UNKNOWN);
  await waitsForOthers((await shop.asShipped(() => shop.issue())).reference);
  await handle(old).terminate('an operator');
  expect(await restorePayment(shop, old)).toBe('restored');
  await waitsForOthers(old);
  await switchRulesOn(shop.sql, NEWEST);
  const { reference } = await shop.issue();
  expect(await until(async () => (await rulesOf(reference)).length === 1 && rulesOf(reference))).toEqual([NEWEST]);
  await expect(shop.sql`update rules_switched set rules = 2`).rejects.toThrow('append-only');
});

test('what comes in place of a payment, and what is given, decides by the rules that are switched on', async () => {
  const [sold, lost, giving] = [await shop.issue(), await shop.issue(), await shop.issue()];
  const saleId = randomUUID();
  const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId };
  await shop.post(`/account-payments/${sold.reference}/apply`, spending);
  for (const { reference } of [sold, lost])
    expect(await shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' })).toMatchObject({
      status: 200,
      body: { recorded: true },
    });
  await until(async () => (await rulesOf(giving.reference)).length === 1);
  onTestFinished(() => switchRulesOn(shop.sql, NEWEST));
  await switchRulesOn(shop.sql, UNKNOWN);
  const named = { customerId: 'C-1', reason: 'was in hospital' };
  const given = { reference: giving.reference, customerId: 'C-1', toCustomerId: 'C-2' };
  const asks = [
    [sold, `/sales/${saleId}/return`, { currency: 'EUR' }],
    [lost, `/account-payments/${lost.reference}/reinstate`, named],
    [giving, '/gifts', { ...given, amountMinor: 1, currency: 'EUR' }],
  ] as const;
  for (const [before, path, body] of asks) {
    const idempotencyKey = randomUUID();
    const issued = await until(async () => {
      // Nobody here knows these rules, so not all are answered; where it was not begun in time it is asked again.
      await shop.asShipped(() => shop.post(path, body, { idempotencyKey }));
      const [row] = await shop.sql<{ reference: string }[]>`
        select reference from issue_reservations
         where ${before.reference} in (issue -> 'funding' ->> 'replaces', issue -> 'funding' ->> 'givenFrom')`;
      return row && (await isBegun(row.reference)) && row;
    });
    await waitsForOthers(issued.reference);
  }
});

test('npm run rules tells which are on, switches on what it knows alone, and tells all that is open', async () => {
  const { reference } = await shop.issue();
  const run = async (...args: string[]) =>
    promisify(execFile)(process.execPath, ['scripts/run.mjs', 'scripts/rules.ts', ...args], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: {
        ...process.env,
        DATABASE_URL: shop.databaseUrl,
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        TEMPORAL_NAMESPACE: shop.client.options.namespace,
      },
    });
  expect((await run()).stdout).toMatch(new RegExp(`^on  ${NEWEST}: `, 'm'));
  await expect(run(`${UNKNOWN}`)).rejects.toMatchObject({
    code: 1,
    stderr: `Rules ${UNKNOWN} are not known to this version.\n`,
  });
  expect((await run(`${NEWEST}`)).stdout).toMatch(/^Rules \d+ are on\. \d+ open payments were told\.\n$/);
  const { events = [] } = await handle(reference).fetchHistory();
  const heard = events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
  expect(heard).toEqual(['adopt']);
});
