import { makeKey } from '../api/http/keys.js';
import { listApiKeys, revokeApiKey } from '../db/apiKeys.js';
import { roles, type Role } from '../domain/roles.js';
import { connect, disconnect, type Sql } from '../db/connect.js';
import { isCallersName } from '../domain/ids.js';
import { Failure } from '../runtime/failure.js';
import { runOnce } from '../runtime/runOnce.js';
import { findShop } from '../db/shops.js';
import { addKey } from './adminKey.js';
import { MAIN_SHOP } from './mainShop.js';
import { databaseUrlOf } from './databaseUrl.js';

const USAGE = `usage: npm run keys -- add <${roles.join('|')}> <caller> [shop id] | list | revoke <key id>`;

await runOnce(async (settings) => {
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-keys', connections: 1 });
  try {
    await carryOut(sql, process.argv.slice(2));
  } finally {
    await disconnect(sql);
  }
});

async function carryOut(sql: Sql, [verb, first, second, third = MAIN_SHOP]: string[]): Promise<void> {
  if (verb === 'add' && isRole(first) && second !== undefined) return add(sql, first, second, third);
  if (verb === 'list' && first === undefined) return list(sql);
  if (verb === 'revoke' && first !== undefined) return revoke(sql, first);
  throw new Failure(USAGE);
}

async function add(sql: Sql, role: Role, caller: string, shopId: string): Promise<void> {
  if (!isCallersName(caller))
    throw new Failure('A caller is 1 to 64 visible ASCII characters without an @, and not the name of one of our own.');
  if (!(await findShop(sql, shopId))) throw new Failure(`There is no shop ${shopId}.`);
  const key = makeKey();
  await addKey(sql, key, caller, role, shopId);
  console.log(`${key}\nThis is the ${role} key of ${caller} in the shop ${shopId}. It is shown only now.`);
}

async function list(sql: Sql): Promise<void> {
  for (const { keyId, role, caller, shopId, createdAt, revokedAt } of await listApiKeys(sql)) {
    console.log(
      [
        keyId,
        role.padEnd(7),
        caller,
        shopId,
        `since ${createdAt}`,
        ...(revokedAt ? [`revoked ${revokedAt}`] : []),
      ].join('  '),
    );
  }
}

async function revoke(sql: Sql, keyId: string): Promise<void> {
  if (!(await revokeApiKey(sql, keyId))) throw new Failure(`There is no key ${keyId} in force.`);
  console.log(`Revoked. An API that knows it goes on taking it for at most a minute.`);
}

function isRole(text: string | undefined): text is Role {
  return roles.some((role) => role === text);
}
