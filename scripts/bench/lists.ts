import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, disconnect } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import { runOnce } from '../../runtime/runOnce.js';
import type { Settings } from '../../runtime/settings.js';
import { ensureMainShop } from '../mainShop.js';
import { temporaryFolder } from '../servers/ownFolder.js';
import { freePort } from '../servers/ports.js';
import { startPostgres } from '../servers/postgres.js';
import { postgresUser } from '../servers/postgresHome.js';
import { explaining, wholeTables, type Plan } from './explaining.js';
import { listed } from './listed.js';
import { fillBooks } from './manyRows.js';

const MANY = { payments: 200_000, usagesOfOne: 10_000 };
const ASKED = 3;
const SHOWN_MS = 5;

/** What each list and each search costs Postgres where there is much, the dearest first. */
await runOnce(async (settings) => {
  const folder = await temporaryFolder('account-payments-lists', await postgresUser());
  try {
    await measureIn(folder, settings);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function measureIn(folder: string, settings: Settings): Promise<void> {
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), port: await freePort() });
  try {
    await fill(postgres.url, settings);
    const table = (await measured(postgres.url)).sort((one, other) => other.ms - one.ms);
    console.table(table.filter(({ ms }) => ms >= SHOWN_MS));
    console.log(`${table.length} lists and searches; those under ${SHOWN_MS} ms are not shown.`);
  } finally {
    await postgres.stop();
  }
}

async function fill(url: string, settings: Settings): Promise<void> {
  const sql = connect(url, { name: 'lists', connections: 1 });
  await migrate(sql);
  await ensureMainShop(sql, settings);
  console.log(`Filling the books with ${MANY.payments} payments ...`);
  await fillBooks(sql, MANY);
  await disconnect(sql);
}

/** The best of a few, so that neither a cold cache nor a busy moment is taken for the cost. */
async function measured(url: string) {
  let plans: Plan[] = [];
  const sql = explaining(url, (plan) => plans.push(plan));
  const table = [];
  for (const { name, ask } of listed) {
    const tookMs: number[] = [];
    for (let i = 0; i < ASKED; i++) {
      plans = [];
      await ask(sql);
      tookMs.push(plans.reduce((sum, each) => sum + each.tookMs, 0));
    }
    const whole = plans.flatMap(({ plan }) => wholeTables(plan));
    table.push({ name, ms: Math.round(Math.min(...tookMs) * 10) / 10, 'read whole': whole.join(', ') });
  }
  await disconnect(sql);
  return table;
}
