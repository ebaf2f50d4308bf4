import type { Body, Try } from './check/history.js';

export type Sent = {
  readonly path: string;
  readonly key: string;
  readonly body: Body;
  readonly prefer?: string;
};

/** Somebody with a bearer key, who waits so long for an answer and no longer. */
export type Caller = {
  readonly name: string;
  readonly send: (sent: Sent) => Promise<Try>;
  readonly read: (path: string) => Promise<{ readonly status: number; readonly body: Body }>;
};

const PATIENCE_MS = 7_000;

export function callerAt(origin: string, name: string, bearer: string): Caller {
  const authorization = { Authorization: `Bearer ${bearer}` };
  return {
    name,
    send: async ({ path, key, body, prefer }) => {
      const headers = {
        ...authorization,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
        ...(prefer !== undefined && { Prefer: prefer }),
      };
      const sentAtMs = Date.now();
      const answer = await ask(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { sentAtMs, heardAtMs: Date.now(), ...answer };
    },
    read: (path) => ask(`${origin}${path}`, { headers: authorization }),
  };
}

async function ask(url: string, init: RequestInit): Promise<Pick<Try, 'status' | 'body' | 'replayed'>> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    const replayed = response.headers.get('Idempotent-Replayed') === 'true' ? 'replayed' : 'first';
    return { status: response.status, replayed, body: (await response.json()) as Body };
  } catch {
    // Cut off before, while or after it was done: nobody knows.
    return { status: 0, replayed: 'first', body: {} };
  }
}
