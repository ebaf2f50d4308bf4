import { expect, test } from 'vitest';
import { createRefusalPause } from '../../../service/limits/refusalPause.js';

const NEVER_MS = 3_600_000;
const here = new AbortController().signal;
const settled = () => new Promise((resume) => setImmediate(resume));

function open({ most = 100, leastMs = NEVER_MS }: { most?: number; leastMs?: number } = {}) {
  let nowMs = 0;
  const told: string[] = [];
  const pause = createRefusalPause({ leastMs, most, now: () => nowMs });
  const refuse = (cameAtMs = nowMs, gone = here) => void pause.after(cameAtMs, gone).then((kept) => told.push(kept));
  return { pause, refuse, told, pass: (ms: number) => (nowMs += ms) };
}

test('a refusal waits until its time has passed since it came; what waited as long before it was refused, not at all', async () => {
  const { refuse, told, pass } = open();
  refuse();
  pass(NEVER_MS - 1);
  refuse(0);
  refuse(-1);
  await settled();
  expect(told).toEqual(['waited']);
  const quick = open({ leastMs: 5 });
  quick.refuse();
  expect(quick.told).toEqual([]);
  await expect.poll(() => quick.told, { timeout: 60_000 }).toEqual(['waited']);
});

test('past as many as may wait there is no room, until one of those has gone', async () => {
  const { refuse, told } = open({ most: 2 });
  const leaving = new AbortController();
  refuse(0, leaving.signal);
  refuse();
  refuse();
  await settled();
  expect(told).toEqual(['no_room']);
  leaving.abort();
  await settled();
  expect(told).toEqual(['no_room', 'waited']);
  refuse();
  refuse(0, leaving.signal);
  refuse();
  await settled();
  expect(told).toEqual(['no_room', 'waited', 'waited', 'no_room']);
});

test('when it ends nobody waits, neither who does nor who comes', async () => {
  const { pause, refuse, told } = open({ most: 3 });
  for (let i = 0; i < 3; i++) refuse();
  await settled();
  expect(told).toEqual([]);
  pause.end();
  for (let i = 0; i < 5; i++) refuse();
  await settled();
  expect(told).toEqual(Array<string>(8).fill('waited'));
});
