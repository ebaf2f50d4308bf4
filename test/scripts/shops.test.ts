import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../db/connect.js';
import { findShop } from '../../db/shops.js';
import { createDatabase } from '../support/database.js';

let url: string;
let sql: Sql;
beforeAll(async () => void ({ url, sql } = await createDatabase(inject('postgresUrl'))));
afterAll(() => disconnect(sql));

function shops(...words: string[]): { status: number | null; said: string } {
  const env = { ...process.env, DATABASE_URL: url };
  const command = ['scripts/run.mjs', 'scripts/shops.ts', ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  return { status, said: stdout + stderr };
}

test('a shop says whose law counts there, and whether people are warned of it or refused', async () => {
  const added = shops('add', 'la', 'USD', 'America/Los_Angeles', 'LA', 'Shops Inc', 'US-CA');
  expect(added).toMatchObject({ status: 0, said: expect.not.stringContaining('No rule of law') as string });
  expect(await findShop(sql, 'la')).toMatchObject({ jurisdiction: 'US-CA', againstLaw: 'warned' });
  expect(shops('set', 'la', 'againstLaw', 'refused').status).toBe(0);
  expect(await findShop(sql, 'la')).toMatchObject({ againstLaw: 'refused' });
  const tooShort = shops('set', 'la', 'replacementLifetimeDays', '365').said;
  expect(tooShort).toMatch(
    /over before the law lets it:\n {2}California: a gift certificate that was sold has no expiry date\.\n/,
  );
  expect(shops('set', 'la', 'replacementLifetimeDays', '').said).not.toContain('over before');
  expect(shops('set', 'la', 'jurisdiction', 'California').said).toMatch(/^A jurisdiction is a country of ISO 3166/);
  expect(shops('set', 'la', 'jurisdiction', 'UK').said).toContain('No rule of law is known here for UK');
  expect(shops('list').said).toMatch(/^shopId: la .*  jurisdiction: UK .*  againstLaw: refused$/m);
});
