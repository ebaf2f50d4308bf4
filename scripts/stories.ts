import { randomBytes } from 'node:crypto';
import type { GiftRow } from '../db/gift/gifts.js';
import type { AccountPaymentView } from '../domain/payment/payment.js';
import { formatMoney } from '../domain/money.js';
import type { Quote } from '../domain/sale/quote.js';
import type { ReturnView, SaleView } from '../domain/sale/sale.js';

/** Where a story is played: who asks, who listens, and who checks that it goes as told. */
export type Stage = {
  ask: <Answer>(
    who: 'till' | 'manager',
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
  ) => Promise<Answer>;
  /** What happens in the shop. */
  tell: (line: string) => void;
  /** What stands on the till's display. */
  shows: (line: string) => void;
  /** Holds an answer against what the story says of it. */
  is: (answer: unknown, told: object) => void;
};

export type Story = { readonly title: string; readonly play: (stage: Stage) => Promise<void> };

type Issued = { payment: AccountPaymentView };
type Sold = { sale: SaleView };
type Account = {
  totals: { currency: string; balanceMinor: number }[];
  usages: { items: { saleId: string; balanceAfterMinor: number }[] };
};

const eur = (amountMinor: number) => formatMoney(amountMinor, 'EUR');
/** Of this telling alone, so that it can be told again. */
const newId = (name: string) => `${name}-${randomBytes(4).toString('hex')}`;
const line = (productId: string, amountMinor: number) => ({ productId, amountMinor });
const issueTo = ({ ask }: Stage, customerId: string, more: object) =>
  ask<Issued>('manager', 'POST', '/account-payments', { customerId, type: 'generic', currency: 'EUR', ...more });
const balanceOf = ({ ask }: Stage, reference: string) =>
  ask<AccountPaymentView>('till', 'GET', `/account-payments/${reference}`);

const layaway: Story = {
  title: 'A layaway deposit on one product',
  play: async (stage) => {
    const { ask, tell, shows, is } = stage;
    const [ada, sale] = [newId('ada'), newId('sale')];
    await ask('manager', 'PUT', `/customers/${ada}`, { name: 'Ada' });
    tell('Ada falls for the blue bike, 480.00 EUR, and leaves 100.00 as a deposit on it.');
    const { payment } = await issueTo(stage, ada, {
      type: 'product_specific',
      productId: 'bike',
      purpose: 'deposit',
      amountMinor: 10_000,
    });
    is(payment, { status: 'active', balanceMinor: 10_000, productId: 'bike' });
    shows(`Deposit ${payment.reference} on the bike: ${eur(payment.balanceMinor)}`);

    tell('A week later she buys a helmet. The deposit is for the bike, so she pays all of it by card.');
    const helmet = await ask<Quote>('till', 'POST', `/sales/${newId('sale')}/quote`, {
      customerId: ada,
      currency: 'EUR',
      lines: [line('helmet', 6_000)],
    });
    is(helmet, { payments: [], leftToPayMinor: 6_000 });
    shows(`Helmet ${eur(6_000)}, to pay ${eur(helmet.leftToPayMinor)}`);

    tell('On pay day she comes for the bike. The till proposes the deposit, and holds it while the card is read.');
    const basket = { customerId: ada, currency: 'EUR', lines: [line('bike', 48_000)] };
    const quote = await ask<Quote>('till', 'POST', `/sales/${sale}/quote`, basket);
    is(quote, { payments: [{ reference: payment.reference, amountMinor: 10_000 }], leftToPayMinor: 38_000 });
    const held = await ask<Sold>('till', 'POST', `/sales/${sale}/hold`, { ...basket, payments: quote.payments });
    is(held.sale, { status: 'held', heldMinor: 10_000, leftToPayMinor: 38_000 });
    shows(`Bike ${eur(48_000)}, deposit -${eur(held.sale.heldMinor)} (held), by card ${eur(held.sale.leftToPayMinor)}`);

    tell('The card is good. The sale is completed, and the deposit used up.');
    const done = await ask<Sold>('till', 'POST', `/sales/${sale}/capture`, {
      customerId: ada,
      holdId: held.sale.holdId,
    });
    is(done.sale, { status: 'completed', takenMinor: 10_000 });
    is(await balanceOf(stage, payment.reference), { status: 'used', balanceMinor: 0 });
    shows(`Paid. Deposit ${payment.reference}: used`);
  },
};

const storeCredit: Story = {
  title: 'A return paid out as store credit',
  play: async (stage) => {
    const { ask, tell, shows, is } = stage;
    const [bea, sale] = [newId('bea'), newId('sale')];
    await ask('manager', 'PUT', `/customers/${bea}`, { name: 'Bea' });
    tell('Bea brings back a lamp that she had paid by card, and takes store credit, good until a campaign ends.');
    const { payment } = await issueTo(stage, bea, {
      purpose: 'store_credit',
      amountMinor: 4_500,
      expiresAt: '2040-12-31',
      notes: 'return of a lamp',
    });
    is(payment, { purpose: 'store_credit', balanceMinor: 4_500 });
    shows(`Store credit ${payment.reference}: ${eur(payment.balanceMinor)}`);

    tell('She spends 40.00 EUR of it on a chair.');
    const basket = {
      customerId: bea,
      currency: 'EUR',
      lines: [line('chair', 4_000)],
      payments: [{ reference: payment.reference, amountMinor: 4_000 }],
    };
    const sold = await ask<Sold>('till', 'POST', `/sales/${sale}/settle`, basket);
    is(sold.sale, { status: 'completed', takenMinor: 4_000, leftToPayMinor: 0 });
    shows(`Chair ${eur(4_000)}, store credit -${eur(4_000)}, to pay ${eur(0)}`);

    tell('The campaign ends, and the manager lets the 5.00 EUR that are left of the credit expire.');
    const ended = await ask<Issued>('manager', 'POST', `/account-payments/${payment.reference}/expire`, {
      reason: 'the campaign is over',
    });
    is(ended.payment, { status: 'expired', balanceMinor: 0, endedBalanceMinor: 500 });
    shows(`Store credit ${payment.reference}: expired`);

    tell('The chair wobbles and comes back. She gets new credit, which does not expire.');
    const back = await ask<Sold & { return: ReturnView }>('till', 'POST', `/sales/${sale}/return`, {
      customerId: bea,
      currency: 'EUR',
      lines: [line('chair', 4_000)],
      reason: 'it wobbles',
    });
    const [given] = back.return.returned;
    is(back.return, { amountMinor: 4_000, returned: [{ reference: payment.reference, amountMinor: 4_000 }] });
    const credit = await balanceOf(stage, given?.replacement ?? '');
    is(credit, { purpose: 'store_credit', balanceMinor: 4_000, expiresAt: null, replaces: payment.reference });
    shows(`Returned ${eur(back.return.amountMinor)} as ${credit.reference}, in place of ${payment.reference}`);
  },
};

const prepayment: Story = {
  title: 'A prepayment spent over three sales, the last one partly by card',
  play: async (stage) => {
    const { ask, tell, shows, is } = stage;
    const cem = newId('cem');
    await ask('manager', 'PUT', `/customers/${cem}`, { name: 'Cem' });
    tell('Cem pays 100.00 EUR ahead.');
    const { payment } = await issueTo(stage, cem, { purpose: 'prepayment', amountMinor: 10_000 });
    shows(`Prepayment ${payment.reference}: ${eur(payment.balanceMinor)}`);
    const sales = [
      ['paint', 4_000, 6_000, 0],
      ['brushes', 3_500, 2_500, 0],
      ['ladder', 5_000, 0, 2_500],
    ] as const;
    for (const [product, totalMinor, balanceMinor, byCardMinor] of sales) {
      tell(
        byCardMinor === 0 ? `He buys ${product}.` : `He buys a ${product}: the rest of the prepayment, and his card.`,
      );
      const sale = newId('sale');
      const basket = { customerId: cem, currency: 'EUR', lines: [line(product, totalMinor)] };
      const { payments, leftToPayMinor } = await ask<Quote>('till', 'POST', `/sales/${sale}/quote`, basket);
      is({ leftToPayMinor }, { leftToPayMinor: byCardMinor });
      const sold = await ask<Sold>('till', 'POST', `/sales/${sale}/settle`, { ...basket, payments });
      is(sold.sale, { status: 'completed', leftToPayMinor: byCardMinor });
      is(await balanceOf(stage, payment.reference), { balanceMinor });
      shows(
        `${product.replace(/^./, (first) => first.toUpperCase())} ${eur(totalMinor)}, prepayment -${eur(sold.sale.takenMinor)} (${eur(balanceMinor)} left), by card ${eur(leftToPayMinor)}`,
      );
    }
    tell('His account tells all three, the latest first.');
    const account = await ask<Account>('till', 'GET', `/customers/${cem}/account`);
    is(account, {
      totals: [],
      usages: { items: [{ balanceAfterMinor: 0 }, { balanceAfterMinor: 2_500 }, { balanceAfterMinor: 6_000 }] },
    });
    shows(
      account.usages.items
        .map(({ saleId, balanceAfterMinor }) => `${saleId}: ${eur(balanceAfterMinor)} left`)
        .join(', '),
    );
  },
};

const gift: Story = {
  title: 'A gift from another customer',
  play: async (stage) => {
    const { ask, tell, shows, is } = stage;
    const [dan, eve] = [newId('dan'), newId('eve')];
    for (const [id, name] of [
      [dan, 'Dan'],
      [eve, 'Eve'],
    ])
      await ask('manager', 'PUT', `/customers/${id}`, { name });
    const { payment } = await issueTo(stage, dan, {
      purpose: 'prepayment',
      amountMinor: 8_000,
      expiresAt: '2040-12-31',
    });
    tell('Dan has 80.00 EUR with the shop and gives Eve 30.00 of it for her birthday.');
    const body = {
      reference: payment.reference,
      customerId: dan,
      toCustomerId: eve,
      amountMinor: 3_000,
      currency: 'EUR',
      message: 'Happy birthday!',
    };
    const { gift } = await ask<{ gift: GiftRow }>('manager', 'POST', '/gifts', body);
    is(gift, { status: 'completed', message: 'Happy birthday!' });
    is(await balanceOf(stage, payment.reference), { balanceMinor: 5_000 });
    const given = await balanceOf(stage, gift.toReference ?? '');
    is(given, {
      customerId: eve,
      funding: 'gift',
      balanceMinor: 3_000,
      expiresAt: payment.expiresAt,
      giftId: gift.giftId,
    });
    shows(`Given ${eur(gift.amountMinor)} as ${given.reference}: "${gift.message}"; Dan has ${eur(5_000)} left`);

    tell('Eve spends 12.50 of it on a book.');
    const basket = {
      customerId: eve,
      currency: 'EUR',
      lines: [line('book', 1_250)],
      payments: [{ reference: given.reference, amountMinor: 1_250 }],
    };
    is((await ask<Sold>('till', 'POST', `/sales/${newId('sale')}/settle`, basket)).sale, {
      status: 'completed',
      leftToPayMinor: 0,
    });
    const account = await ask<Account>('till', 'GET', `/customers/${eve}/account`);
    is(account, { totals: [{ currency: 'EUR', balanceMinor: 1_750 }] });
    shows(`Book ${eur(1_250)}, gift -${eur(1_250)}; Eve has ${eur(1_750)} left`);
  },
};

/** What the product is for, told one customer at a time. */
export const stories: readonly Story[] = [layaway, storeCredit, prepayment, gift];
