import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { shutDays, writeDayCloses } from '../../db/finance/closing.js';
import type { Sql } from '../../db/connect.js';
import { inParallel } from '../../activities/inParallel.js';
import { freePort } from '../../scripts/servers/ports.js';
import { TASK_QUEUE } from '../../workflows/taskQueue.js';
import { addNamespace, addShop, openShop, until, type Shop } from '../support/shop.js';

/** What operators type, each as a process of its own: what it says in the end, and what it ends with. */
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const commands = [
  'close',
  'verify',
  'reconcile',
  'restore',
  'rerecord',
  'erase',
  'finance',
  'keys',
  'shops',
  'staff',
  'rules',
];

/** Processes that start at once only wait for each other. */
const AT_ONCE = 3;
const LAST_MONTH = (() => {
  const day = new Date();
  day.setUTCDate(0);
  return day.toISOString().slice(0, 7);
})();

let shop: Shop;
let nowhere: string;
const named = { agreed: '', ahead: '', gone: '' };
beforeAll(async () => {
  shop = await openShop({ namespace: await addNamespace(), taskQueue: TASK_QUEUE });
  nowhere = `127.0.0.1:${await freePort()}`;
  for (const name of ['agreed', 'ahead', 'gone'] as const) named[name] = (await shop.issue()).reference;
  const isRecorded = async () => (await shop.sql`select from account_payments`).length === 3;
  await until(isRecorded);
  // The books know of a decision that its workflow does not know of.
  await shop.sql`insert into commands (reference, command_id, revision, kind, body_hash, outcome, rules, caller,
                                       shop_id, decided_at, details)
                 values (${named.ahead}, 'other life', 2, 'freeze', 'x', 'accepted', 1, 'x', ${shop.shopId}, now(),
                         ${shop.sql.json({ cause: 'staff' })})`;
  await shop.sql`update account_payments set revision = 2, frozen_causes = '{staff}' where reference = ${named.ahead}`;
  await shop.client.workflow.getHandle(named.gone).terminate('by mistake');
  // Entities of which a month is over.
  for (const legalEntity of ['Old Ltd', 'Other Ltd']) {
    const old = await addShop(shop.sql, { legalEntity });
    await shop.sql`update shops set created_at = ${`${LAST_MONTH}-02T12:00:00Z`} where shop_id = ${old}`;
  }
});
afterAll(() => shop.close());

type Row = readonly [typed: string, code: 0 | 1 | 2, lastLine: RegExp];

test('what is done is said, and ends with 0', { timeout: 600_000 }, async () => {
  await each([
    ['close list', 0, /^Nothing was closed yet\.$/],
    ['verify', 0, /^Nothing was closed yet\.$/],
    [`reconcile ${named.agreed}`, 0, /^1 payments compared in .* s: books and workflows agree\.$/],
    [`restore ${named.gone}`, 0, new RegExp(`^${named.gone}: restored$`)],
    [`restore ${named.agreed}`, 0, new RegExp(`^${named.agreed}: still running$`)],
    [`rerecord ${named.agreed}`, 0, new RegExp(`^${named.agreed}: 0 commands brought, reservation `)],
    ['erase list', 0, /^Nobody was erased yet\.$/],
    ['finance taxes list', 0, /^(|No .*)$/],
    ['keys list', 0, /^\w{8} {2}admin /],
    ['shops list', 0, /^shopId: /],
    ['staff list', 0, /^$/],
    ['rules', 0, / 2: /],
  ]);
  // On a busy machine nobody may answer in time; asked again, it is told what was closed.
  const close = async () => {
    const { status, said } = await type(`close ${LAST_MONTH} 'Old Ltd'`);
    return status === 0 && said;
  };
  expect(await until(close, 500_000)).toMatch(/[0-9a-f]{64}$/);
  await each([['verify', 0, /^Everything is as it was closed\.$/]]);
});

test(
  'what is found is named, and ends with 2; what may not be is one sentence, and ends with 1',
  { timeout: 600_000 },
  async () => {
    const [{ day }] = await shop.sql<[{ day: string }]>`select max(booked_on)::text as day from movements`;
    await shutDays(shop.sql, 'Shops Ltd', shop.shopId, day);
    await writeDayCloses(shop.sql, shop.shopId, { closedBy: 'operator', unrecordedCount: null });
    await behindItsBack((sql) => sql`update movements set caller = 'x' where reference = ${named.agreed}`);
    await each([
      ['verify', 2, /^1 differences: see docs\/closing\.md\.$/],
      [`reconcile ${named.ahead}`, 2, new RegExp(`^${named.ahead} row_ahead.*npm run restore -- ${named.ahead}$`)],
      [`verify --head ${'0'.repeat(64)}`, 2, /^2 differences/],
      ['restore ACC-20200101-00000000', 1, /^1 of 1 were not put right: see above\.$/],
      ['close 2999-01 Nobody', 1, /^Nobody: /],
      ['erase data C-nobody', 1, /^Nothing is known of a customer "C-nobody"\.$/],
      ['finance export Nobody EUR datev 2026-02-01 2026-01-01', 1, /^Days are written /],
      ['keys revoke nobodys1', 1, /^There is no key nobodys1 in force\.$/],
      ['shops set nowhere name x', 1, /^There is no shop nowhere\.$/],
      ['staff reset nobody', 1, /^There is no account nobody\.$/],
      ['rules 9999', 1, /^Rules 9999 are not known to this version\.$/],
    ]);
  },
);

test('whoever types what there is not is told how it is used, and it ends with 1', { timeout: 600_000 }, async () => {
  await eachSays(
    commands.map((command) => `${command} --nonsense`),
    1,
    /^usage: npm run /,
  );
});

test('while Postgres or Temporal is away that is one sentence, and ends with 1', { timeout: 600_000 }, async () => {
  const postgresAway = { DATABASE_URL: `postgres://x:x@${nowhere}/x` };
  await eachSays(
    ['close list', 'verify', 'erase list', 'finance taxes list', 'keys list', 'shops list', 'staff list', 'rules'],
    1,
    /^Postgres cannot be reached \(.*\): .*$/,
    postgresAway,
  );
  await eachSays(
    [`reconcile ${named.agreed}`, `restore ${named.agreed}`],
    1,
    /^Postgres cannot be reached \(.*\): .*$/,
    postgresAway,
  );
  await eachSays(
    [
      `reconcile ${named.agreed}`,
      `restore ${named.agreed}`,
      `rerecord ${named.agreed}`,
      'rules 2',
      `close ${LAST_MONTH} 'Other Ltd'`,
    ],
    1,
    /^Temporal cannot be reached: .*$/,
    { TEMPORAL_ADDRESS: nowhere },
  );
});

test('what is wrong with one payment keeps no other waiting', { timeout: 600_000 }, async () => {
  const { reference: broken } = await shop.issue();
  await shop.post(`/account-payments/${broken}/apply`, {
    customerId: 'C-1',
    amountMinor: 1,
    currency: 'EUR',
    saleId: 'S',
  });
  await until(async () => (await shop.sql`select from movements where reference = ${broken}`).length === 2);
  await behindItsBack(async (sql) => {
    await sql`update commands set body_hash = 'x' where reference = ${broken} and revision = 2`;
    await sql`update account_payments set revision = 1 where reference = ${broken}`;
  });
  for (const [command, why, done] of [
    ['restore', 'the row stands at the last of its commands', 'still running'],
    ['rerecord', `${broken}: the books say otherwise`, '0 commands brought, reservation '],
  ] as const) {
    const { status, said } = await type(`${command} ${broken} ${named.agreed}`);
    const [first, second, last] = said.split('\n');
    expect(first).toBe(`${broken}: failed: ${why}`);
    expect(second).toContain(`${named.agreed}: ${done}`);
    expect(last).toBe('1 of 2 were not put right: see above.');
    expect(status).toBe(1);
  }
});

test('what each ends with is told to operators', () => {
  const told = readFileSync('docs/operators.md', 'utf8');
  for (const command of commands) expect(told).toContain(`| \`npm run ${command}\``);
});

function each(rows: readonly Row[]): Promise<unknown> {
  return inParallel(AT_ONCE, rows.length, async (i) => {
    const [typed, code, lastLine] = rows[i] as Row;
    const { status, said } = await type(typed);
    expect(said.split('\n').at(-1), `${typed}: ${said}`).toMatch(lastLine);
    expect(status, typed).toBe(code);
  });
}

/** All that is said, and no stack of calls after it. */
function eachSays(typed: readonly string[], code: 1, all: RegExp, env: Record<string, string> = {}): Promise<unknown> {
  return inParallel(AT_ONCE, typed.length, async (i) => {
    const { status, said } = await type(typed[i] ?? '', env);
    expect(said, typed[i]).toMatch(all);
    expect(said, typed[i]).not.toMatch(/^ +at /m);
    expect(status, typed[i]).toBe(code);
  });
}

/** As npm starts it. Words with blanks stand in quotes. */
function type(typed: string, env: Record<string, string> = {}): Promise<{ status: number; said: string }> {
  const [command = '', ...words] = (typed.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
  const [, ...script] = (scripts[command] ?? '').split(' ');
  const options = { env: { ...process.env, ...servers(), ...env }, encoding: 'utf8' as const };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...script, ...words], options, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, said: (stdout + stderr).trimEnd() }),
    );
  });
}

function servers(): Record<string, string> {
  const { namespace } = shop.client.options;
  return {
    DATABASE_URL: shop.databaseUrl,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
  };
}

async function behindItsBack(write: (sql: Sql) => Promise<unknown>): Promise<void> {
  await shop.sql.begin(async (transaction) => {
    const sql = transaction as unknown as Sql;
    await sql`set local session_replication_role = replica`;
    await write(sql);
  });
}
