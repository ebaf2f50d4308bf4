import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type LinkState =
  | { readonly kind: 'open' }
  /** Nobody gets through, and whoever was through is thrown out. */
  | { readonly kind: 'cut' }
  /** Everything is taken and nothing handed on, until it is open again. */
  | { readonly kind: 'hanging' }
  | { readonly kind: 'slow'; readonly latencyMs: number };

/** A way from one process to another, through us. */
export type Link = {
  readonly port: number;
  readonly become: (state: LinkState) => void;
  readonly close: () => void;
};

const OPEN: LinkState = { kind: 'open' };

export async function openLink(toPort: number): Promise<Link> {
  let state = OPEN;
  const sockets = new Set<Socket>();
  let changed: () => void = () => undefined;
  let change = new Promise<void>((resolve) => (changed = resolve));
  const become = (next: LinkState) => {
    state = next;
    changed();
    change = new Promise((resolve) => (changed = resolve));
    if (next.kind === 'cut') for (const socket of sockets) socket.destroy();
  };
  const mayPass = async () => {
    while (state.kind === 'hanging') await change;
    if (state.kind === 'slow') await pause(state.latencyMs);
  };
  const server = createServer((near) => {
    if (state.kind === 'cut') return void near.destroy();
    const far = connect(toPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      // The end of a connection is all that an error means here, and that comes by itself.
      from.on('error', () => undefined);
      void pump(from, to, mayPass);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    become,
    close: () => {
      become({ kind: 'cut' });
      server.close();
    },
  };
}

async function pump(from: Socket, to: Socket, mayPass: () => Promise<void>): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      await mayPass();
      if (to.destroyed) return;
      if (!to.write(chunk)) await new Promise<void>((resume) => to.once('drain', resume).once('close', resume));
    }
    to.end();
  } catch {
    to.destroy();
  }
}
