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
  for (const desk of [own.desk, own.another()]) expect(await desk.sessionOf(headers)).toEqual(signedIn.session);
  const forgetting = await own.desk.signOut(headers);
  expect(forgetting.join()).toMatch(/staff\.session_token=; Max-Age=0/);
  for (const desk of [own.desk, own.another()]) expect(await desk.sessionOf(headers)).toBeUndefined();
});

test('one with several shops chooses, and may go on in another', async () => {
  const second = await addShop(own.sql);
  const password = await addPerson(own.desk, 'bea', { shopIds: ['main', second] });
  const asked = await own.desk.signIn({ username: 'bea', password });
  expect(asked).toMatchObject({ outcome: 'choose_shop', shops: [{ shopId: 'main' }, { shopId: second }] });
  expect(await own.desk.signIn({ username: 'bea', password, shopId: 'no-such' })).toEqual(asked);
  expect(await own.sql`select from staff.sessions where user_id = 'bea'`).toHaveLength(0);
  const headers = await enter(own.desk, 'bea', password, second);
  expect((await own.desk.sessionOf(headers))?.shop.shopId).toBe(second);
  const changed = await own.desk.changeShop(headers, 'main');
  if (changed.outcome !== 'changed') throw new Error(changed.outcome);
  expect(changed.session.shop.shopId).toBe('main');
  for (const desk of [own.desk, own.another()]) {
    expect(await desk.sessionOf(sending(changed.cookies))).toEqual(changed.session);
    expect(await desk.sessionOf(headers)).toBeUndefined();
  }
  expect(await own.desk.changeShop(sending(changed.cookies), 'elsewhere')).toEqual({ outcome: 'not_yours' });
});
