import type { SaleKey } from '../../domain/payment/command.js';
import type { Reader } from '../http/reader.js';
import type { Texts } from '../texts/texts.js';

/** A sale as staff name it: with its shop when that is another one. */
export function inFull(
  { saleShopId, saleId, shopName }: SaleKey & { readonly shopName?: string | null },
  { shopId }: { readonly shopId: string },
): string {
  return saleShopId === shopId ? saleId : `${saleId} (${shopName ?? saleShopId})`;
}

/** Where a sale is shown. */
export function saleHref({ saleShopId, saleId }: SaleKey, { shopId }: { readonly shopId: string }): string {
  const path = `/sales/${encodeURIComponent(saleId)}`;
  return saleShopId === shopId ? path : `${path}?shop=${encodeURIComponent(saleShopId)}`;
}

type Asker = {
  readonly caller: string;
  readonly callerName: string | null;
  readonly staffId?: string | null;
  readonly staffName: string | null;
};

/** Who asked: a till, a person, a person on behalf of another one, or time. */
export function whoOf({ caller, callerName, staffId = null, staffName }: Asker, { texts }: Reader): string {
  const { callers, onBehalf } = texts.payment;
  const asker = isOurs(caller) ? callers[caller] : (callerName ?? caller.replace(/^staff:/, ''));
  if (staffId === null || caller === `staff:${staffId}`) return asker;
  return onBehalf(asker, staffName ?? staffId);
}

function isOurs(caller: string): caller is keyof Texts['payment']['callers'] {
  return caller === 'clock' || caller === 'operator' || caller === 'books';
}
