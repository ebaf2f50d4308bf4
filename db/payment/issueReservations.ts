import { fromView } from '../../domain/payment/afterEnd.js';
import { isOver } from '../../domain/payment/payment.js';
import { saleKeyOf, type Issue, type SaleKey } from '../../domain/payment/command.js';
import type { Sql } from '../connect.js';
import { findAccountPayment, type AccountPaymentRow } from './accountPayments.js';
import { ofSale } from '../sale/ofSale.js';
import { refundableMinor } from './refundable.js';

export type IssueReservation = {
  commandId: string;
  reference: string;
  bodyHash: string;
  issuedAt: string;
  notes: string | null;
  issue: Issue;
};

/**
 * Promises a reference to a caller's key, or returns the promise that was made to it before.
 * @throws PostgresError when another key was promised this very reference: the next try makes up another
 */
export async function reserveIssue(sql: Sql, proposed: IssueReservation): Promise<IssueReservation> {
  // A conflicting insert waits for the other transaction, so the second statement finds its row.
  const [reserved] = await sql<IssueReservation[]>`
    insert into issue_reservations ${sql(asColumns(sql, proposed))} on conflict (command_id) do nothing returning *`;
  return reserved ?? (await findReservation(sql, proposed.commandId)) ?? fail();
}

/** What a replacement gives back: to which sale, in place of which payment. */
export type Replacing = SaleKey & {
  commandId: string;
  replaces: string;
  amountMinor: number;
  keptMinor: number;
  nowMs: number;
};

/**
 * Promises a reference to a replacement, under a lock of its sale and source, so that together with what went back
 * already it never comes to more than the sale took.
 * @param propose what to issue in place of the source, which is told as it ended
 * @throws when the books do not know yet that the source has ended: to be tried again
 */
export async function reserveReplacement(
  sql: Sql,
  { commandId, amountMinor, keptMinor, nowMs, ...replacing }: Replacing,
  propose: (source: AccountPaymentRow) => IssueReservation,
): Promise<IssueReservation | Refundable> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    const left = await lockReplacing(tx, { ...replacing, nowMs });
    const before = await findReservation(tx, commandId);
    if (before) return before;
    const { source, refundableMinor } = await left();
    if (amountMinor + keptMinor > refundableMinor) return { refundableMinor };
    const row = asColumns(tx, { ...propose(source), ...replacing, amountMinor, keptMinor });
    const [reserved] = await tx<IssueReservation[]>`insert into issue_reservations ${tx(row)} returning *`;
    return reserved ?? fail();
  });
}

/** A payment that is past its time has not ended while something of it is held, as far as the books know. */
export class SourceHeld extends Error {
  override readonly name = 'SourceHeld';
}

/** As far as the books know it can still be used. They may be a moment behind. */
export class SourceNotEnded extends Error {
  override readonly name = 'SourceNotEnded';
}

/** The books do not have it, or have lost it: somebody has to bring it back. */
class SourceMissing extends Error {
  override readonly name = 'SourceMissing';
}

/** What a sale still has of a payment, replacements and fees counted. */
export type Refundable = { refundableMinor: number };

/**
 * Lets nobody else decide what goes back in place of this payment until the transaction ends.
 * @returns how to ask what it was when it ended and what the sale still has of it, which throws while the books do not
 *   know that it has ended
 */
export async function lockReplacing(
  tx: Sql,
  { replaces, nowMs, ...sale }: SaleKey & { replaces: string; nowMs: number },
): Promise<() => Promise<Refundable & { source: AccountPaymentRow }>> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`replacing ${replaces} ${sale.saleShopId} ${sale.saleId}`}, 0))`;
  return async () => {
    const source = await findAccountPayment(tx, replaces);
    if (!source) throw new SourceMissing('its source is not in the books');
    if (source.heldMinor > 0) throw new SourceHeld('something of its source is held');
    if (!isOver(fromView(source), nowMs)) throw new SourceNotEnded('its source has not ended yet');
    return { source, refundableMinor: await refundableMinor(tx, replaces, sale) };
  };
}

export async function findReservation(sql: Sql, commandId: string): Promise<IssueReservation | undefined> {
  const [row] = await sql<IssueReservation[]>`select * from issue_reservations where command_id = ${commandId}`;
  return row;
}

/** The reservation of this reference, or none: then nobody was promised such a payment. */
export async function findReservationOf(sql: Sql, reference: string): Promise<IssueReservation | undefined> {
  const [row] = await sql<IssueReservation[]>`select * from issue_reservations where reference = ${reference}`;
  return row;
}

/** What is reserved in the place of payments of this sale, and may not have been started: the books do not have it. */
export async function unrecordedReplacements(sql: Sql, sale: SaleKey): Promise<IssueReservation[]> {
  return sql<IssueReservation[]>`
    select * from issue_reservations r
     where ${ofSale(sql, sale)} and replaces is not null
       and not exists (select from account_payments p where p.reference = r.reference)`;
}

/** The issue carries what else its reservation says: its workflow keeps that when a backup of the books is put back. */
function asColumns<Row extends IssueReservation & { keptMinor?: number }>(sql: Sql, { issue, ...row }: Row) {
  const { bodyHash, keptMinor = 0 } = row;
  const promise = { bodyHash, ...(keptMinor > 0 && { keptMinor }) };
  return { ...row, issue: sql.json({ ...issue, promise }) };
}

/**
 * Puts back the promise of a payment that was issued, after a backup that knew nothing of it.
 * @returns whether it was not there
 */
export async function putBackReservation(sql: Sql, issue: Issue): Promise<boolean> {
  const { commandId, reference, issuedAt, funding, amountMinor, promise } = issue;
  const bodyHash = promise?.bodyHash ?? 'unknown';
  const returned = funding.kind === 'replacement' && funding.origin === 'return' ? funding : undefined;
  const replacing = returned && {
    ...saleKeyOf(returned),
    replaces: returned.replaces,
    amountMinor,
    keptMinor: promise?.keptMinor ?? 0,
  };
  const row = { commandId, reference, bodyHash, issuedAt, notes: null, issue, ...replacing };
  return sql.begin(async (tx) => {
    await tx`set local books.putting_back = 'on'`;
    const { count } = await tx`
      insert into issue_reservations ${tx(asColumns(tx as unknown as Sql, row))} on conflict do nothing`;
    return count === 1;
  });
}

/** Whether the key that a payment was issued under has brought another one meanwhile. */
export async function isKeyOfAnother(sql: Sql, { commandId, reference }: Issue): Promise<boolean> {
  const reserved = await findReservation(sql, commandId);
  return reserved !== undefined && reserved.reference !== reference;
}

function fail(): never {
  throw new Error('A reservation that was in the way is gone.');
}
