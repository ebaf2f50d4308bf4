import { hashKey, keyIdOf, makeKey } from '../api/http/keys.js';
import { insertApiKey, listApiKeys } from '../db/apiKeys.js';
import type { Sql } from '../db/connect.js';
import type { Role } from '../domain/roles.js';
import { MAIN_SHOP } from './mainShop.js';

/**
 * Sees to it that there is an admin key: the given one, or a new one at the first start, which is returned to be shown.
 */
export async function ensureAdminKey(sql: Sql, given: string | undefined): Promise<string | undefined> {
  if (given !== undefined) {
    await addKey(sql, given, 'admin', 'admin');
    return undefined;
  }
  if ((await listApiKeys(sql)).length > 0) return undefined;
  const key = makeKey();
  await addKey(sql, key, 'admin', 'admin');
  return key;
}

export async function addKey(sql: Sql, key: string, caller: string, role: Role, shopId = MAIN_SHOP): Promise<void> {
  await insertApiKey(sql, { keyId: keyIdOf(key), keyHash: hashKey(key), caller, role, shopId });
}
