import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { NativeConnection } from '@temporalio/worker';
import { createActors } from '../api/actors.js';
import { connect, type Sql } from '../db/connect.js';
import { migrate } from '../db/migrate.js';
import type { CommandKind, Issue } from '../domain/command.js';
import { instantOf } from '../domain/instants.js';
import { runOnce } from '../runtime/runOnce.js';
import { createWorker } from '../worker/createWorker.js';
import { startPostgres } from './postgresServer.js';
import { freePort } from './processes.js';
import { findTemporalCli, startTemporal } from './temporalServer.js';

const LIFE = 'ACC-20261123-WH01E000';
const MANY = 'ACC-20261123-MANY0000';
const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };
const folder = new URL('../test/histories/', import.meta.url);

/** Lives a few payments on real servers and keeps their histories: what today's code decided, tomorrow's must too. */
await runOnce(async (settings) => {
  const temporary = await mkdtemp(join(tmpdir(), 'account-payments-histories-'));
  await chmod(temporary, 0o755);
  const postgres = await startPostgres({ folder: join(temporary, 'postgres'), port: await freePort() });
  const temporal = await startTemporal({
    ...{ cli: await findTemporalCli(settings.temporalCli, console.log), namespace: 'default', port: await freePort() },
    log: join(temporary, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '150' },
  });
  const sql = connect(postgres.url, { name: 'histories', connections: 2 });
  await migrate(sql);
  await record(temporal.address, sql);
  await sql.end();
  await temporal.stop();
  await postgres.stop();
  await rm(temporary, { recursive: true });
});

async function record(address: string, sql: Sql): Promise<void> {
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const actors = createActors({ connection, namespace: 'default', returnPeriodMs: 60_000 });
  const worker = await createWorker({ connection: native, namespace: 'default', sql, shopTimeZone: 'UTC' });
  const send = (reference: string, kind: CommandKind, message: object) =>
    actors.command(reference, kind, { commandId: randomUUID(), by: { caller: 'till-1' }, ...message });
  await worker.runUntil(async () => {
    await wholeLife(client, actors, send);
    await manyPurchases(actors, send);
    for (const [name, reference] of [['whole-life', LIFE], ['continued', MANY]] as const) {
      let run = 0;
      for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${reference}'` })) {
        const history = await client.workflow.getHandle(reference, runId).fetchHistory();
        await writeFile(new URL(`${name}-${(run += 1)}.history`, folder), proto.temporal.api.history.v1.History.encode(history).finish());
      }
    }
  });
  await native.close();
  await connection.close();
}

type Send = (reference: string, kind: CommandKind, message: object) => Promise<unknown>;

/** Everything that can happen to a payment, good and bad, until it expires by its timer. */
async function wholeLife(client: Client, actors: ReturnType<typeof createActors>, send: Send): Promise<void> {
  await actors.start({ ...issue(LIFE), expiresAt: instantOf(Date.now() + 5_000) });
  await send(LIFE, 'apply', spending);
  await send(LIFE, 'apply', { ...spending, amountMinor: 99_999_999 });
  await send(LIFE, 'refund', { amountMinor: 50, currency: 'EUR', saleId: 'S-1', reason: 'returned' });
  await send(LIFE, 'hold', { ...spending, commandId: 'h1', lifetimeMs: 60_000 });
  await send(LIFE, 'capture', { holdId: 'h1', saleId: 'S-1', amountMinor: 60 });
  await send(LIFE, 'hold', { ...spending, commandId: 'h2', lifetimeMs: 60_000 });
  await send(LIFE, 'release', { holdId: 'h2' });
  await send(LIFE, 'hold', { ...spending, commandId: 'h3', lifetimeMs: 1_000 });
  await send(LIFE, 'extend', { expiresAt: instantOf(Date.now() + 8_000), reason: 'goodwill' });
  const handle = client.workflow.getHandle(LIFE);
  await handle.signal('apply', { commandId: 'signalled', ...spending });
  await handle.signal('apply', { amountMinor: 'malformed' });
  await handle.signal('unheard-of', 1);
  await handle.cancel();
  await handle.result();
}

/** Purchases by update and by signal, across several continue-as-new. */
async function manyPurchases(actors: ReturnType<typeof createActors>, send: Send): Promise<void> {
  await actors.start(issue(MANY));
  for (let i = 0; i < 30; i++) {
    await Promise.all([send(MANY, 'apply', spending), actors.signal(MANY, 'apply', { commandId: `s${i}`, by: { caller: 'till-2' }, ...spending })]);
  }
  await send(MANY, 'cancel', { disposition: 'paid_out', reason: 'cash' });
}

function issue(reference: string): Issue {
  const by = { caller: 'admin' };
  const terms = { customerId: 'C-1', scope: { type: 'generic' }, purpose: 'deposit', amountMinor: 1_000_000, currency: 'EUR' } as const;
  return { kind: 'issue', commandId: randomUUID(), by, reference, ...terms, issuedAt: instantOf(Date.now()), expiresAt: null };
}
