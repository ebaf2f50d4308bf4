import type { BookedCommand, BookedMovement, BookedPayment, BookedRow } from '../../domain/reconciliation/booked.js';
import type { Sql } from '../connect.js';

type Of<Row> = Row & { readonly reference: string };

/** All that the books have of these payments, as of one moment. What they do not have is not in it. */
export async function bookedPayments(sql: Sql, references: readonly string[]): Promise<Map<string, BookedPayment>> {
  const asked = [...references];
  const [rows, movements, commands] = await sql.begin('isolation level repeatable read read only', (tx) =>
    Promise.all([
      tx<Of<BookedRow>[]>`
        select reference, status, balance_minor, held_minor, ended_balance_minor, expires_at, frozen_causes, revision,
               last_sequence
          from account_payments where reference = any(${asked})`,
      tx<Of<BookedMovement>[]>`
        select reference, sequence, kind, amount_minor, balance_before_minor, balance_after_minor, command_id,
               sale_shop_id, sale_id, counterpart, tender, caller, staff_id, shop_id,
               moved_at
          from movements where reference = any(${asked}) order by reference, sequence`,
      tx<Of<BookedCommand>[]>`
        select reference, command_id, revision, kind, body_hash, outcome, caller, staff_id, shop_id, decided_at,
               sale_shop_id, sale_id, kept_minor, details
          from commands where reference = any(${asked}) order by reference, revision`,
    ]),
  );
  const movementsOf = byReference(movements);
  const commandsOf = byReference(commands);
  return new Map(
    rows.map(({ reference, ...row }) => [
      reference,
      { row, movements: movementsOf.get(reference) ?? [], commands: commandsOf.get(reference) ?? [] },
    ]),
  );
}

function byReference<Row>(rows: readonly Of<Row>[]): Map<string, Omit<Of<Row>, 'reference'>[]> {
  const found = new Map<string, Omit<Of<Row>, 'reference'>[]>();
  for (const { reference, ...row } of rows) {
    const others = found.get(reference);
    if (others) others.push(row);
    else found.set(reference, [row]);
  }
  return found;
}
