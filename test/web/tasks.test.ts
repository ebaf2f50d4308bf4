import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { MovementRow } from '../../db/payment/movements.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { WIDTHS } from '../support/browser.js';
import { openShopInBrowser } from '../support/browser.js';
import { keyboard, mouse } from '../support/hand.js';
import { until } from '../support/shop.js';
import { bringBack, createDeposit, enter, findBalance, payOut, useAtTill, type Counter } from '../support/tasks.js';

const { shop, browser } = await openShopInBrowser();

type Way = readonly [
  width: (typeof WIDTHS)[number],
  locale: 'en-GB' | 'de-DE',
  scripts: 'on' | 'off',
  by: 'mouse' | 'keyboard',
];

const ways: readonly Way[] = [
  [390, 'en-GB', 'on', 'mouse'],
  [390, 'de-DE', 'off', 'keyboard'],
  [820, 'en-GB', 'off', 'mouse'],
  [820, 'de-DE', 'on', 'mouse'],
  [1440, 'en-GB', 'on', 'keyboard'],
  [1440, 'de-DE', 'off', 'mouse'],
];

test('every two of width, language and scripts meet', () => {
  const met = new Set(
    ways.flatMap(([width, locale, scripts]) => [`${width} ${locale}`, `${width} ${scripts}`, `${locale} ${scripts}`]),
  );
  expect(met.size).toBe(3 * 2 + 3 * 2 + 2 * 2);
});

test.each(ways)(
  'at %i pixels, in %s, scripts %s, by %s: a deposit is taken, found, used, given back and paid out',
  async (width, locale, scripts, by) => {
    const [cashier, manager] = await Promise.all([shop.staffMember('cashier'), shop.staffMember('manager')]);
    const page = await browser.open({ width, locale, scripts });
    const hand = by === 'mouse' ? mouse() : keyboard(page);
    const counter: Counter = { page, hand, locale };
    const name = `Zoë Ångström ${randomUUID().slice(0, 8)}`;

    await enter(counter, cashier);
    const reference = await createDeposit(counter, { name, amountMinor: 120_50 });
    await findBalance(counter, { name, amountMinor: 120_50 });
    await useAtTill(counter, { product: `BIKE-${randomUUID().slice(0, 8)}`, amountMinor: 50_25 });
    await bringBack(counter, { amountMinor: 50_25 });
    await payOut(counter, { reference, amountMinor: 30_10, reason: 'moves away', manager });

    expect(browser.complaints.splice(0)).toEqual([]);
    const { body } = await shop.get<AccountPaymentView>(`/account-payments/${reference}`);
    expect(body).toMatchObject({ amountMinor: 120_50, balanceMinor: 90_40, availableMinor: 90_40, status: 'active' });
    expect(await until(() => movementsOf(reference, 4))).toEqual([
      { kind: 'issued', amountMinor: 120_50, caller: 'staff:cashier', staffId: 'cashier' },
      { kind: 'applied', amountMinor: -50_25, caller: 'staff:cashier', staffId: 'cashier' },
      { kind: 'refunded', amountMinor: 50_25, caller: 'staff:cashier', staffId: 'cashier' },
      { kind: 'paid_out', amountMinor: -30_10, caller: 'staff:manager', staffId: 'cashier' },
    ]);
    await page.context().close();
  },
);

/** What the books have of it, once they have this much. */
async function movementsOf(reference: string, count: number) {
  const { body } = await shop.get<{ items: MovementRow[] }>(`/account-payments/${reference}/movements`);
  const told = body.items.map(({ kind, amountMinor, caller, staffId }) => ({ kind, amountMinor, caller, staffId }));
  return told.length >= count && told;
}
