import type { Order, Try } from './history.js';

/** What one answer means to the till that hears it. */
export type Heard =
  /** It is done, and this is what came of it. */
  | 'done'
  /** It was refused for good. */
  | 'refused'
  /** It was not done; sent again it may be. */
  | 'not_now'
  /** Taken, to be done. */
  | 'sent'
  /** Nothing has changed. */
  | 'nothing'
  | 'unknown';

/** Refusals that no payment or sale remembers, as the promises list them. */
const DECIDED_ANEW: readonly string[] = [
  'payment_not_found',
  'sale_not_found',
  'gift_not_found',
  'command_id_reused',
  'payment_worn_out',
  'sale_completing',
  'books_behind',
  'books_differ',
];

export function heardOf({ call }: Pick<Order, 'call'>, { status, body }: Try): Heard {
  if (status === 202) return 'sent';
  if (status >= 200 && status < 300) return 'done';
  if (status === 503 || status === 429 || status === 401) return 'nothing';
  if (status === 0 || status >= 500) return 'unknown';
  if (status === 400 || call === 'issue') return 'not_now';
  return DECIDED_ANEW.includes(String(body['code'])) ? 'not_now' : 'refused';
}

/** The one answer that an order has: what it was told when it was done, or refused for good. */
export function finalOf(order: Order): Try | undefined {
  return order.tries.find((each) => ['done', 'refused'].includes(heardOf(order, each)));
}

export function isDone(order: Order): boolean {
  return order.tries.some((each) => heardOf(order, each) === 'done');
}

/** Whether nobody knows yet what became of it. */
export function isOpen(order: Order): boolean {
  if (finalOf(order)) return false;
  const last = order.tries.at(-1);
  const heard = last && heardOf(order, last);
  if (heard === 'not_now') return false;
  return order.tries.some((each) => ['unknown', 'sent'].includes(heardOf(order, each)));
}
