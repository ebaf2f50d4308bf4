import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { createFormats } from '../../web/formats.js';
import type { MenuEntry } from '../../web/http/layout.js';
import { textsOf, type Texts } from '../../web/texts/texts.js';
import type { Hand } from './hand.js';
import { until } from './shop.js';

/** Somebody at a counter: before which page, in which language, with what in hand. */
export type Counter = { readonly page: Page; readonly hand: Hand; readonly locale: 'en-GB' | 'de-DE' };

type Secret = { readonly username: string; readonly password: string };

export function wordsOf({ locale }: Pick<Counter, 'locale'>): Texts {
  return textsOf(locale === 'de-DE' ? 'de' : 'en');
}

function formatsOf({ locale }: Counter) {
  const formats = createFormats(locale, 'UTC');
  return {
    money: (amountMinor: number) => formats.money(amountMinor, 'EUR'),
    plain: (amountMinor: number) => formats.plainAmount(amountMinor, 'EUR'),
  };
}

const main = (page: Page): Locator => page.getByRole('main');
const field = (page: Page, label: string): Locator => main(page).getByLabel(label, { exact: true });
const button = (page: Page, name: string): Locator => main(page).getByRole('button', { name, exact: true });
const link = (page: Page, name: string): Locator => main(page).getByRole('link', { name, exact: true });

async function arriveAt(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** Through the main menu, which narrow screens have behind a button. */
export async function openFromMenu({ page, hand, locale }: Counter, entry: MenuEntry): Promise<void> {
  const { menu } = wordsOf({ locale });
  const opener = page.getByRole('banner').getByRole('button', { name: menu.show });
  if (await opener.isVisible()) await hand.press(opener);
  await hand.press(
    page.getByRole('navigation', { name: menu.label }).getByRole('link', { name: menu[entry], exact: true }),
  );
}

/** Signs in and stands before the list. */
export async function enter(counter: Counter, { username, password }: Secret): Promise<void> {
  const { page, hand } = counter;
  const { signIn, list } = wordsOf(counter);
  await page.goto('/');
  await hand.type(field(page, signIn.username), username);
  await hand.type(field(page, signIn.password), password);
  await hand.press(button(page, signIn.send));
  await arriveAt(page, list.title);
}

/** From the list: takes a deposit in cash from somebody new, and has the slip before them. Returns the reference. */
export async function createDeposit(
  counter: Counter,
  { name, amountMinor }: { readonly name: string; readonly amountMinor: number },
): Promise<string> {
  const { page, hand } = counter;
  const { issue, purposes, slip } = wordsOf(counter);
  const choice = (group: string, label: string) =>
    page.getByRole('group', { name: group }).getByRole('radio', { name: label });
  await openFromMenu(counter, 'newPayment');
  await arriveAt(page, issue.title);
  await hand.press(page.locator('summary', { hasText: issue.newCustomer }));
  await hand.type(field(page, issue.newName), name);
  await hand.choose(choice(issue.purpose, purposes.deposit));
  await hand.choose(choice(issue.moneyFrom, issue.moneys.cash));
  await hand.type(field(page, issue.amount), formatsOf(counter).plain(amountMinor));
  await hand.press(button(page, issue.send));
  await arriveAt(page, slip.title);
  const printed = page.getByRole('article', { name: slip.title });
  await expect(printed.innerText()).resolves.toContain(formatsOf(counter).money(amountMinor));
  return /ACC-\d{8}-\w{8}/.exec(await printed.innerText())?.[0] ?? '';
}

/** Finds a customer by the beginning of the name, and sees what is there. */
export async function findBalance(
  counter: Counter,
  { name, amountMinor }: { readonly name: string; readonly amountMinor: number },
): Promise<void> {
  const { page, hand } = counter;
  const { customer } = wordsOf(counter);
  await openFromMenu(counter, 'customers');
  await arriveAt(page, customer.title);
  await hand.type(field(page, customer.search.label), name.slice(0, -2).toLowerCase());
  await hand.press(button(page, customer.search.send));
  await arriveAt(page, name);
  const balance = page.getByRole('listitem').filter({ hasText: formatsOf(counter).money(amountMinor) });
  // The books may be a moment behind.
  await until(async () => {
    if (await balance.first().isVisible()) return true;
    await page.reload();
    return false;
  });
}

/** From the customer's page: one line, all of it from the account. Ends before the slip of the sale. */
export async function useAtTill(
  counter: Counter,
  { product, amountMinor }: { readonly product: string; readonly amountMinor: number },
): Promise<void> {
  const { page, hand } = counter;
  const { customer, till } = wordsOf(counter);
  const { money, plain } = formatsOf(counter);
  await hand.press(link(page, customer.useAtTill));
  await arriveAt(page, till.title);
  await hand.type(field(page, till.product), product);
  await hand.type(field(page, till.amount), plain(amountMinor));
  await hand.press(button(page, till.addLine));
  await page.locator('.till-left', { hasText: money(0) }).waitFor();
  await hand.press(button(page, till.complete));
  await page.waitForURL(/\/till\/slips\//);
  await main(page).getByText(money(amountMinor)).first().waitFor();
}

/** From the slip: takes the whole sale back, after having seen what goes where. */
export async function bringBack(counter: Counter, { amountMinor }: { readonly amountMinor: number }): Promise<void> {
  const { page, hand } = counter;
  const { till, sale, returning } = wordsOf(counter);
  await hand.press(link(page, till.slip.open));
  await hand.press(link(page, sale.takeBack));
  await hand.choose(
    page.getByRole('group', { name: returning.extent }).getByRole('radio', { name: returning.everything }),
  );
  await hand.press(button(page, returning.show));
  await hand.press(button(page, returning.confirm(formatsOf(counter).money(amountMinor))));
  await page.getByText(sale.returned).waitFor();
}

type PayingOut = {
  readonly reference: string;
  readonly amountMinor: number;
  readonly reason: string;
  readonly manager: Secret;
};

/** From the sale: hands out some of what is left, which a manager signs on the cashier's screen. */
export async function payOut(counter: Counter, { reference, amountMinor, reason, manager }: PayingOut): Promise<void> {
  const { page, hand } = counter;
  const { acts, payment, recorded, sign, tenders } = wordsOf(counter);
  const { plain } = formatsOf(counter);
  await hand.press(link(page, reference).first());
  await arriveAt(page, payment.titleOf(reference));
  await hand.press(link(page, acts.names['pay-out']));
  await hand.type(field(page, acts.amount('EUR')), plain(amountMinor));
  await hand.pick(field(page, acts.tender), tenders.cash);
  await hand.type(field(page, acts.reason), reason);
  await hand.press(button(page, acts.goOn));
  await hand.type(field(page, sign.username), manager.username);
  await hand.type(field(page, sign.password), manager.password);
  await hand.press(button(page, acts.names['pay-out']));
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`${recorded.yes}|${recorded.no}`) })
    .waitFor();
}
