import { randomUUID } from 'node:crypto';
import { Agent, request, type RequestOptions } from 'node:http';
import { makeKey } from '../../api/http/keys.js';
import type { Sql } from '../../db/connect.js';
import { addKey } from '../adminKey.js';

/** A request that was not answered with success. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(
    readonly status: number,
    readonly retryAfterMs: number,
    answer: string,
  ) {
    super(`${status}: ${answer}`);
  }
}

export type Send = <Answer>(method: 'GET' | 'POST', path: string, body?: object, prefer?: string) => Promise<Answer>;

/** Callers, each with its key, in turn, on connections that stay open. @param count more than call at once */
export async function callersOf(sql: Sql, port: number, name: string, count: number): Promise<Send> {
  const keys = Array.from({ length: count }, makeKey);
  for (const [i, key] of keys.entries()) await addKey(sql, key, `${name}-${i}`, 'admin');
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  let sent = 0;
  return <Answer>(method: 'GET' | 'POST', path: string, body?: object, prefer?: string) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      Authorization: `Bearer ${keys[sent++ % count] ?? ''}`,
      ...(body && { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) }),
      ...(method === 'POST' && { 'Idempotency-Key': randomUUID() }),
      ...(prefer !== undefined && { Prefer: prefer }),
    };
    return send({ agent, port, host: '127.0.0.1', path: `/v1${path}`, method, headers }, text) as Promise<Answer>;
  };
}

/** For what is prepared and not measured: asks again until it is answered. */
export async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const isPassing = error instanceof Unanswered && (error.status === 429 || error.status >= 500);
      if (!isPassing || tries === TRIES) throw error;
      await new Promise((resume) => setTimeout(resume, error.retryAfterMs));
    }
  }
}

const TRIES = 60;

function send(options: RequestOptions, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      let answer = '';
      response.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      response.on('end', () => {
        const status = response.statusCode ?? 500;
        if (status < 300) resolve(JSON.parse(answer));
        else reject(new Unanswered(status, 1_000 * Number(response.headers['retry-after'] ?? 1), answer));
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
