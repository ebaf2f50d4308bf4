import { balanceOf } from '../../domain/payment/payment.js';
import { tenders, type Disposition } from '../../domain/payment/command.js';
import { sourceOf } from '../../domain/payment/funding.js';
import { instantOf } from '../../domain/instants.js';
import { ask, liveUntil, type Life } from './life.js';
import type { Random } from './random.js';
import { takeBack } from './returns.js';
import { buyHeld, lapse, letGo, settle, settleWithAnother } from './sales.js';
import { buy, portion, sellingAt } from './selling.js';
import { aManager, shopOf, shopOfUse } from './world.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** What may happen to a payment that goes on afterwards, and how often in proportion. */
export const acts = {
  buy: 30,
  settle: 28,
  settleWithAnother: 4,
  buyHeld: 12,
  buyTwice: 4,
  letGo: 4,
  lapse: 2,
  overdraw: 4,
  takeBack: 4,
  payOut: 2,
  freeze: 2,
  extend: 2,
} as const;
export type Act = keyof typeof acts;

export function carryOut(act: Act, life: Life, random: Random): void {
  switch (act) {
    case 'buy':
      return buy(life, random);
    case 'settle':
      return settle(life, random);
    case 'settleWithAnother':
      return settleWithAnother(life, random);
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
    case 'takeBack':
      return takeBack(life, random);
    case 'payOut':
      return payOut(life, random);
    case 'freeze':
      return freeze(life, random);
    case 'extend':
      return extend(life, random);
  }
}

function overdraw(life: Life, random: Random): void {
  const { by, spending } = sellingAt(life, random);
  const amountMinor = balanceOf(life.state.payment) + 1;
  const { lines: _, ...rest } = spending;
  ask(life, { kind: 'apply', ...rest, amountMinor }, { by }, random);
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
