import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ensureNamespace } from '../../scripts/namespace.js';

const DAY_S = 24 * 60 * 60;
let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

const retentionOf = async (namespace: string) => {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds);
};
const register = async (days: number) => {
  const namespace = randomUUID();
  const workflowExecutionRetentionPeriod = { seconds: days * DAY_S } as never;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  return namespace;
};

test('a namespace that is made keeps histories for 30 days', async () => {
  const namespace = randomUUID();
  await ensureNamespace(connection, namespace);
  expect(await retentionOf(namespace)).toBe(30 * DAY_S);
});

test.each([
  [1, 30],
  [90, 90],
])('one that keeps them for %i days keeps them for %i', async (before, after) => {
  const namespace = await register(before);
  await ensureNamespace(connection, namespace);
  expect(await retentionOf(namespace)).toBe(after * DAY_S);
});
