import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { lookWithAxe, openShopInBrowser } from '../support/browser.js';
import { fillShop, type Filled } from '../support/filledShop.js';
import { routesOf, type Route } from '../support/routes.js';

const { shop, browser } = await openShopInBrowser();
let filled: Filled;
/** How many addresses are looked at side by side. */
const AT_ONCE = 3;

/** One for each role: wide or narrow, light or dark, a page that is there is only looked at again. */
type Eyes = { readonly admin: Page; readonly cashier: Page };
const eyes: Eyes[] = [];
beforeAll(async () => {
  filled = await fillShop(shop);
  for (let i = 0; i < AT_ONCE; i += 1)
    eyes.push({ admin: await browser.open({ as: 'admin' }), cashier: await browser.open({ as: 'cashier' }) });
});

/** Rules that axe may be unsure of, and why that is no finding. */
const unsure: Readonly<Record<string, string>> = {};

/** At each width a page must fit; what axe says of it differs between narrow and wide, and its colours by the theme. */
const LOOKS = [
  { width: 390, judgedIn: 'light' },
  { width: 820, judgedIn: null },
  { width: 1440, judgedIn: 'dark' },
] as const;

/** What is wrong with the page that is open. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
  const faults: string[] = [];
  for (const { width, judgedIn } of LOOKS) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (wide > 0) faults.push(`${width}: hangs ${wide} pixels over the edge`);
    if (judgedIn === null) continue;
    // As tall as the page, so that nothing which stays in sight lies over anything.
    await page.setViewportSize({ width, height: await page.evaluate<number>('document.documentElement.scrollHeight') });
    await page.emulateMedia({ colorScheme: judgedIn });
    const found = await lookWithAxe(page);
    const unexplained = found.filter((each) => unsure[each.replace(/:.*/s, '')] === undefined);
    faults.push(...unexplained.map((each) => `${width} ${judgedIn}: ${each}`));
  }
  return faults;
}

/** What leads on or away; and what is a page only when it is asked for more, as below. */
const LEADING: readonly string[] = [
  '/',
  '/lock',
  '/held/let-go',
  '/pictures/:file',
  '/assets/:script',
  '/account-payments/:reference/command',
];
/** A picture, a style, a file to keep. */
const isFile = (path: string) => /\.\w+$/.test(path);

/** Every address of a page, with all words that a part of it may be. */
function addresses(): string[] {
  const { customerId, saleId, active, frozen, ended } = filled;
  const named: Readonly<Record<string, string>> = {
    customerId,
    saleId,
    staffId: 'cashier',
    reference: active,
    name: 'tenders',
    kind: 'breakage-rates',
  };
  const ofAct: Readonly<Record<string, string>> = { thaw: frozen, reinstate: ended };
  const isPage = ({ method, path }: Route) => method === 'GET' && !LEADING.includes(path) && !isFile(path);
  const gets = routesOf(shop).filter(isPage);
  return gets.flatMap(({ path }) => {
    const words = /:\w+\{([^}]+)\}/.exec(path)?.[1]?.split('|') ?? [''];
    return words.map((word) =>
      path
        .replace(/:\w+\{[^}]+\}/, word)
        .replace(/:(\w+)/g, (part, name: string) => (name === 'reference' && ofAct[word]) || (named[name] ?? part)),
    );
  });
}

/** Beside the plain addresses, what a page shows when it is asked for more. */
function more(): string[] {
  const { customerId, active, saleId, heldSaleId, holdId } = filled;
  return [
    `/till?customerId=${customerId}&line=12000+BIKE-7&line=500+LOCK&chosen=1000+${active}`,
    `/till?saleId=${heldSaleId}`,
    `/till?customerId=${customerId}&saleId=${saleId}`,
    `/till/slips/${saleId}?told=no&otherMinor=100`,
    '/account-payments?status=active&only=held&sort=-balanceMinor',
    '/account-payments?q=nothing-of-this-name',
    '/account-payments/new?customerId=C-1&productId=BIKE-7&amount=12.00',
    `/account-payments/${active}/slip?paper=58`,
    `/account-payments/${active}/slip?paper=a4`,
    '/customers?q=zo',
    '/customers?q=nobody',
    `/held/let-go?shop=${shop.shopId}&sale=${heldSaleId}&hold=${holdId}`,
    '/sales?number=unknown',
    '/reports/journal',
    '/reports/enter/account-codes?done=1',
    '/reports/ageing?asOf=never',
    '/nothing-here',
  ];
}

/** Twice what a slow and busy machine took. */
const timeout = 600_000;

test(
  'every page reads well for everybody, narrow and wide, in light and in the dark, and fits at every width',
  { timeout },
  async () => {
    const all = addresses();
    expect(all.length).toBeGreaterThan(25);
    expect(await faultsOfAll(all, [200, 409])).toEqual({});
  },
);

test('so do the pages that are asked for more', { timeout }, async () => {
  expect(await faultsOfAll(more(), [200, 404, 422])).toEqual({});
});

/** By address; what is not possible now, or is not there, says so on a page as well. */
async function faultsOfAll(all: readonly string[], statuses: readonly number[]): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {};
  const left = [...all];
  const look = async ({ admin, cashier }: Eyes) => {
    for (let address = left.shift(); address !== undefined; address = left.shift()) {
      // A manager's part is asked of a cashier too, where it can be signed on the same screen.
      for (const page of /\/(new|pay-out)$|^\/till$/.test(address) ? [admin, cashier] : [admin]) {
        const status = (await page.goto(address))?.status() ?? 0;
        const found = await faultsOf(page);
        if (!statuses.includes(status)) found.push(`answers ${status}`);
        if (found.length > 0) faults[address] = [...(faults[address] ?? []), ...found];
      }
    }
  };
  await Promise.all(eyes.map(look));
  expect(browser.complaints.splice(0).filter((each) => !/status of (404|409|422)/.test(each))).toEqual([]);
  return faults;
}

test('so does the page that shows a new password once', { timeout }, async () => {
  const page = await browser.open({ as: 'admin' });
  await page.goto('/settings/staff/cashier');
  await page.locator('form[action$="/reset"] button').click();
  await page.locator('dd.reference').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('what opens above a page reads well too', async () => {
  const admin = await browser.open({ as: 'admin' });
  await admin.goto('/own-password');
  for (const width of [390, 1440] as const) {
    await admin.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await admin.emulateMedia({ colorScheme });
      const openers = admin.getByRole('banner').locator('button[popovertarget]');
      for (const opener of await openers.all()) {
        if (!(await opener.isVisible())) continue;
        await opener.click();
        // What lies below it cannot be judged, and is where it is not open.
        const opened = `#${await opener.getAttribute('popovertarget')}`;
        expect(await lookWithAxe(admin, opened)).toEqual([]);
        await admin.keyboard.press('Escape');
      }
    }
  }
});
