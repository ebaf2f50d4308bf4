import { parse } from 'node-html-parser';
import { expect, test } from 'vitest';
import type { DayBalance } from '../../../db/customer/overTime.js';
import { drawBalance, type Drawing } from '../../../web/customer/draw.js';
import { cpuMsOf } from '../../support/cpu.js';

const day = (day: string, balanceMinor: number, currency = 'EUR'): DayBalance => ({
  currency,
  day,
  changeMinor: 0,
  balanceMinor,
});
const drawing = (more: Partial<Drawing> = {}): Drawing => ({
  days: [day('2026-11-20', 10_000), day('2026-11-24', 2_500)],
  currency: 'EUR',
  today: '2026-11-29',
  locale: 'en-GB',
  theme: 'light',
  size: 'wide',
  ...more,
});
const drawn = (more: Partial<Drawing> = {}) => parse(drawBalance(drawing(more)));
const lettersOf = (more: Partial<Drawing>) =>
  drawn(more)
    .querySelectorAll('text')
    .map(({ text }) => text);

test.each<[why: string, more: Partial<Drawing>, some: string[]]>([
  ['in English', {}, ['€0', '€120', '24 Nov']],
  ['in German', { locale: 'de-DE' }, ['0 €', '120 €', '24. Nov.']],
  ['months of several years', { days: [day('2020-03-01', 5), day('2026-11-01', 7)] }, ['Jan 2024']],
  ['cents as they are', { days: [day('2026-11-28', 1)] }, ['€0.01']],
  ['a currency without decimals', { days: [day('2026-11-28', 100, 'JPY')], currency: 'JPY' }, ['JP¥120']],
  ['one with three', { days: [day('2026-11-28', 1_000, 'KWD')], currency: 'KWD' }, ['KWD 1.200']],
  ['millions as a word', { days: [day('2026-11-28', 500_000_000)], locale: 'de-DE' }, ['5 Mio. €']],
])('the axes tell money and days %s', (_, more, some) => {
  const letters = lettersOf(more).map((text) => text.replace(/\s/g, ' '));
  expect(letters).toEqual(expect.arrayContaining(some));
  expect(new Set(letters).size).toBe(letters.length);
});

test('the balance goes in steps from nothing, and never slants', () => {
  const line = drawn()
    .querySelectorAll('path')
    .find((path) => path.getAttribute('stroke-width') === '2.5');
  const points = [...(line?.getAttribute('d') ?? '').matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  expect(points.length).toBe(6);
  for (const [i, [x, y]] of points.entries()) {
    const [beforeX, beforeY] = points[i - 1] ?? [x, y];
    expect(x === beforeX || y === beforeY).toBe(true);
  }
});

test.each<[theme: Drawing['theme'], paper: string, ink: string]>([
  ['light', '#ffffff', '#1f5c4d'],
  ['dark', '#1b2220', '#7fd0b8'],
])('%s has its own paper and ink', (theme, paper, ink) => {
  const svg = drawn({ theme });
  expect(svg.querySelector('rect')?.getAttribute('fill')).toBe(paper);
  expect(svg.querySelectorAll(`path[stroke="${ink}"]`).length).toBe(1);
});

test.each<[size: Drawing['size'], viewBox: string]>([
  ['wide', '0 0 960 260'],
  ['narrow', '0 0 340 240'],
])('%s is as large as it is shown', (size, viewBox) => {
  expect(drawn({ size }).querySelector('svg')?.getAttribute('viewBox')).toBe(viewBox);
});

test('ten years of daily changes are drawn soon', async () => {
  const days = Array.from({ length: 3_650 }, (_, i) =>
    day(new Date(Date.UTC(2016, 10, 29) + i * 86_400_000).toISOString().slice(0, 10), (i * 7_919) % 100_000),
  );
  drawBalance(drawing());
  expect(await cpuMsOf(() => drawBalance(drawing({ days })))).toBeLessThan(2_000);
});
