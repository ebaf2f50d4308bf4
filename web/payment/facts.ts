import { findCustomer } from '../../db/customer/customers.js';
import { findGift, type GiftRow } from '../../db/gift/gifts.js';
import { findLawFacts, type LawFacts } from '../../db/law/lawFacts.js';
import { whileAway, within } from '../../db/outage.js';
import { findCancellation } from '../../db/payment/commands.js';
import { listGiven, listReplacements, type GivenRow, type ReplacementRow } from '../../db/payment/kin.js';
import { findGiving } from '../../db/payment/movements.js';
import { listOpenHolds, type OpenHoldRow } from '../../db/payment/openHolds.js';
import { findWear, type Wear } from '../../db/payment/wear.js';
import { listSalesOf, type SaleOfPayment } from '../../db/payment/salesOf.js';
import { findProduct } from '../../db/product/products.js';
import { findShop } from '../../db/shops.js';
import type { Disposition } from '../../domain/payment/command.js';
import type { Giving } from '../../domain/payment/replace.js';
import type { Parts } from '../../service/parts.js';
import type { PaymentRead } from '../../service/payment/read.js';

/** What only the books know of a payment. */
export type Facts = {
  readonly customerName: string | undefined;
  readonly productName: string | undefined;
  readonly shopName: string | undefined;
  readonly sales: readonly SaleOfPayment[];
  readonly holds: readonly OpenHoldRow[];
  readonly replacements: readonly ReplacementRow[];
  readonly given: readonly GivenRow[];
  readonly gift: GiftRow | undefined;
  readonly disposition: Disposition | undefined;
  readonly giving: Giving;
  readonly wear: Wear;
  readonly law: LawFacts | undefined;
};

const PATIENCE_MS = 3_000;
const MOST_SALES = 100;

export async function readFacts({ sql }: Pick<Parts, 'sql'>, payment: PaymentRead): Promise<Facts | 'away'> {
  const { reference, customerId, productId, shopId, heldMinor, status, giftId } = payment;
  return unlessAway(
    Promise.all([
      findCustomer(sql, customerId),
      productId === null ? undefined : findProduct(sql, productId),
      findShop(sql, shopId),
      listSalesOf(sql, reference, MOST_SALES),
      heldMinor > 0 ? listOpenHolds(sql, reference) : [],
      listReplacements(sql, reference),
      listGiven(sql, reference),
      giftId === null ? undefined : findGift(sql, giftId),
      status === 'cancelled' ? findCancellation(sql, reference) : undefined,
      findGiving(sql, payment),
      findWear(sql, reference),
      findLawFacts(sql, reference),
    ]).then(([customer, product, shop, sales, holds, replacements, given, gift, cancellation, giving, wear, law]) => ({
      customerName: customer?.name,
      productName: product?.name,
      shopName: shop?.name,
      sales,
      holds,
      replacements,
      given,
      gift,
      disposition: cancellation?.disposition,
      giving,
      wear,
      law,
    })),
  );
}

/** While the books are away a page goes on without them. */
export function unlessAway<Told>(asked: Promise<Told>): Promise<Told | 'away'> {
  return within(PATIENCE_MS, asked).catch(whileAway('away'));
}
