import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createKeyring, keyIdOf, makeKey } from '../../api/http/keys.js';
import { listApiKeys, revokeApiKey, type ListedKey } from '../../db/apiKeys.js';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { roles } from '../../domain/roles.js';
import { addKey, ensureAdminKey, tellReplaced } from '../../scripts/adminKey.js';
import { createDatabase } from '../support/database.js';
import { addShop, until } from '../support/shop.js';

let url: string;
let sql: Sql;
beforeAll(async () => void ({ url, sql } = await createDatabase(inject('postgresUrl'))));
afterAll(() => disconnect(sql));

const A_MINUTE = 60_000;
const A_DAY = 24 * 60 * A_MINUTE;

async function newKey(more: Parameters<typeof addKey>[4] = {}, caller = `till-${randomUUID().slice(0, 8)}`) {
  const key = makeKey();
  await addKey(sql, key, caller, 'till', more);
  return key;
}
const listed = async (key: string): Promise<ListedKey | undefined> =>
  (await listApiKeys(sql)).find(({ keyId }) => keyId === keyIdOf(key));
/** How often each of these was the answer. */
const tally = (answers: readonly string[]) =>
  Object.fromEntries([...new Set(answers)].map((each) => [each, answers.filter((one) => one === each).length]));

test('a revoked key that comes a thousand times at once is refused each time, for one answer counts for all', async () => {
  const key = await newKey();
  let nowMs = 0;
  const { whoHas } = createKeyring({ sql, now: () => nowMs });
  const come = async () =>
    whoHas(key).then(
      (caller) => (caller ? 'passed' : 'refused'),
      () => 'no answer',
    );
  expect(await come()).toBe('passed');
  await revokeApiKey(sql, keyIdOf(key));
  for (nowMs = A_MINUTE + 1; nowMs < 5 * A_MINUTE; nowMs += A_MINUTE)
    expect(tally(await Promise.all(Array.from({ length: 1_000 }, come)))).toEqual({ refused: 1_000 });
});

test('beside hundreds of keys that somebody invents a revoked one is refused, and a good one goes on', async () => {
  const [revoked, good] = [await newKey(), await newKey()];
  let nowMs = 0;
  const { whoHas } = createKeyring({ sql, now: () => nowMs });
  const come = (key: string) =>
    whoHas(key).then(
      (caller) => (caller ? 'passed' : 'refused'),
      () => 'no answer',
    );
  expect([await come(revoked), await come(good)]).toEqual(['passed', 'passed']);
  await revokeApiKey(sql, keyIdOf(revoked));
  for (nowMs = A_MINUTE + 1; nowMs < 4 * A_MINUTE; nowMs += A_MINUTE) {
    const invented = Array.from({ length: 300 }, () => come(makeKey()));
    expect(await Promise.all([come(revoked), come(good)])).toEqual(['refused', 'passed']);
    expect(tally(await Promise.all(invented))['no answer']).toBeGreaterThan(0);
  }
});

test('a key of which Postgres cannot tell is good for a day from the last real answer, and not a moment longer', async () => {
  const key = await newKey();
  const own = connect(url, { name: 'ring', connections: 1 });
  let nowMs = 0;
  const { whoHas } = createKeyring({ sql: own, now: () => nowMs });
  expect(await whoHas(key)).toBeDefined();
  await disconnect(own);
  // However often it comes, the last time just before the day is over.
  for (const at of [A_MINUTE * 2, A_DAY / 2, A_DAY - 2, A_DAY]) {
    nowMs = at;
    expect(await whoHas(key), String(at)).toBeDefined();
  }
  nowMs = A_DAY + 1;
  const outage: unknown = await whoHas(key).catch((error: unknown) => error);
  expect(isRecordsOutage(outage)).toBe(true);
});

test('a key is good until its time, also while Postgres is away', async () => {
  const now = Date.now();
  const key = await newKey({ expiresAt: new Date(now + A_DAY / 2).toISOString() });
  const own = connect(url, { name: 'ring', connections: 1 });
  let nowMs = now;
  const { whoHas, knows } = createKeyring({ sql: own, now: () => nowMs });
  expect(knows(key)).toBe(false);
  expect(await whoHas(key)).toBeDefined();
  expect(knows(key)).toBe(true);
  await disconnect(own);
  nowMs = now + A_DAY / 2 - 1_000;
  expect(await whoHas(key)).toBeDefined();
  nowMs = now + A_DAY / 2;
  expect(await whoHas(key)).toBeUndefined();
  expect(knows(key)).toBe(false);
});

test('the last use of a key is written down, at most once a minute, and a wrong secret is no use', async () => {
  const key = await newKey();
  const forged = `${key.slice(0, 12)}${makeKey().slice(12)}`;
  let nowMs = 0;
  const [one, other] = [1, 2].map(() => createKeyring({ sql, now: () => nowMs }));
  expect(await one?.whoHas(forged)).toBeUndefined();
  expect((await listed(key))?.lastUsedAt).toBeNull();
  await one?.whoHas(key);
  const first = await until(async () => (await listed(key))?.lastUsedAt ?? undefined);
  await other?.whoHas(key);
  nowMs = A_MINUTE;
  await one?.whoHas(key);
  // A third key's use is written behind theirs, on the same connections.
  const later = await newKey();
  await one?.whoHas(later);
  await until(async () => (await listed(later))?.lastUsedAt ?? undefined);
  expect((await listed(key))?.lastUsedAt).toBe(first);
  await sql`update api_keys set last_used_at = last_used_at - interval '61 s' where key_id = ${keyIdOf(key)}`;
  nowMs = 2 * A_MINUTE;
  await one?.whoHas(key);
  await until(async () => ((await listed(key))?.lastUsedAt ?? '') >= (first ?? ''));
});

test('a changed ADMIN_KEY replaces the one of before and no other, and comes back when it is named again', async () => {
  const [first, second] = [makeKey(), makeKey()];
  const made = await newKey();
  const good = async (key: string) => (await createKeyring({ sql }).whoHas(key)) !== undefined;
  expect(await ensureAdminKey(sql, first)).toEqual({ made: undefined, replaced: [] });
  expect(await ensureAdminKey(sql, first)).toEqual({ made: undefined, replaced: [] });
  const changed = await ensureAdminKey(sql, second);
  expect(changed.replaced).toEqual([keyIdOf(first)]);
  expect(tellReplaced(changed).join()).toContain(keyIdOf(first));
  expect([await good(first), await good(second), await good(made)]).toEqual([false, true, true]);
  expect((await ensureAdminKey(sql, first)).replaced).toEqual([keyIdOf(second)]);
  expect([await good(first), await good(second), await good(made)]).toEqual([true, false, true]);
  await revokeApiKey(sql, keyIdOf(first));
  await ensureAdminKey(sql, first);
  expect(await good(first)).toBe(false);
});

test('a name is of one role in a shop, whatever becomes of its keys, and Postgres holds it too', async () => {
  const shopId = await addShop(sql);
  for (const role of roles) {
    const caller = `who-${role}`;
    await addKey(sql, makeKey(), caller, role, { shopId });
    await addKey(sql, makeKey(), caller, role, { shopId });
    for (const other of roles.filter((each) => each !== role)) {
      const adding = addKey(sql, makeKey(), caller, other, { shopId });
      await expect(adding).rejects.toThrow(`${caller} is a ${role} in the shop ${shopId}`);
      const past = sql`
        insert into api_keys (key_id, key_hash, caller, role, shop_id)
        values (${randomUUID()}, ${Buffer.alloc(32)}, ${caller}, ${other}, ${shopId})`;
      await expect(past).rejects.toThrow('api_keys_one_role_a_caller');
    }
    await addKey(sql, makeKey(), caller, 'till', { shopId: await addShop(sql) });
  }
});
