import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../db/connect.js';
import { letServiceConnect, SERVICE_ROLE } from '../db/serviceRole.js';

/**
 * How API and worker reach the Postgres that was started here: as the service, which cannot undo the books as the owner
 * could. Its password is made once and stays in the data folder.
 */
export async function serviceUrl(sql: Sql, ownerUrl: string, dataDir: string): Promise<string> {
  const password = await kept(join(dataDir, 'service-password'));
  await letServiceConnect(sql, password);
  const url = new URL(ownerUrl);
  url.username = SERVICE_ROLE;
  url.password = password;
  return url.href;
}

async function kept(file: string): Promise<string> {
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before !== '') return before.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}
