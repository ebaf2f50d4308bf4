import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { within } from '../../db/outage.js';

/** As a process does that has a lot to do, or is stopped for a moment: it looks at nothing meanwhile. */
function isBusyFor(ms: number): void {
  for (const untilMs = performance.now() + ms; performance.now() < untilMs;);
}

test('an answer that has come counts, though a busy process looks at it only after the time for it', async () => {
  const { port1, port2 } = new MessageChannel();
  try {
    const asked = within(1, once(port2, 'message'));
    port1.postMessage('answered');
    isBusyFor(20);
    expect(await asked).toMatchObject(['answered']);
  } finally {
    port1.close();
  }
});

test('what does not answer in time is away', async () => {
  await expect(within(1, new Promise(() => undefined))).rejects.toThrow('Postgres did not answer in time');
});
