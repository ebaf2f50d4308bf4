import { availableOf, inheritedFrom, view } from '../../domain/payment/payment.js';
import type { Line, SaleKey } from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';
import type { PaymentAnswer } from '../../domain/sale/answers.js';
import { newSale } from '../../domain/sale/steps.js';
import { ask, type Life } from './life.js';
import type { Random } from './random.js';
import { aTill, products, shopOf, shopOfUse, taxCodeAt, type GeneratedShop } from './world.js';

/** So long a sale takes returns. */
export const RETURN_PERIOD_MS = 365 * 86_400_000;

/** Of what is there; the last of it goes whole. Where nothing is, more than that is asked for, and refused. */
export function portion(life: Life, random: Random): number {
  const availableMinor = availableOf(life.state.payment, life.atMs);
  const part = random.chance(0.04) ? 1 : 0.03 + random.part() * 0.2;
  return Math.max(1, Math.floor(availableMinor * part));
}

export function sellingAt(life: Life, random: Random) {
  const { terms } = life.state.payment;
  const shop = shopOfUse(shopOf(terms.by), random);
  const amountMinor = portion(life, random);
  const productId = terms.scope.type === 'product_specific' ? terms.scope.productId : random.pick(products);
  const sale: SaleKey = { saleShopId: shop.shopId, saleId: `S-${random.id()}` };
  const { customerId, currency } = terms;
  const lines = aBasket(shop, productId, amountMinor, random);
  return { by: aTill(shop, random), sale, spending: { customerId, currency, amountMinor, ...sale, lines } };
}

/** What a payment pays for is in it, and often something else beside that, of another tax as likely as not. */
function aBasket(shop: GeneratedShop, productId: string, amountMinor: number, random: Random): Line[] {
  const besides = Number(random.weighted({ '0': 50, '1': 30, '2': 20 }));
  const others = products.filter((each) => each !== productId);
  const lines: Line[] = [{ productId, amountMinor: amountMinor + 100, ...taxCodeAt(shop, random) }];
  for (let i = 0; i < besides; i += 1) {
    const [other = productId] = others.splice(random.whole(0, others.length - 1), 1);
    const costsMinor = Math.ceil(amountMinor * (0.1 + random.part()));
    lines.push({ productId: other, amountMinor: costsMinor, ...taxCodeAt(shop, random) });
  }
  return lines;
}

/** By the payment alone, as a till does that keeps its sales itself. */
export function buy(life: Life, random: Random): void {
  const { by, sale, spending } = sellingAt(life, random);
  const { outcome } = ask(life, { kind: 'apply', ...spending }, { by }, random);
  if (outcome === 'accepted') life.sales.push(newSale(sale, RETURN_PERIOD_MS, life.atMs));
}

/** What a sale hears of it. */
export function heardBySale(life: Life, answer: Answer): PaymentAnswer {
  const { reference, scope } = life.state.payment.terms;
  const payment = view(life.state.payment, life.atMs);
  const { sale } = answer;
  if (answer.outcome === 'accepted') {
    const { revision, hold } = answer;
    const inherited = inheritedFrom(payment);
    return { reference, outcome: 'accepted', revision, hold, scope, inherited, expiresAt: payment.expiresAt, sale };
  }
  const { code, figures } = answer;
  return { reference, outcome: 'refused', code, ...figures, availableMinor: payment.availableMinor, sale };
}
