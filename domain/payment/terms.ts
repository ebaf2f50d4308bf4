/** A sale, of a shop: receipt numbers repeat between shops. */
export type SaleKey = { readonly saleShopId: string; readonly saleId: string };

export const purposes = ['deposit', 'store_credit', 'prepayment', 'gift'] as const;
export type Purpose = (typeof purposes)[number];

export function saleKeyOf({ saleShopId, saleId }: SaleKey): SaleKey {
  return { saleShopId, saleId };
}

export function isSameSale(one: SaleKey, other: SaleKey): boolean {
  return one.saleId === other.saleId && one.saleShopId === other.saleShopId;
}

/** How money was taken or handed out. */
export const tenders = ['cash', 'card', 'bank_transfer', 'other'] as const;
export type Tender = (typeof tenders)[number];

export const types = ['generic', 'product_specific'] as const;

/** Which purchases a payment is good for. */
export type Scope = { readonly type: 'generic' } | { readonly type: 'product_specific'; readonly productId: string };

export function scopeOf(type: Scope['type'], productId: string | null | undefined): Scope {
  return type === 'product_specific' && productId != null ? { type, productId } : { type: 'generic' };
}

/** Whether a payment of this type has to name a product, or must not. */
export function misfitOf({ type, productId }: { type: Scope['type']; productId?: string | undefined }) {
  if (type === 'product_specific') return productId === undefined ? 'product_id_required' : undefined;
  return productId === undefined ? undefined : 'product_id_not_allowed';
}
