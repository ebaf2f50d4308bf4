import type { Refused } from '../../service/refused.js';
import type { SaleNotFound } from '../../service/sale/command.js';
import type { Reader } from '../http/reader.js';

/** What a refusal of a sale says to whoever stands at the counter: why, how much would do, and which payment it was. */
export function refusalTold(
  { texts, formats }: Reader,
  result: Pick<Refused, 'code' | 'shown'> | SaleNotFound,
  currency: string,
): string {
  const { refundableMinor, payments = [] } = 'shown' in result ? result.shown : {};
  const left =
    refundableMinor === undefined ? [] : [texts.returning.stillLeft(formats.money(refundableMinor, currency))];
  const which = payments.map(({ reference, code }) => `${reference}: ${texts.refusals[code]}`);
  return [...(which.length > 0 ? which : [texts.refusals[result.code]]), ...left].join(' ');
}
