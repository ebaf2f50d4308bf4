import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Locator, type Page } from 'playwright-core';
import UPNG from 'upng-js';
import { findChromium } from '../servers/chromium.js';
import { toolsEnvironment } from '../servers/told.mjs';
import { textsOf, type Language } from '../../web/texts/texts.js';
import type { People } from './shop.js';

/** Of a desk, and of a phone. */
const sizes = { desk: { width: 1280, height: 1040 }, phone: { width: 390, height: 844 } } as const;
const MOST_COLOURS = 128;
const locales = { en: 'en-GB', de: 'de-DE' } as const satisfies Record<Language, string>;

/** Who looks, in which language, on which screen. */
export type View = {
  readonly as: keyof People;
  readonly language: Language;
  readonly size: keyof typeof sizes;
};

export type Camera = {
  /** A page before which this person sits, signed in. */
  look(view: View): Promise<Page>;
  close(): Promise<void>;
};

/** Pages as a real browser shows them; without scripts, which only make them quicker. */
export async function openCamera(origin: string, people: People, folder: string): Promise<Camera> {
  const browser = await chromium.launch({
    executablePath: await findChromium(process.env['CHROMIUM'], console.log),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    env: { ...toolsEnvironment(process.env), HOME: await mkdtemp(join(folder, 'browser-')) },
  });
  const look = async ({ as, language, size }: View): Promise<Page> => {
    const context = await browser.newContext({
      baseURL: origin,
      locale: locales[language],
      viewport: sizes[size],
      colorScheme: 'light',
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    const { signIn } = textsOf(language);
    const { username, password } = people[as];
    await page.goto('/sign-in');
    await page.getByLabel(signIn.username, { exact: true }).fill(username);
    await page.getByLabel(signIn.password, { exact: true }).fill(password);
    await page.getByRole('button', { name: signIn.send }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    return page;
  };
  return { look, close: () => browser.close() };
}

/** What is seen of a page: its upper part, or one thing on it. */
export type Extent = 'upper' | Locator;

/** As a PNG with a palette: pages have few colours. */
export async function shoot(page: Page, extent: Extent): Promise<Uint8Array> {
  const still = { animations: 'disabled', caret: 'hide' } as const;
  if (extent === 'upper') return withPalette(await page.screenshot(still));
  // High enough for all of it, so that what stays at the foot of the window lies over nothing.
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const box = await extent.boundingBox();
  await page.setViewportSize({ width, height: Math.max(height, Math.ceil((box?.y ?? 0) + (box?.height ?? 0)) + 400) });
  return withPalette(await extent.screenshot(still));
}

function withPalette(png: Buffer): Uint8Array {
  const { width, height, ...rest } = UPNG.decode(bytesOf(png));
  return new Uint8Array(UPNG.encode(UPNG.toRGBA8({ width, height, ...rest }), width, height, MOST_COLOURS));
}

/** A buffer of Node's may lie in a larger one. */
function bytesOf({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
}
