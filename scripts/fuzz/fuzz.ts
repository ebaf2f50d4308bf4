import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makeKey } from '../../api/http/keys.js';
import { roles, type Role } from '../../domain/roles.js';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { addKey } from '../adminKey.js';
import { launch } from '../launch.js';
import { ensureMainShop } from '../mainShop.js';
import { findServices } from '../servers/builtServices.js';
import { startOwnServers } from '../servers/own.js';
import { freePort } from '../servers/ports.js';
import { stopProcess } from '../servers/processes.js';
import { findSchemathesis, fuzz } from './schemathesis.js';

const SEEDS = [1, 20_261_123];

/**
 * Sends to every call what its documents allow and what they do not, as each role, against servers of its own. Whatever
 * the documents promise and the code does not keep is a failure. `npm run test:fuzz -- till` tries one role.
 */
await runOnce(async (settings) => {
  const asked = process.argv.slice(2).map(roleNamed);
  const program = await findSchemathesis(console.log);
  const servers = await startOwnServers('fuzz', settings);
  try {
    await ensureMainShop(servers.sql, settings);
    const port = await freePort();
    const services = await launchServices(await findServices(servers.folder), servers.environment(port));
    try {
      const runs = SEEDS.flatMap((seed) => (asked.length > 0 ? asked : roles).map((role) => ({ seed, role })));
      await fuzzEach(runs, { program, servers, origin: `http://127.0.0.1:${port}` });
    } finally {
      for (const service of services) await stopProcess(service, 'SIGTERM', 20_000);
    }
  } finally {
    await servers.stop();
  }
});

type Run = { readonly seed: number; readonly role: Role };
type Target = {
  readonly program: string;
  readonly servers: Awaited<ReturnType<typeof startOwnServers>>;
  readonly origin: string;
};

/** @throws Failure that names the runs which found something */
async function fuzzEach(runs: readonly Run[], { program, servers: { sql, folder }, origin }: Target): Promise<void> {
  const keyOf = async (role: Role) => {
    const key = makeKey();
    await addKey(sql, key, `${role}-fuzz`, role);
    return key;
  };
  await fill(origin, await keyOf('admin'));
  const found: string[] = [];
  for (const { seed, role } of runs) {
    console.log(`\n== ${role}, seed ${seed}`);
    const isClean = await fuzz(program, { origin, key: await keyOf(role), seed, folder });
    if (!isClean) found.push(`${role}, seed ${seed}`);
  }
  console.log(`${runs.length - found.length} passed, ${found.length} failed`);
  if (found.length > 0) throw new Failure(`Not clean: ${found.join('; ')}.`);
}

/** The first is stopped when the second does not come up. */
async function launchServices(services: string, env: NodeJS.ProcessEnv) {
  const worker = await launch(join(services, 'worker/main.js'), env);
  try {
    return [worker, await launch(join(services, 'api/main.js'), env)];
  } catch (error) {
    await stopProcess(worker, 'SIGTERM', 20_000);
    throw error;
  }
}

function roleNamed(text: string): Role {
  const role = roles.find((each) => each === text);
  if (!role) throw new Failure(`"${text}" is no role: ${roles.join(', ')}.`);
  return role;
}

/** What the examples of the documents name is there, as far as its id can be chosen. */
async function fill(origin: string, key: string): Promise<void> {
  const send = async (method: string, path: string, body: object) => {
    const headers = {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
    };
    const ask = () => fetch(`${origin}/v1${path}`, { method, headers, body: JSON.stringify(body) });
    let response = await ask();
    // A busy machine may be late; sent again with the same key it gets its one answer.
    while (response.status === 503 || response.status === 504) response = await ask();
    if (!response.ok) throw new Failure(`${method} ${path} was answered ${response.status}.`);
    return (await response.json()) as { payment?: { reference: string } };
  };
  await send('PUT', '/customers/C-1001', { name: 'Ada Lovelace' });
  await send('PUT', '/products/BIKE-7', { name: 'Bike' });
  const issue = { customerId: 'C-1001', type: 'generic', purpose: 'deposit', amountMinor: 1_000_000, currency: 'EUR' };
  const { payment } = await send('POST', '/account-payments', issue);
  const lines = [{ productId: 'BIKE-7', amountMinor: 30_000 }];
  const payments = [{ reference: payment?.reference, amountMinor: 30_000 }];
  await send('POST', '/sales/S-2001/settle', { customerId: 'C-1001', currency: 'EUR', lines, payments });
}
