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

type Import = { file: string; from: string; onlyTypes: boolean };
/** Another file of ours by its path, a package by its name. */
const imports: Import[] = sources.flatMap((file) =>
  [
    ...textOf(file).matchAll(
      /^(?:import|export)\s+(type\s)?[^;]*?from '([^']+)';|^import '([^']+)';|\bimport\('([^']+)'\)/gm,
    ),
  ].map(([, type, from, alone, later]) => ({
    file,
    from: nameOf(file, from ?? alone ?? later ?? ''),
    onlyTypes: type !== undefined,
  })),
);

function nameOf(file: string, from: string): string {
  if (!from.startsWith('.')) return from;
  const path = normalize(join(dirname(file), from));
  return (
    [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].find((each) => files.includes(each)) ?? path
  );
}
const isOurs = (from: string) => files.includes(from);

type Arrows = { readonly ours: RegExp; readonly packages: RegExp };

/** What each room may import beside itself: files of ours, and packages. */
const arrows: Readonly<Record<string, Arrows>> = {
  domain: { ours: /^$/, packages: /^@noble\/hashes\/(sha2|utils)\.js$/ },
  workflows: { ours: /^domain\//, packages: /^@temporalio\/(workflow|common)$/ },
  // The interface that the workflows ask, and how a payment is started and asked; the client because a workflow cannot
  // update another.
  activities: {
    ours: /^(domain|db)\/|^workflows\/(activities|payment\/(start|asking))\.ts$/,
    packages: /^(@temporalio\/(activity|client)|node:(crypto|timers\/promises))$/,
  },
  db: { ours: /^domain\//, packages: /^(postgres|node:.*)$/ },
  service: {
    ours: /^(domain|db)\/|^workflows\/(taskQueue|\w+\/(messages|start|asking))\.ts$/,
    packages: /^(prom-client|pino|rate-limiter-flexible|@temporalio\/(client|common)|node:.*)$/,
  },
  // Of the workflows only the schemas of fields: what a request may say is what a message may say.
  api: {
    ours: /^(domain|db|service)\/|^workflows\/(\w+\/)?fields\.ts$/,
    packages: /^(hono(\/.*)?|@hono\/(node-server|zod-openapi)|pino|node:.*)$/,
  },
  // The staff's pages do what the API does, and know nothing of its nouns.
  web: {
    ours: /^(domain|db|service)\//,
    packages: /^(hono(\/.*)?|bwip-js\/node|node:.*)$/,
  },
  worker: {
    ours: /^(activities|db|runtime)\/|^workflows\/(activities|taskQueue)\.ts$/,
    packages: /^(@temporalio\/(worker|client)|pino|node:.*)$/,
  },
  runtime: { ours: /^$/, packages: /^(zod|pino|@temporalio\/envconfig|node:.*)$/ },
};

/** What one file alone may import besides. */
const exceptions: Readonly<Record<string, RegExp>> = {
  'api/serve.ts': /^(runtime\/settings\.ts|@temporalio\/client|web\/createPages\.ts)$/,
  'api/main.ts': /^runtime\//,
  'web/help/manual.ts': /^marked$/,
  'service/staff/auth.ts': /^better-auth(\/plugins\/username)?$/,
  'service/staff/dialect.ts': /^kysely$/,
  'service/staff/shopChange.ts': /^(zod|better-auth\/(api|cookies))$/,
  'service/staff/passwords.ts': /^better-auth\/api$/,
  'service/staff/ownSession.ts': /^better-auth\/api$/,
  'web/customer/draw.ts': /^echarts\/(core|charts|components|renderers|lib\/(chart\/line|component\/gridSimple)\.js)$/,
  'web/finance/draw.ts': /^echarts\/(core|charts|components|renderers|lib\/(chart\/bar|component\/gridSimple)\.js)$/,
  'web/payment/listCsv.ts': /^csv-stringify\/sync$/,
};

test.each(Object.entries(arrows))('%s imports only what it may', (room, { ours, packages }) => {
  const offences = imports
    .filter(({ file, from }) => roomOf(file) === room && roomOf(from) !== room)
    .filter(({ from }) => !(isOurs(from) ? ours : packages).test(from))
    .filter(({ file, from }) => !exceptions[file]?.test(from))
    .filter(
      ({ file, from }) =>
        !(room === 'workflows' && from === 'zod' && /^workflows\/((\w+\/)?fields|messages)\.ts$/.test(file)),
    );
  expect(offences).toEqual([]);
});

test('every room has its arrows', () => {
  const rooms = new Set(sources.map(roomOf).filter((room) => !['', 'test', 'scripts'].includes(room)));
  expect([...rooms].sort()).toEqual(Object.keys(arrows).sort());
});

test('no file imports itself by way of others, types included', () => {
  let left = new Set(sources);
  for (let before = Infinity; left.size < before;) {
    before = left.size;
    // A file that imports nothing that is left, or that nothing left imports, is in no circle.
    const among = imports.filter(({ file, from }) => left.has(file) && left.has(from));
    const imported = new Set(among.map(({ from }) => from));
    left = new Set(among.map(({ file }) => file).filter((file) => imported.has(file)));
  }
  expect([...left].sort()).toEqual([]);
});

test('one file opens the way to Temporal, one alone holds its client, and two read the environment', () => {
  const holders = imports.filter(
    ({ file, from, onlyTypes }) => /^(api|service)$/.test(roomOf(file)) && from === '@temporalio/client' && !onlyTypes,
  );
  expect(holders.map(({ file }) => file).sort()).toEqual(['service/connection.ts', 'service/temporal.ts']);
  const readers = sources.filter((file) => !/^(test|scripts)\//.test(file) && textOf(file).includes('process.env'));
  expect(readers).toEqual(['runtime/runOnce.ts', 'runtime/runProcess.ts']);
});

/** Evaluated once for all workflows of a worker: what one of them changed, another would see, and no replay. */
test('no module of the workflows or the domain keeps state', () => {
  const keepsState =
    /^(export )?(let|var) |^(export )?const (?!.*: Readonly).*= (new (Map|Set|Array|WeakMap|WeakSet)\b|\[\];|\{\};)/;
  const offences = sources
    .filter((file) => /^(domain|workflows)\//.test(file))
    .flatMap((file) =>
      textOf(file)
        .split('\n')
        .filter((line) => keepsState.test(line))
        .map((line) => `${file}: ${line}`),
    );
  expect(offences).toEqual([]);
});

test('the API and the pages read the books and write nothing into them', () => {
  const writes = /\b(insert|put|set|advance|register|remember|reserve|record|request|decide|revoke|add)[A-Z]\w*/;
  const offences = sources
    .filter((file) => /^(api|web)\//.test(file))
    .flatMap((file) => textOf(file).match(/import \{[^}]*\} from '[./]+db\/[^']*'/g) ?? [])
    .filter((line) => writes.test(line.replace(/ from .*/, '').replace('isRecordsOutage', '')));
  expect(offences).toEqual([]);
});

/** A migration that was applied never changes, and so its width does not. */
test('no line of code is wider than 120 characters, less the texts in it', () => {
  const code = files.filter((file) => /\.(tsx?|mjs|js|sh|ya?ml)$/.test(file));
  const isComment = (line: string) => /^\s*(\/\/|\/?\*|#)/.test(line);
  const widthOf = (line: string) =>
    (isComment(line) ? line : line.replace(/'[^']*'|"[^"]*"|`[^`]*`?/g, '')).replace(/https?:\S+/, '').length;
  const offences = code.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, i) => (widthOf(line) > 120 ? [`${file}:${i + 1}`] : [])),
  );
  expect(offences).toEqual([]);
});

test('no source file is over 250 lines, most are under 150, and the service stays a few thousand', () => {
  const lengthOf = (file: string) => ({ file, lines: textOf(file).split('\n').length });
  // A language is one file, however much there is to say.
  const tooLong = sources.filter((file) => !/^(test|web\/texts)\//.test(file)).map(lengthOf);
  expect(tooLong.filter(({ lines }) => lines > 250)).toEqual([]);
  const lengths = sources.filter((file) => !/^(test|scripts|web\/texts)\//.test(file)).map(lengthOf);
  expect(lengths.filter(({ lines }) => lines > 150).length).toBeLessThan(lengths.length / 5);
  const linesOf = (room: RegExp) => lengths.reduce((sum, { file, lines }) => sum + (room.test(file) ? lines : 0), 0);
  expect(linesOf(/^(?!web\/)/)).toBeLessThan(28_900);
  expect(linesOf(/^web\//)).toBeLessThan(14_400);
});

test('nothing is exported that no other file names', () => {
  const filesNaming = new Map<string, number>();
  for (const file of files.filter((each) => /\.(tsx?|mjs)$/.test(each)))
    for (const word of new Set(textOf(file).match(/\w+/g))) filesNaming.set(word, (filesNaming.get(word) ?? 0) + 1);
  const exported = sources.flatMap((file) =>
    [...textOf(file).matchAll(/^export (?:async )?(const|function\*?|class|type) (\w+)/gm)].map(([, kind, name]) => ({
      file,
      kind,
      name: name ?? '',
    })),
  );
  // A type is exported beside the function whose parameter or answer it is.
  const isUsed = ({ file, kind, name }: (typeof exported)[number]) =>
    (filesNaming.get(name) ?? 0) > 1 ||
    (kind === 'type' && [...textOf(file).matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length > 1);
  expect(exported.filter((each) => !isUsed(each))).toEqual([]);
});

const banned: [why: string, pattern: RegExp, where: (file: string) => boolean][] = [
  ['any', /:\s*any\b|\bas any\b|<any>/, (file) => /\.tsx?$/.test(file)],
  ['enum', /^\s*(export\s+)?(const\s+)?enum\s/m, (file) => /\.tsx?$/.test(file)],
  ['packed properties', /\.\.\.\{ /, (file) => /\.tsx?$/.test(file)],
  ['silenced checks', /@ts-(ignore|nocheck|expect-error)|(es|ox)lint-disable/, (file) => /\.tsx?$/.test(file)],
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
  const texts = files.filter((file) => where(file) && !/\.(history|png)$|^test\/tidy\.test\.ts$/.test(file));
  expect(texts.filter((file) => pattern.test(textOf(file)))).toEqual([]);
});
