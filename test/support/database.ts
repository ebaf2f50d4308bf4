import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { noteCompared } from '../../db/booksCompared.js';
import { connect, disconnect, STATEMENT_MS, type Sql } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import { SERVICE_ROLE } from '../../db/serviceRole.js';
import { ensureMainShop } from '../../scripts/mainShop.js';

/**
 * A database of its own, migrated, with its main shop: on the run's Postgres a copy of the one made for that, unless it
 * is to be migrated itself, for a copy has not the rights to the database as a whole.
 * @returns the owner's way in, for what tests prepare and tamper with, and the service's, as which nothing else runs
 */
export async function createDatabase(
  serverUrl: string,
  made: 'copied' | 'migrated' = 'copied',
): Promise<{ url: string; serviceUrl: string; sql: Sql }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const isCopy = made === 'copied' && serverUrl === inject('postgresUrl');
  const url = await addDatabase(serverUrl, name, isCopy ? `template ${inject('templateDatabase')}` : '');
  const sql = connect(url, { name: 'test', connections: 10, statementMs: STATEMENT_MS });
  if (!isCopy) await furnish(sql);
  // Nobody else's payments in the run's Temporal are missing here.
  if (made === 'copied') await noteCompared(sql);
  const serviceUrl = new URL(url);
  serviceUrl.searchParams.set('role', SERVICE_ROLE);
  return { url, serviceUrl: serviceUrl.href, sql };
}

/** What the databases of the run are copies of; nobody may be connected to it while they are made. */
export async function createTemplate(serverUrl: string): Promise<string> {
  const name = 'template_of_tests';
  const sql = connect(await addDatabase(serverUrl, name, ''), { name: 'test', connections: 1 });
  await furnish(sql);
  await disconnect(sql);
  return name;
}

async function furnish(sql: Sql): Promise<void> {
  await migrate(sql);
  await ensureMainShop(sql, { shopCurrency: 'EUR', shopTimeZone: 'Europe/Berlin' });
}

async function addDatabase(serverUrl: string, name: string, options: string): Promise<string> {
  const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name} ${options}`);
  await disconnect(admin);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
