import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { findServices } from '../../scripts/servers/builtServices.js';

const own = () => join(inject('folder'), 'own-services');

/** In place of all of them, which the whole run has built once and starts from. */
async function fill(folder: string): Promise<void> {
  await mkdir(join(folder, 'api'));
  await writeFile(join(folder, 'api', 'main.js'), '');
}

test('what this run starts from is whole', async () => {
  const there = await readdir(inject('builtFolder'));
  const whole = ['api', 'worker', 'workflow-bundle.js', 'docs', 'db', 'web', 'node_modules', 'package.json'];
  expect(there).toEqual(expect.arrayContaining(whole));
});

test('what is built is kept as long as its sources are the same, and what nobody started from for a week goes', async () => {
  const home = join(inject('folder'), 'kept-services');
  const find = () => findServices(own(), home, fill);
  const [services, atOnce] = await Promise.all([find(), find()]);
  expect(atOnce).toBe(services);
  const { ino } = await stat(join(services, 'api', 'main.js'));

  await writeFile(join(home, 'of-last-week'), '');
  await writeFile(join(home, 'of-today'), '');
  const weekAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1_000);
  for (const old of [join(home, 'of-last-week'), services]) await utimes(old, weekAgo, weekAgo);
  expect(await find()).toBe(services);
  expect((await stat(join(services, 'api', 'main.js'))).ino).toBe(ino);
  expect((await readdir(home)).sort()).toEqual(['of-today', services.split('/').at(-1)]);
});

test('where nothing can be kept they are built in a folder of the caller', async () => {
  const services = await findServices(own(), '/dev/null/nowhere', fill);
  expect(services.startsWith(own())).toBe(true);
  expect(await readdir(services)).toEqual(['api']);
});
