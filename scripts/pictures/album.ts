import type { Page } from 'playwright-core';
import type { Language, Texts } from '../../web/texts/texts.js';
import type { Extent, View } from './camera.js';
import type { Told } from './story.js';

/** How somebody comes to what a picture shows, beginning at the list, signed in. */
type Way = (page: Page, told: Told, texts: Texts) => Promise<Extent>;

export type Picture = {
  /** Of the file; in languages other than English the language stands behind it. */
  readonly name: string;
  readonly view: Omit<View, 'language'>;
  readonly languages: readonly Language[];
  readonly way: Way;
};

const cashier = { as: 'cashier', size: 'desk' } as const;
const manager = { as: 'manager', size: 'desk' } as const;
const both: readonly Language[] = ['en', 'de'];

/** The pictures of the manual. */
export const album: readonly Picture[] = [
  { name: 'list', view: manager, languages: ['en'], way: list },
  { name: 'new', view: cashier, languages: both, way: fillNew },
  { name: 'slip', view: cashier, languages: both, way: slip },
  { name: 'till', view: cashier, languages: both, way: till },
  { name: 'till-phone', view: { as: 'cashier', size: 'phone' }, languages: ['en'], way: tillOnPhone },
  { name: 'payment', view: manager, languages: both, way: payment },
  { name: 'sign', view: cashier, languages: both, way: sign },
  { name: 'return', view: cashier, languages: both, way: takeBack },
  { name: 'customer', view: cashier, languages: both, way: customer },
  { name: 'attention', view: manager, languages: ['en'], way: attention },
];

async function list(page: Page): Promise<Extent> {
  await page.goto('/account-payments');
  return 'upper';
}

async function fillNew(page: Page, _: Told, texts: Texts): Promise<Extent> {
  const { issue } = texts;
  await page.goto('/account-payments/new');
  await page.getByText(issue.newCustomer, { exact: true }).click();
  await page.getByLabel(issue.newName).fill('Nora Lindqvist');
  await page.getByLabel(issue.newPhone).fill('+49 40 555 0190');
  await page.getByRole('radio', { name: texts.types.generic }).check();
  await page.getByRole('radio', { name: texts.purposes.prepayment }).check();
  await page.getByRole('radio', { name: issue.moneys.cash }).check();
  await page.getByLabel(issue.amount, { exact: true }).fill('120');
  return page.locator('main form');
}

async function slip(page: Page, told: Told, texts: Texts): Promise<Extent> {
  await fillNew(page, told, texts);
  await page.getByRole('button', { name: texts.issue.send, exact: true }).click();
  const printed = page.getByRole('article', { name: texts.slip.title });
  await printed.waitFor();
  return printed;
}

async function till(page: Page, { emma, luna, lock }: Told, texts: Texts): Promise<Extent> {
  const basket = new URLSearchParams({ customerId: emma, saleId: 'R-20425', line: `219900 ${luna}` });
  basket.append('line', `4990 ${lock}`);
  await page.goto(`/till?${basket.toString()}`);
  await page.getByRole('button', { name: texts.till.complete }).waitFor();
  return page.locator('main');
}

async function tillOnPhone(page: Page, told: Told, texts: Texts): Promise<Extent> {
  await till(page, told, texts);
  return 'upper';
}

async function payment(page: Page, { prepayment }: Told): Promise<Extent> {
  await page.goto(`/account-payments/${prepayment}`);
  return 'upper';
}

async function sign(page: Page, { toPayOut }: Told, texts: Texts): Promise<Extent> {
  const { acts } = texts;
  await page.goto(`/account-payments/${toPayOut}/pay-out`);
  await page.getByLabel(acts.amount('EUR')).fill('30');
  await page.getByLabel(acts.tender).selectOption('cash');
  await page.getByLabel(acts.reason, { exact: true }).fill('bought the lamp elsewhere');
  await page.getByRole('button', { name: acts.goOn }).click();
  await page.getByLabel(texts.sign.username).waitFor();
  return page.locator('main form');
}

async function takeBack(page: Page, { sold }: Told, texts: Texts): Promise<Extent> {
  const { returning } = texts;
  await page.goto(`/sales/${sold}/return`);
  await page.getByRole('radio', { name: new RegExp(`^${returning.lines}`) }).check();
  await page.getByLabel('Helm Aero M').fill('89.90');
  await page.getByLabel('U-Lock Steel').fill('49.90');
  await page.getByRole('button', { name: returning.show }).click();
  await page.getByRole('button', { name: returning.change }).waitFor();
  return page.locator('main form');
}

async function customer(page: Page, { emma }: Told): Promise<Extent> {
  await page.goto(`/customers/${emma}`);
  return 'upper';
}

async function attention(page: Page): Promise<Extent> {
  await page.goto('/attention');
  return page.locator('main');
}
