import { afterAll, beforeAll, expect, test } from 'vitest';
import { findShop } from '../../../db/shops.js';
import type { Shop } from '../../../domain/shop.js';
import { cpuMsOf } from '../../support/cpu.js';
import { addPerson, enter, openDesk, type OwnDesk } from '../../support/desk.js';

let clockMs = Date.now();
let own: OwnDesk;
beforeAll(async () => void (own = await openDesk({ now: () => clockMs })));
afterAll(() => own.close());

const WRONG = 'not the password';
/** As if so many had been tried just now. */
const tried = (username: string, tries: number) => own.sql`
  insert into staff.sign_in_attempts (tried, tries, last_tried_at)
  values (${username}, ${tries}, ${new Date(clockMs).toISOString()})`;
const tryOnce = (username: string, password = WRONG, desk = own.desk) => desk.signIn({ username, password });
const outcomes = (answers: readonly { outcome: string }[]) => answers.map(({ outcome }) => outcome).sort();
const times = <T>(count: number, each: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => each(i)));

test('ten wrong passwords lock that account and no other, however many are tried at once at however many desks', async () => {
  const [password, others] = [await addPerson(own.desk, 'anna'), await addPerson(own.desk, 'annabel')];
  const desks = [own.desk, own.another(), own.another()];
  const answers = await times(24, (i) => tryOnce('anna', WRONG, desks[i % 3]));
  expect(outcomes(answers)).toEqual([...Array<string>(14).fill('locked'), ...Array<string>(10).fill('wrong')]);
  const until = new Date(clockMs + 15 * 60_000).toISOString();
  for (const desk of desks) expect(await tryOnce('anna', password, desk)).toEqual({ outcome: 'locked', until });
  expect(await tryOnce('annabel', others)).toMatchObject({ outcome: 'signed_in' });
  const accounts = new Map((await own.desk.list()).map((each) => [each.staffId, each.lockedUntil]));
  expect([accounts.get('anna'), accounts.get('annabel')]).toEqual([until, undefined]);
  expect((await own.desk.log({ staffId: 'anna', limit: 20 })).map(({ kind }) => kind).sort()).toEqual(
    ['added', 'locked', ...Array<string>(10).fill('wrong_password')].sort(),
  );
});

test('a lock ends after fifteen minutes, by an admin, and by a new password; what is tried meanwhile makes it no longer', async () => {
  const password = await addPerson(own.desk, 'bea');
  const lock = async () => {
    await tried('bea', 10);
    expect(await tryOnce('bea', password)).toMatchObject({ outcome: 'locked' });
  };
  await lock();
  clockMs += 15 * 60_000 - 1;
  expect(await tryOnce('bea', password)).toMatchObject({ outcome: 'locked' });
  clockMs += 1;
  expect(await tryOnce('bea', password)).toMatchObject({ outcome: 'signed_in' });
  await lock();
  expect(await own.desk.unlock('boss', 'bea')).toEqual({ outcome: 'changed' });
  expect(await tryOnce('bea', password)).toMatchObject({ outcome: 'signed_in' });
  await lock();
  const reset = await own.desk.reset('boss', 'bea');
  if (reset.outcome !== 'reset') throw new Error(reset.outcome);
  expect(await tryOnce('bea', password)).toEqual({ outcome: 'wrong' });
  expect(await tryOnce('bea', reset.password)).toMatchObject({ outcome: 'signed_in' });
});

test('a right password ends the count, and so do fifteen minutes', async () => {
  const password = await addPerson(own.desk, 'cleo');
  const countOf = async () => {
    const [row] = await own.sql<{ tries: number }[]>`select tries from staff.sign_in_attempts where tried = 'cleo'`;
    return row?.tries;
  };
  await tried('cleo', 9);
  expect(await tryOnce('cleo', password)).toMatchObject({ outcome: 'signed_in' });
  expect(await countOf()).toBeUndefined();
  await tried('cleo', 9);
  clockMs += 15 * 60_000;
  expect(await tryOnce('cleo')).toEqual({ outcome: 'wrong' });
  expect(await countOf()).toBe(1);
});

test('a signature and a change of the password are counted like a sign-in', async () => {
  const main = (await findShop(own.sql, 'main')) as Shop;
  const password = await addPerson(own.desk, 'dora', { staffRole: 'manager' });
  const sign = (typed: string, shop: Pick<Shop, 'shopId'> = main) =>
    own.desk.sign({ username: 'dora', password: typed }, shop);
  expect(await sign(password)).toEqual({ outcome: 'signed', staffId: 'dora', staffRole: 'manager' });
  expect(await own.sql`select from staff.sessions where user_id = 'dora'`).toHaveLength(0);
  expect(await sign(password, { shopId: 'elsewhere' })).toEqual({ outcome: 'wrong' });
  const headers = await enter(own.desk, 'dora', password);
  const change = (current: string) => own.desk.changeOwnPassword(headers, { current, next: 'long enough it is' });
  await tried('dora', 8);
  expect(await sign(WRONG)).toEqual({ outcome: 'wrong' });
  expect(await change(WRONG)).toEqual({ outcome: 'wrong' });
  expect(await sign(password)).toMatchObject({ outcome: 'locked' });
  expect(await change(password)).toMatchObject({ outcome: 'locked' });
});

test('a name that nobody has is locked like one that somebody has, and is kept nowhere', async () => {
  const answers = await times(12, () => tryOnce('somebody-else'));
  expect(outcomes(answers)).toEqual([...Array<string>(2).fill('locked'), ...Array<string>(10).fill('wrong')]);
  const typed = ['somebody-else', 'Typed my Password here!', 'a\0b', '', 'x'.repeat(1000)];
  for (const username of typed.slice(1)) expect(await tryOnce(username)).toEqual({ outcome: 'wrong' });
  expect(await tryOnce('somebody', 'x'.repeat(1000))).toEqual({ outcome: 'wrong' });
  const kept = await own.sql<{ tried: string }[]>`select tried from staff.sign_in_attempts where tried like '#%'`;
  expect(kept).toHaveLength(typed.length + 1);
  for (const { tried: each } of kept) expect(each).toMatch(/^#[\w-]{43}$/);
  clockMs += 15 * 60_000;
  await tryOnce('anna');
  expect(await own.sql`select from staff.sign_in_attempts where tried like '#%'`).toHaveLength(0);
});

test('whether there is such an account is not told by how long the answer takes', async () => {
  await addPerson(own.desk, 'ella');
  await addPerson(own.desk, 'fred');
  await own.desk.disable('boss', 'fred');
  const took: Record<string, number[]> = { ella: [], fred: [], nobody: [], 'no name at all': [] };
  for (let i = 0; i < 6; i++) {
    for (const [username, each] of Object.entries(took)) {
      const cpuMs = await cpuMsOf(async () => expect(await tryOnce(username)).toEqual({ outcome: 'wrong' }));
      each.push(cpuMs);
    }
  }
  const medians = Object.values(took).map((each) => each.sort((a, b) => a - b)[3] ?? 0);
  // A hash is most of it; where none is made it takes a tenth.
  expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(2.5);
});
