import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { keyIdOf, makeKey } from '../../api/http/keys.js';
import { revokeApiKey } from '../../db/apiKeys.js';
import type { Sql } from '../../db/connect.js';
import type { Role } from '../../domain/roles.js';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import type { Settings } from '../../runtime/settings.js';
import { addKey } from '../adminKey.js';
import { launch } from '../launch.js';
import { ensureMainShop } from '../mainShop.js';
import { findServices } from '../servers/builtServices.js';
import { startOwnServers } from '../servers/own.js';
import { freePort } from '../servers/ports.js';
import { stopProcess } from '../servers/processes.js';
import { countDifferent, countLost, createAcknowledged } from './books.js';
import { floods, type Flood, type Scene } from './floods.js';
import { callerFrom, type Ask } from './http.js';
import { faultsOf, lineOf, medianMs, type Measured } from './table.js';
import { issue, openTills } from './tills.js';

const BEFORE_MS = 5_000;
const RECOVERY_MS = 5_000;
const ANSWERS_AGAIN_MS = 30_000;
const TILLS = 4;
const CUSTOMERS = 50_000;
const FLOOD = 'FLOOD';

/**
 * Floods of all kinds from a till's key, beside honest tills that go on selling, against servers and processes as they
 * are shipped. Nothing may be lost, nobody locked out or slowed to more than half, and all be as before soon after.
 * `npm run test:abuse -- searches keys` runs the floods that have one of these words in their names.
 */
await runOnce(async (settings) => {
  const servers = await startOwnServers('abuse', settings);
  try {
    const world = await openWorld(servers, settings);
    try {
      await flood(world, process.argv.slice(2));
    } finally {
      await world.stop();
    }
  } finally {
    await servers.stop();
  }
});

/** @throws Failure that names what went wrong */
async function flood(world: World, words: readonly string[]): Promise<void> {
  await pause(BEFORE_MS);
  const measured: Measured[] = [];
  for (const each of floods.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))) {
    const line = await measure(world, each);
    measured.push(line);
    console.log(`${each.name}: p50 ${medianMs(line.before)}, ${medianMs(line.during)}, ${medianMs(line.after)} ms`);
  }
  await world.tills.stop();
  const references = world.acknowledged.references();
  const different = await countDifferent(world.client, world.servers.sql, references);
  console.table(measured.map(lineOf));
  console.log(`Of ${references.length} payments ${different} differ from their books.`);
  const faults = measured.flatMap(faultsOf);
  if (different > 0) faults.push(`${different} payments differ from their books`);
  if (faults.length > 0) throw new Failure(faults.join('\n'));
}

type OwnServers = Awaited<ReturnType<typeof startOwnServers>>;
type World = Awaited<ReturnType<typeof openWorld>>;

async function openWorld(servers: OwnServers, settings: Settings) {
  const { sql } = servers;
  await ensureMainShop(sql, settings);
  await addCustomers(sql);
  const port = await freePort();
  const env = servers.environment(port);
  const services = await findServices(servers.folder);
  const launchWorker = () => launch(join(services, 'worker/main.js'), env);
  let current = await launchWorker();
  const api = await launch(join(services, 'api/main.js'), env);
  const client = new Client({ connection: await Connection.connect({ address: servers.temporalAddress }) });
  const keyOf = async (role: Role, name: string): Promise<string> => {
    const key = makeKey();
    await addKey(sql, key, name, role);
    return key;
  };
  const callerWith = async (role: Role, name: string, address = '127.0.0.1'): Promise<Ask> =>
    callerFrom(address, port, await keyOf(role, name));
  const admin = await callerWith('admin', 'admin-1');
  const acknowledged = createAcknowledged();
  const honest = await Promise.all(Array.from({ length: TILLS }, (_, i) => keyOf('till', `honest-${i}`)));
  const tills = await openTills(honest, port, admin, acknowledged);
  return {
    servers,
    port,
    client,
    callerWith,
    admin,
    acknowledged,
    tills,
    worker: {
      kill: () => stopProcess(current, 'SIGKILL', 1_000),
      begin: async () => void (current = await launchWorker()),
    },
    stop: async () => {
      await tills.stop();
      for (const service of [api, current]) await stopProcess(service, 'SIGTERM', 20_000);
      await client.connection.close();
    },
  };
}

/** One flood, and how the tills do before it, beside it, and after it. */
async function measure(world: World, flood: Flood): Promise<Measured> {
  const { admin, tills, acknowledged, servers } = world;
  const statuses = new Map<number, number>();
  const count: Scene['count'] = ({ status }) => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const scene = await setScene(world, count);
  await pause(BEFORE_MS);
  const begunMs = Date.now();
  const others = probe(admin, await world.callerWith('manager', `new-${scene.reference}`), flood);
  const failure = await flood.run(scene).then(
    () => null,
    (error: unknown) => String(error),
  );
  const endedMs = Date.now();
  const lockedOut = await others.stop();
  const answersAgainMs = await answersAgain(admin, scene.reference, endedMs);
  await pause(Math.max(0, endedMs + RECOVERY_MS - Date.now()));
  const recoveredMs = Date.now();
  await pause(BEFORE_MS);
  return {
    flood,
    statuses,
    failure,
    before: tills.between(begunMs - BEFORE_MS, begunMs),
    during: tills.between(begunMs, endedMs),
    after: tills.between(recoveredMs, recoveredMs + BEFORE_MS),
    answersAgainMs,
    lockedOut,
    lost: await countLost(servers.sql, acknowledged, ANSWERS_AGAIN_MS),
  };
}

/** A payment, and keys, of this flood alone. */
async function setScene(world: World, count: Scene['count']): Promise<Scene> {
  const { servers, admin, port, client, acknowledged, worker, callerWith } = world;
  const reference = await issue(admin, FLOOD, 100_000_000);
  const taken = { customerId: FLOOD, amountMinor: 50_000_000, currency: 'EUR', saleId: FLOOD };
  for (let status = 0; status !== 200;) ({ status } = await admin(`/account-payments/${reference}/apply`, taken));
  const revokedKey = makeKey();
  await addKey(servers.sql, revokedKey, `revoked-${reference}`, 'till');
  return {
    till: await callerWith('till', `flood-${reference}`),
    revoked: callerFrom('127.0.0.1', port, revokedKey),
    revoke: async () => void (await revokeApiKey(servers.sql, keyIdOf(revokedKey))),
    stranger: callerFrom('127.0.0.2', port, makeKey()),
    port,
    client,
    acknowledged,
    reference,
    customerId: FLOOD,
    postgres: servers.postgres,
    worker,
    count,
  };
}

/** Enough that a search of one letter has something to do. */
async function addCustomers(sql: Sql): Promise<void> {
  await sql`
    insert into customers (customer_id, name, name_words)
    select 'N-' || n, 'name ' || md5(n::text), array_to_tsvector(array['name', md5(n::text)])
      from generate_series(1, ${CUSTOMERS}) n`;
}

/** Others who list, issue and come with a key that was never seen: none of them is turned away for good. */
function probe(admin: Ask, fresh: Ask, { away }: Flood): { stop: () => Promise<string[]> } {
  const asked: Record<string, () => Promise<{ status: number }>> = {
    list: () => admin('/account-payments?limit=5'),
    issue: () =>
      admin('/account-payments', {
        customerId: 'OTHER',
        type: 'generic',
        purpose: 'deposit',
        amountMinor: 100,
        currency: 'EUR',
      }),
    'new key': () => fresh('/account-payments/ACC-20200101-00000000'),
  };
  const served = new Set<string>();
  let standing: 'open' | 'closed' = 'open';
  const done = (async () => {
    while (standing === 'open') {
      for (const [name, ask] of Object.entries(asked)) if (isServed((await ask()).status)) served.add(name);
      await pause(500);
    }
  })();
  return {
    stop: async () => {
      standing = 'closed';
      await done;
      return away === 'nothing' ? Object.keys(asked).filter((name) => !served.has(name)) : [];
    },
  };
}

function isServed(status: number): boolean {
  return (status >= 200 && status < 300) || status === 404;
}

/** When the flooded payment has taken something new again, after the end of the flood; `null` when it does not. */
async function answersAgain(ask: Ask, reference: string, endedMs: number): Promise<number | null> {
  const spending = { customerId: FLOOD, amountMinor: 1, currency: 'EUR', saleId: 'AFTER' };
  while (Date.now() < endedMs + ANSWERS_AGAIN_MS) {
    const { status } = await ask(`/account-payments/${reference}/apply`, spending, { prefer: 'wait=0' });
    if (status === 200) return Date.now() - endedMs;
    await pause(200);
  }
  return null;
}
