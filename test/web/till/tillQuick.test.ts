import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { putCustomer } from '../../../db/customer/customers.js';
import { putProduct } from '../../../db/product/products.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { OutcomeUnknown } from '../../../service/temporal.js';
import { keys } from '../../../web/till/keys.js';
import { createPages } from '../../../web/createPages.js';
import { openShopInBrowser } from '../../support/browser.js';
import { until } from '../../support/shop.js';

/** What becomes of commands meanwhile. */
let outage: Error | undefined;
const { shop, browser } = await openShopInBrowser(
  {},
  {
    pagesAt: ({ actors, parts, desk }) => {
      const commandSale: typeof actors.commandSale = (...asked) =>
        outage ? Promise.reject(outage) : actors.commandSale(...asked);
      const here = { publicUrl: undefined, temporalUiUrl: undefined };
      return createPages({ ...parts, actors: { ...actors, commandSale }, desk, ...here });
    },
  },
);
beforeAll(async () => {
  await putProduct(shop.sql, 'BIKE-7', 'Touring bike, blue');
  await putProduct(shop.sql, 'BIKE-8', 'Touring bike, red');
});
afterEach(() => {
  outage = undefined;
  // That a form was refused, or found nobody there, Chromium tells as a resource that failed.
  expect(browser.complaints.filter((each) => !/status of (401|422|503)/.test(each))).toEqual([]);
});

const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const left = (page: Page) => page.locator('.till-left').innerText();
const leftBecomes = (page: Page, money: string) => page.locator('.till-left', { hasText: money }).waitFor();
const focused = (page: Page, id: string) => page.locator(`#${id}:focus`).waitFor();

/** Alt and a letter, with the letter told as a keyboard tells it. */
async function pressKey(page: Page, letter: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const key = { key: letter, code: `Key${letter.toUpperCase()}`, modifiers: 1 };
  const windowsVirtualKeyCode = letter.toUpperCase().charCodeAt(0);
  const typed = { text: letter, unmodifiedText: letter };
  await session.send('Input.dispatchKeyEvent', { type: 'keyDown', windowsVirtualKeyCode, ...key, ...typed });
  await session.send('Input.dispatchKeyEvent', { type: 'keyUp', windowsVirtualKeyCode, ...key });
  await session.detach();
}

/** Once more when no answer came in time: it is done once, however often. */
async function pressKeyUntil(page: Page, letter: string, url: RegExp): Promise<void> {
  await until(async () => {
    await pressKey(page, letter);
    return page.waitForURL(url, { timeout: 20_000 }).then(
      () => true,
      () => false,
    );
  });
}

/** A customer with a payment of 100, and a till with a basket of 120. */
async function openTill(more = '') {
  const customerId = `C-${randomUUID().slice(0, 8)}`;
  const { reference } = await shop.issue({ customerId, amountMinor: 10_000 });
  const page = await browser.open({ as: 'cashier' });
  await page.goto(`/till?customerId=${customerId}&line=12000+BIKE-7${more}`);
  return { customerId, reference, page, use: page.locator(`#use-${reference}`) };
}

test('customer and product are found while they are typed, and chosen by the keyboard alone', async () => {
  const id = randomUUID().slice(0, 8);
  await putCustomer(shop.sql, `C-${id}`, `Zoë Quick${id}`);
  await shop.issue({ customerId: `C-${id}`, amountMinor: 10_000 });
  const page = await browser.open({ as: 'cashier' });
  await page.goto('/till');
  await focused(page, 'customer');
  await page.keyboard.type(`quick${id}`);
  await page.getByRole('button', { name: `Zoë Quick${id}` }).waitFor();
  expect(await page.locator('#customer').evaluate('document.activeElement.id')).toBe('customer');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/customerId=/);
  await focused(page, 'product');
  await page.keyboard.type('touring');
  await page.getByRole('button', { name: 'Touring bike, red' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('120');
  await page.keyboard.press('Shift+Tab');
  for (let i = 0; i < 2; i += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/line=12000\+BIKE-8/);
  await leftBecomes(page, '€20.00');
});

test('what is left to pay follows what is typed, with focus and caret where they are, and so does the address', async () => {
  const { page, use, reference } = await openTill();
  expect(await left(page)).toBe('€20.00');
  await use.focus();
  await page.keyboard.press('End');
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('Backspace');
  await leftBecomes(page, '€119.00');
  await page.keyboard.type('5');
  await leftBecomes(page, '€105.00');
  await page.keyboard.press('ArrowLeft');
  await page.locator('#other').evaluate('globalThis.scrollTo(0, 40)');
  await page.keyboard.type('.');
  // Between the two digits, where the caret was before the figures came.
  await leftBecomes(page, '€118.50');
  expect(await use.inputValue()).toBe('1.5');
  await page.locator('#other').fill('1');
  await leftBecomes(page, '€117.50');
  await focused(page, 'other');
  await page.reload();
  expect([await left(page), await use.inputValue()]).toEqual(['€117.50', '1.50']);
  expect(page.url()).toContain(`chosen=150+${reference}`);
});

test('a proposal follows what is paid otherwise; an amount half typed is not wrong until it is left', async () => {
  const { page, use } = await openTill();
  await page.locator('.till > details summary').click();
  await page.locator('#other').focus();
  await page.keyboard.type('50');
  await leftBecomes(page, '€0.00');
  expect(await use.inputValue()).toBe('70.00');
  // What was opened stays open.
  expect(await page.locator('#staffId').isVisible()).toBe(true);
  const answered = page.waitForResponse((response) => response.status() === 422);
  await page.keyboard.type(' euros');
  await answered;
  expect(await page.locator('.error, .summary').count()).toBe(0);
  await page.keyboard.press('Tab');
  await page.locator('#other-error').waitFor();
  expect(await page.locator('.summary').count()).toBe(0);
  expect(await page.locator('#other').inputValue()).toBe('50 euros');
});

test('an answer that was overtaken is not shown, and a form that is sent drops what it asked for', async () => {
  const { page, use } = await openTill();
  const held: (() => void)[] = [];
  const failed: string[] = [];
  page.on('requestfailed', (request) => failed.push(request.postData() ?? ''));
  await page.route('**/till', async (route) => {
    const typed = route.request().postData() ?? '';
    if (/other=50(&|$)|step=seekProduct/.test(typed)) await new Promise<void>((resolve) => held.push(resolve));
    await route.continue().catch(() => undefined);
  });
  await page.locator('#other').fill('50');
  await until(async () => Promise.resolve(held.length === 1));
  await page.locator('#other').fill('60');
  await leftBecomes(page, '€0.00');
  expect(await use.inputValue()).toBe('60.00');
  expect(failed.filter((typed) => typed.includes('other=50'))).toHaveLength(1);
  // As a scanner types, and as fast.
  await page.locator('#product').focus();
  await page.keyboard.type('BIKE-');
  await until(async () => Promise.resolve(held.length > 1));
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await focused(page, 'amount');
  for (const release of held) release();
  await page.keyboard.type('30');
  await page.keyboard.press('Enter');
  await page.waitForURL(/line=3000\+BIKE-7/);
  expect(failed.some((typed) => typed.includes('step=seekProduct'))).toBe(true);
  expect(await page.locator('.till-lines tbody tr').count()).toBe(2);
});

test('without an answer the form stays as it was typed and says so, and the same key completes it once', async () => {
  const { page, use, reference } = await openTill();
  const key = () => page.locator('form.till input[name=formKey]').inputValue();
  await use.fill('40');
  await leftBecomes(page, '€80.00');
  const before = await key();
  await page.locator('form.till').evaluate('document.querySelector("form.till").dataset.same = "yes"');
  outage = new OutcomeUnknown('late');
  await pressKey(page, 'c');
  const told = page.locator('.unanswered', { hasText: 'No answer came in time, so it may have been done.' });
  await told.waitFor();
  expect([await use.inputValue(), await key()]).toEqual(['40', before]);
  expect(await page.locator('form.till').getAttribute('data-same')).toBe('yes');
  outage = undefined;
  await pressKeyUntil(page, 'c', /slips/);
  expect(await payment(reference)).toMatchObject({ balanceMinor: 6_000 });
});

test('without a network the form says that nothing changed, and goes on when it is there again', async () => {
  const { page, use } = await openTill();
  await page.context().setOffline(true);
  await use.fill('40');
  await page.locator('.unanswered', { hasText: 'No answer came. Nothing has changed' }).waitFor();
  expect(await use.inputValue()).toBe('40');
  await page.context().setOffline(false);
  await use.fill('30');
  await leftBecomes(page, '€90.00');
  expect(await page.locator('.unanswered').innerText()).toBe('');
  const expected = /ERR_INTERNET_DISCONNECTED|htmx:error/;
  browser.complaints.splice(0, Infinity, ...browser.complaints.filter((each) => !expected.test(each)));
});

test('a refusal shows as it does with scripts off', async () => {
  const seen = [];
  for (const scripts of ['on', 'off'] as const) {
    const { page: scripted, customerId, reference } = await openTill();
    const page = scripts === 'on' ? scripted : await browser.open({ as: 'cashier', scripts });
    if (scripts === 'off') await page.goto(`/till?customerId=${customerId}&line=12000+BIKE-7`);
    await page.locator(`#use-${reference}`).fill('101');
    if (scripts === 'on') await leftBecomes(page, '€19.00');
    await page.getByRole('button', { name: 'Complete', exact: true }).click();
    await page.locator('.summary:focus').waitFor();
    const words = await page.locator('form.till').innerText();
    seen.push(words.replaceAll(reference, 'ACC').replaceAll(customerId, 'C').replace(/\s+/g, ' '));
  }
  expect(seen[0]).toBe(seen[1]);
});

test('who was signed out while typing signs in and goes on with what was typed', async () => {
  const { page, use } = await openTill();
  await page.locator('#product').fill('LOCK-1');
  await use.fill('30');
  await leftBecomes(page, '€90.00');
  await page.context().clearCookies();
  await page.locator('#other').fill('12.5');
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  const { username, password } = await shop.staffMember('cashier');
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('form.till').waitFor();
  expect([await use.inputValue(), await page.locator('#other').inputValue()]).toEqual(['30.00', '12.50']);
  expect([await page.locator('#product').inputValue(), await left(page)]).toEqual(['LOCK-1', '€77.50']);
});

test('each main act of the till has a letter of its own that no browser keeps, and it works', async () => {
  const letters = Object.values(keys);
  expect(new Set(letters).size).toBe(letters.length);
  expect(letters.filter((letter) => !/^[a-z]$/.test(letter) || 'abdefint'.includes(letter))).toEqual([]);
  const { page, reference } = await openTill();
  const shown = await page.locator('.till-keys kbd').allInnerTexts();
  expect(shown.map((each) => each.toLowerCase()).sort()).toEqual([...letters].sort());
  await pressKey(page, 'o');
  await focused(page, 'other');
  await pressKey(page, 'p');
  await focused(page, 'product');
  await pressKeyUntil(page, 'h', /holdId=/);
  expect(await payment(reference)).toMatchObject({ heldMinor: 10_000 });
  await pressKeyUntil(page, 'l', /\/till\?(?!.*holdId=)/);
  expect(await payment(reference)).toMatchObject({ heldMinor: 0 });
});
