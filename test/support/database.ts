import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { connect, disconnect, STATEMENT_MS, type Sql } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import { ensureMainShop } from '../../scripts/mainShop.js';

/** A database of its own on the run's Postgres, migrated, with its main shop. */
export async function createDatabase(serverUrl: string): Promise<{ url: string; sql: Sql }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
  await disconnect(admin);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const sql = connect(url.href, { name: 'test', connections: 10, statementMs: STATEMENT_MS });
  await migrate(sql);
  await ensureMainShop(sql, { shopCurrency: 'EUR', shopTimeZone: 'Europe/Berlin' });
  return { url: url.href, sql };
}
