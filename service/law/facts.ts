import { findLawFacts, type LawFacts } from '../../db/law/lawFacts.js';
import { whileAway, within } from '../../db/outage.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../parts.js';
import { NO_ACTOR } from '../temporal.js';

const PATIENCE_MS = 1_000;

/** Facts of the books are sure. Others are taken to be so until the books tell. */
export type Basis = 'books' | 'appearance';
export type Found = { readonly facts: LawFacts; readonly basis: Basis };

/**
 * What a law asks of a payment: what it has and whether it goes on it tells itself, for the books may be behind it;
 * they tell when and where its money first came. While they are away, or have it not yet, that is taken to be as it
 * looks here: it was issued when it says, under the law of the shop that asks.
 * @throws ActorsUnavailable when the payment cannot be asked: nothing is done past the law
 */
export async function factsOf(
  parts: Parts,
  shop: Shop,
  reference: string,
  books: 'there' | 'away' = 'there',
): Promise<Found | undefined> {
  const booked = books === 'there' ? await fromBooks(parts, reference) : undefined;
  // Where no law counts nothing that the payment says would matter.
  if (booked?.jurisdiction === null) return { facts: booked, basis: 'books' };
  const live = await parts.actors.payment(reference);
  if (live === NO_ACTOR) return booked && { facts: booked, basis: 'books' };
  if (booked) {
    const { status, expiresAt, balanceMinor } = live;
    return { facts: { ...booked, status, expiresAt, balanceMinor }, basis: 'books' };
  }
  const { jurisdiction, againstLaw, calendar } = shop;
  return { facts: { ...live, jurisdiction, againstLaw, calendar }, basis: 'appearance' };
}

function fromBooks({ sql }: Parts, reference: string): Promise<LawFacts | undefined> {
  return within(PATIENCE_MS, findLawFacts(sql, reference)).catch(whileAway(undefined));
}
