import { spawn, type ChildProcess } from 'node:child_process';
import { expect, test } from 'vitest';
import { keepRunning, nextPause } from '../../scripts/keepRunning.js';
import { until } from '../support/shop.js';

const child = (script: string) =>
  spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
const steady = () => child('process.send("ready"); setInterval(() => {}, 1000)');

test('pauses double up to 30 s, and begin anew after a minute', () => {
  let pause = 0;
  const pauses = Array.from({ length: 7 }, () => (pause = nextPause(pause, 500)) / 1_000);
  expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30]);
  expect(nextPause(30_000, 60_000)).toBe(1_000);
});

test('a process that ends is started again until it is told to stop', async () => {
  const children: ChildProcess[] = [];
  const lines: string[] = [];
  const launch = () => {
    // The second does not come up: it is tried again, after a longer pause.
    children.push(children.length === 1 ? child('process.exit(3)') : steady());
    return children.at(-1) as ChildProcess;
  };
  const stop = await keepRunning({ name: 'clerk', launch, say: (line) => lines.push(line) });
  children[0]?.kill('SIGKILL');
  await until(() => Promise.resolve(lines.length === 3));
  expect(lines).toEqual([
    'The clerk ended unexpectedly (SIGKILL); it is started again in 1 s.',
    'The clerk ended unexpectedly (3); it is started again in 2 s.',
    'The clerk runs again.',
  ]);
  await stop();
  expect(children).toHaveLength(3);
  expect(children[2]?.signalCode).toBe('SIGTERM');
});

test('one that is told to stop during the pause is not started again', async () => {
  const children: ChildProcess[] = [];
  const lines: string[] = [];
  const launch = () => {
    children.push(steady());
    return children.at(-1) as ChildProcess;
  };
  const stop = await keepRunning({ name: 'clerk', launch, say: (line) => lines.push(line) });
  children[0]?.kill('SIGTERM');
  await until(() => Promise.resolve(lines.length === 1));
  await stop();
  expect(children).toHaveLength(1);
});

test('one that does not come up the first time is a failure', async () => {
  await expect(
    keepRunning({ name: 'clerk', launch: () => child('process.exit(1)'), say: () => undefined }),
  ).rejects.toThrow();
});
