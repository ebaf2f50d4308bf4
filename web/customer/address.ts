import { isCallersId } from '../../domain/ids.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';

type CustomerPage = '' | '/statement' | '/balance.svg' | '/contacts' | '/erase' | '/data.json';

/** Where a customer's pages are, with ids as shops choose them. */
export function customerPath(customerId: string, page: CustomerPage = ''): string {
  return `/customers/${encodeURIComponent(customerId)}${page}`;
}

export function paymentPath(reference: string): string {
  return `/account-payments/${reference}`;
}

/**
 * Of whom a page is asked.
 * @throws NotFound when that is no customer's id
 */
export function customerIdOf(c: PageContext): string {
  const customerId = c.req.param('customerId') ?? '';
  if (!isCallersId(customerId)) throw new NotFound();
  return customerId;
}
