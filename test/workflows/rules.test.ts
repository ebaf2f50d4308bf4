import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { switchRulesOn } from '../../db/rules.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { adoptRules } from '../../scripts/adoptRules.js';
import { ensureNamespace } from '../../scripts/namespace.js';
import { adoptSignal, adoptUpdate } from '../../workflows/payment/messages.js';
import { startOfPayment } from '../../workflows/payment/start.js';
import { issue } from '../domain/payment/build.js';
import { openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  // Its own, for all payments that are open in it are told.
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  await ensureNamespace(connection, namespace);
  await connection.close();
  shop = await openShop({ namespace });
});
afterAll(() => shop.close());

const handle = (reference: string) => shop.client.workflow.getHandle(reference);
const read = (reference: string) => handle(reference).query<AccountPaymentView>('payment');
const rulesOf = async (reference: string) =>
  (
    await shop.sql<{ rules: number }[]>`select rules from commands where reference = ${reference} order by revision`
  ).map(({ rules }) => rules);

test('every command in the books names the rules by which it was decided', async () => {
  const { reference } = await shop.issue();
  const spend = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
  await shop.post(`/account-payments/${reference}/apply`, spend);
  expect(await until(async () => (await rulesOf(reference)).length === 2 && rulesOf(reference))).toEqual([1, 1]);
});

test('all open payments are told to adopt rules, which is no command; ended ones need not be', async () => {
  const [one, two, over] = [await shop.issue(), await shop.issue(), await shop.issue()].map((each) => each.reference);
  await shop.post(`/account-payments/${over}/expire`, { reason: 'agreed' });
  await until(async () => (await handle(over ?? '').describe()).status.name === 'COMPLETED');
  const told = await until(async () => {
    const count = await adoptRules(shop.client, 1);
    return count >= 3 && count;
  });
  expect(told).toBe(3);
  for (const reference of [one ?? '', two ?? '']) {
    expect(await handle(reference).executeUpdate(adoptUpdate, { args: [{ rules: 1 }] })).toEqual({ rules: 1 });
    expect((await read(reference)).revision).toBe(1);
  }
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
  const begun = startOfPayment(issue({ reference, rules: 2 }));
  await shop.client.workflow.start('accountPayment', { ...begun, taskQueue: shop.taskQueue });
  const { failure } = await until(async () => {
    const { events } = await handle(reference).fetchHistory();
    return events?.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed ?? [])[0];
  });
  expect(failure?.message).toBe('rules 2 are not known here; the newest are 1');
  expect((await handle(reference).describe()).status.name).toBe('RUNNING');
  await handle(reference).terminate('seen');
});

test('one that is told to adopt rules which this worker does not know waits for a worker that does', async () => {
  const { reference } = await shop.issue();
  await handle(reference).signal(adoptSignal, { rules: 2 });
  await until(async () => {
    const { events } = await handle(reference).fetchHistory();
    return events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed);
  });
  expect((await handle(reference).describe()).status.name).toBe('RUNNING');
  await handle(reference).terminate('seen');
});

test('what is issued decides by the rules that are switched on', async () => {
  await switchRulesOn(shop.sql, 1);
  const { reference } = await shop.issue();
  expect(await until(async () => (await rulesOf(reference)).length === 1 && rulesOf(reference))).toEqual([1]);
  await expect(shop.sql`update rules_switched set rules = 2`).rejects.toThrow('append-only');
});
