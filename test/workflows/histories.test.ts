import { readdir, readFile } from 'node:fs/promises';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, test } from 'vitest';

const folder = new URL('../histories/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.history'));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
});

test('there are histories of a whole life, of several runs of one payment and of one sale, and of gifts', () => {
  expect(names).toContain('whole-life-1.history');
  for (const run of ['continued-', 'sale-'])
    expect(names.filter((name) => name.startsWith(run)).length, run).toBeGreaterThanOrEqual(2);
  for (const gift of ['gift-1.history', 'gift-refused-1.history']) expect(names).toContain(gift);
});

test.each(names)("today's code decides as %s did when it was recorded", async (name) => {
  const history = proto.temporal.api.history.v1.History.decode(await readFile(new URL(name, folder)));
  expect(history.events.length).toBeGreaterThan(10);
  await Worker.runReplayHistory({ workflowBundle: { codePath: inject('bundlePath') } }, history);
});
