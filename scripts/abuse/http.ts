import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

export type Reply = { readonly status: number; readonly body: Record<string, unknown>; readonly tookMs: number };
export type Ask = (path: string, body?: object, more?: { key?: string; prefer?: string }) => Promise<Reply>;

/** Somebody with a key, who calls from an address of this machine; no answer at all is status 0. */
export function callerFrom(localAddress: string, port: number, ownKey: string, connections = 64): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, localAddress });
  return (path, body, { key = ownKey, prefer } = {}) =>
    new Promise((resolve) => {
      const sentAt = performance.now();
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        Authorization: `Bearer ${key}`,
        ...(body && {
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(text)),
          'Idempotency-Key': randomUUID(),
        }),
        ...(prefer !== undefined && { Prefer: prefer }),
      };
      const done = (status: number, answer: string) =>
        resolve({
          status,
          body: answer.startsWith('{') ? (JSON.parse(answer) as Record<string, unknown>) : {},
          tookMs: performance.now() - sentAt,
        });
      const method = body === undefined ? 'GET' : 'POST';
      const sent = request({ agent, port, host: '127.0.0.1', path: `/v1${path}`, method, headers }, (response) => {
        let answer = '';
        response.on('data', (chunk: Buffer) => (answer += chunk.toString()));
        response.on('end', () => done(response.statusCode ?? 0, answer));
        response.on('error', () => done(0, ''));
      });
      sent.on('error', () => done(0, ''));
      sent.end(text);
    });
}
