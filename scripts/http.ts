import { randomUUID } from 'node:crypto';
import { request, type Agent } from 'node:http';

export type Request = {
  readonly agent: Agent;
  readonly port: number;
  readonly key: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object | undefined;
  readonly prefer?: string | undefined;
};
export type Answered = { readonly status: number; readonly retryAfterMs: number; readonly text: string };

/** Asks the API on this machine for something, a change under a key of its own. @throws when nothing comes back */
export function call({ agent, port, key, method, path, body, prefer }: Request): Promise<Answered> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    Authorization: `Bearer ${key}`,
    ...(body && { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) }),
    ...(method === 'POST' && { 'Idempotency-Key': randomUUID() }),
    ...(prefer !== undefined && { Prefer: prefer }),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', path: `/v1${path}`, method, headers }, (response) => {
      let answer = '';
      response.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      response.on('end', () => {
        const retryAfterMs = 1_000 * Number(response.headers['retry-after'] ?? 1);
        resolve({ status: response.statusCode ?? 500, retryAfterMs, text: answer });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
