import { createServer, type AddressInfo } from 'node:net';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ActorsUnavailable, createTemporal } from '../../service/temporal.js';
import { paymentQuery } from '../../workflows/payment/messages.js';

/** Takes connections and never says a word, as a server that hangs does. */
const silent = createServer();
let connection: Connection;
let temporal: ReturnType<typeof createTemporal>;

beforeAll(async () => {
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  temporal = createTemporal({ connection, namespace: 'default' });
});
afterAll(async () => {
  await connection.close();
  silent.close();
});

const reads: [what: string, read: () => Promise<unknown>][] = [
  ['a query of a workflow', () => temporal.query('ACC-20261123-7KQ2M9XB', paymentQuery)],
  ['a list of workflows', () => temporal.list('WorkflowType = "accountPayment"')],
];

test.each(reads)('%s gives up on a server that hangs', async (_, read) => {
  await expect(read()).rejects.toThrow(ActorsUnavailable);
});
