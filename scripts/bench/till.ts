import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { makeKey } from '../../api/http/keys.js';
import type { Sql } from '../../db/connect.js';
import { addKey } from '../adminKey.js';
import { call } from '../http.js';

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
  return async <Answer>(method: 'GET' | 'POST', path: string, body?: object, prefer?: string) => {
    const key = keys[sent++ % count] ?? '';
    const { status, retryAfterMs, text } = await call({ agent, port, key, method, path, body, prefer });
    if (status >= 300) throw new Unanswered(status, retryAfterMs, text);
    return JSON.parse(text) as Answer;
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
      await pause(error.retryAfterMs);
    }
  }
}

const TRIES = 60;
