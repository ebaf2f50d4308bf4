import type { Role } from '../domain/roles.js';
import type { Shop } from '../domain/shop.js';
import type { Sql } from './connect.js';
import { shopColumns } from './shops.js';

export type ApiKey = {
  keyId: string;
  keyHash: Uint8Array;
  /** The till or person that this key speaks for; several keys may, one after the other. */
  caller: string;
  role: Role;
  shop: Shop;
  createdAt: string;
  revokedAt: string | null;
};

export async function insertApiKey(
  sql: Sql,
  key: Pick<ApiKey, 'keyId' | 'keyHash' | 'caller' | 'role'> & Pick<Shop, 'shopId'>,
): Promise<void> {
  await sql`
    insert into api_keys (key_id, key_hash, caller, role, shop_id)
    values (${key.keyId}, ${Buffer.from(key.keyHash)}, ${key.caller}, ${key.role}, ${key.shopId})
    on conflict (key_id) do update set key_hash = excluded.key_hash, caller = excluded.caller, role = excluded.role,
                                       shop_id = excluded.shop_id`;
}

export async function findApiKey(sql: Sql, keyId: string): Promise<ApiKey | undefined> {
  const [row] = await sql<(Omit<ApiKey, 'shop'> & Shop)[]>`
    select key_id, key_hash, caller, role, k.created_at, revoked_at, ${shopColumns(sql)}
      from api_keys k join shops using (shop_id) where key_id = ${keyId}`;
  if (!row) return undefined;
  const { keyHash, caller, role, createdAt, revokedAt, ...shop } = row;
  return { keyId, keyHash, caller, role, createdAt, revokedAt, shop };
}

export async function listApiKeys(sql: Sql): Promise<(Omit<ApiKey, 'keyHash' | 'shop'> & Pick<Shop, 'shopId'>)[]> {
  return sql<(Omit<ApiKey, 'keyHash' | 'shop'> & Pick<Shop, 'shopId'>)[]>`
    select key_id, caller, role, shop_id, created_at, revoked_at from api_keys order by created_at, key_id`;
}

/** Returns whether there was such a key in force. */
export async function revokeApiKey(sql: Sql, keyId: string): Promise<boolean> {
  const { count } = await sql`update api_keys set revoked_at = now() where key_id = ${keyId} and revoked_at is null`;
  return count > 0;
}
