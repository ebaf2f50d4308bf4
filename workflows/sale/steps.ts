import { derivedId, type By } from '../../domain/payment/command.js';
import type { SaleCommand, SaleRefusal } from '../../domain/sale/sale.js';
import { recordOfSale } from '../../domain/sale/record.js';
import { needsNoHold } from '../../domain/sale/settle.js';
import type { Heard } from './begin.js';
import { started, type SaleBook } from './book.js';
import { capture } from './capture.js';
import { applyAtOnce, hold, replace } from './hold.js';
import { letGo } from './release.js';
import { giveBack } from './return.js';

/**
 * Carries out a command that was accepted; of a settlement, as far as it is decided. Returns `null`, or why it came to
 * nothing.
 *
 * @param heard of its payments already
 */
export async function carryOut(
  book: SaleBook,
  command: SaleCommand,
  heard: Heard | undefined,
): Promise<SaleRefusal | null> {
  switch (command.kind) {
    case 'hold':
      return command.replaces === undefined ? hold(book, command, heard) : replace(book, command);
    case 'settle':
      return needsNoHold(command) ? applyAtOnce(book, command, heard) : hold(book, command, heard);
    case 'capture':
      return capture(book, command, command.payments ?? heldShares(book), command.heldUntil);
    case 'release':
      return letGo(book, command, 'released');
    case 'return':
      return giveBack(book, command);
  }
}

/** Lets go of what the till did not come back for. The books are told, as of a release that somebody asked for. */
export async function lapse(book: SaleBook): Promise<void> {
  const { commandId: holdId } = started(book.sale).attempt;
  const command = { kind: 'release', commandId: derivedId(holdId, 'lapse'), by: clockOf(book), holdId } as const;
  await letGo(book, command, 'lapsed');
  book.outbox.push(recordOfSale(book.sale, command, null, Date.now()));
}

function clockOf({ sale }: SaleBook): By {
  return { caller: 'clock', shopId: sale.saleShopId };
}

function heldShares({ sale }: SaleBook) {
  return started(sale).attempt.sources.map(({ reference, heldMinor }) => ({ reference, amountMinor: heldMinor }));
}
