import { purposes, scopeOf, tenders, types } from '../../domain/payment/command.js';
import { fundingOf, sourceOf, taxPointOf, type Funding } from '../../domain/payment/funding.js';
import type { Issuing } from '../../domain/payment/issue.js';
import { instantOf } from '../../domain/instants.js';
import { inItsStead } from '../../domain/payment/replace.js';
import { view } from '../../domain/payment/payment.js';
import { ask, begin, type Life } from './life.js';
import type { Random } from './random.js';
import { aCustomer, aManager, aTill, currencyAt, prices, products, shopOf, shops, taxCodeAt } from './world.js';

const DAY_MS = 86_400_000;

/** What a customer leaves with a shop, or gets from it. */
export function aNewIssue(atMs: number, random: Random): Issuing {
  const shop = random.pick(shops);
  const currency = currencyAt(shop, random);
  const purpose = random.pick(purposes);
  const type = purpose === 'deposit' ? random.pick(types) : 'generic';
  const scope = scopeOf(type, random.pick(products));
  const kind = random.weighted({ paid: 72, return: 18, goodwill: 10 });
  const tender = kind === 'paid' ? { tender: random.pick(tenders) } : {};
  const receipt = kind === 'return' ? { receiptId: `R-${random.id()}` } : {};
  const { least, most } = prices[currency];
  return {
    commandId: random.id(),
    by: kind === 'goodwill' || currency !== shop.currency ? aManager(shop, random) : aTill(shop, random),
    requestHash: random.id(),
    customerId: aCustomer(random),
    scope,
    purpose,
    amountMinor: random.whole(least, most),
    currency,
    expiresAt: random.chance(0.55) ? instantOf(atMs + random.whole(20, 900) * DAY_MS) : null,
    funding: fundingOf(purpose, { funding: kind, ...tender, ...receipt }),
    taxPoint: taxPointOf({ scope, purpose }),
    ...taxCodeAt(shop, random),
    ...(kind === 'goodwill' && { reason: 'waited long' }),
  };
}

/** Part of a payment goes to another customer; the payment that it becomes. */
export function give(life: Life, random: Random): Life | undefined {
  const { terms, expiresAt } = life.state.payment;
  const [giftId, holdId] = [random.id(), random.id()];
  const by = aManager(shopOf(terms.by), random);
  const parent = { kind: 'gift', id: giftId, commandId: giftId } as const;
  const { availableMinor } = view(life.state.payment, life.atMs);
  const amountMinor = Math.floor(availableMinor * (0.2 + random.part() * 0.4));
  if (amountMinor < 1) return undefined;
  const { customerId, currency, scope, purpose, taxPoint, taxCode } = terms;
  const lines = scope.type === 'product_specific' ? { lines: [{ productId: scope.productId, amountMinor }] } : {};
  const hold = { kind: 'hold', customerId, currency, amountMinor, giftId, lifetimeMs: DAY_MS, ...lines } as const;
  if (ask(life, hold, { by, parent, commandId: holdId }, random).outcome !== 'accepted') return undefined;
  const funding: Funding = { kind: 'gift', source: sourceOf(terms.funding), giftId, givenFrom: terms.reference };
  const issuing: Issuing = {
    commandId: random.id(),
    by,
    parent,
    requestHash: random.id(),
    customerId: otherThan(customerId, random),
    scope,
    purpose,
    amountMinor,
    currency,
    expiresAt,
    funding,
    taxPoint,
    frozen: ['gift'],
    ...(taxCode !== undefined && { taxCode }),
  };
  const given = begin(issuing, life.atMs, life.endMs, random);
  const counterpart = given.state.payment.terms.reference;
  ask(life, { kind: 'capture', holdId, amountMinor, giftId, counterpart }, { by, parent }, random);
  ask(given, { kind: 'thaw', cause: 'gift', reason: 'given' }, { by, parent }, random);
  return given;
}

function otherThan(customerId: string, random: Random): string {
  const other = aCustomer(random);
  return other === customerId ? otherThan(customerId, random) : other;
}

/** What takes the place of an ended payment that had something left. */
export function replace(life: Life, origin: 'reinstatement' | 'reissue', random: Random): Life {
  const ended = view(life.state.payment, life.atMs);
  const by = aManager(shopOf(life.state.payment.terms.by), random);
  const expiresAt = instantOf(life.atMs + 365 * DAY_MS);
  const issuing = inItsStead(ended, origin, { commandId: random.id(), by, expiresAt });
  return begin(issuing, life.atMs, life.endMs, random);
}

/** What the same customer leaves at that moment for anything, beside a payment. */
export function aPrepaymentBeside({ state, atMs, endMs }: Life, random: Random): Life {
  const { by, customerId, currency } = state.payment.terms;
  const shop = shopOf(by);
  const { least, most } = prices[shop.currency];
  const issuing: Issuing = {
    commandId: random.id(),
    by: currency === shop.currency ? aTill(shop, random) : aManager(shop, random),
    requestHash: random.id(),
    customerId,
    scope: { type: 'generic' },
    purpose: 'prepayment',
    amountMinor: random.whole(least, most),
    currency,
    expiresAt: null,
    funding: { kind: 'paid', tender: random.pick(tenders) },
    taxPoint: 'redemption',
    ...taxCodeAt(shop, random),
  };
  return begin(issuing, atMs, endMs, random);
}
