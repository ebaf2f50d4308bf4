import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusals } from '../../domain/refusals.js';
import { aDeposit, openShop, type Shop } from '../support/shop.js';
import { malformedRows, pathOf } from './malformedRows.js';

let shop: Shop;
let reference: string;
beforeAll(async () => {
  shop = await openShop();
  ({ reference } = await shop.issue());
});
afterAll(async () => {
  const { body } = await shop.get(`/account-payments/${reference}`);
  expect(body, 'nothing has changed').toMatchObject({ balanceMinor: 10_000, revision: 1 });
  const [count] = await shop.sql<{ count: number }[]>`select count(*) from issue_reservations`;
  expect(count?.count).toBe(1);
  expect(await shop.get('/sales/S-bad-input')).toMatchObject({ status: 404, body: { code: 'sale_not_found' } });
  expect(await shop.sql`select * from gifts`).toEqual([]);
  await shop.close();
});

type Problem = { code: string; errors?: { pointer?: string; parameter?: string; code: string; reason: string }[] };
const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };
const applyPath = () => `/account-payments/${reference}/apply`;

test.each(
  malformedRows.map((row, i) => ({
    row,
    name: `${i + 1}. ${row[2]} with ${JSON.stringify(row[3]).slice(0, 60)} is ${row[0]} at ${row[1]}`,
  })),
)('$name', async ({ row: [code, pointer, call, body] }) => {
  const { status } = refusals[code];
  const reply = await shop.post<Problem>(pathOf[call].replace('{reference}', reference), body);
  expect(reply).toMatchObject({ status, body: { code, status, errors: [{ pointer, code }] } });
  expect(reply.headers.get('Content-Type')).toBe('application/problem+json');
});

test('one problem names every fault', async () => {
  const { body } = await shop.post<Problem>(applyPath(), { ...spending, amountMinor: 0, currency: 'X', foo: 1 });
  expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['#/amountMinor', '#/currency', '#/foo']);
});

test('an expiry in the past is refused', async () => {
  for (const expiresAt of ['2020-01-01', '2020-01-01T00:00:00Z', new Date().toISOString()]) {
    expect(await shop.post('/account-payments', { ...aDeposit, expiresAt })).toMatchObject({
      status: 422,
      body: { code: 'expires_at_in_past' },
    });
  }
});

test.each(['', ' ', 'x'.repeat(256), 'a b', 'é'])('%j is no Idempotency-Key', async (key) => {
  for (const path of [applyPath(), '/account-payments']) {
    const headers = {
      'Content-Type': 'application/json',
      ...(key === '' ? {} : { 'Idempotency-Key': encodeURI(key) === key ? key : 'a b' }),
    };
    const reply = await shop.request('POST', path, { body: path === applyPath() ? spending : aDeposit, headers });
    expect(reply).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
  }
});

test('what is not JSON, not declared as JSON, or too long', async () => {
  expect(await shop.post(applyPath(), '{"amountMinor":')).toMatchObject({
    status: 400,
    body: { code: 'malformed_request' },
  });
  const plain = await shop.request('POST', applyPath(), {
    body: '{}',
    headers: { 'Content-Type': 'text/plain', 'Idempotency-Key': 'k' },
  });
  expect(plain).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  // One that says how long it is, and one that does not.
  for (const headers of [{ 'Content-Length': '140100' }, {}] as Record<string, string>[]) {
    const long = await shop.post('/account-payments', { ...aDeposit, notes: 'x'.repeat(140_000) }, { headers });
    expect(long).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  }
});

test('a reference that does not exist is the same 404 for every role and every call', async () => {
  const sentences = new Set<string>();
  for (const unknown of ['ACC-20200101-00000000', 'nonsense', '__proto__', "x' or 1=1"]) {
    const at = `/account-payments/${encodeURIComponent(unknown)}`;
    for (const role of ['till', 'manager', 'finance', 'admin'] as const) {
      for (const path of [at, `${at}/usages`, `${at}/movements`]) {
        const reply = await shop.get(path, { key: shop.keys[role] });
        expect(reply, path).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
        sentences.add(JSON.stringify(reply.body));
      }
      if (role === 'finance') continue;
      const spent = await shop.post(`${at}/apply`, spending, { key: shop.keys[role] });
      expect(spent).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
      sentences.add(JSON.stringify(spent.body));
    }
  }
  const { reference: other } = await shop.issue({ customerId: 'C-2' });
  const foreign = await shop.post(`/account-payments/${other}/apply`, spending, { idempotencyKey: 'probe' });
  const probed = await shop.post(
    `/account-payments/${other}/apply`,
    { ...spending, amountMinor: 1 },
    { idempotencyKey: 'probe' },
  );
  expect(probed).toMatchObject({ status: 422, body: { code: 'command_id_reused' } });
  expect(probed.body).not.toHaveProperty('payment');
  sentences.add(JSON.stringify(foreign.body));
  expect(sentences.size).toBe(1);
  await shop.sql`delete from issue_reservations where reference = ${other}`;
});

test.each([
  ['limit=0'],
  ['limit=201'],
  ['limit=x'],
  ['limit=1.5'],
  ['cursor=x'],
  ['cursor=eyJhIjoxfQ'],
  ['status=gone'],
  ['sort=name'],
  ['foo=1'],
  ['q='],
  ['q=%00'],
  ['currency=DEM'],
  ['customerId=a%20'],
  ['expiresBefore=soon'],
])('a list with %s is a 400 that names the parameter', async (query) => {
  const reply = await shop.get<Problem>(`/account-payments?${query}`);
  expect(reply.status).toBe(400);
  expect(reply.body.errors?.[0]?.parameter).toBe(query.split('=')[0]);
});

test('wrong methods and unknown addresses', async () => {
  const wrong = await shop.request('DELETE', `/account-payments/${reference}`);
  expect(wrong).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  expect(wrong.headers.get('Allow')).toBe('GET, PATCH');
  const headers = { 'Content-Type': 'text/plain' };
  for (const path of [`/account-payments/${reference}`, '/customers/C-1/account']) {
    const posted = await shop.request('POST', path, { body: 'x', headers });
    expect(posted, 'the method is told before the body').toMatchObject({ status: 405 });
    expect(posted.headers.get('Allow')).toContain('GET');
  }
  expect(await shop.request('POST', '/nothing/here', { body: 'x', headers })).toMatchObject({ status: 404 });
  expect(await shop.get('/nothing/here')).toMatchObject({ status: 404, body: { code: 'not_found' } });
});
