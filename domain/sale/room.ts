import { jsonBytes } from '../json.js';
import type { Sale, SaleCommand, SaleRecord } from './sale.js';

/** Temporal takes 2 MiB for one payload; what goes on beyond these is far less than the rest of that. */
const saleRoom = { spendingBytes: 1_000_000, carriedBytes: 1_700_000, batchBytes: 1_000_000 } as const;
const MOST_AT_ONCE = 20;

/**
 * Whether what a sale carries from run to run, with what waits for its books, still fits one payload after a command.
 * What lets go or gives back has room the longest.
 */
export function hasRoomFor(sale: Sale, outbox: readonly SaleRecord[], command: SaleCommand): boolean {
  const { attempt, endedHolds } = sale;
  // The sale keeps what it is told, and tells its books so, with what it then is; and once more when its hold lapses.
  const added = jsonBytes(command) + jsonBytes({ attempt: { ...attempt, lines: null }, endedHolds });
  const bytes = jsonBytes(sale) + jsonBytes(outbox) + 2 * added;
  const isSpending = command.kind === 'hold' || command.kind === 'settle';
  return bytes < (isSpending ? saleRoom.spendingBytes : saleRoom.carriedBytes);
}

/** The oldest records that travel to the books together. One by itself always fits: it is less than a sale. */
export function nextBatch(outbox: readonly SaleRecord[]): readonly SaleRecord[] {
  let bytes = 0;
  const batch = outbox.slice(0, MOST_AT_ONCE);
  const tooMuch = batch.findIndex((record) => (bytes += jsonBytes(record)) > saleRoom.batchBytes);
  return tooMuch === -1 ? batch : batch.slice(0, Math.max(1, tooMuch));
}
