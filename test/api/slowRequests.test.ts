import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect as open } from 'node:net';
import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeKey } from '../../api/http/keys.js';
import { serve, type ApiServer } from '../../api/serve.js';
import { createServer } from '../../api/server.js';
import { disconnect, type Sql } from '../../db/connect.js';
import { createLog } from '../../runtime/log.js';
import { readSettings } from '../../runtime/settings.js';
import { createRefusalPause, type RefusalPause } from '../../service/limits/refusalPause.js';
import { createDatabase } from '../support/database.js';
import { until } from '../support/shop.js';

let sql: Sql;
let api: ApiServer;
let begin: (refusals?: RefusalPause) => Promise<ApiServer>;
beforeAll(async () => {
  const { url, sql: own } = await createDatabase(inject('postgresUrl'));
  sql = own;
  const settings = readSettings({ PORT: '0', DATABASE_URL: url, TEMPORAL_ADDRESS: inject('temporalAddress') });
  begin = (refusals) =>
    serve({ settings, databaseUrl: url, log: createLog('test', 'silent'), ...(refusals && { refusals }) });
  api = await begin();
});
afterAll(async () => {
  await api.stop();
  await disconnect(sql);
});

type Slow = { readonly socket: Socket; readonly heard: () => string; readonly isOver: () => boolean };

/** A connection that begins like this and then sends one byte a while, until it is cut. */
async function drip(port: number, begins: string, dripped: string): Promise<Slow> {
  const socket = open(port, '127.0.0.1');
  let heard = '';
  let over = false;
  socket.on('data', (chunk) => (heard += chunk.toString()));
  const timer = setInterval(() => dripped !== '' && socket.write(dripped), 500);
  socket.once('close', () => {
    over = true;
    clearInterval(timer);
  });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  if (begins !== '') socket.write(begins);
  return { socket, heard: () => heard, isOver: () => over };
}

const HEAD = 'POST /v1/account-payments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

test('whoever drips a body, a head or nothing at all is cut within seconds, and others are answered meanwhile', async () => {
  const kinds: [begins: string, dripped: string][] = [
    [`${HEAD}Authorization: Bearer x\r\nContent-Length: 100000\r\n\r\n{`, ' '],
    [`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
    [HEAD, 'X'],
    ['', ''],
  ];
  const slow = await Promise.all(kinds.flatMap((kind) => Array.from({ length: 50 }, () => drip(api.port, ...kind))));
  const startedAt = Date.now();
  let answered = 0;
  await until(async () => {
    answered += Number((await fetch(`http://127.0.0.1:${api.port}/healthz`)).ok);
    return slow.every(({ isOver }) => isOver());
  }, 60_000);
  expect(Date.now() - startedAt).toBeLessThan(30_000);
  expect(answered).toBeGreaterThan(5);
});

test('past so many connections others are closed at once, and there is room again when one has gone', async () => {
  const bounds = { requestMs: 15_000, headersMs: 10_000, connections: 20 };
  const server: Server = createServer({ fetch: () => new Response('here'), hostname: '127.0.0.1', port: 0, bounds });
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const held = await Promise.all(Array.from({ length: 20 }, () => drip(port, '', '')));
  const more = await Promise.all(Array.from({ length: 5 }, () => drip(port, '', '')));
  await until(() => Promise.resolve(more.every(({ isOver }) => isOver())));
  expect(held.some(({ isOver }) => isOver())).toBe(false);
  held[0]?.socket.destroy();
  const ask = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      ({ ok }) => ok,
      () => false,
    );
  expect(await until(ask)).toBe(true);
  server.closeAllConnections();
  server.close();
});

test('a request tells when its caller has gone', async () => {
  let tell: () => void = () => undefined;
  const gone = new Promise<void>((resume) => (tell = resume));
  const fetching = (request: Request) =>
    new Promise<Response>((answer) =>
      request.signal.addEventListener('abort', () => {
        tell();
        answer(new Response('nobody hears this'));
      }),
    );
  const server: Server = createServer({ fetch: fetching, hostname: '127.0.0.1', port: 0 });
  if (!server.listening) await once(server, 'listening');
  const asked = once(server, 'request');
  const { socket } = await drip(
    (server.address() as AddressInfo).port,
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    '',
  );
  await asked;
  socket.destroy();
  await gone;
  server.closeAllConnections();
  server.close();
});

/** Guesses a key. */
async function guess(port: number): Promise<number> {
  const headers = { Authorization: `Bearer ${makeKey()}` };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/account-payments`, { headers });
  await answer.arrayBuffer();
  return answer.status;
}

test('who guesses keys without a pause is soon answered seldom, and others as often as before', async () => {
  const first = await Promise.all(Array.from({ length: 150 }, () => guess(api.port)));
  expect(new Set(first)).toEqual(new Set([401, 429]));
  let refused = 0;
  let standing: 'here' | 'gone' = 'here';
  const guessing = Array.from({ length: 3 }, async () => {
    while (standing === 'here') refused += Number((await guess(api.port)) === 429);
  });
  for (let i = 0; i < 200; i++) expect((await fetch(`http://127.0.0.1:${api.port}/healthz`)).status).toBe(200);
  standing = 'gone';
  // At once, each of the three would be refused about as often as the one other is answered.
  expect(refused).toBeLessThan(200);
  await Promise.all(guessing);
});

test('a service that is told to stop keeps no refusal back', async () => {
  const { after, end } = createRefusalPause({ leastMs: 3_600_000 });
  let kept = 0;
  const counted: RefusalPause['after'] = (...came) => {
    kept += 1;
    return after(...came);
  };
  const own = await begin({ after: counted, end });
  const guesses: Promise<number>[] = [];
  let heard = 0;
  // So many of one address are looked at in a time.
  await until(async () => {
    const more = Array.from({ length: 40 }, () => guess(own.port));
    for (const each of more) void each.then(() => (heard += 1));
    guesses.push(...more);
    await until(() => Promise.resolve(heard + kept === guesses.length));
    return kept >= 10;
  });
  await own.stop();
  expect((await Promise.all(guesses)).filter((status) => status === 429)).toHaveLength(kept);
});
