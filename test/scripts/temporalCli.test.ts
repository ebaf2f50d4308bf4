import { expect, test } from 'vitest';
import { isSound } from '../../scripts/servers/temporal.js';

test.each([
  ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', true],
  ['temporal version 3.0.0 (Server 2.0.0, UI 4.0.0)', true],
  ['temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)', false],
  ['temporal version 0.13.2 (server 1.23.0)', false],
  ['', false],
])('of %j it is said whether its SQLite outlives a call that was given up: %s', (version, sound) => {
  expect(isSound(version)).toBe(sound);
});
