import { expect, test } from 'vitest';
import { lookWithAxe, openShopInBrowser } from '../../support/browser.js';

const { shop, browser } = await openShopInBrowser();

/** A payment with something of everything that its page shows. */
async function eventful(): Promise<string> {
  const { reference } = await shop.issue({ validThrough: '2040-12-31', notes: 'Collects the bike in May' });
  await shop.request('PUT', '/customers/C-1', { body: { name: 'Anna Beispiel' } });
  const sold = { customerId: 'C-1', currency: 'EUR' };
  const to = `/account-payments/${reference}`;
  await shop.post(`${to}/apply`, { ...sold, amountMinor: 2_500, saleId: 'S-1' });
  await shop.post(`${to}/apply`, { ...sold, amountMinor: 99_999, saleId: 'S-2' });
  await shop.post(`${to}/refund`, { ...sold, amountMinor: 500, saleId: 'S-1', reason: 'too small' });
  const lines = [{ productId: 'bike', amountMinor: 3_000 }];
  await shop.post('/sales/S-3/hold', { ...sold, lines, payments: [{ reference, amountMinor: 3_000 }] });
  await shop.post('/gifts', { reference, ...sold, toCustomerId: 'C-2', amountMinor: 1_000 });
  return reference;
}

test('the page of a payment and what is done to it are usable by everybody, on a phone and at a desk', async () => {
  const reference = await eventful();
  for (const [width, colours] of [
    [390, 'dark'],
    [1440, 'light'],
  ] as const) {
    const page = await browser.open({ as: 'cashier', width, colours, locale: width === 390 ? 'de-DE' : 'en-GB' });
    await page.goto(`/account-payments/${reference}`);
    expect(await lookWithAxe(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const shots = process.env['SHOTS'];
    if (shots) await page.screenshot({ path: `${shots}/payment-show-${width}.png`, fullPage: true });

    await page.click('nav.acts a[href$="/refund"]');
    await page.fill('#amount', width === 390 ? '1,00' : '1.00');
    expect(await lookWithAxe(page)).toEqual([]);
    if (shots) await page.screenshot({ path: `${shots}/payment-form-${width}.png`, fullPage: true });
    await page.goto(`/account-payments/${reference}/extend`);
    await page.check('input[name=until][value=never]');
    await page.fill('#reason', 'moved away');
    await page.click('button[value=confirm]');
    expect(await lookWithAxe(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    if (shots) await page.screenshot({ path: `${shots}/payment-confirm-${width}.png`, fullPage: true });
    await page.click('button[value=do]');
    expect(await page.locator('.summary').count()).toBe(1);
    expect(await lookWithAxe(page)).toEqual([]);
  }
  expect(browser.complaints.filter((each) => !each.includes('403'))).toEqual([]);
});
