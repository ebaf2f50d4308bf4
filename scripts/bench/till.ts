import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { makeKey } from '../../api/http/keys.js';
import type { Sql } from '../../db/connect.js';
import { addKey } from '../adminKey.js';

export type Post = (path: string, body: object, headers?: Record<string, string>) => Promise<unknown>;

/** More than callers at once: a till sends one request at a time, and each has a bound of its own. */
const TILLS = 64;

/** Many tills, each with its key, on connections that stay open. */
export async function tillOf(sql: Sql, port: number): Promise<Post> {
  const keys = Array.from({ length: TILLS }, makeKey);
  for (const [i, key] of keys.entries()) await addKey(sql, key, `bench-${i}`, 'admin');
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let sent = 0;
  return (path, body, headers = {}) => {
    const key = keys[sent++ % TILLS] ?? '';
    return send(agent, port, path, body, { Authorization: `Bearer ${key}`, ...headers });
  };
}

function send(
  agent: Agent,
  port: number,
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const all = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
      'Idempotency-Key': randomUUID(),
      ...headers,
    };
    const sent = request({ agent, port, host: '127.0.0.1', path, method: 'POST', headers: all }, (response) => {
      let answer = '';
      response.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(answer));
        else reject(new Error(`${response.statusCode}: ${answer}`));
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
