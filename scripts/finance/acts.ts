import { availableOf, balanceOf } from '../../domain/payment/payment.js';
import { tenders, type Disposition, type SaleKey } from '../../domain/payment/command.js';
import { sourceOf } from '../../domain/payment/funding.js';
import { instantOf } from '../../domain/instants.js';
import { refundableMinor } from '../../domain/payment/figures.js';
import { ask, liveUntil, type Life } from './life.js';
import type { Random } from './random.js';
import { aManager, aTill, products, shopOf, shopOfUse } from './world.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** What may happen to a payment that goes on afterwards, and how often in proportion. */
export const acts = {
  buy: 62,
  buyHeld: 12,
  buyTwice: 4,
  letGo: 4,
  lapse: 2,
  overdraw: 4,
  giveBack: 4,
  payOut: 2,
  freeze: 2,
  extend: 2,
} as const;
export type Act = keyof typeof acts;

export function carryOut(act: Act, life: Life, random: Random): void {
  switch (act) {
    case 'buy':
      return buy(life, random);
    case 'buyHeld':
      return buyHeld(life, random);
    case 'buyTwice':
      buy(life, random);
      return buy(life, random);
    case 'letGo':
      return letGo(life, random);
    case 'lapse':
      return lapse(life, random);
    case 'overdraw':
      return overdraw(life, random);
    case 'giveBack':
      return giveBack(life, random);
    case 'payOut':
      return payOut(life, random);
    case 'freeze':
      return freeze(life, random);
    case 'extend':
      return extend(life, random);
  }
}

/** Of what is there; the last of it goes whole. Where nothing is, more than that is asked for, and refused. */
function portion(life: Life, random: Random): number {
  const availableMinor = availableOf(life.state.payment, life.atMs);
  const part = random.chance(0.04) ? 1 : 0.03 + random.part() * 0.2;
  return Math.max(1, Math.floor(availableMinor * part));
}

function sellingAt(life: Life, random: Random) {
  const { terms } = life.state.payment;
  const shop = shopOfUse(shopOf(terms.by), random);
  const amountMinor = portion(life, random);
  const productId = terms.scope.type === 'product_specific' ? terms.scope.productId : random.pick(products);
  const sale: SaleKey = { saleShopId: shop.shopId, saleId: `S-${random.id()}` };
  const { customerId, currency } = terms;
  return {
    by: aTill(shop, random),
    sale,
    spending: { customerId, currency, amountMinor, ...sale, lines: [{ productId, amountMinor: amountMinor + 100 }] },
  };
}

export function buy(life: Life, random: Random): void {
  const { by, sale, spending } = sellingAt(life, random);
  const { outcome } = ask(life, { kind: 'apply', ...spending }, { by }, random);
  if (outcome === 'accepted') life.sales.push(sale);
}

function holding(life: Life, random: Random, lifetimeMs = 15 * MINUTE_MS) {
  const { by, sale, spending } = sellingAt(life, random);
  const holdId = random.id();
  const parent = { kind: 'sale', id: `${sale.saleShopId}/${sale.saleId}`, commandId: random.id() } as const;
  const wish = { kind: 'hold', ...spending, lifetimeMs } as const;
  const { outcome } = ask(life, wish, { by, parent, commandId: holdId }, random);
  const { customerId, amountMinor } = spending;
  return { outcome, by, parent, sale, holdId, customerId, amountMinor };
}

function buyHeld(life: Life, random: Random): void {
  const { outcome, by, parent, sale, holdId, customerId, amountMinor } = holding(life, random);
  if (outcome !== 'accepted') return;
  liveUntil(life, life.atMs + random.whole(1, 10) * MINUTE_MS);
  ask(life, { kind: 'capture', customerId, holdId, amountMinor, ...sale }, { by, parent }, random);
  life.sales.push(sale);
}

function letGo(life: Life, random: Random): void {
  const { outcome, by, parent, holdId, customerId } = holding(life, random);
  if (outcome !== 'accepted') return;
  liveUntil(life, life.atMs + random.whole(1, 10) * MINUTE_MS);
  ask(life, { kind: 'release', customerId, holdId, cause: 'asked' }, { by, parent }, random);
}

/** Kept for a delivery that never comes. */
function lapse(life: Life, random: Random): void {
  holding(life, random, random.whole(1, 60) * DAY_MS);
}

function overdraw(life: Life, random: Random): void {
  const { by, spending } = sellingAt(life, random);
  const amountMinor = balanceOf(life.state.payment) + 1;
  const { lines: _, ...rest } = spending;
  ask(life, { kind: 'apply', ...rest, amountMinor }, { by }, random);
}

/** Part of what a sale took, or all of it; now and then the shop keeps a fee. */
export function giveBack(life: Life, random: Random): void {
  const { customerId, currency, by: issuer } = life.state.payment.terms;
  const sale = life.sales.at(-1);
  if (!sale) return;
  const mostMinor = refundableMinor(life.state.memory, sale);
  if (mostMinor < 1) return;
  const backMinor = random.chance(0.6) ? mostMinor : random.whole(1, mostMinor);
  const feeMinor = random.chance(0.15) ? Math.floor(backMinor / 10) : 0;
  const by = aTill(random.chance(0.9) ? shopOf({ ...issuer, shopId: sale.saleShopId }) : shopOf(issuer), random);
  const wish = { kind: 'refund', customerId, currency, ...sale, amountMinor: backMinor - feeMinor } as const;
  ask(life, { ...wish, ...(feeMinor > 0 && { keptMinor: feeMinor }), reason: 'did not fit' }, { by }, random);
}

function payOut(life: Life, random: Random): void {
  const { customerId, currency, by: issuer } = life.state.payment.terms;
  const amountMinor = portion(life, random);
  const by = aManager(shopOfUse(shopOf(issuer), random), random);
  const tender = random.pick(tenders);
  ask(life, { kind: 'payOut', customerId, currency, amountMinor, tender, reason: 'wants cash' }, { by }, random);
}

function freeze(life: Life, random: Random): void {
  const by = aManager(shopOf(life.state.payment.terms.by), random);
  ask(life, { kind: 'freeze', cause: 'staff', reason: 'card was stolen' }, { by }, random);
  if (random.chance(0.1)) return;
  liveUntil(life, life.atMs + random.whole(1, 240) * MINUTE_MS);
  ask(life, { kind: 'thaw', cause: 'staff', reason: 'found again' }, { by }, random);
}

function extend(life: Life, random: Random): void {
  const { terms, expiresAt } = life.state.payment;
  if (expiresAt === null) return;
  const later = instantOf(Date.parse(expiresAt) + 90 * DAY_MS);
  const by = aManager(shopOf(terms.by), random);
  ask(life, { kind: 'extend', customerId: terms.customerId, expiresAt: later, reason: 'goodwill' }, { by }, random);
}

/** Ends what is there, and says what becomes of it. */
export function cancel(life: Life, random: Random): Disposition | undefined {
  const { customerId, by: issuer, funding } = life.state.payment.terms;
  const disposition = random.weighted({ paid_out: 50, forfeited: 25, remitted: 10, issued_in_error: 10, reissued: 5 });
  if (disposition === 'paid_out' && sourceOf(funding) === 'goodwill') return undefined;
  const tender = disposition === 'paid_out' ? { tender: random.pick(tenders) } : {};
  const by = aManager(shopOf(issuer), random);
  const wish = { kind: 'cancel', customerId, disposition, ...tender, reason: 'wants no bike any more' } as const;
  return ask(life, wish, { by }, random).outcome === 'accepted' ? disposition : undefined;
}

export function expireByHand(life: Life, random: Random): void {
  const by = aManager(shopOf(life.state.payment.terms.by), random);
  ask(life, { kind: 'expire', cause: 'asked', reason: 'deadline agreed' }, { by }, random);
}
