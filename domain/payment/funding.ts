import type { Purpose, SaleKey, Scope, Tender } from './terms.js';

/** Where money came from when it was first left with the shop. */
export const firstFundings = ['paid', 'return', 'goodwill'] as const;
export type FirstFunding = (typeof firstFundings)[number];

export const fundingKinds = [...firstFundings, 'gift', 'replacement'] as const;
export type FundingKind = (typeof fundingKinds)[number];

/** Why a payment was issued in place of an ended one. */
export const replacementOrigins = ['return', 'reinstatement', 'reissue'] as const;
export type ReplacementOrigin = (typeof replacementOrigins)[number];

/** When the tax falls due. */
export const taxPoints = ['issue', 'redemption'] as const;
export type TaxPoint = (typeof taxPoints)[number];

/**
 * Where a payment's money came from. A gift and a replacement go on with money that was there before, and say how that
 * had come. Only a replacement that a return issued is in a sale's sum; `receiptId` names the sale of goods that were
 * paid for otherwise.
 */
export type Funding =
  | { readonly kind: 'paid'; readonly tender: Tender }
  | { readonly kind: 'return'; readonly receiptId?: string | undefined }
  | { readonly kind: 'goodwill' }
  | { readonly kind: 'gift'; readonly source: FirstFunding; readonly giftId: string; readonly givenFrom: string }
  | ({ readonly kind: 'replacement'; readonly source: FirstFunding; readonly replaces: string } & (
      ({ readonly origin: 'return' } & SaleKey) | { readonly origin: 'reinstatement' | 'reissue' }
    ));

/** The same as the books have it, a column each. */
export type FundingFacts = {
  funding: FundingKind;
  /** How the money first came, whatever became of it since. */
  sourceFunding: FirstFunding;
  tender: Tender | null;
  receiptId: string | null;
  origin: ReplacementOrigin | null;
  /** The reference of the ended payment that this one replaces. */
  replaces: string | null;
  /** The gift through which it came, and the payment that gave. */
  giftId: string | null;
  givenFrom: string | null;
  saleShopId: string | null;
  saleId: string | null;
};

export function sourceOf(funding: Funding): FirstFunding {
  return 'source' in funding ? funding.source : funding.kind;
}

export function factsOf(funding: Funding): FundingFacts {
  const isOfReturn = funding.kind === 'replacement' && funding.origin === 'return';
  return {
    funding: funding.kind,
    sourceFunding: sourceOf(funding),
    tender: funding.kind === 'paid' ? funding.tender : null,
    receiptId: funding.kind === 'return' ? (funding.receiptId ?? null) : null,
    origin: funding.kind === 'replacement' ? funding.origin : null,
    replaces: funding.kind === 'replacement' ? funding.replaces : null,
    giftId: funding.kind === 'gift' ? funding.giftId : null,
    givenFrom: funding.kind === 'gift' ? funding.givenFrom : null,
    saleShopId: isOfReturn ? funding.saleShopId : null,
    saleId: isOfReturn ? funding.saleId : null,
  };
}

/** @throws Error when the facts do not belong together, which the books do not allow */
export function fundingFrom(facts: FundingFacts): Funding {
  const { sourceFunding: source, tender, receiptId, origin, replaces, giftId, givenFrom, saleShopId, saleId } = facts;
  switch (facts.funding) {
    case 'paid':
      if (tender !== null) return { kind: 'paid', tender };
      break;
    case 'return':
      return { kind: 'return', ...(receiptId !== null && { receiptId }) };
    case 'goodwill':
      return { kind: 'goodwill' };
    case 'gift':
      if (giftId !== null && givenFrom !== null) return { kind: 'gift', source, giftId, givenFrom };
      break;
    case 'replacement':
      if (replaces === null || origin === null) break;
      if (origin !== 'return') return { kind: 'replacement', source, replaces, origin };
      if (saleShopId !== null && saleId !== null)
        return { kind: 'replacement', source, replaces, origin, saleShopId, saleId };
  }
  throw new Error(`facts of a ${facts.funding} payment that do not belong together`);
}

/** The payment on the other side of an issue, and the sale that it belongs to. */
export function otherSideOf(funding: Funding): { counterpart?: string } & Partial<SaleKey> {
  switch (funding.kind) {
    case 'paid':
    case 'return':
    case 'goodwill':
      return {};
    case 'gift':
      return { counterpart: funding.givenFrom };
    case 'replacement': {
      const counterpart = funding.replaces;
      if (funding.origin !== 'return') return { counterpart };
      return { counterpart, saleShopId: funding.saleShopId, saleId: funding.saleId };
    }
  }
}

/** What somebody says of the money when it is issued. */
export type FundingSaid = {
  readonly funding?: FirstFunding | undefined;
  readonly tender?: Tender | undefined;
  readonly receiptId?: string | undefined;
};

/** Unless it is said: store credit is for what came back, all else was paid, nobody knows how. */
export function fundingOf(purpose: Purpose, said: FundingSaid): Funding {
  switch (kindOf(purpose, said)) {
    case 'paid':
      return { kind: 'paid', tender: said.tender ?? 'other' };
    case 'return':
      return { kind: 'return', ...(said.receiptId !== undefined && { receiptId: said.receiptId }) };
    case 'goodwill':
      return { kind: 'goodwill' };
  }
}

/** Whether a tender or a receipt is said of money that has none. */
export function misfitOfFunding(purpose: Purpose, said: FundingSaid) {
  const kind = kindOf(purpose, said);
  if (said.tender !== undefined && kind !== 'paid') return 'tender_not_allowed';
  return said.receiptId !== undefined && kind !== 'return' ? 'receipt_id_not_allowed' : undefined;
}

function kindOf(purpose: Purpose, { funding }: FundingSaid): FirstFunding {
  return funding ?? (purpose === 'store_credit' ? 'return' : 'paid');
}

/** Unless it is said: what a deposit is for is known when it is issued, and taxed then. */
export function taxPointOf({ scope, purpose }: { readonly scope: Scope; readonly purpose: Purpose }): TaxPoint {
  return scope.type === 'product_specific' && purpose === 'deposit' ? 'issue' : 'redemption';
}
