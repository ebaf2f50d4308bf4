import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { isSound, saysThatItIsSound } from '../../scripts/servers/temporal.js';

test.each([
  ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', true],
  ['temporal version 3.0.0 (Server 2.0.0, UI 4.0.0)', true],
  ['temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)', false],
  ['temporal version 0.13.2 (server 1.23.0)', false],
  ['', false],
])('of %j it is said whether its SQLite outlives a call that was given up: %s', (version, sound) => {
  expect(isSound(version)).toBe(sound);
});

test.each([
  ['one with such a server', 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"', true],
  ['one with an older one', 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"', false],
  ['one that does not know the question', 'exit 1', false],
])('of programs called temporal %s is taken or left', async (_, line, sound) => {
  const program = join(await mkdtemp(join(inject('folder'), 'temporal-')), 'temporal');
  await writeFile(program, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  expect(await saysThatItIsSound(program)).toBe(sound);
});
