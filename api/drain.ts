import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as Listener } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Longer than any answer takes. */
const PATIENCE_MS = 20_000;

/**
 * Lets a server come to its end: it takes no new connection, every request that has come in is answered, and each
 * answer is the last on its connection, for callers who never pause would keep theirs for ever. What is not over then
 * is cut.
 */
export function createDrain(server: Server): () => Promise<void> {
  const unanswered = new Set<ServerResponse>();
  let standing: 'serving' | 'draining' = 'serving';
  let arrivals = 0;
  server.prependListener('request', (_, response: ServerResponse) => {
    arrivals += 1;
    if (standing === 'draining') response.shouldKeepAlive = false;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });

  return async () => {
    const closed = once(server, 'close');
    standing = 'draining';
    for (const response of unanswered) response.shouldKeepAlive = false;
    // The close of an HTTP server cuts idle connections too, and one on which a request is just arriving looks idle.
    Listener.prototype.close.call(server);
    await untilQuiet(() => arrivals);
    server.close();
    const cut = globalThis.setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    await closed;
    clearTimeout(cut);
  };
}

/** For a while nothing more has come in. Each look lets the process read what has arrived. */
async function untilQuiet(arrivals: () => number): Promise<void> {
  let seen = arrivals();
  for (let quiet = 0, looks = 0; quiet < 5 && looks < 60; looks++) {
    await setTimeout(50);
    quiet = arrivals() === seen ? quiet + 1 : 0;
    seen = arrivals();
  }
}
