import { afterAll, beforeAll, expect, test } from 'vitest';
import { slugOf } from '../../../domain/finance/asked.js';
import { reportNames } from '../../../domain/finance/reports.js';
import { generateYear } from '../../../scripts/finance/generateYear.js';
import { openPages } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none', now: () => Date.parse('2025-12-20T12:00:00Z') });
  pages = openPages(shop);
  await generateYear(shop.sql, { payments: 200, movements: 1_000 });
});
afterAll(() => shop.close());

const hrefs = (root: Awaited<ReturnType<typeof pages.get>>['root'], selector: string) =>
  root.querySelectorAll(selector).map((each) => each.getAttribute('href') ?? '');

test('the first page of the reports leads from each question to its report, in both languages', async () => {
  for (const language of ['en-GB', 'de-DE']) {
    const { root } = await pages.get('/reports', { as: 'finance', headers: { 'Accept-Language': language } });
    expect(hrefs(root, 'main li a')).toEqual(reportNames.map((name) => `/reports/${slugOf(name)}`));
    for (const { text } of root.querySelectorAll('main li a')) expect(text).toMatch(/\?$/);
  }
});

test.each(reportNames)('%s: a table, a file and a picture, as its address asks for them', async (name) => {
  const { status, root } = await pages.get(`/reports/${slugOf(name)}?months=2`, { as: 'finance' });
  expect(status).toBe(200);
  expect(root.querySelectorAll('main tbody tr').length).toBeGreaterThan(0);
  const file = hrefs(root, 'main a').find((href) => href.includes('/report.csv'));
  const csv = await pages.get(file ?? '', { as: 'finance' });
  expect([csv.status, csv.headers.get('Content-Type')]).toEqual([200, 'text/csv; charset=utf-8']);
  for (const picture of root.querySelectorAll('main img').slice(0, 1)) {
    const svg = await pages.get(picture.getAttribute('src') ?? '', { as: 'finance' });
    expect([svg.status, svg.headers.get('Content-Type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(picture.getAttribute('alt')).toContain('?');
  }
});

test('a figure opens to its movements, which sum to it; each leads to its payment and command', async () => {
  const { root } = await pages.get('/reports/tenders?fromDay=2025-01-01&toDay=2025-12-31', { as: 'finance' });
  const figure = root.querySelector('main td a');
  const behind = await pages.get(figure?.getAttribute('href') ?? '', { as: 'finance' });
  expect(behind.status).toBe(200);
  expect(behind.text).toContain(`The movements sum to ${figure?.text ?? '?'}`);
  const [payment, command] = ['a[href^="/account-payments/ACC-"]', 'a[href*="/command?"]'].map(
    (selector) => hrefs(behind.root, `main td ${selector}`)[0] ?? '',
  );
  expect((await pages.get(payment ?? '', { as: 'finance' })).status).toBe(200);
  const led = await pages.get(command ?? '', { as: 'finance' });
  expect([led.status, led.location]).toEqual([
    302,
    expect.stringMatching(/^\/account-payments\/ACC-.*\?before=\d+#history$/),
  ]);
  const file = hrefs(behind.root, 'main a').find((href) => href.includes('/movements.csv'));
  expect((await pages.get(file ?? '', { as: 'finance' })).text).toContain('reference');
});

test('what cannot be read is said at its field, and nothing else is told', async () => {
  const { status, root, text } = await pages.get('/reports/tenders?fromDay=2025-02-30&toDay=x', { as: 'finance' });
  expect(status).toBe(422);
  expect(text).toContain('From: that cannot be read.');
  expect(root.querySelectorAll('table')).toEqual([]);
});

test('there is no page of a report that there is not, nor of a figure', async () => {
  for (const path of ['/reports/secrets', '/reports/tenders/movements?figure=day', '/reports/tenders/movements?cell=1'])
    expect((await pages.get(path, { as: 'finance' })).status).toBe(404);
});
