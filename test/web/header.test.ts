import { beforeAll, expect, test } from 'vitest';
import { openShopInBrowser } from '../support/browser.js';
import { wordsOf } from '../support/tasks.js';

const SHOP_NAME = 'Zweiradhaus Müller-Lüdenscheidt am Hauptbahnhof';

const { shop, browser } = await openShopInBrowser({ worker: 'none' });
beforeAll(() => shop.sql`update shops set name = ${SHOP_NAME} where shop_id = ${shop.shopId}`);

const ONE_LINE = 64;
/** A phone has the field for finding on a line of its own. */
const TWO_LINES = 116;
/** In which what the field for finding says of itself can be read. */
const ROOM = 175;
const screens = [
  [1440, 'en-GB'],
  [1440, 'de-DE'],
  [1280, 'en-GB'],
  [1280, 'de-DE'],
  [820, 'de-DE'],
  [390, 'en-GB'],
  [390, 'de-DE'],
] as const;

test.each(screens)(
  'at %i pixels, in %s, what stands above a page is little, names the shop, finds, and opens without scripts',
  async (width, locale) => {
    const { menu } = wordsOf({ locale });
    const other = wordsOf({ locale: locale === 'de-DE' ? 'en-GB' : 'de-DE' });
    const page = await browser.open({ as: 'admin', scripts: 'off', width, locale });
    await page.goto('/own-password');
    const header = page.getByRole('banner');
    expect((await header.boundingBox())?.height).toBeLessThanOrEqual(width < 820 ? TWO_LINES : ONE_LINE);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await header.getByText(SHOP_NAME).first().isVisible()).toBe(true);
    const account = header.getByRole('button', { name: menu.account });
    expect(await account.getAttribute('title')).toContain(SHOP_NAME);

    const settings = header.getByRole('link', { name: menu.settings });
    expect(await settings.isVisible()).toBe(width >= 1280);
    expect((await header.getByRole('search').boundingBox())?.width).toBeGreaterThanOrEqual(ROOM);
    if (width < 1280) {
      await header.getByRole('button', { name: menu.show }).click();
      await settings.waitFor();
      await page.keyboard.press('Escape');
      await settings.waitFor({ state: 'hidden' });
    }
    await account.click();
    await header.getByRole('button', { name: other.languageName }).click();
    await page.getByRole('heading', { level: 1, name: other.own.title }).waitFor();
    expect(browser.complaints.splice(0)).toEqual([]);
    await page.context().close();
  },
);

const NAMES = ['Main shop', 'Hamburg Altona', 'Berlin Prenzlauer Berg'];

test('the name of a shop, as shops are commonly called, is not cut on any screen', async () => {
  const cut: string[] = [];
  for (const [width, locale] of screens) {
    const page = await browser.open({ as: 'admin', width, locale });
    await page.goto('/own-password');
    for (const name of NAMES) {
      const overhang = await page.evaluate<number>(`(() => {
        const shown = document.querySelector('.who .shop');
        shown.textContent = ${JSON.stringify(name)};
        return shown.scrollWidth - shown.clientWidth;
      })()`);
      if (overhang > 0) cut.push(`${name} at ${width} in ${locale}: ${overhang}`);
    }
    await page.context().close();
  }
  expect(cut).toEqual([]);
});
