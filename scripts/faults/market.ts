import type { Random } from '../finance/random.js';

/** A payment as tills know it: whose it is and for what. What it has they are told when they ask. */
export type Known = {
  readonly reference: string;
  readonly customerId: string;
  readonly productId: string | null;
  readonly heat: 'hot' | 'cold';
  readonly expiry: 'some' | 'none';
};

/** A sale that a till began: what it has not gone on with yet. */
export type OpenSale = {
  readonly saleId: string;
  readonly customerId: string;
  readonly holdId: string;
  readonly shares: readonly Share[];
};
export type Share = { readonly reference: string; readonly amountMinor: number };
export type Use = { readonly reference: string; readonly customerId: string; readonly saleId: string } & Share;
export type SoldSale = { readonly saleId: string; readonly customerId: string };

/** What the tills know together. Each list has what came last, so that what is picked is mostly still of use. */
export type Market = {
  readonly payments: Known[];
  readonly uses: Use[];
  readonly held: OpenSale[];
  readonly sold: SoldSale[];
  readonly frozen: string[];
  /** The orders of which they know what came. */
  readonly learnt: Set<string>;
};

export function openMarket(): Market {
  return { payments: [], uses: [], held: [], sold: [], frozen: [], learnt: new Set() };
}

const LATEST = 40;

/** Every other time one of those that everybody uses, where there is one. */
export function pickPayment(random: Random, { payments }: Market): Known | undefined {
  const hot = payments.filter(({ heat }) => heat === 'hot');
  if (hot.length > 0 && random.chance(0.5)) return random.pick(hot);
  return pickLatest(random, payments);
}

export function pickLatest<Each>(random: Random, from: readonly Each[]): Each | undefined {
  return from.length === 0 ? undefined : random.pick(from.slice(-LATEST));
}

/** What is gone on with mostly happens once. */
export function takeLatest<Each>(random: Random, from: Each[]): Each | undefined {
  const picked = pickLatest(random, from);
  if (picked !== undefined && random.chance(0.8)) from.splice(from.indexOf(picked), 1);
  return picked;
}
