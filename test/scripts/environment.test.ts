import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, inject, test } from 'vitest';
import { settingNames } from '../../runtime/settings.js';
import { serversEnvironment, servicesEnvironment } from '../../scripts/servers/environment.js';
import { toolsEnvironment } from '../../scripts/servers/told.mjs';
import { runTool } from '../../scripts/servers/tools.js';

/** Everything that can be set, and what somebody may have in a shell beside it. */
const beside = {
  PATH: '/bin',
  HOME: '/somewhere',
  LANG: 'de_DE.UTF-8',
  TZ: 'Europe/Berlin',
  NODE_EXTRA_CA_CERTS: '/ca.pem',
  TEMPORAL_API_KEY: 'secret',
  TEMPORAL_TLS_CLIENT_KEY_PATH: '/key.pem',
  AWS_SECRET_ACCESS_KEY: 'secret',
  PGPASSWORD: 'secret',
  GITHUB_TOKEN: 'secret',
  GOPROXY: 'https://modules.example',
  GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
  HTTPS_PROXY: 'http://proxy.example',
  npm_config_registry: 'https://packages.example',
  LD_PRELOAD: '/planted.so',
};
const shell = { ...Object.fromEntries(settingNames.map((name) => [name, `of ${name}`])), ...beside };

test('a server of others is told where things are, and no setting of ours', () => {
  expect(Object.keys(serversEnvironment(shell)).sort()).toEqual(['HOME', 'LANG', 'PATH', 'TZ']);
});

test('a tool that fetches or builds is told how it gets out, and no setting of ours', () => {
  const told = ['GOPROXY', 'HOME', 'HTTPS_PROXY', 'LANG', 'NODE_EXTRA_CA_CERTS', 'PATH', 'TZ', 'npm_config_registry'];
  expect(Object.keys(toolsEnvironment(shell)).sort()).toEqual(told);
});

test('a tool that is run is told that, and what is given to it alone', async () => {
  const folder = await mkdtemp(join(inject('folder'), 'tool-'));
  const before = { ...process.env };
  try {
    Object.assign(process.env, { ADMIN_KEY: 'secret', GITHUB_TOKEN: 'secret', DATABASE_URL: 'secret', GOPROXY: 'off' });
    const { stdout } = await runTool('/usr/bin/env', [], { cwd: folder, env: { GOBIN: folder } });
    expect(stdout).toContain('GOPROXY=off\n');
    expect(stdout).toContain(`GOBIN=${folder}\n`);
    expect(stdout).not.toContain('secret');
  } finally {
    for (const name of ['ADMIN_KEY', 'GITHUB_TOKEN', 'DATABASE_URL', 'GOPROXY']) delete process.env[name];
    Object.assign(process.env, before);
  }
});

test('what translates our sources as they start is told no secret', async () => {
  const folder = await mkdtemp(join(inject('folder'), 'esbuild-'));
  await mkdir(join(folder, 'bin'));
  const { ESBUILD_BINARY_PATH: given, ...env } = process.env;
  const platform = `${process.platform}-${process.arch}`;
  const esbuild = given ?? join(process.cwd(), `node_modules/@esbuild/${platform}/bin/esbuild`);
  const watched = join(folder, 'bin/esbuild');
  await writeFile(watched, `#!/bin/sh\nenv >>'${folder}/told'\nexec '${esbuild}' "$@"\n`, { mode: 0o700 });
  const secrets = { ADMIN_KEY: 'secret', DATABASE_OWNER_URL: 'secret', GITHUB_TOKEN: 'secret' };
  const script = ['scripts/run.mjs', 'test/scripts/adminKeyTold.ts'];
  const said = execFileSync(process.execPath, script, {
    encoding: 'utf8',
    env: { ...env, ...secrets, ESBUILD_BINARY_PATH: watched },
  });
  // The script itself has them.
  expect(said).toBe('secret\n');
  const told = await readFile(join(folder, 'told'), 'utf8');
  expect(told).toContain('PATH=');
  expect(told).not.toContain('secret');
});

/** Whoever starts one says what it is told: left out, it is everything that there is. */
test('every process that is started from here is told what it needs', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'], {
    encoding: 'utf8',
  });
  const sources = files
    .trim()
    .split('\n')
    .filter((file) => !file.startsWith('test/'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const starts = sources.filter(({ text }) => MAY_START.test(text)).flatMap(startsIn);
  expect(starts.length).toBeGreaterThan(10);
  expect(starts.filter(({ env }) => env === 'all').map(({ where }) => where)).toEqual([]);
  // Nor is it handed on whole to be told by somebody else.
  const handedOn = sources
    .filter(({ file }) => /\.tsx?$/.test(file))
    .flatMap(({ file, text }) => [...text.matchAll(WHOLE)].map(([found]) => `${file}: ${found}`));
  expect(handedOn).toEqual([]);
});

const MAY_START = /node:child_process|\bchromium\b|\bTestWorkflowEnvironment\b/;
const STARTING = /^(spawn|spawnSync|exec|execSync|execFile|execFileSync|fork|launch|createLocal|createTimeSkipping)$/;
/** What these start is told all that they were, which is no more than it needs. */
const OF_TOLD = ['scripts/servers/leash.mjs', 'scripts/servers/fetchServer.mjs'];

const WHOLE = /(?<!(Environment|readSettings)\()(?<![\w.])(\.\.\.)?process\.env(?![[.\w])/g;

type Start = { readonly where: string; readonly env: 'some' | 'all' };

function startsIn({ file, text }: { readonly file: string; readonly text: string }): Start[] {
  if (OF_TOLD.includes(file)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const starts: Start[] = [];
  /** `execFile` under another name. */
  const promised = [...text.matchAll(/const (\w+) = promisify\(execFile\)/g)].map(([, name]) => name ?? '');
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { expression: called } = node;
      const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
      const isOfOthers = ts.isPropertyAccessExpression(called)
        ? STARTING.test(name) && /^(chromium|TestWorkflowEnvironment)$/.test(called.expression.getText())
        : promised.includes(name) || (STARTING.test(name) && isFromNode(source, name));
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (isOfOthers) starts.push({ where: `${file}:${line + 1}`, env: envOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return starts;
}

function isFromNode({ text }: ts.SourceFile, name: string): boolean {
  return new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from 'node:child_process'`).test(text);
}

function envOf({ arguments: given }: ts.CallExpression): Start['env'] {
  const [options] = given.filter(ts.isObjectLiteralExpression).slice(-1);
  const env = options?.properties.find((each) => each.name?.getText() === 'env');
  return env === undefined || /\.\.\.process\.env\b|^env: process\.env$/.test(env.getText()) ? 'all' : 'some';
}

test('API and worker are told their settings, neither the admin key nor the owner of the database, and nothing else', () => {
  const told = servicesEnvironment(shell);
  for (const name of settingNames.filter((each) => !['ADMIN_KEY', 'DATABASE_OWNER_URL'].includes(each)))
    expect(told[name], name).toBe(`of ${name}`);
  expect(
    Object.keys(told)
      .filter((name) => !settingNames.includes(name))
      .sort(),
  ).toEqual(
    [
      ...['HOME', 'HTTPS_PROXY', 'LANG', 'NODE_EXTRA_CA_CERTS', 'PATH', 'TEMPORAL_API_KEY'],
      ...['TEMPORAL_TLS_CLIENT_KEY_PATH', 'TZ'],
    ].sort(),
  );
  for (const name of ['ADMIN_KEY', 'DATABASE_OWNER_URL']) expect(told[name], name).toBeUndefined();
});
