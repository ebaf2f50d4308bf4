import { parseArgs } from 'node:util';
import { makeKey } from '../api/http/keys.js';
import { listApiKeys, revokeApiKey, type ListedKey } from '../db/apiKeys.js';
import { standingOf } from '../domain/keys.js';
import { roles, type Role } from '../domain/roles.js';
import { connect, disconnect, type Sql } from '../db/connect.js';
import { isCallersName } from '../domain/ids.js';
import { endOfDay, hasPassed, isDay, type Calendar } from '../domain/instants.js';
import { Failure } from '../runtime/failure.js';
import { findShop } from '../db/shops.js';
import { addKey } from './adminKey.js';
import { MAIN_SHOP } from './mainShop.js';
import { databaseUrlOf } from './databaseUrl.js';
import { operate } from './operate.js';

const USAGE = `usage: npm run keys -- add <${roles.join('|')}> <caller> [shop id] [--through <last day, YYYY-MM-DD>]
       npm run keys -- list
       npm run keys -- revoke <key id>`;

await operate(async (settings) => {
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-keys', connections: 1 });
  try {
    await carryOut(sql, process.argv.slice(2));
  } finally {
    await disconnect(sql);
  }
});

async function carryOut(sql: Sql, args: string[]): Promise<void> {
  const { words, through } = read(args);
  const [verb, first, second, third = MAIN_SHOP, ...more] = words;
  if (more.length > 0) throw new Failure(USAGE);
  if (verb === 'add' && isRole(first) && second !== undefined) return add(sql, first, second, third, through);
  if (verb === 'list' && first === undefined && through === undefined) return list(sql);
  if (verb === 'revoke' && first !== undefined && through === undefined) return revoke(sql, first);
  throw new Failure(USAGE);
}

function read(args: string[]): { words: string[]; through: string | undefined } {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { through: { type: 'string' } },
    });
    return { words: positionals, through: values.through };
  } catch {
    throw new Failure(USAGE);
  }
}

async function add(sql: Sql, role: Role, caller: string, shopId: string, through: string | undefined): Promise<void> {
  if (!isCallersName(caller))
    throw new Failure('A caller is 1 to 64 visible ASCII characters without an @, and not the name of one of our own.');
  const shop = await findShop(sql, shopId);
  if (!shop) throw new Failure(`There is no shop ${shopId}.`);
  const expiresAt = through === undefined ? null : expiryOf(through, shop.calendar);
  const key = makeKey();
  await addKey(sql, key, caller, role, { shopId, expiresAt });
  const until = through === undefined ? '' : `, good through ${through}`;
  console.log(`${key}\nThis is the ${role} key of ${caller} in the shop ${shopId}${until}. It is shown only now.`);
}

function expiryOf(through: string, calendar: Calendar): string {
  const expiresAt = isDay(through) ? endOfDay(through, calendar) : undefined;
  if (expiresAt === undefined || hasPassed(expiresAt, Date.now()))
    throw new Failure(`The last day of a key is one that is not over, as 2030-12-31: ${through} is none.`);
  return expiresAt;
}

async function list(sql: Sql): Promise<void> {
  for (const key of await listApiKeys(sql)) console.log(lineOf(key));
}

function lineOf(key: ListedKey): string {
  const { keyId, role, caller, shopId, origin, createdAt, expiresAt, lastUsedAt } = key;
  return [
    keyId,
    role.padEnd(7),
    caller,
    shopId,
    `since ${createdAt}`,
    ...(origin === 'setting' ? ['of ADMIN_KEY'] : []),
    lastUsedAt === null ? 'never used' : `last used ${lastUsedAt}`,
    ...(expiresAt === null ? [] : [`until ${expiresAt}`]),
    ...endOf(key),
  ].join('  ');
}

function endOf(key: ListedKey): string[] {
  switch (standingOf(key, Date.now())) {
    case 'good':
      return [];
    case 'revoked':
      return [`revoked ${key.revokedAt}`];
    case 'replaced':
      return [`replaced ${key.replacedAt}`];
    case 'expired':
      return ['expired'];
  }
}

async function revoke(sql: Sql, keyId: string): Promise<void> {
  if (!(await revokeApiKey(sql, keyId))) throw new Failure(`There is no key ${keyId} in force.`);
  console.log(`Revoked. An API that knows it goes on taking it for at most a minute.`);
}

function isRole(text: string | undefined): text is Role {
  return roles.some((role) => role === text);
}
