import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { createRandom } from '../finance/random.js';
import { check } from './check/check.js';
import { closeDay } from './closes.js';
import { differencesIn } from './differences.js';
import { atRest, repeatSome, resolve } from './finish.js';
import { doHarm } from './harm.js';
import { openMarket } from './market.js';
import { tellCounts, tellViolations } from './tell.js';
import { createOrders, keepTill, learn, send } from './tills.js';
import { hotIssue } from './wishes.js';
import { openWorld, type World } from './world.js';

const MINUTE_MS = 60_000;
const TILLS = 8;
const HOT_CUSTOMERS = ['C-1', 'C-1', 'C-1', 'C-2', 'C-3'] as const;

/**
 * Tills that ask for all sorts of things while everything around them is killed, paused, cut off and slowed; then what
 * they were told is held against the books. `npm run test:faults -- --seed 7 --minutes 10`
 */
await runOnce(async (settings) => {
  const wish = wanted();
  console.log(`seed ${wish.seed}, ${wish.minutes} minutes`);
  const folder = await mkdtemp(join(tmpdir(), `faults-${wish.seed}-`));
  const world = await openWorld(settings, folder);
  let broken: number;
  try {
    broken = await run(world, wish, folder);
  } finally {
    await world.stop();
  }
  if (broken > 0) throw new Failure(`${broken} promises were broken, with the seed ${wish.seed}.`);
  await rm(folder, { recursive: true });
});

type Wish = { readonly seed: number; readonly minutes: number };

/** Returns how many promises were broken. */
async function run(world: World, { seed, minutes }: Wish, folder: string): Promise<number> {
  const orders = createOrders();
  const market = openMarket();
  const tills = await Promise.all(Array.from({ length: TILLS }, (_, i) => world.callerNamed(`till-${i + 1}`)));
  for (const [i, customerId] of HOT_CUSTOMERS.entries()) {
    const order = orders.place(tills[i % TILLS] as (typeof tills)[number], hotIssue(customerId));
    await send(order);
    learn(market, order);
  }

  const closesAt = Date.now() + minutes * MINUTE_MS;
  const harm = doHarm(world.victims, (lane) => createRandom(seed * 1_000 + lane));
  const open = { orders, market };
  const tell = async () => {
    while (Date.now() < closesAt) {
      await pause(Math.min(MINUTE_MS / 2, Math.max(closesAt - Date.now(), 0)));
      console.log(`${orders.all.length} orders, ${sum(harm.counts)} faults`);
    }
  };
  try {
    await Promise.all([
      ...tills.map((by, i) => keepTill(by, { ...open, seed: seed * 1_000 + 100 + i }, () => Date.now() < closesAt)),
      pause((minutes * MINUTE_MS) / 2).then(() => closeDay(world.sql, 0)),
      tell(),
    ]);
  } finally {
    await harm.stop();
  }
  console.log('All is there again; asking for what is not known.');
  await resolve(orders.all);
  await repeatSome(orders.all, seed);
  await resolve(orders.all);
  await closeDay(world.sql, 1);
  const books = await atRest(world.sql, await world.callerNamed('checker', 'straight'), orders.all);
  const history = { orders: orders.all, books };
  const violations = [...check(history), ...(await differencesIn(world))];
  tellCounts(history, harm.counts, violations);
  await tellViolations(history, violations, folder);
  return violations.length;
}

function wanted(): Wish {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string' } } });
  const { seed = String(Date.now() % 1_000_000), minutes = '10' } = values;
  if (!/^\d{1,6}$/.test(seed)) throw new Failure('A seed is a whole number of at most six digits: --seed 7');
  if (!(Number(minutes) > 0)) throw new Failure('How long it runs is a number of minutes: --minutes 10');
  return { seed: Number(seed), minutes: Number(minutes) };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0);
}
