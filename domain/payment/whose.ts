import { nobodysReference } from '../reference.js';

/** What the books know of a reference. */
export type KnownToBooks = {
  /** How far they were brought; null when they do not have the payment. */
  readonly revision: number | null;
  /** Whose it is, in them or as it was reserved. */
  readonly customerId: string | null;
  /** Whether every payment that there is was promised in them. Those that were put back have lost such promises. */
  readonly books: 'compared' | 'not_compared';
};

/**
 * Where a command for this reference goes: to nobody when the payment is not whose it is said to be, and when nobody
 * was ever promised it, for then whatever answers to that name was started by hand.
 */
export function addressOf(
  reference: string,
  { customerId, books }: KnownToBooks,
  command: { readonly customerId?: string | undefined } | object,
): string {
  const isSaid = 'customerId' in command && command.customerId !== undefined;
  const isNobodys = customerId === null ? books === 'compared' : isSaid && command.customerId !== customerId;
  return isNobodys ? nobodysReference(reference) : reference;
}
