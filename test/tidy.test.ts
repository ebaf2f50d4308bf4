import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');
const sources = files.filter((file) => /\.tsx?$/.test(file));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

type Imports = { file: string; names: { from: string; onlyTypes: boolean }[] };
const imports: Imports[] = sources.map((file) => ({
  file,
  names: [...textOf(file).matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from '([^']+)';|^import '([^']+)';/gm)].map(
    (match) => ({
      from: match[2] ?? match[3] ?? '',
      onlyTypes: match[1] !== undefined,
    }),
  ),
}));

/** What each room may import: other rooms, and packages. */
const allowed: Record<string, { rooms: string[]; packages: RegExp }> = {
  domain: { rooms: [], packages: /^@noble\/hashes\/(sha2|utils)\.js$/ },
  workflows: { rooms: ['domain'], packages: /^@temporalio\/(workflow|common)$/ },
  // Of the workflows only how an actor is started; the client because a workflow cannot update another.
  activities: { rooms: ['domain', 'db', 'workflows'], packages: /^(@temporalio\/(activity|client)|node:crypto)$/ },
  db: { rooms: ['domain'], packages: /^(postgres|node:.*)$/ },
  runtime: { rooms: [], packages: /^(zod|pino|@temporalio\/envconfig|node:.*)$/ },
  service: {
    rooms: ['domain', 'db', 'workflows'],
    packages: /^(prom-client|pino|@temporalio\/(client|common)|node:.*)$/,
  },
  api: {
    rooms: ['domain', 'service', 'db', 'workflows', 'runtime'],
    packages: /^(hono.*|@hono\/.*|pino|@temporalio\/client|node:.*)$/,
  },
  worker: {
    rooms: ['activities', 'db', 'workflows', 'runtime'],
    packages: /^(@temporalio\/(worker|client)|pino|node:.*)$/,
  },
};

test.each(Object.keys(allowed))('%s imports only what it may', (room) => {
  const rule = allowed[room];
  const offences = imports
    .filter(({ file }) => roomOf(file) === room)
    .flatMap(({ file, names }) =>
      names
        .filter(({ from, onlyTypes }) => {
          if (!from.startsWith('.'))
            return (
              !rule?.packages.test(from) &&
              !(room === 'workflows' && from === 'zod' && /\/(messages|fields)\.ts$/.test(file))
            );
          const other = roomOf(normalize(join(dirname(file), from)));
          return (
            other !== room &&
            !rule?.rooms.includes(other) &&
            !(room === 'workflows' && other === 'activities' && onlyTypes)
          );
        })
        .map(({ from }) => `${file} imports ${from}`),
    );
  expect(offences).toEqual([]);
});

test('one file alone holds the Temporal client, and one reads the environment', () => {
  const holders = imports.filter(
    ({ file, names }) =>
      /^(api|service)$/.test(roomOf(file)) &&
      names.some(({ from, onlyTypes }) => from === '@temporalio/client' && !onlyTypes),
  );
  expect(holders.map(({ file }) => file).sort()).toEqual(['api/serve.ts', 'service/temporal.ts']);
  const readers = sources.filter((file) => !/^(test|scripts)\//.test(file) && textOf(file).includes('process.env'));
  expect(readers).toEqual(['runtime/runOnce.ts', 'runtime/runProcess.ts']);
});

test.each(['api', 'service', 'activities'])(
  '%s takes only messages, fields, names, starts and types from the workflows',
  (room) => {
    const offences = imports
      .filter(({ file }) => roomOf(file) === room)
      .flatMap(({ file, names }) =>
        names
          .filter(
            ({ from, onlyTypes }) =>
              from.includes('/workflows/') &&
              !onlyTypes &&
              !/(messages|asking|fields|names|start|searchAttributes)\.js$/.test(from),
          )
          .map(({ from }) => `${file}: ${from}`),
      );
    expect(offences).toEqual([]);
  },
);

test('no source file is over 250 lines, most are under 150, and the service stays a few thousand', () => {
  const service = sources.filter((file) => !file.startsWith('test/') && !file.startsWith('scripts/'));
  const lengths = service.map((file) => ({ file, lines: textOf(file).split('\n').length }));
  expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
  expect(lengths.filter(({ lines }) => lines > 150).length).toBeLessThan(lengths.length / 5);
  expect(lengths.reduce((sum, { lines }) => sum + lines, 0)).toBeLessThan(12_000);
});

const banned: [why: string, pattern: RegExp, where: (file: string) => boolean][] = [
  ['any', /:\s*any\b|\bas any\b|<any>/, (file) => /\.tsx?$/.test(file)],
  ['enum', /^\s*(export\s+)?(const\s+)?enum\s/m, (file) => /\.tsx?$/.test(file)],
  ['silenced checks', /@ts-(ignore|nocheck|expect-error)|eslint-disable/, (file) => /\.tsx?$/.test(file)],
  ['notes to self', /\b(TODO|FIXME|XXX|HACK)\b/, () => true],
  ['skipped or lonely tests', /\b(it|test|describe)\.(skip|only|todo)\b/, (file) => file.startsWith('test/')],
  [
    "a package registry's host",
    /registry\.(npmjs|yarnpkg)|proxy\.golang|repo1?\.maven|files\.pythonhosted/,
    () => true,
  ],
  ['paths of a machine', /\/(root|home)\/[a-z]|\/work\//, () => true],
  ['a secret', /ap_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}/, () => true],
  ['floats for money', /parseFloat|toFixed\(2\)/, (file) => !/^(test|scripts)\//.test(file) && /\.tsx?$/.test(file)],
];

test.each(banned)('nothing holds %s', (_, pattern, where) => {
  const texts = files.filter((file) => where(file) && !/\.history$|^test\/tidy\.test\.ts$/.test(file));
  expect(texts.filter((file) => pattern.test(textOf(file)))).toEqual([]);
});
