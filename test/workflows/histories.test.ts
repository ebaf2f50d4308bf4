import { readdir, readFile } from 'node:fs/promises';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, test } from 'vitest';

const folder = new URL('../histories/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
});

test('there are histories of a whole life and of several runs of one payment', () => {
  expect(names).toContain('whole-life-1.json');
  expect(names.filter((name) => name.startsWith('continued-')).length).toBeGreaterThanOrEqual(2);
});

test.each(names)("today's code decides as %s did when it was recorded", async (name) => {
  const history = JSON.parse(await readFile(new URL(name, folder), 'utf8')) as object;
  await Worker.runReplayHistory({ workflowBundle: { codePath: inject('bundlePath') } }, history);
});
