import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureFirstAdmin } from '../../scripts/firstAdmin.js';
import { openDesk, type OwnDesk } from '../support/desk.js';

let own: OwnDesk;
beforeAll(async () => void (own = await openDesk()));
afterAll(() => own.close());

function staff(...words: string[]): { status: number | null; said: string } {
  const env = { ...process.env, DATABASE_URL: own.url };
  const command = ['scripts/run.mjs', 'scripts/staff.ts', ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  return { status, said: stdout + stderr };
}
const passwordIn = (said: string) => /^(?:[a-z]{4}-){3}[a-z]{4}$/m.exec(said)?.[0] ?? '';

test('a first admin is made where there is no account, once, with every shop', async () => {
  const password = await ensureFirstAdmin(own.sql, own.url);
  expect(password).toMatch(/^(?:[a-z]{4}-){3}[a-z]{4}$/);
  expect(await ensureFirstAdmin(own.sql, own.url)).toBeUndefined();
  const signedIn = await own.desk.signIn({ username: 'admin', password: password ?? '' });
  expect(signedIn).toMatchObject({ outcome: 'signed_in', session: { staffRole: 'admin', shop: { shopId: 'main' } } });
});

test('accounts are added, listed, disabled and given a new password, and passwords are shown once', async () => {
  const added = staff('add', 'anna', 'cashier', 'Anna Smith', 'main');
  expect(added).toMatchObject({ status: 0, said: expect.stringContaining('shown only now') as string });
  const signIn = (said: string) => own.desk.signIn({ username: 'anna', password: passwordIn(said) });
  expect(await signIn(added.said)).toMatchObject({ outcome: 'signed_in' });
  const reset = staff('reset', 'anna');
  expect(await signIn(added.said)).toEqual({ outcome: 'wrong' });
  expect(await signIn(reset.said)).toMatchObject({ outcome: 'signed_in' });
  expect(staff('disable', 'anna').status).toBe(0);
  const listed = staff('list');
  expect(listed.said).toMatch(/^anna {2}cashier {2}Anna Smith {2}main {2}since .* {2}disabled /m);
  expect(passwordIn(listed.said)).toBe('');
  expect((await own.desk.log({ staffId: 'anna', limit: 1 }))[0]).toMatchObject({
    kind: 'disabled',
    doneBy: 'operator',
  });
});

test('what cannot be done is one sentence', () => {
  const refused: [string[], RegExp][] = [
    [['add', 'bea', 'cook', 'Bea'], /^usage: /],
    [['disable', 'admin'], /^admin is the last admin: .*\n$/],
  ];
  for (const [words, sentence] of refused) {
    const { status, said } = staff(...words);
    expect(said).toMatch(sentence);
    expect(status).toBe(1);
  }
});
