import { Agent } from 'node:http';
import { call } from '../http.js';

export type Reply = { readonly status: number; readonly body: Record<string, unknown>; readonly tookMs: number };
export type Ask = (path: string, body?: object, more?: { key?: string; prefer?: string }) => Promise<Reply>;

/** Somebody with a key, who calls from an address of this machine; no answer at all is status 0. */
export function callerFrom(localAddress: string, port: number, ownKey: string, connections = 64): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, localAddress });
  return async (path, body, { key = ownKey, prefer } = {}) => {
    const sentAt = performance.now();
    const method = body === undefined ? 'GET' : 'POST';
    const { status, text } = await call({ agent, port, key, method, path, body, prefer }).catch(() => NOTHING);
    const answered = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status, body: answered, tookMs: performance.now() - sentAt };
  };
}

const NOTHING = { status: 0, text: '' } as const;
