import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StaffRole } from '../../domain/staff.js';
import { openPages, type Seen } from '../support/pages.js';
import { openShop, type Shop } from '../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
});
afterAll(() => shop.close());

const admin = { as: 'admin' } as const;
const ben = (more: Record<string, string | string[]> = {}) => ({
  name: 'Ben Ünal',
  username: 'Ben',
  staffRole: 'cashier',
  shopIds: [shop.shopId],
  ...more,
});
const enter = (username: string, password: string) => shop.desk.signIn({ username, password });

test('an admin adds somebody, hands over the password, and everything that is done is in the log', async () => {
  const added = await pages.post('/settings/staff', ben(), admin);
  expect(added.status).toBe(200);
  const password = added.root.querySelectorAll('dd')[1]?.text.trim() ?? '';
  expect(await enter('ben', password)).toMatchObject({ outcome: 'signed_in', session: { staffRole: 'cashier' } });
  const at = '/settings/staff/ben';
  const steps: [act: string, typed: Record<string, string>, said: string][] = [
    ['role', { staffRole: 'manager' }, 'The role is changed.'],
    ['shops', { shopIds: 'main' }, 'The shops are changed.'],
    ['disable', {}, 'The account is disabled.'],
    ['enable', {}, 'The account is enabled.'],
  ];
  for (const [act, typed, said] of steps) {
    const done = await pages.post(`${at}/${act}`, typed, admin);
    expect([done.status, done.location]).toEqual([303, `${at}?done=${act}`]);
    expect((await pages.get(done.location ?? '', admin)).text).toContain(said);
  }
  const again = await pages.post(`${at}/reset`, {}, admin);
  const next = again.root.querySelectorAll('dd')[1]?.text.trim() ?? '';
  expect(next).not.toBe(password);
  expect(await enter('ben', password)).toMatchObject({ outcome: 'wrong' });
  const log = await pages.get('/settings/log', admin);
  for (const said of ['added', 'role changed', 'shops changed', 'disabled', 'enabled', 'new password made'])
    expect(log.text).toContain(said);
  for (const secret of [password, next]) expect(log.text).not.toContain(secret);
});

test('ten wrong passwords are told as a lock, on the page of the account too, until an admin ends it', async () => {
  await pages.post('/settings/staff', ben({ username: 'cara', name: 'Cara' }), admin);
  for (let i = 0; i < 10; i++) expect(await enter('cara', 'not-her-password')).toMatchObject({ outcome: 'wrong' });
  expect(await enter('cara', 'not-her-password')).toMatchObject({ outcome: 'locked' });
  expect((await pages.get('/settings/staff/cara', admin)).text).toContain('no, locked until');
  await pages.post('/settings/staff/cara/unlock', {}, admin);
  expect((await pages.get('/settings/staff/cara', admin)).text).not.toContain('no, locked until');
  expect(await enter('cara', 'not-her-password')).toMatchObject({ outcome: 'wrong' });
});

test.each([
  ['a username with blanks', { username: 'two words' }, 'username'],
  ['a username that somebody has', { username: 'admin' }, 'username'],
  ['no name', { name: ' ' }, 'name'],
  ['no shop', { shopIds: [] }, 'shopIds'],
  ['a shop that is not there', { shopIds: ['nowhere'] }, 'shopIds'],
  ['a role that is none', { staffRole: 'owner' }, 'staffRole'],
])('%s is told beside its field, and what was typed is still there', async (_, more, field) => {
  const reply = await pages.post('/settings/staff', ben({ username: 'dora', ...more }), admin);
  expect(reply.status).toBe(422);
  expect(reply.root.querySelector(`#${field}-error`)?.text).not.toBe('');
  expect(reply.root.querySelector('.summary a')?.getAttribute('href')).toBe(`#${field}`);
  const name = 'name' in more ? '' : 'Ben Ünal';
  expect(reply.root.querySelector('#name')?.getAttribute('value')).toBe(name);
});

test('a form that is sent twice adds once, and shows the same password; another form finds the username taken', async () => {
  const typed = ben({ username: 'gwen', formKey: randomUUID() });
  const passwordIn = (seen: Seen) => seen.root.querySelectorAll('dd')[1]?.text.trim() ?? '';
  const both = await Promise.all([1, 2].map(() => pages.post('/settings/staff', typed, admin)));
  const [one = '', other = ''] = both.map(passwordIn);
  expect([both.map(({ status }) => status), one]).toEqual([[200, 200], other]);
  expect(await enter('gwen', one)).toMatchObject({ outcome: 'signed_in' });
  for (const changed of [{ formKey: randomUUID() }, { staffRole: 'admin' }])
    expect((await pages.post('/settings/staff', { ...typed, ...changed }, admin)).status).toBe(422);
  const key = { formKey: randomUUID() };
  const resets = [1, 2].map(() => pages.post('/settings/staff/gwen/reset', key, admin));
  const [first = '', second] = (await Promise.all(resets)).map(passwordIn);
  expect([first === one, second]).toEqual([false, first]);
  expect(await enter('gwen', first)).toMatchObject({ outcome: 'signed_in' });
});

test('another password that is sent twice is changed once, and none is told as wrong', async () => {
  const { password } = await shop.staffMember('finance');
  const typed = { current: password, next: 'quite another one', again: 'quite another one' };
  const asked = [1, 2].map(() => pages.post('/own-password', typed, { as: 'finance' }));
  const both = [...(await Promise.all(asked)), await pages.post('/own-password', typed, { as: 'finance' })];
  expect(both.map(({ location }) => location)).toEqual(Array(3).fill('/own-password?done'));
  const log = await shop.desk.log({ staffId: 'finance', limit: 20 });
  expect(log.filter(({ kind }) => kind === 'wrong_password')).toEqual([]);
  expect(await enter('finance', 'quite another one')).toMatchObject({ outcome: 'signed_in' });
  const wrong = { ...typed, current: 'none of them at all', next: 'and yet another one', again: 'and yet another one' };
  expect((await pages.post('/own-password', wrong, { as: 'finance' })).status).toBe(422);
});

test('the last admin stays', async () => {
  await shop.staffMember('admin');
  await pages.post('/settings/staff/admin/disable', {}, admin);
  for (const [act, typed] of [
    ['disable', {}],
    ['role', { staffRole: 'cashier' }],
  ] as const) {
    const reply = await pages.post(`/settings/staff/admin/${act}`, typed, admin);
    expect(reply.status).toBe(422);
    expect(reply.text).toContain('This is the last admin.');
  }
});

test.each<StaffRole>(['cashier', 'manager', 'finance'])('a %s sees and changes nothing here', async (as) => {
  for (const path of ['/settings/staff', '/settings/staff/admin', '/settings/log'])
    expect(await pages.get(path, { as })).toMatchObject({ status: 403 });
  for (const path of ['/settings/staff', '/settings/staff/admin/reset', `/settings/staff/${as}/role`])
    expect(await pages.post(path, { ...ben({ username: 'eve' }), staffRole: 'admin' }, { as })).toMatchObject({
      status: 403,
    });
  expect((await shop.desk.list()).some(({ staffId }) => staffId === 'eve')).toBe(false);
});

test('somebody changes their own password, knowing the one until now', async () => {
  const { username, password } = await shop.staffMember('manager');
  const typed = { current: password, next: 'four green bottles', again: 'four green bottles' };
  for (const [more, field] of [
    [{ again: 'four green bottle' }, 'again'],
    [{ next: 'short', again: 'short' }, 'next'],
    [{ current: 'not the one until now' }, 'current'],
  ] as const) {
    const reply = await pages.post('/own-password', { ...typed, ...more });
    expect([reply.status, reply.root.querySelector('.summary a')?.getAttribute('href')]).toEqual([422, `#${field}`]);
  }
  expect(await pages.post('/own-password', typed)).toMatchObject({ status: 303, location: '/own-password?done' });
  expect(await enter(username, typed.next)).toMatchObject({ outcome: 'signed_in' });
});

test('a name that is a script is a name', async () => {
  const name = '<script>alert(1)</script> محمد';
  await pages.post('/settings/staff', ben({ username: 'fay', name }), admin);
  const page = await pages.get('/settings/staff/fay', admin);
  expect(page.root.querySelector('h1')?.text).toBe(name);
  expect(page.root.querySelectorAll('script:not([src])')).toEqual([]);
});
