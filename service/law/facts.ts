import { findLawFacts, type LawFacts } from '../../db/law/lawFacts.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../parts.js';
import { NO_ACTOR } from '../temporal.js';

const PATIENCE_MS = 1_000;

/** Facts of the books are sure. Others are taken to be so until the books tell. */
export type Basis = 'books' | 'appearance';
export type Found = { readonly facts: LawFacts; readonly basis: Basis };

/**
 * What a law asks of a payment. While the books are away, or have it not yet, the payment itself tells, and what only
 * they know is taken to be as it looks here: it was issued when it says, under the law of the shop that asks.
 * @throws ActorsUnavailable when neither can be asked: nothing is done past the law
 */
export async function factsOf(
  parts: Parts,
  shop: Shop,
  reference: string,
  books: 'there' | 'away' = 'there',
): Promise<Found | undefined> {
  const booked = books === 'there' ? await fromBooks(parts, reference) : undefined;
  if (booked) return { facts: booked, basis: 'books' };
  const live = await parts.actors.payment(reference);
  if (live === NO_ACTOR) return undefined;
  const { jurisdiction, againstLaw, calendar } = shop;
  return { facts: { ...live, jurisdiction, againstLaw, calendar }, basis: 'appearance' };
}

async function fromBooks({ sql }: Parts, reference: string): Promise<LawFacts | undefined> {
  try {
    return await within(PATIENCE_MS, findLawFacts(sql, reference));
  } catch (error) {
    if (isRecordsOutage(error)) return undefined;
    throw error;
  }
}
