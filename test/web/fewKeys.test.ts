import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { openShopInBrowser } from '../support/browser.js';
import { keyboard } from '../support/hand.js';
import { until } from '../support/shop.js';
import { openFromMenu, wordsOf } from '../support/tasks.js';

const { shop, browser } = await openShopInBrowser();

const MOST_KEYS = 25;

test.each([
  [1440, 'on', 'en-GB'],
  [1440, 'off', 'de-DE'],
  [390, 'on', 'de-DE'],
  [390, 'off', 'en-GB'],
] as const)(
  `at %i pixels, scripts %s, in %s, the way from the list to a sale that a deposit paid is ${MOST_KEYS} keys and what is typed`,
  async (width, scripts, locale) => {
    const { till, list } = wordsOf({ locale });
    const customerId = `C-${randomUUID().slice(0, 8)}`;
    const { reference } = await shop.issue({ customerId, amountMinor: 8_000 });
    // The till proposes what the books have.
    await until(async () => (await shop.sql`select from account_payments where reference = ${reference}`).length > 0);
    const page = await browser.open({ as: 'cashier', width, scripts, locale });
    const hand = keyboard(page);
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    const focused = page.locator('input:focus');

    await page.goto('/account-payments');
    await page.getByRole('heading', { level: 1, name: list.title }).waitFor();
    await openFromMenu({ page, hand, locale }, 'till');
    await page.getByRole('heading', { level: 1, name: till.title }).waitFor();
    // The till has its field in focus by the first picture of the page, not before; a scanner types into it.
    await focused.waitFor();
    await hand.type(field(till.customer), reference);
    await hand.key('Enter');
    await page.waitForURL(/customerId=/);
    await focused.waitFor();
    await hand.type(field(till.product), 'BIKE-7');
    await hand.type(field(till.amount), '80');
    await hand.key('Enter');
    await page.waitForURL(/line=/);
    await focused.waitFor();
    await hand.press(page.getByRole('button', { name: till.complete, exact: true }));
    await page.waitForURL(/\/slips\//);

    expect(hand.keys()).toBeLessThanOrEqual(MOST_KEYS);
    const { body } = await shop.get<AccountPaymentView>(`/account-payments/${reference}`);
    expect(body).toMatchObject({ balanceMinor: 0, status: 'used' });
    expect(browser.complaints.splice(0)).toEqual([]);
    await page.context().close();
  },
);
