import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('a run ends with how long it took and then the counts, and a run of nothing has failed', () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const args = ['scripts/run.mjs', 'scripts/test.ts', 'test/no/such'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.at(-2)).toMatch(/^The whole run took \d+\.\d s\.$/);
  expect(lines.at(-1)).toBe('0 passed, 0 failed');
  expect(status).toBe(1);
});
