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
  return sql.begin((tx) => keep(tx as unknown as Sql, fee, nowMs));
}

/** The same after a backup that knew nothing of it. */
export async function putBackKeptFee(sql: Sql, fee: KeptFee, nowMs: number): Promise<'kept' | Refundable> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await tx`set local books.putting_back = 'on'`;
    return keep(tx, fee, nowMs);
  });
}

/** Which of these fees the books have. */
export async function keptAmong(sql: Sql, commandIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ commandId: string }[]>`
    select command_id from kept_fees where command_id = any(${[...commandIds]})`;
  return new Set(rows.map(({ commandId }) => commandId));
}

async function keep(tx: Sql, fee: KeptFee, nowMs: number): Promise<'kept' | Refundable> {
  const left = await lockReplacing(tx, { ...saleKeyOf(fee), replaces: fee.reference, nowMs });
  if ((await keptAmong(tx, [fee.commandId])).size > 0) return 'kept';
  const { refundableMinor } = await left();
  if (fee.keptMinor > refundableMinor) return { refundableMinor };
  const { by, ...row } = fee;
  const { caller, shopId, staffId = null } = by;
  await tx`insert into kept_fees ${tx({ ...row, caller, shopId, staffId })}`;
  return 'kept';
}
