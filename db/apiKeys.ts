import type { Role } from '../domain/roles.js';
import type { Sql } from './connect.js';

export type ApiKey = {
  keyId: string;
  keyHash: Uint8Array;
  /** The till or person that this key speaks for; several keys may, one after the other. */
  caller: string;
  role: Role;
  createdAt: string;
  revokedAt: string | null;
};

export async function insertApiKey(
  sql: Sql,
  key: Pick<ApiKey, 'keyId' | 'keyHash' | 'caller' | 'role'>,
): Promise<void> {
  await sql`
    insert into api_keys (key_id, key_hash, caller, role)
    values (${key.keyId}, ${Buffer.from(key.keyHash)}, ${key.caller}, ${key.role})
    on conflict (key_id) do update set key_hash = excluded.key_hash, caller = excluded.caller, role = excluded.role`;
}

export async function findApiKey(sql: Sql, keyId: string): Promise<ApiKey | undefined> {
  const [row] = await sql<ApiKey[]>`select * from api_keys where key_id = ${keyId}`;
  return row;
}

export async function listApiKeys(sql: Sql): Promise<Omit<ApiKey, 'keyHash'>[]> {
  return sql<Omit<ApiKey, 'keyHash'>[]>`
    select key_id, caller, role, created_at, revoked_at from api_keys order by created_at, key_id`;
}

/** Returns whether there was such a key in force. */
export async function revokeApiKey(sql: Sql, keyId: string): Promise<boolean> {
  const { count } = await sql`update api_keys set revoked_at = now() where key_id = ${keyId} and revoked_at is null`;
  return count > 0;
}
