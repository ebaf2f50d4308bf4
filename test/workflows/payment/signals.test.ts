import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPayloadConverter } from '@temporalio/common';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { freePort } from '../../../scripts/servers/ports.js';
import { end, startService } from '../../support/services.js';
import { openShop, openShopOfProcesses, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const handle = (reference: string) => shop.client.workflow.getHandle(reference);
const outcomeOf = async (reference: string, commandId: string) => {
  const answer = await handle(reference).query<{ outcome: string; code?: string }, [string]>('command', commandId);
  return answer.outcome !== 'unknown' && (answer.code ?? answer.outcome);
};
const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };

test('signals work as an operator sends them from the Temporal UI, and their outcome can be asked for', async () => {
  const { reference } = await shop.issue();
  await handle(reference).signal('apply', { commandId: 'op-1', ...spending });
  await handle(reference).signal('apply', { commandId: 'op-1', ...spending });
  await handle(reference).signal('apply', { commandId: 'op-2', ...spending, amountMinor: 99_999 });
  await handle(reference).signal('refund', {
    customerId: 'C-1',
    commandId: 'op-3',
    amountMinor: 40,
    currency: 'EUR',
    saleId: 'S-1',
  });
  expect(await until(() => outcomeOf(reference, 'op-3'))).toBe('accepted');
  expect(await outcomeOf(reference, 'op-1')).toBe('accepted');
  expect(await outcomeOf(reference, 'op-2')).toBe('insufficient_balance');
  const { body } = await shop.get<AccountPaymentView>(`/account-payments/${reference}`);
  expect(body).toMatchObject({ balanceMinor: 9_940, revision: 4 });
  const command = await until(async () => {
    const reply = await shop.get<{ recorded: boolean }>(`/account-payments/${reference}/commands/op-1`);
    return reply.status === 200 && reply.body.recorded && reply.body;
  });
  expect(command).toMatchObject({
    outcome: 'accepted',
    movement: { kind: 'applied', amountMinor: -100, caller: 'operator' },
  });
});

/** The same bad input that the API refuses, and more: what only a signal can carry. */
const malformed: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'apply'],
  ['a list', [1, 2]],
  ['no command id', spending],
  ['an amount of 0', { commandId: 'm', ...spending, amountMinor: 0 }],
  ['a negative amount', { commandId: 'm', ...spending, amountMinor: -1 }],
  ['a fraction', { commandId: 'm', ...spending, amountMinor: 1.5 }],
  ['an amount as text', { commandId: 'm', ...spending, amountMinor: '1' }],
  ['too large an amount', { commandId: 'm', ...spending, amountMinor: 1_000_000_000_001 }],
  ['an unknown currency', { commandId: 'm', ...spending, currency: 'DEM' }],
  ['a sale called ..', { commandId: 'm', ...spending, saleId: '..' }],
  ['a command named by an e-mail address', { commandId: 'a@shop.example', ...spending }],
  ['too long an id', { commandId: 'm'.repeat(129), ...spending }],
  ['an unknown field', { commandId: 'm', ...spending, discount: 1 }],
  ['a deep object', { commandId: 'm', ...spending, lines: { a: { b: { c: [] } } } }],
];

test('no signal of any shape fails or stalls the actor, and none of these changes anything', async () => {
  const { reference } = await shop.issue();
  for (const [, message] of malformed) await handle(reference).signal('apply', message);
  await handle(reference).signal('apply');
  await handle(reference).signal('apply', { commandId: 'm', ...spending }, 'a second argument');
  await handle(reference).signal('no-such-command', { commandId: 'm' });
  await handle(reference).signal('__proto__', {});
  await unreadable(reference, 'apply');
  await handle(reference).signal('extend', { customerId: 'C-1', commandId: 'last', expiresAt: null, reason: 'never' });
  await until(() => outcomeOf(reference, 'last'));
  const { body } = await shop.get<AccountPaymentView>(`/account-payments/${reference}`);
  expect(body).toMatchObject({ balanceMinor: 9_900, revision: 3 });
});

test('signals of which no command could be made are counted', async () => {
  const { shop: counted, env } = await openShopOfProcesses();
  const metricsAddress = `127.0.0.1:${await freePort()}`;
  const worker = await startService('worker', { ...env, WORKER_METRICS_ADDRESS: metricsAddress });
  try {
    const { reference } = await counted.issue();
    const payment = counted.client.workflow.getHandle(reference);
    await payment.signal('apply', spending);
    await payment.signal('apply', { commandId: 'm', ...spending, amountMinor: 0 });
    await payment.signal('no-such-command', { commandId: 'm' });
    await payment.signal('apply', { commandId: 'well-formed', ...spending });
    const dropped = await until(async () => {
      const shown = await (await fetch(`http://${metricsAddress}/metrics`)).text();
      const lines = shown.split('\n').filter((line) => line.startsWith('signals_dropped{'));
      return lines.length === 2 && lines;
    });
    expect(dropped.map((line) => [/why="(\w+)"/.exec(line)?.[1], line.split(' ').at(-1)]).sort()).toEqual([
      ['malformed', '2'],
      ['no_such_command', '1'],
    ]);
  } finally {
    await end(worker, 'SIGTERM');
    await counted.close();
  }
});

test('an update of any malformed shape is rejected by the validator and leaves no event', async () => {
  const { reference } = await shop.issue();
  const before = await until(async () => {
    const { raw, historyLength } = await handle(reference).describe();
    return raw.pendingActivities?.length === 0 && !raw.pendingWorkflowTask && historyLength;
  });
  for (const [name, message] of malformed) {
    await expect(handle(reference).executeUpdate('apply', { args: [message] }), name).rejects.toThrow(
      'Workflow Update failed',
    );
  }
  expect((await handle(reference).describe()).historyLength).toBe(before);
});

test('waiting signals run in the order in which they came, whatever their names', async () => {
  const lazy = await openShop({ worker: 'none' });
  try {
    const { reference } = await lazy.issue();
    const actor = lazy.client.workflow.getHandle(reference);
    await actor.signal('apply', { commandId: 's1', ...spending, amountMinor: 10_000 });
    await actor.signal('refund', {
      customerId: 'C-1',
      commandId: 's2',
      amountMinor: 300,
      currency: 'EUR',
      saleId: 'S-1',
    });
    await actor.signal('apply', { commandId: 's3', ...spending, amountMinor: 300 });
    await actor.signal('hold', { commandId: 's4', ...spending, lifetimeMs: 1_000 });
    await lazy.startWorker();
    const commands = await until(async () => {
      const rows = await lazy.sql<
        { outcome: string }[]
      >`select outcome from commands where reference = ${reference} order by revision`;
      return rows.length === 5 && rows.map(({ outcome }) => outcome);
    });
    expect(commands).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'payment_used']);
  } finally {
    await lazy.close();
  }
});

test('respond-async is taken while no worker runs, and decided once when one does', async () => {
  const lazy = await openShop({ worker: 'none' });
  try {
    const { reference } = await lazy.issue();
    const send = () =>
      lazy.post<{ commandId: string }>(`/account-payments/${reference}/apply`, spending, {
        idempotencyKey: 'k',
        headers: { Prefer: 'respond-async' },
      });
    const [sent, again] = [await send(), await send()];
    expect([sent.status, again.status]).toEqual([202, 202]);
    const location = sent.headers.get('Location') ?? '';
    expect((await lazy.get(location)).status).toBe(404);
    await lazy.startWorker();
    const command = await until(async () => {
      const reply = await lazy.get<{ recorded: boolean }>(location);
      return reply.status === 200 && reply.body.recorded && reply.body;
    });
    expect(command).toMatchObject({ outcome: 'accepted', movement: { amountMinor: -100 } });
    const { body } = await lazy.get<AccountPaymentView>(`/account-payments/${reference}`);
    expect(body).toMatchObject({ balanceMinor: 9_900, revision: 2 });
  } finally {
    await lazy.close();
  }
});

/** More than the server takes in one run, and than may wait to be recorded; a run continues after 300. */
const SIGNALS = 2_400;

test('thousands of signals, sent while runs continue as new, are all taken, each once', async () => {
  const { reference } = await shop.issue({ amountMinor: 1_000_000 });
  for (let from = 0; from < SIGNALS; from += 200) {
    const message = (i: number) => ({ commandId: `n${from + i}`, ...spending, amountMinor: 1 });
    // A full run refuses what comes until it has continued as new: a sender tries again.
    const sent = (i: number) => until(() => isSent(handle(reference).signal('apply', message(i))));
    await Promise.all(Array.from({ length: 200 }, (_, i) => sent(i)));
  }
  const taken = await until(async () => {
    const payment = await handle(reference).query<AccountPaymentView>('payment');
    return payment.balanceMinor <= 1_000_000 - SIGNALS && payment;
  });
  expect(taken).toMatchObject({ balanceMinor: 1_000_000 - SIGNALS, revision: SIGNALS + 1 });
});

test('"Request cancellation" does not end an actor', async () => {
  const { reference } = await shop.issue();
  await handle(reference).cancel();
  const reply = await shop.post(`/account-payments/${reference}/apply`, spending);
  expect(reply.status).toBe(200);
  expect((await handle(reference).describe()).status.name).toBe('RUNNING');
});

const isSent = (signal: Promise<void>): Promise<boolean> =>
  signal.then(
    () => true,
    () => false,
  );

/** Bytes that claim to be JSON: what only a client that is not ours can send. */
async function unreadable(reference: string, signalName: string): Promise<void> {
  const payload = defaultPayloadConverter.toPayload('x');
  await shop.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: reference },
    signalName,
    input: { payloads: [{ metadata: payload.metadata ?? null, data: Buffer.from('{"commandId":') }] },
  });
}
