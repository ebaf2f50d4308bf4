import { afterAll, beforeAll, expect, test } from 'vitest';
import { getMigrations } from 'better-auth/db/migration';
import { readSecret } from '../../../db/staff/secrets.js';
import { createAuth } from '../../../service/staff/auth.js';

import { addPerson, enter, openDesk, sending, type OwnDesk } from '../../support/desk.js';
import { addShop } from '../../support/shop.js';

let own: OwnDesk;
beforeAll(async () => void (own = await openDesk()));
afterAll(() => own.close());

test('better-auth finds every table and column that it wants, and none that it cannot write', async () => {
  const { options } = createAuth({ plainSql: own.plainSql, secret: await readSecret(own.sql), secure: false });
  const { toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems } = await getMigrations(options);
  expect({ toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems }).toEqual({
    toBeCreated: [],
    toBeAdded: [],
    toBeAddedIndexes: [],
    schemaProblems: [],
  });
});

test('a person signs in, is known by the cookie, and is nobody after signing out', async () => {
  const password = await addPerson(own.desk, 'anna');
  const signedIn = await own.desk.signIn({ username: ' Anna', password });
  if (signedIn.outcome !== 'signed_in') throw new Error(signedIn.outcome);
  expect(signedIn.session).toMatchObject({ staffId: 'anna', name: 'anna', staffRole: 'cashier' });
  expect(signedIn.session.shop.shopId).toBe('main');
  const headers = sending(signedIn.cookies);
  for (const desk of [own.desk, own.another()])
    expect(facts(await desk.sessionOf(headers))).toEqual(facts(signedIn.session));
  const forgetting = await own.desk.signOut(headers);
  expect(forgetting.join()).toMatch(/staff\.session_token=; Max-Age=0/);
  for (const desk of [own.desk, own.another()]) expect(await desk.sessionOf(headers)).toBeUndefined();
});

test('one with several shops chooses, and may go on in another', async () => {
  const second = await addShop(own.sql);
  const password = await addPerson(own.desk, 'bea', { shopIds: ['main', second] });
  const asked = await own.desk.signIn({ username: 'bea', password });
  expect(asked).toMatchObject({ outcome: 'choose_shop', shops: [{ shopId: 'main' }, { shopId: second }] });
  expect(facts(await own.desk.signIn({ username: 'bea', password, shopId: 'no-such' }))).toEqual(facts(asked));
  expect(await own.sql`select from staff.sessions where user_id = 'bea'`).toHaveLength(0);
  const headers = await enter(own.desk, 'bea', password, second);
  expect((await own.desk.sessionOf(headers))?.shop.shopId).toBe(second);
  const changed = await own.desk.changeShop(headers, 'main');
  if (changed.outcome !== 'changed') throw new Error(changed.outcome);
  expect(changed.session.shop.shopId).toBe('main');
  for (const desk of [own.desk, own.another()]) {
    expect(facts(await desk.sessionOf(sending(changed.cookies)))).toEqual(facts(changed.session));
    expect(await desk.sessionOf(headers)).toBeUndefined();
  }
  expect(await own.desk.changeShop(sending(changed.cookies), 'elsewhere')).toEqual({ outcome: 'not_yours' });
});

test('an expired session is refused, and one without a shop is nobody', async () => {
  const password = await addPerson(own.desk, 'cleo');
  const headers = await enter(own.desk, 'cleo', password);
  const sets = async (change: string) => {
    await own.sql.unsafe(`update staff.sessions set ${change} where user_id = 'cleo'`);
    return own.another().sessionOf(headers);
  };
  expect(await sets("expires_at = now() + interval '1 minute'")).toBeDefined();
  expect(await sets('shop_id = null')).toBeUndefined();
  expect(await sets("shop_id = 'main'")).toBeDefined();
  expect(await sets("expires_at = now() - interval '1 second'")).toBeUndefined();
});

test('a cookie that was not made here is nobody', async () => {
  const password = await addPerson(own.desk, 'dora');
  const cookie = (await enter(own.desk, 'dora', password)).get('cookie') ?? '';
  expect(await own.desk.sessionOf(new Headers({ cookie: `a=b; ${cookie}; c` }))).toMatchObject({ staffId: 'dora' });
  const forged = [
    '',
    cookie.slice(0, -1),
    cookie.replace('=', '=x'),
    cookie.replace('staff.', '__Secure-staff.'),
    cookie.replace(/\..*$/, ''),
  ];
  for (const each of forged) expect(await own.desk.sessionOf(new Headers({ cookie: each }))).toBeUndefined();
  expect(await own.desk.sessionOf(new Headers())).toBeUndefined();
});

test('a cookie is for this site and no script, and under TLS for nothing else', async () => {
  const secure = await openDesk({ secure: true });
  try {
    for (const [{ desk }, more] of [
      [own, ''],
      [secure, '__Secure-'],
    ] as const) {
      const password = await addPerson(desk, 'ella');
      const signedIn = await desk.signIn({ username: 'ella', password });
      if (signedIn.outcome !== 'signed_in') throw new Error(signedIn.outcome);
      expect(signedIn.cookies).toHaveLength(1);
      const [cookie = ''] = signedIn.cookies;
      const [named, ...attributes] = cookie.split('; ');
      expect(named).toMatch(new RegExp(`^${more}staff\\.session_token=`));
      const wanted = ['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax', ...(more === '' ? [] : ['Secure'])];
      expect(attributes.sort()).toEqual(wanted);
      const headers = sending(signedIn.cookies);
      expect(facts(await desk.sessionOf(headers))).toEqual(facts(signedIn.session));
      const [forgetting = ''] = await desk.signOut(headers);
      expect(forgetting).toContain(`${more}staff.session_token=; Max-Age=0`);
    }
  } finally {
    await secure.close();
  }
});

test('a changed password is the only one, and ends the other sessions', async () => {
  const password = await addPerson(own.desk, 'fred');
  const [here, there] = [await enter(own.desk, 'fred', password), await enter(own.desk, 'fred', password)];
  const next = 'of my own choice';
  const change = (headers: Headers, passwords: { current: string; next: string }) =>
    own.desk.changeOwnPassword(headers, passwords);
  expect(await change(new Headers(), { current: password, next })).toEqual({ outcome: 'signed_out' });
  expect(await change(here, { current: password, next: 'short' })).toEqual({ outcome: 'unusable' });
  expect(await change(here, { current: next, next })).toEqual({ outcome: 'wrong' });
  expect(await change(here, { current: password, next })).toEqual({ outcome: 'changed' });
  expect(await own.desk.sessionOf(here)).toBeDefined();
  expect(await own.desk.sessionOf(there)).toBeUndefined();
  expect(await own.desk.signIn({ username: 'fred', password })).toEqual({ outcome: 'wrong' });
  expect(await own.desk.signIn({ username: 'fred', password: next })).toMatchObject({ outcome: 'signed_in' });
});

/** Without what a shop can do, of which each has its own. */
function facts(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer ?? null));
}
