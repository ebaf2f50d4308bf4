import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problems } from '../api/http/problems.js';
import { settingNames } from '../runtime/settings.js';

const root = new URL('../', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(new URL('docs/', root)).flatMap((name) => (/\.md$/.test(name) ? [`docs/${name}`] : [])),
];
const readme = textOf('README.md');
const promises = textOf('docs/promises.md');

test('README.md lists every setting, and no other', () => {
  const [, table = ''] = /## Settings([^]*?)\n## /.exec(readme) ?? [];
  const rows = table.split('\n').flatMap((line) => /^\| (`[^|]*) \|/.exec(line)?.[1] ?? []);
  const listed = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  // Temporal's own stand there with an example alone.
  expect(listed.filter((name) => name !== 'TEMPORAL_API_KEY').sort()).toEqual([...settingNames].sort());
});

test('README.md tells of every command of npm', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const [, table = ''] = /## Two commands([^]*?)\n## Settings/.exec(readme) ?? [];
  const untold = Object.keys(scripts).filter((name) => !new RegExp(`\`(npm )?${name}[\` ]`).test(table));
  expect(untold).toEqual([]);
});

test('docs/promises.md names every answer after which the same is sent again', () => {
  const again = Object.entries(problems).flatMap(([code, { status }]) =>
    status === 429 || status > 500 ? [code] : [],
  );
  expect(again.filter((code) => !promises.includes(`\`${code}\``))).toEqual([]);
});

test.each(pages)('what %s links to is there', (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(new URL(link, new URL(page, root))))).toEqual([]);
});
