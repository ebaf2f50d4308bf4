import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { connect, type Sql } from '../db/connect.js';
import { migrate } from '../db/migrate.js';
import { makeKey } from '../api/keys.js';
import { runOnce } from '../runtime/runOnce.js';
import { addKey } from './adminKey.js';
import { inParallel } from './inParallel.js';
import { startPostgres } from './postgresServer.js';
import { freePort, stopProcess } from './processes.js';
import { findTemporalCli, startTemporal } from './temporalServer.js';

const PAYMENTS = 200;
const CALLERS = [1, 8, 32];
const ROUNDS = 3;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

/** One call of the thing that is measured, on payment or workflow number `i`. */
type Work = { name: string; call: (i: number) => Promise<unknown>; events: () => Promise<number> };
type Sample = { name: string; callers: number; latenciesMs: number[]; seconds: number };

/** A: apply over HTTP, with both preferences. B: the engine's floor with a record. C: an update and nothing else. */
await runOnce(async (settings) => {
  const folder = await mkdtemp(join(tmpdir(), 'account-payments-bench-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), port: await freePort() });
  const cli = await findTemporalCli(settings.temporalCli, console.log);
  const temporal = await startTemporal({ cli, namespace: 'default', port: await freePort(), log: join(folder, 'temporal.log') });
  const sql = connect(postgres.url, { name: 'bench', connections: 10 });
  await migrate(sql);
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  await sql`create table floor_rows (workflow text, number integer, primary key (workflow, number))`;
  const port = await freePort();
  // Each in a process of its own, as production has them; the floor's worker too, so that all stand alike.
  const env = { ...process.env, DATABASE_URL: postgres.url, TEMPORAL_ADDRESS: temporal.address, PORT: String(port), LOG_LEVEL: 'error' };
  const services = await Promise.all(['worker/main.ts', 'api/main.ts', 'scripts/benchFloorWorker.ts'].map((script) => launch(script, env)));
  const [a0, a] = await overHttp(client, sql, port);
  const works = [a0, a, await floor(client, 'B  floor: update, activity, insert', 'updateAndInsert'), await floor(client, 'C  floor: update only', 'updateOnly')];
  const samples = await alternate(works);
  const table = await summarise(works, samples);
  console.table(table);
  await writeFile('bench-results.json', `${JSON.stringify(table, null, 2)}\n`);
  verdict(table);
  for (const service of services) await stopProcess(service, 'SIGTERM', 20_000);
  await client.connection.close();
  await sql.end();
  await temporal.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

async function launch(script: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

async function overHttp(client: Client, sql: Sql, port: number): Promise<[Work, Work]> {
  const key = makeKey();
  await addKey(sql, key, 'bench', 'admin');
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const post = (path: string, body: object, headers: Record<string, string>) => send(agent, port, path, body, { Authorization: `Bearer ${key}`, ...headers });
  const work = async (name: string, prefer: Record<string, string>): Promise<Work> => {
    const references = await inParallel(16, PAYMENTS, async () => {
      const body = { customerId: 'C', type: 'generic', purpose: 'deposit', amountMinor: 1_000_000_000, currency: 'EUR' };
      return ((await post('/v1/account-payments', body, {})) as { payment: { reference: string } }).payment.reference;
    });
    const body = { customerId: 'C', amountMinor: 1, currency: 'EUR', saleId: 'S' };
    return {
      name,
      call: (i) => post(`/v1/account-payments/${references[i]}/apply`, body, prefer),
      events: () => historyLength(client, references),
    };
  };
  return [await work('A0 apply over HTTP, Prefer: wait=0', { Prefer: 'wait=0' }), await work('A  apply over HTTP', {})];
}

async function floor(client: Client, name: string, type: string): Promise<Work> {
  const ids = await inParallel(16, PAYMENTS, async () => {
    const workflowId = randomUUID();
    await client.workflow.start(type, { workflowId, taskQueue: 'floor', args: [workflowId] });
    return workflowId;
  });
  return { name, call: (i) => client.workflow.getHandle(ids[i] ?? '').executeUpdate('step'), events: () => historyLength(client, ids) };
}

/** In turns within one run, so that whatever else the machine does meets all of them alike. */
async function alternate(works: Work[]): Promise<Sample[]> {
  for (const work of works) await measure(work, 8, 2);
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const callers of CALLERS) {
      for (const work of works) {
        samples.push(await measure(work, callers, SECONDS));
        console.log(`round ${round + 1}: ${work.name}, ${callers} callers`);
      }
    }
  }
  return samples;
}

async function measure({ name, call }: Work, callers: number, seconds: number): Promise<Sample> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let next = 0;
  await inParallel(callers, callers, async () => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      await call((next += 1) % PAYMENTS);
      latenciesMs.push(performance.now() - sentAt);
    }
  });
  return { name, callers, latenciesMs, seconds: (performance.now() - startedAt) / 1_000 };
}

type Line = { name: string; callers: number; perSecond: number; p50Ms: number; p99Ms: number; eventsPerCall: number };

async function summarise(works: Work[], samples: Sample[]): Promise<Line[]> {
  const calls = (name: string) => samples.filter((sample) => sample.name === name).reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0);
  const lines: Line[] = [];
  for (const { name, call, events } of works) {
    const before = await settled(events);
    for (let i = 0; i < 40; i++) await call(i);
    const eventsPerCall = ((await settled(events)) - before) / 40;
    for (const callers of CALLERS) {
      const mine = samples.filter((sample) => sample.name === name && sample.callers === callers);
      const all = mine.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
      const seconds = mine.reduce((sum, sample) => sum + sample.seconds, 0);
      const at = (share: number) => Number((all[Math.floor(all.length * share)] ?? 0).toFixed(1));
      lines.push({ name, callers, perSecond: Number((all.length / seconds).toFixed(1)), p50Ms: at(0.5), p99Ms: at(0.99), eventsPerCall });
    }
    console.log(`${name}: ${calls(name)} calls measured`);
  }
  return lines;
}

function verdict(lines: Line[]): void {
  const line = (prefix: string, callers: number) => lines.find(({ name, callers: n }) => name.startsWith(prefix) && n === callers);
  for (const callers of CALLERS) {
    const [a0, a, b, c] = [line('A0', callers), line('A ', callers), line('B', callers), line('C', callers)];
    if (!a0 || !a || !b || !c) continue;
    const ratio = (x: number, y: number) => (x / y).toFixed(2);
    console.log(
      `${callers} callers: A/B throughput ${ratio(a.perSecond, b.perSecond)} (wait=0 ${ratio(a0.perSecond, b.perSecond)}), at least 0.80 wanted; ` +
        `A(wait=0)/C p50 ${ratio(a0.p50Ms, c.p50Ms)}, at most 1.50 wanted; events ${a.eventsPerCall} against ${b.eventsPerCall}`,
    );
  }
}

/** The number of events of all these workflows, once it has stopped growing. */
async function settled(events: () => Promise<number>): Promise<number> {
  for (let before = await events(); ; ) {
    await new Promise((resume) => setTimeout(resume, 500));
    const now = await events();
    if (now === before) return now;
    before = now;
  }
}

async function historyLength(client: Client, ids: string[]): Promise<number> {
  const lengths = await inParallel(16, 40, async (i) => (await client.workflow.getHandle(ids[i] ?? '').describe()).historyLength);
  return lengths.reduce((sum, length) => sum + length, 0);
}

function send(agent: Agent, port: number, path: string, body: object, headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const all = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), 'Idempotency-Key': randomUUID(), ...headers };
    const sent = request({ agent, port, host: '127.0.0.1', path, method: 'POST', headers: all }, (response) => {
      let answer = '';
      response.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(answer));
        else reject(new Error(`${response.statusCode}: ${answer}`));
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
