import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Failure } from '../../runtime/failure.js';

/**
 * A port below those that the system hands to outgoing connections, one of which could take it before its server does;
 * it also fits into 16 bits with a sign, as Temporal's membership table keeps ports.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await portIfFree(randomInt(10_000, 32_000)).catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Failure('There is no free port between 10,000 and 32,000.');
}

function portIfFree(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * Where a server of ours listens for us alone. Linux has sixteen million addresses of its own, too many for a page in a
 * browser to try; elsewhere there is one, and the port has to do.
 */
export async function hiddenOrigin(): Promise<URL> {
  const part = () => randomInt(1, 255);
  const address = process.platform === 'linux' ? `127.${part()}.${part()}.${part()}` : '127.0.0.1';
  return new URL(`http://${address}:${await freePort()}`);
}

export async function assertPortIsFree(port: number, setting: string, host = '127.0.0.1'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', () => reject(new Failure(`Port ${port} is in use: stop what uses it, or set ${setting}.`)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
