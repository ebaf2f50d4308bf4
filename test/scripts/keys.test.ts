import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../db/connect.js';
import { createDatabase } from '../support/database.js';

let url: string;
let sql: Sql;
beforeAll(async () => void ({ url, sql } = await createDatabase(inject('postgresUrl'))));
afterAll(() => disconnect(sql));

function keys(...words: string[]): { status: number | null; said: string } {
  const env = { ...process.env, DATABASE_URL: url };
  const command = ['scripts/run.mjs', 'scripts/keys.ts', ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  return { status, said: stdout + stderr };
}

test('keys are added with a last day, listed with all that is known of them, and revoked', () => {
  const added = keys('add', 'till', 'till-7', 'main', '--through', '2031-05-31');
  expect(added).toMatchObject({ status: 0, said: expect.stringContaining('good through 2031-05-31') as string });
  expect(keys('add', 'manager', 'office').status).toBe(0);
  const keyId = /^ap_(\w{8})_/m.exec(added.said)?.[1] ?? '';
  expect(keys('list').said).toMatch(
    new RegExp(
      `^${keyId} {2}till {5}till-7 {2}main {2}since \\S+ {2}never used {2}until 2031-05-31T22:00:00.000Z$`,
      'm',
    ),
  );
  expect(keys('revoke', keyId).status).toBe(0);
  const listed = keys('list').said;
  expect(listed).toMatch(new RegExp(`^${keyId} .* revoked \\S+$`, 'm'));
  expect(listed).toMatch(/^\w{8} {2}manager {2}office {2}main {2}since \S+ {2}never used$/m);
  expect(listed).not.toContain('ap_');
});

test('what cannot be done is one sentence', () => {
  keys('add', 'till', 'till-1');
  const refused: [string[], RegExp][] = [
    [['add', 'cook', 'bea'], /^usage: /],
    [['add', 'till', 'bea', '--til', '2031-05-31'], /^usage: /],
    [['list', '--through', '2031-05-31'], /^usage: /],
    [['add', 'till', 'bea', 'nowhere'], /^There is no shop nowhere\.\n$/],
    [['add', 'till', 'bea', 'main', '--through', '2031-02-30'], /^The last day of a key .*2031-02-30 is none\.\n$/],
    [['add', 'till', 'bea', 'main', '--through', '2020-01-01'], /^The last day of a key .*2020-01-01 is none\.\n$/],
    [['add', 'manager', 'till-1'], /^till-1 is a till in the shop main: a manager there needs another name\.\n$/],
    [['add', 'till', 'staff:7'], /^A caller is .* not the name of one of our own\.\n$/],
    [['revoke', 'nobodys1'], /^There is no key nobodys1 in force\.\n$/],
  ];
  for (const [words, sentence] of refused) {
    const { status, said } = keys(...words);
    expect(said, words.join(' ')).toMatch(sentence);
    expect(status).toBe(1);
  }
});
