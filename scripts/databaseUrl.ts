import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../runtime/failure.js';
import type { Settings } from '../runtime/settings.js';

/** The given database, as its owner, or the one that `npm start` keeps in the data folder. */
export async function databaseUrlOf(settings: Settings): Promise<string> {
  const { databaseUrl, databaseOwnerUrl = databaseUrl, dataDir, postgresPort } = settings;
  if (databaseOwnerUrl !== undefined) return databaseOwnerUrl;
  const password = await readFile(resolve(dataDir, 'postgres', 'password'), 'utf8').catch(() => {
    throw new Failure('There is no database yet: "npm start" makes one, or set DATABASE_URL.');
  });
  return `postgres://postgres:${password.trim()}@127.0.0.1:${postgresPort}/account_payments`;
}
