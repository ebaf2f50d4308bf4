import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { lookWithAxe, openShopInBrowser } from '../support/browser.js';

const MINUTES = 5;
const A_MINUTE = 60_000;
let aheadMs = 0;
const { shop, browser } = await openShopInBrowser({ worker: 'none', now: () => Date.now() + aheadMs });
beforeAll(() => shop.sql`update shops set idle_lock_minutes = ${MINUTES} where shop_id = ${shop.shopId}`);

const basket = '/till?customerId=C-1&line=7000+BIKE-7';
/** The clocks of the browsers that are open, and of the server. */
async function pass(minutes: number, ...pages: readonly Page[]): Promise<void> {
  for (let i = 0; i < minutes * 6; i += 1) {
    aheadMs += A_MINUTE / 6;
    for (const page of pages) await page.clock.runFor(A_MINUTE / 6);
  }
}
async function openSignedIn(path: string, scripts: 'on' | 'off' = 'on'): Promise<Page> {
  const page = await browser.open({ scripts });
  if (scripts === 'on') await page.clock.install();
  await signIn(page, path);
  return page;
}
async function signIn(page: Page, path?: string): Promise<void> {
  if (path !== undefined) await page.goto(`/sign-in?to=${encodeURIComponent(path)}`);
  const { username, password } = await shop.staffMember('cashier');
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.account-opens').waitFor();
}
const asksWho = (page: Page) => page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();

test('a till that nobody touches asks who is there, and then has the basket that stood there', async () => {
  const page = await openSignedIn('/till?customerId=C-1');
  await page.locator('#product').fill('BIKE-7');
  await page.locator('#amount').fill('70');
  await page.keyboard.press('Enter');
  await page.locator('input[name=line]').waitFor({ state: 'attached' });
  await page.locator('#other').fill('12.50');
  await page.waitForURL(/otherMinor|other=/);
  const there = page.url();
  await pass(MINUTES + 2, page);
  await asksWho(page);
  await signIn(page);
  expect(page.url()).toBe(there);
  expect(await page.locator('#other').inputValue()).toBe('12.50');
  expect(await page.locator('input[name=line]').inputValue()).toContain('BIKE-7');
});

test('whoever types for longer than that is not asked, in this window or in one beside it', async () => {
  const page = await openSignedIn('/account-payments/new');
  const untouched = await page.context().newPage();
  await untouched.goto('/own-password');
  for (let i = 0; i < MINUTES + 3; i += 1) {
    await page.locator('#notes').pressSequentially('word ');
    await pass(1, page, untouched);
  }
  expect(await page.locator('#notes').inputValue()).toContain('word word word');
  expect(new URL(untouched.url()).pathname).toBe('/own-password');
  await untouched.reload();
  await untouched.locator('.account-opens').waitFor();
  expect(await lookWithAxe(page)).toEqual([]);
});

test('with scripts off a page asks by itself, with the basket in its address, and only where nobody was there', async () => {
  const page = await openSignedIn(basket, 'off');
  const leads = async () => (await page.locator('meta[http-equiv=refresh]').getAttribute('content')) ?? '';
  const [after = '', lock = ''] = (await leads()).split('; url=');
  expect(Number(after)).toBe(MINUTES * 60 + 10);
  const beside = await page.context().newPage();
  await pass(MINUTES - 1);
  await beside.goto('/own-password');
  await pass(MINUTES - 1);
  // A page stays as it is where the answer has none.
  expect(await page.goto(lock).catch((error: unknown) => String(error))).toContain('ERR_ABORTED');
  expect(await page.locator('input[name=line]').count()).toBe(1);
  await pass(2);
  await page.goto(lock);
  await asksWho(page);
  await signIn(page);
  expect(await page.locator('input[name=line]').getAttribute('value')).toBe('7000 BIKE-7');
});

test('a session that was idle too long is over, whatever is asked of it, and a form is kept', async () => {
  const page = await openSignedIn('/account-payments/new', 'off');
  await page.locator('#notes').fill('Anna calls in spring');
  await pass(MINUTES);
  await page.getByRole('button', { name: 'Issue', exact: true }).click();
  await asksWho(page);
  await signIn(page);
  expect(await page.locator('#notes').inputValue()).toBe('Anna calls in spring');
});

test('a link from elsewhere to the lock ends no session that is in use', async () => {
  const page = await openSignedIn('/own-password');
  const { status } = await shop.app.request('/lock?to=/', {
    headers: { Cookie: (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ') },
  });
  expect(status).toBe(204);
  await page.reload();
  await page.locator('.account-opens').waitFor();
});
