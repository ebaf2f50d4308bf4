import { saleKeyOf } from '../../domain/payment/command.js';
import type { KeptFee } from '../../domain/sale/return.js';
import type { Sql } from '../connect.js';
import { lockReplacing, type Refundable } from './issueReservations.js';

/**
 * Writes down a fee once, no more than the sale still has of the payment.
 * @returns what it still has when that is less
 * @throws when the books do not know yet that the payment has ended: to be tried again
 */
export async function insertKeptFee(sql: Sql, fee: KeptFee, nowMs: number): Promise<'kept' | Refundable> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    const left = await lockReplacing(tx, { ...saleKeyOf(fee), replaces: fee.reference, nowMs });
    const before = await tx`select from kept_fees where command_id = ${fee.commandId}`;
    if (before.length > 0) return 'kept';
    const { refundableMinor } = await left();
    if (fee.keptMinor > refundableMinor) return { refundableMinor };
    await tx`insert into kept_fees ${tx(fee)}`;
    return 'kept';
  });
}
