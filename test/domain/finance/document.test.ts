import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { slugOf } from '../../../domain/finance/asked.js';
import { categories } from '../../../domain/finance/categories.js';
import { questions } from '../../../domain/finance/questions.js';
import { reportNames } from '../../../domain/finance/reports.js';

const document = readFileSync(new URL('../../../docs/finance.md', import.meta.url), 'utf8');
const cellsOf = (line: string) => line.split('|').map((cell) => cell.trim());

test("finance's document names every report with its question, and every category", () => {
  for (const name of reportNames) {
    const row = document.split('\n').find((line) => cellsOf(line).includes(`\`${slugOf(name)}\``));
    expect(cellsOf(row ?? '')).toContain(questions[name]);
  }
  for (const category of categories) expect(document).toContain(`\`${category}\``);
});

test('its example adds up: each amount leads to what is left, and all of them to what is owed', () => {
  const rows = document
    .split('\n')
    .map(cellsOf)
    .filter((cells) => /^[+-]\d+\.00$/.test(cells[4] ?? ''));
  expect(rows.length).toBe(6);
  const minorOf = (text = '') => Math.round(Number(text) * 100);
  let leftMinor = 0;
  for (const cells of rows.filter((each) => each[5] !== '')) {
    leftMinor += minorOf(cells[4]);
    expect(minorOf(cells[5])).toBe(leftMinor);
  }
  const owedMinor = rows.reduce((sum, cells) => sum + minorOf(cells[4]), 0);
  expect(document).toContain(`= ${(owedMinor / 100).toFixed(2)}, which is what the gift has`);
  for (const cells of rows) expect(categories).toContain((cells[3] ?? '').replaceAll('`', ''));
});
