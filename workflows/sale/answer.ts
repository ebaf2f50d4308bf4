import type { Delivery } from '../../domain/payment/handle.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { viewOfHold } from '../../domain/sale/hold.js';
import { recordOfSale } from '../../domain/sale/record.js';
import type { Sale, SaleCommand, SaleRefusal } from '../../domain/sale/sale.js';
import { remembering } from '../../domain/sale/steps.js';
import { viewOfReturn, viewOfSale } from '../../domain/sale/view.js';
import type { SaleBook } from './book.js';
import type { SaleAnswer } from './messages.js';

/** Remembers what a command came to, and tells it, the books too. */
export function remember(book: SaleBook, command: SaleCommand, refusal: SaleRefusal | null): SaleAnswer {
  book.outbox.push(recordOfSale(book.sale, command, refusal, Date.now()));
  return rememberUnwritten(book, command, refusal);
}

/** The same where the books have it already, or hear of it later. */
export function rememberUnwritten(book: SaleBook, command: SaleCommand, refusal: SaleRefusal | null): SaleAnswer {
  book.sale = remembering(book.sale, command, refusal);
  return answer(book, command, refusal, 'first');
}

/** An answer that is not remembered. */
export function turnedAway(sale: Sale, code: RefusalCode): SaleAnswer {
  return { outcome: 'refused', delivery: 'first', refusal: { code, payments: [] }, sale: viewOfSale(sale) };
}

export function answer(
  { sale, previews }: SaleBook,
  { kind, commandId }: SaleCommand,
  refusal: SaleRefusal | null,
  delivery: Delivery,
): SaleAnswer {
  const view = viewOfSale(sale);
  if (refusal) return { outcome: 'refused', delivery, refusal, sale: view };
  const returned = sale.returns.find((each) => each.commandId === commandId);
  const back = returned ? viewOfReturn(returned) : (previews.get(commandId) ?? null);
  const hold = kind === 'hold' ? viewOfHold(sale, commandId) : null;
  return { outcome: 'accepted', delivery, return: back, hold, sale: view };
}
