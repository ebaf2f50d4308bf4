import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { Failure } from '../../runtime/failure.js';

/**
 * A port below those that the system hands to outgoing connections, one of which could take it before its server does;
 * it also fits into 16 bits with a sign, as Temporal's membership table keeps ports. Who else asks here, in any
 * process, gets another one as long as this process lives, for it may be a while before the server listens there.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(10_000, 32_000);
    const isOurs = await Promise.all([claim(port), listenFor(port)]).then(
      () => true,
      () => false,
    );
    if (isOurs) return port;
  }
  throw new Failure('There is no free port between 10,000 and 32,000.');
}

/** Takes the same port of UDP, which nothing here uses. The end of the process gives it back, whatever ends it. */
function claim(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve();
    });
  });
}

/** @throws when something else listens there */
function listenFor(port: number, host = '127.0.0.1'): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => server.close(() => resolve()));
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
  await listenFor(port, host).catch(() => {
    throw new Failure(`Port ${port} is in use: stop what uses it, or set ${setting}.`);
  });
}
