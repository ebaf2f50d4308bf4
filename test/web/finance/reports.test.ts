import { afterAll, beforeAll, expect, test } from 'vitest';
import { slugOf } from '../../../domain/finance/asked.js';
import { reportNames } from '../../../domain/finance/reports.js';
import { REPORTS_AT_ONCE } from '../../../service/finance/reports.js';
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
    expect(hrefs(root, 'main .finance-questions a')).toEqual(reportNames.map((name) => `/reports/${slugOf(name)}`));
    for (const { text } of root.querySelectorAll('main .finance-questions a')) expect(text).toMatch(/\?$/);
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
  // A code of a currency and its amount stay on one line, by a blank which a page may show as a plain one.
  const plain = (text: string) => text.replaceAll(/\s/g, ' ');
  expect(plain(behind.text)).toContain(`The movements sum to ${plain(figure?.text ?? '?')}.`);
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

test('a filter shows by what a report is told apart when nobody says it', async () => {
  const { root } = await pages.get('/reports/roll-forward', { as: 'finance' });
  const chosen = root.querySelectorAll('input[name="by"][checked]').map((each) => each.getAttribute('value'));
  expect(chosen).toEqual(['legalEntity']);
  const { root: asked } = await pages.get('/reports/roll-forward?by=purpose&by=type', { as: 'finance' });
  expect(
    asked
      .querySelectorAll('input[name="by"][checked]')
      .map((each) => each.getAttribute('value'))
      .sort(),
  ).toEqual(['purpose', 'type']);
});

/** Begins to read so many reports, and goes to sleep over them. */
async function asleep(count: number): Promise<Response[]> {
  const headers = { Authorization: `Bearer ${shop.keys.finance}` };
  const path = '/v1/reports/tenders?fromDay=2025-01-01&toDay=2025-12-31';
  const begun = await Promise.all(Array.from({ length: count }, async () => shop.app.request(path, { headers })));
  for (const { status } of begun) expect(status).toBe(200);
  return begun;
}

test('the pictures of a page read its report once, and not again when the page has read all of it', async () => {
  const pictures = async (path: string) => {
    const { root } = await pages.get(path, { as: 'finance' });
    return root.querySelectorAll('main img').map((each) => each.getAttribute('src') ?? '');
  };
  const statuses = async (paths: string[]) =>
    Promise.all(paths.map(async (path) => (await pages.get(path, { as: 'finance' })).status));
  const shown = await pictures('/reports/roll-forward?fromDay=2025-02-01');
  expect(shown.length).toBeGreaterThan(2);
  const unseen = shown.map((path) => path.replace('2025-02-01', '2025-03-01'));
  const begun = await asleep(REPORTS_AT_ONCE - 1);
  expect(new Set(await statuses(unseen))).toEqual(new Set([200]));
  begun.push(...(await asleep(1)));
  expect(new Set(await statuses(shown))).toEqual(new Set([200]));
  expect(await statuses([shown[0]?.replace('2025-02-01', '2025-04-01') ?? ''])).toEqual([429]);
  await Promise.all(begun.map(async ({ body }) => body?.cancel()));
  expect(new Set(await statuses(shown))).toEqual(new Set([200]));
});

test('who asks for no more than the head of a file holds nothing up', async () => {
  const headers = { Cookie: await shop.staffCookie('finance') };
  const { root } = await pages.get('/reports/tenders', { as: 'finance' });
  const file = hrefs(root, 'main a').find((href) => href.includes('/report.csv')) ?? '';
  for (let i = 0; i <= REPORTS_AT_ONCE; i += 1) {
    const { status, headers: told } = await shop.app.request(file, { method: 'HEAD', headers });
    expect([status, told.get('Content-Type')]).toEqual([200, 'text/csv; charset=utf-8']);
  }
  const begun = await asleep(REPORTS_AT_ONCE);
  await Promise.all(begun.map(async ({ body }) => body?.cancel()));
});
