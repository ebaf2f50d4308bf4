import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PORTS = fileURLToPath(new URL('../../scripts/servers/ports.ts', import.meta.url));
/** So many that two processes which know nothing of each other would hardly miss each other. */
const DRAWN = 500;

/** Draws, tells them, and lives until its input ends. */
const draw = `
  import(process.argv[1]).then(async ({ freePort }) => {
    const ports = [];
    while (ports.length < ${DRAWN}) ports.push(await freePort());
    console.log(JSON.stringify(ports));
    process.stdin.resume();
  });`;

test('a port that was given to one process is given to no other, nor twice', async () => {
  const drawing = [1, 2].map(() => promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', draw, PORTS]));
  await Promise.all(drawing.map(({ child }) => new Promise((told) => child.stdout?.once('data', told))));
  for (const { child } of drawing) child.stdin?.end();
  const told = await Promise.all(drawing);
  expect(new Set(told.flatMap(({ stdout }) => JSON.parse(stdout) as number[])).size).toBe(2 * DRAWN);
});
