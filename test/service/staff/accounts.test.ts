import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson, enter, openDesk, type OwnDesk } from '../../support/desk.js';
import { addShop } from '../../support/shop.js';

let clockMs = Date.now();
let own: OwnDesk;
let adminsPassword: string;
beforeAll(async () => {
  own = await openDesk({ now: () => clockMs });
  adminsPassword = await addPerson(own.desk, 'boss', { staffRole: 'admin' });
});
afterAll(() => own.close());

const A_MINUTE = 60_000;

test('the last admin stays one, and stays', async () => {
  expect(await own.desk.disable('boss', 'boss')).toEqual({ outcome: 'last_admin' });
  expect(await own.desk.setRole('boss', 'boss', 'manager')).toEqual({ outcome: 'last_admin' });
  for (let i = 0; i < 5; i++) {
    await addPerson(own.desk, `boss-${i}`, { staffRole: 'admin' });
    // Each removes the other at once.
    const answers = await Promise.all([
      own.desk.disable(`boss-${i}`, 'boss'),
      own.another().setRole('boss', `boss-${i}`, 'cashier'),
    ]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'last_admin']);
    await own.desk.enable('tests', 'boss');
    await own.desk.disable('tests', `boss-${i}`);
  }
  expect(await enter(own.desk, 'boss', adminsPassword)).toBeDefined();
});

test('a disabled person is out here at once, elsewhere within a minute, and cannot come back until enabled', async () => {
  const password = await addPerson(own.desk, 'anna');
  const headers = await enter(own.desk, 'anna', password);
  const elsewhere = own.another();
  expect(await elsewhere.sessionOf(headers)).toBeDefined();
  expect(await own.desk.disable('boss', 'anna')).toEqual({ outcome: 'changed' });
  expect(await own.desk.sessionOf(headers)).toBeUndefined();
  clockMs += A_MINUTE;
  expect(await elsewhere.sessionOf(headers)).toBeUndefined();
  expect(await own.desk.signIn({ username: 'anna', password })).toEqual({ outcome: 'wrong' });
  await own.desk.enable('boss', 'anna');
  expect(await own.desk.sessionOf(headers)).toBeUndefined();
  expect(await own.desk.signIn({ username: 'anna', password })).toMatchObject({ outcome: 'signed_in' });
});

test('a new role and a new name of shops are heard within a minute, and who is in a shop no more is out', async () => {
  const second = await addShop(own.sql);
  const password = await addPerson(own.desk, 'bea', { shopIds: ['main', second] });
  const headers = await enter(own.desk, 'bea', password, second);
  const elsewhere = own.another();
  await elsewhere.sessionOf(headers);
  await own.desk.setRole('boss', 'bea', 'manager');
  clockMs += A_MINUTE;
  for (const desk of [own.desk, elsewhere]) expect((await desk.sessionOf(headers))?.staffRole).toBe('manager');
  expect(await own.desk.setShops('boss', 'bea', [])).toEqual({ outcome: 'no_such_shop' });
  expect(await own.desk.setShops('boss', 'bea', ['main', 'nowhere'])).toEqual({ outcome: 'no_such_shop' });
  expect(await own.desk.setShops('boss', 'bea', ['main'])).toEqual({ outcome: 'changed' });
  clockMs += A_MINUTE;
  for (const desk of [own.desk, elsewhere]) expect(await desk.sessionOf(headers)).toBeUndefined();
});

test('an account has a username that is used once, a name, and shops that there are', async () => {
  const account = { staffId: 'cleo', name: 'Cleo', staffRole: 'finance', shopIds: ['main'] } as const;
  expect(await own.desk.add('boss', { ...account, staffId: 'Cleo' })).toEqual({ outcome: 'unusable_username' });
  expect(await own.desk.add('boss', { ...account, name: ' ' })).toEqual({ outcome: 'unusable_name' });
  expect(await own.desk.add('boss', { ...account, shopIds: [] })).toEqual({ outcome: 'no_such_shop' });
  expect(await own.desk.add('boss', account)).toMatchObject({ outcome: 'added' });
  expect(await own.desk.add('boss', account)).toEqual({ outcome: 'username_taken' });
  const gone = { outcome: 'no_such_account' };
  expect(await own.desk.disable('boss', 'nobody')).toEqual(gone);
  expect(await own.desk.reset('boss', 'nobody')).toEqual(gone);
});

test('the log tells what was done about an account and with it, by whom, and keeps it', async () => {
  const password = await addPerson(own.desk, 'dora');
  const headers = await enter(own.desk, 'dora', password);
  await own.desk.signIn({ username: 'dora', password: 'not the password' });
  await own.desk.changeOwnPassword(headers, { current: password, next: 'a better password' });
  await own.desk.signOut(headers);
  await own.desk.setRole('boss', 'dora', 'manager');
  await own.desk.setRole('boss', 'dora', 'manager');
  await own.desk.setShops('boss', 'dora', ['main']);
  await own.desk.unlock('boss', 'dora');
  await own.desk.reset('boss', 'dora');
  await own.desk.disable('boss', 'dora');
  await own.desk.enable('boss', 'dora');
  const log = await own.desk.log({ staffId: 'dora', limit: 100 });
  expect(log.reverse().map(({ kind, doneBy, shopId, detail }) => [kind, doneBy, shopId, detail])).toEqual([
    ['added', 'tests', null, 'cashier in main'],
    ['signed_in', 'dora', 'main', null],
    ['wrong_password', null, null, null],
    ['password_changed', 'dora', null, null],
    ['signed_out', 'dora', 'main', null],
    ['role_changed', 'boss', null, 'manager'],
    ['shops_changed', 'boss', null, 'main'],
    ['password_reset', 'boss', null, null],
    ['disabled', 'boss', null, null],
    ['enabled', 'boss', null, null],
  ]);
  const [first, second] = await own.desk.log({ staffId: 'dora', limit: 2 });
  expect(await own.desk.log({ staffId: 'dora', limit: 1, before: first?.entryId })).toEqual([second]);
  for (const change of ["update staff.log set detail = ''", 'delete from staff.log', 'truncate staff.log'])
    await expect(own.sql.unsafe(change)).rejects.toThrow('append-only');
  await expect(own.sql`delete from staff.members where id = 'dora'`).rejects.toThrow();
  await expect(own.sql`update staff.members set id = 'dorothea' where id = 'dora'`).rejects.toThrow();
});

test('nothing holds a password in clear, nor where somebody signed in from', async () => {
  const password = await addPerson(own.desk, 'ella');
  const headers = await enter(own.desk, 'ella', password);
  headers.set('User-Agent', 'a browser of hers');
  await own.another().sessionOf(headers);
  await own.desk.changeOwnPassword(headers, { current: password, next: 'chosen by herself' });
  await own.desk.signIn({ username: 'chosen by herself', password });
  const tables = await own.sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('staff', 'public')`;
  const rows = await Promise.all(tables.map(({ name }) => own.sql.unsafe(`select t::text as row from ${name} t`)));
  const kept = JSON.stringify(rows);
  expect(kept).toContain('ella');
  for (const secret of [password, 'chosen by herself', 'a browser of hers']) expect(kept).not.toContain(secret);
});
