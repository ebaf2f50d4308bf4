import { MAX_ADDRESS_LENGTH, ownPath } from './ownPath.js';

/** The part of an address, and the field, that says from which sale at the till somebody came. */
export const BACK = 'back';

/** An address that leads on from the till, with a way back unless that makes it longer than one may be. */
export function leadingBack(address: string, till: string): string {
  const both = `${address}&${BACK}=${encodeURIComponent(till)}`;
  return both.length > MAX_ADDRESS_LENGTH ? address : both;
}

/** The sale at the till to go back to, where one is named; nothing else is gone back to. */
export function tillIn(back: string | undefined): string | undefined {
  const path = ownPath(back);
  return path.startsWith('/till?') ? path : undefined;
}

/** The same sale, for this customer where none was chosen yet. */
export function tillFor(customerId: string, till: string): string {
  const [path = '', query = ''] = till.split('?');
  const params = new URLSearchParams(query);
  if (!params.has('customerId')) params.set('customerId', customerId);
  // What was told there was of something else.
  params.delete('told');
  return `${path}?${params.toString()}`;
}
