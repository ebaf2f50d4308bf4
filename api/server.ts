import type { Server } from 'node:http';
import { serve, type HttpBindings } from '@hono/node-server';

export type ServerBounds = {
  /** How long a request takes to come in whole, and its head alone; then it is answered 408 and cut. */
  readonly requestMs: number;
  readonly headersMs: number;
  /** How many connections are open; what comes past that is closed at once. */
  readonly connections: number;
};

const BOUNDS: ServerBounds = { requestMs: 15_000, headersMs: 10_000, connections: 2_000 };
/** How often is looked for those that are late. */
const LOOKS_EVERY_MS = 1_000;

type Serving = {
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  readonly hostname: string;
  readonly port: number;
  readonly bounds?: ServerBounds;
};

/** Listens. Whoever sends slowly, or nothing, does not keep a connection for long. */
export function createServer({ fetch, hostname, port, bounds = BOUNDS }: Serving): Server {
  const serverOptions = {
    requestTimeout: bounds.requestMs,
    headersTimeout: bounds.headersMs,
    connectionsCheckingInterval: LOOKS_EVERY_MS,
  };
  const server = serve({ fetch: (request, env) => fetch(request, env as HttpBindings), hostname, port, serverOptions });
  // Without a factory of its own it is one of HTTP/1.1.
  const plain = server as Server;
  plain.maxConnections = bounds.connections;
  return plain;
}
