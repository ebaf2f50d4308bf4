import { callerOf, type Issue, type SaleKey } from '../../domain/payment/command.js';
import { factsOf } from '../../domain/payment/funding.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { productOf, type Terms } from '../../domain/payment/payment.js';
import type { CommandRecord } from '../../domain/payment/state.js';
import type { KnownToBooks } from '../../domain/payment/whose.js';
import type { Sql } from '../connect.js';

export type AccountPaymentRow = AccountPaymentView & { notes: string | null };

/**
 * Adds the row of a payment that was just issued, and moves the notes there that were left at its reservation: brought
 * again, it finds none, so that what was erased meanwhile stays erased.
 */
export async function insertAccountPayment(sql: Sql, terms: Terms, { after, revision }: CommandRecord): Promise<void> {
  await sql`insert into account_payments ${sql(newRow(terms, { after, revision }))} on conflict (reference) do nothing`;
  await sql`
    with promised as (
      select reference, notes from issue_reservations
       where reference = ${terms.reference} and notes is not null for update),
    emptied as (
      update issue_reservations r set notes = null from promised where r.reference = promised.reference)
    update account_payments p set notes = promised.notes
      from promised where p.reference = promised.reference and p.notes is null`;
}

/** The same within a larger statement, of a payment that is not there yet. */
export function addedAccountPayment(sql: Sql, terms: Terms, last: Pick<CommandRecord, 'after' | 'revision'>) {
  const { reference } = terms;
  const notes = sql`(select notes from promised)`;
  // Locked first: whoever changes the notes meanwhile has done so before, or finds the row.
  return sql`
    promised as (select reference, notes from issue_reservations where reference = ${reference} for update),
    issued as (insert into account_payments ${sql({ ...newRow(terms, last), notes: notes as unknown as string })}),
    emptied as (
      update issue_reservations r set notes = null from promised
       where r.reference = promised.reference and promised.notes is not null)`;
}

function newRow(terms: Terms, { after, revision }: Pick<CommandRecord, 'after' | 'revision'>) {
  return {
    reference: terms.reference,
    customerId: terms.customerId,
    type: terms.scope.type,
    productId: productOf(terms.scope),
    purpose: terms.purpose,
    currency: terms.currency,
    amountMinor: terms.amountMinor,
    issuedAt: terms.issuedAt,
    shopId: terms.by.shopId,
    createdBy: terms.by.caller,
    staffId: terms.by.staffId ?? null,
    taxPoint: terms.taxPoint,
    taxCode: terms.taxCode ?? null,
    ...factsOf(terms.funding),
    ...after,
    revision,
  };
}

/** Moves a row forward to what it was after `record`. A row that is as far or further stays. */
export async function advanceAccountPayment(sql: Sql, reference: string, record: CommandRecord): Promise<void> {
  await advance(sql, reference, record);
}

/** The same as a statement, or as the end of one. */
export function advance(sql: Sql, reference: string, { after, revision }: CommandRecord) {
  return sql`
    update account_payments set ${sql({ ...after, revision })}
     where reference = ${reference} and revision < ${revision}`;
}

/** A payment's view, as columns. */
export const selectView = (sql: Sql) => sql`
  reference, customer_id, type, product_id, purpose, currency, amount_minor, balance_minor, held_minor,
  case when expires_at <= now() or frozen_causes <> '{}' then 0 else balance_minor - held_minor end as available_minor,
  ended_balance_minor, status, frozen_causes, issued_at, expires_at, shop_id, created_by, staff_id, notes, funding,
  source_funding, tender, receipt_id, origin, replaces, gift_id, given_from, sale_shop_id, sale_id, tax_point, tax_code,
  revision`;

export type Selected = Omit<AccountPaymentRow, 'createdBy'> & { createdBy: string; staffId: string | null };

export async function findAccountPayment(sql: Sql, reference: string): Promise<AccountPaymentRow | undefined> {
  const [row] = await sql<Selected[]>`select ${selectView(sql)} from account_payments where reference = ${reference}`;
  return row && toRow(row);
}

export async function setNotes(
  sql: Sql,
  reference: string,
  notes: string | null,
): Promise<AccountPaymentRow | undefined> {
  const [row] = await sql<Selected[]>`
    update account_payments set notes = ${notes} where reference = ${reference} returning ${selectView(sql)}`;
  return row && toRow(row);
}

/**
 * The same of a payment whose issue may not be recorded yet: they are left at its reservation, from where the recorder
 * takes them.
 * @returns its row when it is recorded by now, and what was reserved; undefined when nothing was
 */
export async function setReservedNotes(
  sql: Sql,
  reference: string,
  notes: string | null,
): Promise<{ row: AccountPaymentRow | undefined; issue: Issue } | undefined> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    const [reserved] = await tx<{ issue: Issue }[]>`
      select issue from issue_reservations where reference = ${reference} for update`;
    if (!reserved) return undefined;
    const row = await setNotes(tx, reference, notes);
    if (!row) await tx`update issue_reservations set notes = ${notes} where reference = ${reference}`;
    return { row, ...reserved };
  });
}

/** Credit that was issued for goods of this sale that came back, and that is in no sale's sum. */
export type Credit = Pick<AccountPaymentView, 'reference' | 'customerId' | 'amountMinor' | 'currency' | 'issuedAt'>;

export async function findCredits(sql: Sql, { saleShopId, saleId }: SaleKey): Promise<Credit[]> {
  return sql<Credit[]>`
    select reference, customer_id, amount_minor, currency, issued_at from account_payments
     where shop_id = ${saleShopId} and receipt_id = ${saleId} order by issued_at, reference`;
}

/** What the books know of each of these references. */
export async function findKnown(
  sql: Sql,
  references: readonly string[],
): Promise<(KnownToBooks & { reference: string })[]> {
  return sql<(KnownToBooks & { reference: string })[]>`
    select reference, p.revision, coalesce(p.customer_id, i.issue ->> 'customerId') as customer_id,
           case when exists (select from books_compared where server = books_server())
                then 'compared' else 'not_compared' end as books
      from unnest(${[...references]}::text[]) as asked (reference)
      left join account_payments p using (reference)
      left join issue_reservations i using (reference)`;
}

/** How far each of these payments has been recorded. */
export async function recordedRevisions(
  sql: Sql,
  references: readonly string[],
): Promise<{ reference: string; revision: number }[]> {
  return sql<{ reference: string; revision: number }[]>`
    select reference, revision from account_payments where reference = any(${[...references]})`;
}

export function toRow({ createdBy, staffId, ...row }: Selected): AccountPaymentRow {
  return { ...row, createdBy: callerOf({ caller: createdBy }, staffId) };
}
