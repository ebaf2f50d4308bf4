import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, inject } from 'vitest';
import type { StaffRole } from '../../domain/staff.js';
import { openShop, type Shop, type ShopOptions } from './shop.js';

export const WIDTHS = [390, 820, 1280, 1440] as const;

/** For how long a page is waited for: a busy machine may be several times slower. */
const PATIENCE_MS = 120_000;

type Opening = {
  readonly as?: StaffRole;
  readonly width?: (typeof WIDTHS)[number];
  readonly locale?: 'en-GB' | 'de-DE';
  readonly scripts?: 'on' | 'off';
  readonly colours?: 'light' | 'dark';
};

type Place = {
  /** The address of this machine at which the pages listen. */
  readonly host?: string;
  /** Other names that lead there too. */
  readonly names?: readonly string[];
  /** What answers there, when it is not the shop as it is. */
  readonly pagesAt?: (shop: Shop, origin: URL) => Pick<Shop['app'], 'fetch'>;
};

/**
 * A shop, and a real browser before its pages, for all tests of the file that asks; both are gone after the last one.
 * @param place where its pages are, unless they are at the machine's loopback address, and as they are
 */
export async function openShopInBrowser(options: ShopOptions = {}, place: Place = {}) {
  const shop = await openShop(options);
  const browser = await openBrowser(shop, place);
  afterAll(async () => {
    await browser.close();
    await shop.close();
  });
  return { shop, browser };
}

/** A real browser before the pages of this shop, listening on a port of its own. Close it when done. */
export async function openBrowser(
  shop: Shop,
  { host = '127.0.0.1', names = [], pagesAt = () => shop.app }: Place = {},
) {
  const pages = { fetch: shop.app.fetch };
  const server = serve({ fetch: (request, env) => pages.fetch(request, env), hostname: host, port: 0 }) as Server;
  if (!server.listening) await once(server, 'listening');
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  pages.fetch = pagesAt(shop, new URL(origin)).fetch;
  const browser = await chromiumWhere(names.map((name) => `MAP ${name} ${host}`).join(','));
  /** What a browser complains of, a broken content security policy among it, fails the test that looks here. */
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];

  const open = async ({ as, width = 1440, locale = 'en-GB', scripts = 'on', colours = 'light' }: Opening = {}) => {
    const context = await browser.newContext({
      baseURL: origin,
      locale,
      colorScheme: colours,
      javaScriptEnabled: scripts === 'on',
      viewport: { width, height: 900 },
    });
    contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    if (as !== undefined) await signIn(context, origin, await shop.staffCookie(as));
    const page = await context.newPage();
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(String(error)));
    return page;
  };
  const close = async () => {
    await Promise.all(contexts.map((context) => context.close()));
    server.closeAllConnections();
    server.close();
  };
  return { origin, open, complaints, close };
}

const launched = new Map<string, Promise<Browser>>();

/**
 * A Chromium to which names lead where these rules say. Files that run in the same process share it, for to start one
 * takes longer than many a page; it ends with the process.
 */
export function chromiumWhere(rules: string): Promise<Browser> {
  const browser = launched.get(rules) ?? launch(rules);
  launched.set(rules, browser);
  return browser;
}

async function launch(rules: string): Promise<Browser> {
  return chromium.launch({
    executablePath: inject('chromium'),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      `--host-resolver-rules=${rules}`,
    ],
    env: { ...process.env, HOME: await mkdtemp(join(inject('folder'), 'browser-')) },
  });
}

async function signIn(context: BrowserContext, url: string, cookieHeader: string): Promise<void> {
  const cookies = cookieHeader.split('; ').map((each) => {
    const at = each.indexOf('=');
    return { name: each.slice(0, at), value: each.slice(at + 1), url };
  });
  await context.addCookies(cookies);
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

type Finding = { id: string; nodes: { html: string }[] };
type Run = (within: string, options: object) => Promise<{ violations: Finding[]; incomplete: Finding[] }>;

/**
 * What axe finds on a page, and what it is unsure of: the rule and where. Its own scripts have to be on.
 * @param within only this part of the page
 */
export async function lookWithAxe(page: Page, within = 'html'): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(await axeSource);
  const runOnly = { type: 'tag', values: TAGS };
  const options = { runOnly, resultTypes: ['violations', 'incomplete'], selectors: false };
  const found = await page.evaluate(
    (asked) => (globalThis as unknown as { axe: { run: Run } }).axe.run(asked.within, asked.options),
    { within, options },
  );
  return [...found.violations, ...found.incomplete].flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  );
}
