import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { createActors, type Actors } from '../service/actors.js';
import { NO_ACTOR } from '../service/temporal.js';
import { connect, disconnect, type Sql } from '../db/connect.js';
import { noteCompared } from '../db/booksCompared.js';
import { migrate } from '../db/migrate.js';
import { reserveIssue } from '../db/payment/issueReservations.js';
import { requestGift } from '../db/gift/gifts.js';
import type { CommandKind, Issue } from '../domain/payment/command.js';
import { instantOf } from '../domain/instants.js';
import { room } from '../domain/payment/limits.js';
import { saleStepId } from '../domain/sale/stepId.js';
import { sha256 } from '../domain/sha256.js';
import { runOnce } from '../runtime/runOnce.js';
import { connectWorker } from '../worker/connect.js';
import { createWorker } from '../worker/createWorker.js';
import { saleWorkflowId } from '../workflows/sale/start.js';
import { ensureMainShop, MAIN_SHOP } from './mainShop.js';
import { SALE, settledSales } from './settledSales.js';
import { temporaryFolder } from './servers/ownFolder.js';
import { startPostgres } from './servers/postgres.js';
import { postgresUser } from './servers/postgresHome.js';
import { freePort } from './servers/ports.js';
import { findTemporalCli, startTemporal } from './servers/temporal.js';

const LIFE = 'ACC-20261123-WH01E000';
const MANY = 'ACC-20261123-MANY0000';
const BOUNDED = 'ACC-20261123-B0VNDED0';
const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };
const folder = new URL('../test/histories/', import.meta.url);

/**
 * Lives a few payments, a sale and two gifts on real servers and keeps their histories: what today's code decided,
 * tomorrow's must too. What was recorded before is left as it is, for runs of that age are still open somewhere.
 */
await runOnce(async (settings) => {
  const temporary = await temporaryFolder('account-payments-histories', await postgresUser());
  const postgres = await startPostgres({ folder: join(temporary, 'postgres'), port: await freePort() });
  const temporal = await startTemporal({
    cli: await findTemporalCli(settings.temporalCli, console.log),
    namespace: 'default',
    port: await freePort(),
    log: join(temporary, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '150' },
  });
  const sql = connect(postgres.url, { name: 'histories', connections: 2 });
  await migrate(sql);
  await noteCompared(sql);
  await ensureMainShop(sql, settings);
  await record(temporal.address, sql);
  await disconnect(sql);
  await temporal.stop();
  await postgres.stop();
  await rm(temporary, { recursive: true });
});

async function record(address: string, sql: Sql): Promise<void> {
  const native = await connectWorker({ address });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const actors = createActors({ connection, namespace: 'default', returnPeriodMs: 60_000 });
  const worker = await createWorker({ connection: native, namespace: 'default', sql });
  const send = async (reference: string, kind: CommandKind, message: object) => {
    for (;;) {
      const sent = { commandId: randomUUID(), by: { caller: 'till-1', shopId: MAIN_SHOP }, ...message };
      const answer = await actors.command(reference, kind, sent);
      if (answer === NO_ACTOR || !('code' in answer) || answer.code !== 'issue_not_recorded') return answer;
    }
  };
  const begin: Begin = async (issue) => {
    const { commandId, reference, issuedAt } = issue;
    await reserveIssue(sql, { commandId, reference, bodyHash: commandId, issuedAt, notes: null, issue });
    await actors.start(issue);
  };
  await worker.runUntil(async () => {
    await wholeLife(client, begin, send);
    await manyPurchases(actors, begin, send);
    await wholeSale(actors, begin, send);
    await bounds(begin, send);
    const gifts = await twoGifts(sql, actors, begin);
    const settled = await settledSales(actors, (reference) => begin(issue(reference)));
    const payments = { 'whole-life': LIFE, continued: MANY, bounded: BOUNDED };
    await keep(client, { ...payments, sale: saleWorkflowId(SALE), ...settled, ...gifts });
  });
  await native.close();
  await connection.close();
}

async function keep(client: Client, workflows: Record<string, string>): Promise<void> {
  for (const [name, workflowId] of Object.entries(workflows)) {
    if (existsSync(new URL(`${name}-1.history`, folder))) continue;
    let run = 0;
    for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      await writeFile(
        new URL(`${name}-${(run += 1)}.history`, folder),
        proto.temporal.api.history.v1.History.encode(history).finish(),
      );
    }
  }
}

type Begin = (issue: Issue) => Promise<void>;
type Send = (reference: string, kind: CommandKind, message: object) => Promise<unknown>;

/** Everything that can happen to a payment, good and bad, until it expires by its timer. */
async function wholeLife(client: Client, begin: Begin, send: Send): Promise<void> {
  await begin({ ...issue(LIFE), expiresAt: instantOf(Date.now() + 5_000) });
  await send(LIFE, 'apply', spending);
  await send(LIFE, 'apply', { ...spending, amountMinor: 99_999_999 });
  await send(LIFE, 'refund', { ...spending, amountMinor: 50, reason: 'returned' });
  await send(LIFE, 'hold', { ...spending, commandId: 'h1', lifetimeMs: 60_000 });
  await send(LIFE, 'capture', { holdId: 'h1', saleId: 'S-1', amountMinor: 60 });
  await send(LIFE, 'hold', { ...spending, commandId: 'h2', lifetimeMs: 60_000 });
  await send(LIFE, 'release', { holdId: 'h2' });
  await send(LIFE, 'hold', { ...spending, commandId: 'h3', lifetimeMs: 1_000 });
  await send(LIFE, 'extend', { customerId: 'C-1', expiresAt: instantOf(Date.now() + 8_000), reason: 'goodwill' });
  const handle = client.workflow.getHandle(LIFE);
  await handle.signal('apply', { commandId: 'signalled', ...spending });
  await handle.signal('apply', { amountMinor: 'malformed' });
  await handle.signal('unheard-of', 1);
  await handle.cancel();
  await handle.result();
}

/** Purchases by update and by signal, across several continue-as-new. */
async function manyPurchases(actors: Actors, begin: Begin, send: Send): Promise<void> {
  await begin(issue(MANY));
  for (let i = 0; i < 60; i++) {
    await Promise.all([
      send(MANY, 'apply', spending),
      actors.signal(MANY, 'apply', { commandId: `s${i}`, by: { caller: 'till-2', shopId: MAIN_SHOP }, ...spending }),
    ]);
  }
  await send(MANY, 'cancel', { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'cash' });
}

/**
 * Refused, lapsed, released, lost half-way, replaced, captured in two parts, completed; then returns, one of them of an
 * ended payment, across continue-as-new.
 */
async function wholeSale(actors: Actors, begin: Begin, send: Send): Promise<void> {
  const [one, other] = ['ACC-20261123-SA1E0001', 'ACC-20261123-SA1E0002'];
  for (const reference of [one, other]) await begin(issue(reference));
  const tell = async (command: object) => actors.commandSale(SALE, { ...asked(), ...command } as never);
  const basket = {
    customerId: 'C-1',
    currency: 'EUR',
    lines: [{ productId: 'bike', amountMinor: 2_000 }],
    lifetimeMs: 60_000,
  };
  const payments = [one, other].map((reference) => ({ reference, amountMinor: 900 }));
  await tell({
    kind: 'settle',
    ...basket,
    payments: [
      { reference: one, amountMinor: 100 },
      { reference: 'ACC-20261123-N0B0DY00', amountMinor: 1 },
    ],
  });
  const hold = (commandId: string, more: object = {}) =>
    tell({ kind: 'hold', commandId, ...basket, payments, ...more });
  await hold('lapsed', { lifetimeMs: 1_000 });
  while (((await actors.sale(SALE)) as { status: string }).status !== 'lapsed') await pause(100);
  await tell({ kind: 'capture', holdId: 'lapsed' });
  await hold('released');
  await tell({ kind: 'release', holdId: 'released' });
  await hold('lost');
  await send(other, 'release', { holdId: saleStepId(SALE, 'lost', 'hold', other) });
  const share = (reference: string, amountMinor: number) => ({ reference, amountMinor });
  await hold('refused', { replaces: 'lost', payments: [share(one, 950), share('ACC-20261123-N0B0DY00', 1)] });
  await hold('edited', { replaces: 'lost', payments: [share(one, 950), share(other, 850)] });
  const heldUntil = instantOf(Date.now() + 86_400_000);
  await tell({ kind: 'capture', holdId: 'edited', payments: [share(one, 500), share(other, 800)], heldUntil });
  await tell({ kind: 'capture', holdId: 'edited', payments: [share(one, 400)] });
  await send(other, 'cancel', { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'cash' });
  for (let i = 0; i < 12; i++)
    await Promise.all([1, 2].map((amountMinor) => tell({ kind: 'return', currency: 'EUR', amountMinor })));
  await tell({ kind: 'return', currency: 'EUR', lines: basket.lines, amountMinor: 1_000 });
  await tell({ kind: 'return', currency: 'EUR', amountMinor: 10_000 });
}

/** What one till holds, until it is refused; and what somebody sends by hand in a till's name. */
async function bounds(begin: Begin, send: Send): Promise<void> {
  await begin({ ...issue(BOUNDED), rules: 2 });
  for (let i = 0; i <= room.openHoldsOfCaller; i++)
    await send(BOUNDED, 'hold', { ...asked(), ...spending, saleId: `S-${i}`, lifetimeMs: 60_000 });
  await send(BOUNDED, 'apply', { ...spending, saleId: 'S-by-hand' });
}

/** Of a message that stands for a request. */
function asked() {
  const commandId = randomUUID();
  return { commandId, by: { caller: 'till-1', shopId: MAIN_SHOP }, requestHash: sha256(commandId).slice(0, 22) };
}

/** One that is given, and one that is refused. */
async function twoGifts(sql: Sql, actors: Actors, begin: Begin): Promise<Record<string, string>> {
  const reference = 'ACC-20261123-G1F70000';
  await begin(issue(reference));
  const give = async (giftId: string, amountMinor: number): Promise<string> => {
    const gift = {
      giftId,
      by: { caller: 'manager-1', shopId: MAIN_SHOP },
      reference,
      customerId: 'C-1',
      toCustomerId: 'C-2',
      amountMinor,
      currency: 'EUR',
    };
    await requestGift(sql, { ...gift, message: null, bodyHash: giftId, requestedAt: instantOf(Date.now()) });
    await actors.give(gift);
    return `gift/${giftId}`;
  };
  return { gift: await give('given', 100), 'gift-refused': await give('refused', 10_000_000) };
}

function issue(reference: string): Issue {
  const by = { caller: 'admin', shopId: MAIN_SHOP };
  const terms = {
    customerId: 'C-1',
    scope: { type: 'generic' },
    purpose: 'deposit',
    amountMinor: 1_000_000,
    currency: 'EUR',
    rules: 1,
    funding: { kind: 'paid', tender: 'cash' },
    taxPoint: 'redemption',
  } as const;
  return {
    kind: 'issue',
    commandId: randomUUID(),
    by,
    reference,
    ...terms,
    issuedAt: instantOf(Date.now()),
    expiresAt: null,
  };
}
