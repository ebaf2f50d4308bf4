import { noteSlip } from '../../db/payment/slips.js';
import type { Parts } from '../parts.js';

/** Shows the first slip of a payment, once by each address; the answer says by which it may be shown on other paper. */
export function showSlip({ sql }: Pick<Parts, 'sql'>, reference: string, before: number): Promise<number | undefined> {
  return noteSlip(sql, reference, before);
}
