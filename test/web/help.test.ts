import { readdirSync, readFileSync, statSync } from 'node:fs';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { helpSectionOf, helpSections } from '../../web/help/sections.js';
import { languages, textsOf, type Language } from '../../web/texts/texts.js';
import { openPages } from '../support/pages.js';
import { openShop, type Shop } from '../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
});
afterAll(() => shop.close());

const docs = new URL('../../docs/', import.meta.url);
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
const files: Readonly<Record<Language, string>> = { en: 'staff.md', de: 'staff.de.md' };
const manualIn = (language: Language) => readFileSync(new URL(files[language], docs), 'utf8');
const open = (language: Language) =>
  pages.get('/help', { as: 'cashier', headers: { 'Accept-Language': locales[language] } });

test.each([
  ['en', 'Using them at the till'],
  ['de', 'An der Kasse verwenden'],
] as const)('the manual stands in %s, each chapter at its own address', async (language, till) => {
  const { root } = await open(language);
  expect(root.querySelectorAll('h2').map((each) => each.id)).toEqual([...helpSections]);
  expect(root.querySelector('#till')?.text).toBe(till);
  const contents = root.querySelectorAll('.manual nav a').map((each) => each.getAttribute('href'));
  expect(contents).toEqual(helpSections.map((section) => `#${section}`));
});

test.each(languages)(
  'the pictures of the manual in %s are served beside it, each told in words too',
  async (language) => {
    const { root } = await open(language);
    const shown = root.querySelectorAll('.manual img');
    expect(shown.length).toBeGreaterThan(8);
    for (const picture of shown) {
      const { src = '', alt = '', width, height } = picture.attributes;
      expect(alt.length, src).toBeGreaterThan(15);
      const response = await shop.app.request(src, { headers: { Cookie: await shop.staffCookie('cashier') } });
      expect([response.status, response.headers.get('Content-Type')], src).toEqual([200, 'image/png']);
      const file = readFileSync(new URL(`.${src}`, docs));
      expect(Buffer.from(await response.arrayBuffer()).equals(file), src).toBe(true);
      expect([width, height].map(Number), src).toEqual([file.readUInt32BE(16), file.readUInt32BE(20)]);
    }
  },
);

test('who cannot sign in can read why: the page of signing in leads there', async () => {
  const page = parse(await (await shop.app.request('/sign-in')).text());
  expect(page.querySelector('footer a')?.getAttribute('href')).toBe('/help#signing-in');
  const help = await shop.app.request('/help');
  expect([help.status, parse(await help.text()).querySelector('#signing-in') !== null]).toEqual([200, true]);
});

test('every picture is shown somewhere, and none is large', () => {
  const shown = [...languages.map(manualIn), readFileSync(new URL('../README.md', docs), 'utf8')].join('\n');
  const pictures = readdirSync(new URL('pictures/', docs)).filter((name) => name.endsWith('.png'));
  expect(pictures.filter((name) => !shown.includes(`pictures/${name})`))).toEqual([]);
  const sizes = pictures.map((name) => ({ name, bytes: statSync(new URL(`pictures/${name}`, docs)).size }));
  expect(sizes.filter(({ bytes }) => bytes >= 150_000)).toEqual([]);
});

/** All that the pages say, what is filled into a sentence as it stands in the sentence of the manual: `…`. */
function sayings(texts: unknown): string[] {
  if (typeof texts === 'string') return [texts];
  if (typeof texts === 'function') return sayings((texts as (...filled: string[]) => unknown)('…', '…', '…'));
  return typeof texts === 'object' && texts !== null ? Object.values(texts).flatMap(sayings) : [];
}

test.each(languages)('what stands in bold in the manual in %s stands so on the pages', (language) => {
  const said = new Set(sayings(textsOf(language)));
  const bold = [...manualIn(language).matchAll(/\*\*([^*]+)\*\*/g)].map(([, words = '']) => words);
  expect(bold.length).toBeGreaterThan(100);
  expect(bold.filter((words) => !said.has(words))).toEqual([]);
});

test.each([
  ['/account-payments', 'what'],
  ['/account-payments/new', 'creating'],
  ['/account-payments/ACC-20260101-00000000', 'lifecycle'],
  ['/account-payments/ACC-20260101-00000000/slip', 'creating'],
  ['/account-payments/ACC-20260101-00000000/refund', 'refunds'],
  ['/account-payments/ACC-20260101-00000000/extend', 'expiration'],
  ['/account-payments/ACC-20260101-00000000/reinstate', 'expiration'],
  ['/account-payments/ACC-20260101-00000000/cancel', 'lifecycle'],
  ['/till', 'till'],
  ['/till/slips/S-1', 'till'],
  ['/held', 'held'],
  ['/held/let-go', 'held'],
  ['/attention', 'attention'],
  ['/reports/tenders/movements', 'reports'],
  ['/sales/S-1', 'refunds'],
  ['/customers/C-1', 'customers'],
  ['/settings/staff', 'accounts'],
  ['/own-password', 'signing-in'],
])('from %s help leads to the chapter %s', (path, section) => {
  expect(helpSectionOf(path)).toBe(section);
});
