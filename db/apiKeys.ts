import type { KeyEnds, KeyOrigin } from '../domain/keys.js';
import type { Role } from '../domain/roles.js';
import { shopOf, type Shop, type ShopRow } from '../domain/shop.js';
import type { Sql } from './connect.js';
import { shopColumns } from './shops.js';

export type ApiKey = KeyEnds & {
  keyId: string;
  keyHash: Uint8Array;
  /** The till or person that this key speaks for; several keys may, one after the other. */
  caller: string;
  role: Role;
  shop: Shop;
  createdAt: string;
  /** To the minute. */
  lastUsedAt: string | null;
};

export type NewApiKey = Pick<ApiKey, 'keyId' | 'keyHash' | 'caller' | 'role'> &
  Pick<Shop, 'shopId'> & { origin: KeyOrigin; expiresAt: string | null };

/** @returns the role of this caller's other keys, where it is another one: then nothing was added */
export async function insertApiKey(sql: Sql, key: NewApiKey): Promise<Role | undefined> {
  const { shopId, caller, role } = key;
  const [other] = await sql<{ role: Role }[]>`
    with added as (insert into callers ${sql({ shopId, caller, role })} on conflict do nothing)
    select role from callers where shop_id = ${shopId} and caller = ${caller} and role <> ${role}`;
  if (other) return other.role;
  await sql`
    insert into api_keys ${sql({ ...key, keyHash: Buffer.from(key.keyHash) })}
    on conflict (key_id) do update
      set key_hash = excluded.key_hash, caller = excluded.caller, role = excluded.role, shop_id = excluded.shop_id,
          origin = excluded.origin, expires_at = excluded.expires_at, replaced_at = null`;
  return undefined;
}

export async function findApiKey(sql: Sql, keyId: string): Promise<ApiKey | undefined> {
  const [row] = await sql<(Omit<ApiKey, 'keyId' | 'shop'> & ShopRow)[]>`
    select key_hash, caller, role, k.created_at, expires_at, last_used_at, revoked_at, replaced_at, ${shopColumns(sql)}
      from api_keys k join shops using (shop_id) where key_id = ${keyId}`;
  if (!row) return undefined;
  const { keyHash, caller, role, createdAt, expiresAt, lastUsedAt, revokedAt, replacedAt, ...shop } = row;
  return { keyId, keyHash, caller, role, createdAt, expiresAt, lastUsedAt, revokedAt, replacedAt, shop: shopOf(shop) };
}

/** Writes down that a key is in use, at most once a minute however many processes it is used at. */
export async function noteUseOf(sql: Sql, keyId: string): Promise<void> {
  await sql`
    update api_keys set last_used_at = now()
     where key_id = ${keyId} and (last_used_at is null or last_used_at < now() - interval '1 minute')`;
}

export type ListedKey = Omit<ApiKey, 'keyHash' | 'shop'> & Pick<Shop, 'shopId'> & { origin: KeyOrigin };

export async function listApiKeys(sql: Sql): Promise<ListedKey[]> {
  return sql<ListedKey[]>`
    select key_id, caller, role, shop_id, origin, created_at, expires_at, last_used_at, revoked_at, replaced_at
      from api_keys order by created_at, key_id`;
}

/** Returns whether there was such a key in force. */
export async function revokeApiKey(sql: Sql, keyId: string): Promise<boolean> {
  const { count } = await sql`update api_keys set revoked_at = now() where key_id = ${keyId} and revoked_at is null`;
  return count > 0;
}

/** Ends what a setting made before it named this key. @returns the ids of those that were in force */
export async function replaceKeysOfSetting(sql: Sql, keyId: string): Promise<string[]> {
  const rows = await sql<{ keyId: string }[]>`
    update api_keys set replaced_at = now()
     where origin = 'setting' and key_id <> ${keyId} and revoked_at is null and replaced_at is null
    returning key_id`;
  return rows.map((row) => row.keyId);
}
