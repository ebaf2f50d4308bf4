import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createPages } from '../../web/createPages.js';
import { FORM_KEY } from '../../web/http/form.js';
import { openShopInBrowser } from '../support/browser.js';

/** Under which other machines reach this one. */
const here =
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname();

const { shop, browser } = await openShopInBrowser(
  {},
  {
    host: here,
    names: ['another.example'],
    pagesAt: ({ parts, desk }, publicUrl) => createPages({ ...parts, desk, publicUrl, temporalUiUrl: undefined }),
  },
);
let elsewhere: Server;
beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html').end(formOf(new URL(request.url ?? '/', 'http://elsewhere')));
  });
  elsewhere.listen(0, here);
  await once(elsewhere, 'listening');
});
afterAll(() => void elsewhere.close());

/** A page of somebody else's, with a form that goes to `action` with every other part of the address as a field. */
function formOf({ searchParams }: URL): string {
  const fields = [...searchParams].filter(([name]) => name !== 'action');
  const inputs = fields.map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  return `<form method="post" action="${searchParams.get('action')}">${inputs.join('')}<button>Win</button></form>`;
}

/** A deposit, as the form of a new account payment sends it. */
const deposit = () => ({
  [FORM_KEY]: randomUUID(),
  step: 'issue',
  customerId: 'C-1',
  type: 'generic',
  purpose: 'deposit',
  money: 'cash',
  amount: '12.50',
  currency: 'EUR',
});

async function openSignedIn(): Promise<Page> {
  const { username, password } = await shop.staffMember('cashier');
  const page = await browser.open({ scripts: 'off' });
  await page.goto('/sign-in');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sales › Customer Account Payments' }).waitFor();
  return page;
}

async function issuedCount(): Promise<number> {
  const [row] = await shop.sql<{ count: number }[]>`select count(*)::int as count from issue_reservations`;
  return row?.count ?? -1;
}

test('a browser on another machine signs in and issues, over http and without scripts', async () => {
  const page = await openSignedIn();
  await page.goto('/account-payments/new?customerId=C-1&purpose=deposit&money=cash');
  await page.getByRole('main').getByLabel('Amount', { exact: true }).fill('80');
  await page.getByRole('button', { name: 'Issue', exact: true }).click();
  await page.waitForURL(/\/slip\?first/);
  expect(new URL(page.url()).origin).toBe(browser.origin);
  expect(await issuedCount()).toBe(1);
  expect(browser.complaints).toEqual([]);
});

test.each([
  ['the same address at another port, so that cookies come along', here],
  ['a name of its own', 'another.example'],
])('a form of another site, %s, changes nothing', async (_, host) => {
  const page = await openSignedIn();
  const before = await issuedCount();
  const { port } = elsewhere.address() as AddressInfo;
  const send = async (path: string, fields: Record<string, string>) => {
    const query = new URLSearchParams({ action: `${browser.origin}${path}`, ...fields });
    await page.goto(`http://${host}:${port}/?${query.toString()}`);
    const answer = page.waitForResponse(`${browser.origin}${path}`);
    await page.getByRole('button', { name: 'Win' }).click();
    return (await answer).status();
  };
  const forged = deposit();
  expect(await send('/account-payments/new', forged)).toBe(403);
  expect(await page.getByText('This form was sent from another site').count()).toBe(1);
  expect(await send('/language', { language: 'de', to: '/' })).toBe(403);
  expect(await send('/sign-out', {})).toBe(403);
  expect(await issuedCount()).toBe(before);
  await page.goto('/account-payments');
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  // The very same, from here, is done: nothing was wrong with it but where it came from.
  const own = { form: forged, headers: { Origin: browser.origin }, maxRedirects: 0 };
  expect((await page.request.post('/account-payments/new', own)).status()).toBe(303);
  expect(await issuedCount()).toBe(before + 1);
  // That each was refused, Chromium tells as a resource that failed.
  expect(browser.complaints.splice(0)).toEqual(Array(3).fill(expect.stringContaining('403')));
});

test('a name that is not ours leads nowhere, with a form neither', async () => {
  const page = await openSignedIn();
  const { port } = new URL(browser.origin);
  const unknown = `http://another.example:${port}`;
  expect((await page.goto(`${unknown}/sign-in`))?.status()).toBe(421);
  const query = new URLSearchParams({ action: `${unknown}/language`, language: 'de', to: '/' });
  await page.goto(`http://another.example:${(elsewhere.address() as AddressInfo).port}/?${query.toString()}`);
  const answer = page.waitForResponse(`${unknown}/language`);
  await page.getByRole('button', { name: 'Win' }).click();
  expect((await answer).status()).toBe(421);
  expect(await page.context().cookies(unknown)).toEqual([]);
  expect(browser.complaints.splice(0).filter((each) => !each.includes('421'))).toEqual([]);
});
