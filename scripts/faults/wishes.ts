import type { Random } from '../finance/random.js';
import type { Body, Call } from './check/history.js';
import { pickLatest, pickPayment, takeLatest, type Known, type Market, type Share } from './market.js';

/** What a till is about to ask for. */
export type Wish = {
  readonly call: Call;
  readonly path: string;
  readonly reference: string | null;
  readonly saleId: string | null;
  readonly body: Body;
};

const CUSTOMERS = ['C-1', 'C-2', 'C-3', 'C-4'] as const;
const PRODUCT = 'P-1';
const SECOND_MS = 1_000;

const weights: Readonly<Record<Call, number>> = {
  issue: 8,
  apply: 26,
  refund: 14,
  payOut: 3,
  cancel: 2,
  expire: 1,
  extend: 3,
  freeze: 2,
  thaw: 4,
  hold: 9,
  settle: 9,
  capture: 9,
  release: 4,
  return: 7,
  gift: 3,
};

/** Something that makes sense often enough, by what the tills know. @param newId that no sale has had */
export function pickWish(random: Random, market: Market, newId: () => string): Wish {
  for (;;) {
    const wish = wishFor(random.weighted(weights), random, market, newId);
    if (wish) return wish;
  }
}

/** Money that everybody is after: more than they can spend. */
export function hotIssue(customerId: string): Wish {
  const body = { customerId, type: 'generic', purpose: 'prepayment', amountMinor: 100_000_000, currency: 'EUR' };
  return { call: 'issue', path: '/account-payments', reference: null, saleId: null, body };
}

function wishFor(call: Call, random: Random, market: Market, newId: () => string): Wish | undefined {
  switch (call) {
    case 'issue':
      return issue(random);
    case 'apply': {
      const payment = pickPayment(random, market);
      const earlier = random.chance(0.25) ? pickLatest(random, market.uses)?.saleId : undefined;
      return payment && apply(random, payment, earlier ?? newId());
    }
    case 'refund':
      return refund(random, market);
    case 'payOut':
    case 'cancel':
    case 'expire':
    case 'extend':
    case 'freeze':
      return manage(call, random, market);
    case 'thaw': {
      const reference = takeLatest(random, market.frozen);
      return reference === undefined ? undefined : ofPayment('thaw', reference, { reason: 'found again' });
    }
    case 'hold':
    case 'settle':
      return sell(call, random, market, newId);
    case 'capture':
    case 'release':
      return goOn(call, random, market);
    case 'return': {
      const sold = pickLatest(random, market.sold);
      const some = random.chance(0.6) ? { amountMinor: random.whole(1, 300) } : {};
      return sold && ofSale('return', sold.saleId, { customerId: sold.customerId, currency: 'EUR', ...some });
    }
    case 'gift':
      return gift(random, market);
  }
}

function issue(random: Random): Wish {
  const customerId = random.pick(CUSTOMERS);
  const scope = random.chance(0.15) ? { type: 'product_specific', productId: PRODUCT } : { type: 'generic' };
  const expiresAt = random.chance(0.4) ? { expiresAt: soon(random.whole(4, 60)) } : {};
  const amountMinor = random.whole(200, 20_000);
  const body = { customerId, ...scope, purpose: 'deposit', amountMinor, currency: 'EUR', ...expiresAt };
  return { call: 'issue', path: '/account-payments', reference: null, saleId: null, body };
}

function apply(random: Random, { reference, customerId, productId }: Known, saleId: string): Wish {
  const amountMinor = random.whole(1, 400);
  const lines = productId === null ? {} : { lines: [{ productId, amountMinor: 2_000 }] };
  return { ...ofPayment('apply', reference, { customerId, amountMinor, currency: 'EUR', saleId, ...lines }), saleId };
}

/** Of what a sale took; now and then more than that. */
function refund(random: Random, { uses }: Market): Wish | undefined {
  const use = pickLatest(random, uses);
  if (!use) return undefined;
  const { reference, customerId, saleId } = use;
  const amountMinor = random.chance(0.1) ? 500_000 : random.whole(1, use.amountMinor);
  const body = { customerId, amountMinor, currency: 'EUR', saleId, reason: 'too small' };
  return { ...ofPayment('refund', reference, body), saleId };
}

type Managed = 'payOut' | 'cancel' | 'expire' | 'extend' | 'freeze';

/** What everybody is after is not ended, and seldom frozen. */
function manage(call: Managed, random: Random, { payments }: Market): Wish | undefined {
  const cold = payments.filter(({ heat }) => heat === 'cold');
  const payment = pickLatest(random, call === 'payOut' || random.chance(0.05) ? payments : cold);
  if (!payment || (payment.heat === 'hot' && call !== 'payOut' && call !== 'freeze')) return undefined;
  const { reference, customerId } = payment;
  const reason = 'asked for it';
  switch (call) {
    case 'payOut': {
      const amountMinor = random.whole(1, 200);
      return ofPayment(call, reference, { customerId, amountMinor, currency: 'EUR', tender: 'cash', reason });
    }
    case 'cancel':
      return ofPayment(call, reference, { customerId, disposition: 'paid_out', tender: 'cash', reason });
    case 'expire':
    case 'freeze':
      return ofPayment(call, reference, { reason });
    case 'extend':
      if (payment.expiry === 'none') return undefined;
      return ofPayment(call, reference, { customerId, expiresAt: soon(random.whole(20, 120)), reason });
  }
}

function sell(call: 'hold' | 'settle', random: Random, market: Market, newId: () => string): Wish | undefined {
  const first = pickPayment(random, market);
  if (!first) return undefined;
  const { customerId } = first;
  const own = market.payments.filter((each) => each.customerId === customerId && each.productId === null);
  const chosen = new Set(Array.from({ length: random.whole(1, 3) }, () => pickLatest(random, own)?.reference));
  const shares = [...chosen].flatMap((reference): Share[] =>
    reference === undefined ? [] : [{ reference, amountMinor: random.whole(1, 300) }],
  );
  if (shares.length === 0) return undefined;
  const open = call === 'hold' && random.chance(0.2) ? pickLatest(random, market.held) : undefined;
  const edited = open?.customerId === customerId ? open : undefined;
  const lifetimeMs = random.chance(0.25) ? { lifetimeMs: random.whole(1, 8) * SECOND_MS } : {};
  const lines = [{ productId: PRODUCT, amountMinor: 5_000 }];
  const body = { customerId, currency: 'EUR', lines, payments: shares, ...lifetimeMs };
  if (!edited) return ofSale(call, newId(), body);
  return ofSale(call, edited.saleId, { ...body, replaces: edited.holdId });
}

function goOn(call: 'capture' | 'release', random: Random, { held }: Market): Wish | undefined {
  const sale = takeLatest(random, held);
  if (!sale) return undefined;
  const { saleId, customerId, holdId, shares } = sale;
  if (call === 'release' || random.chance(0.6)) return ofSale(call, saleId, { customerId, holdId });
  const payments = shares.map(({ reference, amountMinor }) => ({
    reference,
    amountMinor: random.whole(1, amountMinor),
  }));
  const rest = random.chance(0.5) ? { keepRest: true, heldUntil: soon(random.whole(3, 60)) } : {};
  return ofSale(call, saleId, { customerId, holdId, payments, ...rest });
}

function gift(random: Random, market: Market): Wish | undefined {
  const payment = pickPayment(random, market);
  if (!payment) return undefined;
  const { reference, customerId } = payment;
  const toCustomerId = random.pick(CUSTOMERS.filter((each) => each !== customerId));
  const body = { reference, customerId, toCustomerId, amountMinor: random.whole(1, 300), currency: 'EUR' };
  return { call: 'gift', path: '/gifts', reference, saleId: null, body };
}

function ofPayment(call: Call, reference: string, body: Body): Wish {
  const name = call === 'payOut' ? 'pay-out' : call;
  return { call, path: `/account-payments/${reference}/${name}`, reference, saleId: null, body };
}

function ofSale(call: Call, saleId: string, body: Body): Wish {
  return { call, path: `/sales/${saleId}/${call}`, reference: null, saleId, body };
}

function soon(seconds: number): string {
  return new Date(Date.now() + seconds * SECOND_MS).toISOString();
}
