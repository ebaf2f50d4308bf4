import { hashKey, keyIdOf, makeKey } from '../api/http/keys.js';
import { insertApiKey, listApiKeys, replaceKeysOfSetting, type NewApiKey } from '../db/apiKeys.js';
import type { Sql } from '../db/connect.js';
import type { Role } from '../domain/roles.js';
import { Failure } from '../runtime/failure.js';
import { MAIN_SHOP } from './mainShop.js';

const ADMIN = 'admin';

/** What became of the admin key: the one to be shown, and the ids of those that the setting no longer names. */
export type AdminKey = { readonly made: string | undefined; readonly replaced: readonly string[] };

/**
 * Sees to it that there is an admin key: the given one, which takes the place of what the setting gave before, or a new
 * one at the first start.
 */
export async function ensureAdminKey(sql: Sql, given: string | undefined): Promise<AdminKey> {
  if (given !== undefined) {
    await addKey(sql, given, ADMIN, 'admin', { origin: 'setting' });
    return { made: undefined, replaced: await replaceKeysOfSetting(sql, keyIdOf(given)) };
  }
  if ((await listApiKeys(sql)).length > 0) return { made: undefined, replaced: [] };
  const made = makeKey();
  await addKey(sql, made, ADMIN, 'admin', { origin: 'first_start' });
  return { made, replaced: [] };
}

/** One sentence for each that no longer opens anything. */
export function tellReplaced({ replaced }: AdminKey): string[] {
  return replaced.map((keyId) => `ADMIN_KEY names another key than before: ${keyId} is no longer good.`);
}

type More = Partial<Pick<NewApiKey, 'shopId' | 'origin' | 'expiresAt'>>;

/** @throws Failure where the caller's other keys have another role */
export async function addKey(sql: Sql, key: string, caller: string, role: Role, more: More = {}): Promise<void> {
  const { shopId = MAIN_SHOP, origin = 'command', expiresAt = null } = more;
  const named = { keyId: keyIdOf(key), keyHash: hashKey(key), caller, role, shopId };
  const other = await insertApiKey(sql, { ...named, origin, expiresAt });
  if (other !== undefined)
    throw new Failure(`${caller} is a ${other} in the shop ${shopId}: a ${role} there needs another name.`);
}
