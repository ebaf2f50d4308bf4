import { isCallersId } from '../../domain/ids.js';
import { isInTime } from '../../domain/instants.js';
import { isAmountMinor } from '../../domain/money.js';
import { types } from '../../domain/payment/command.js';
import { statuses } from '../../domain/payment/payment.js';
import { isReference } from '../../domain/reference.js';
import type { PaymentPosition, SortKey } from '../../db/payment/list.js';

/** Where the next page begins, as it stands in an address. */
export function writePosition({ value, reference }: PaymentPosition): string {
  return `${value}~${reference}`;
}

/** `undefined` for what is no position in a list that is sorted so. */
export function readPosition(text: string, by: SortKey): PaymentPosition | undefined {
  const at = text.lastIndexOf('~');
  const reference = text.slice(at + 1);
  const value = at < 0 ? undefined : valueOf(text.slice(0, at), by);
  return value !== undefined && isReference(reference) ? { value, reference } : undefined;
}

function valueOf(text: string, by: SortKey): string | number | undefined {
  const number = Number(text);
  switch (by) {
    case 'issuedAt':
      return isInstant(text) ? text : undefined;
    case 'expiresAt':
      return isInstant(text) || text === 'infinity' ? text : undefined;
    case 'amountMinor':
    case 'balanceMinor':
      return String(number) === text && (number === 0 || isAmountMinor(number)) ? number : undefined;
    case 'customerId':
    case 'customerName':
      return isCallersId(text) ? text : undefined;
    case 'reference':
      return isReference(text) ? text : undefined;
    case 'type':
      return types.find((each) => each === text);
    case 'status':
      return statuses.find((each) => each === text);
  }
}

function isInstant(text: string): boolean {
  const timeMs = Date.parse(text);
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString() === text && isInTime(text);
}
