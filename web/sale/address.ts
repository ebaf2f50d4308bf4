import { isCallersId } from '../../domain/ids.js';
import type { SaleKey } from '../../domain/payment/command.js';
import { isShopId } from '../../domain/shop.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';

/** Which sale a page is of: of the shop of who is signed in, unless the address names another. */
export function saleKeyIn(c: PageContext): SaleKey {
  const saleShopId = c.req.query('shop') ?? c.get('session').shop.shopId;
  const saleId = c.req.param('saleId') ?? '';
  if (!isCallersId(saleId) || !isShopId(saleShopId)) throw new NotFound();
  return { saleShopId, saleId };
}

/** Where a sale, or a page below it, is; what more the address says comes after the shop. */
export function saleAddress(
  { saleShopId, saleId }: SaleKey,
  below: '' | '/return' = '',
  more: Readonly<Record<string, string>> = {},
): string {
  return `/sales/${encodeURIComponent(saleId)}${below}?${new URLSearchParams({ shop: saleShopId, ...more }).toString()}`;
}

/** Where a sale is taken back, in one of its currencies. */
export function returnAddress({ key, currency }: { readonly key: SaleKey; readonly currency: string }): string {
  return saleAddress(key, '/return', { currency });
}

export function paymentAddress(reference: string): string {
  return `/account-payments/${reference}`;
}

export function customerAddress(customerId: string): string {
  return `/customers/${encodeURIComponent(customerId)}`;
}

export function letGoAddress({ saleShopId, saleId }: SaleKey, holdId: string): string {
  return `/held/let-go?${new URLSearchParams({ shop: saleShopId, sale: saleId, hold: holdId }).toString()}`;
}

type NewCredit = {
  readonly receiptId: string;
  readonly customerId: string | undefined;
  readonly currency: string;
  /** As its reader writes it; empty where it is not known. */
  readonly amount: string;
};

/** Where what another tender paid becomes store credit. */
export function newCreditAddress({ customerId, ...credit }: NewCredit): string {
  const said = {
    purpose: 'store_credit',
    money: 'return',
    ...credit,
    ...(customerId !== undefined && { customerId }),
  };
  return `/account-payments/new?${new URLSearchParams(said).toString()}`;
}
