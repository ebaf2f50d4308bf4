import {
  categoryOf,
  createRowsHash,
  hashOf,
  utcOf,
  type Difference,
  type DifferenceKind,
  type Proven,
} from '../../domain/finance/proof.js';
import type { Head } from '../../domain/finance/closing.js';
import type { Sql } from '../connect.js';
import { latestHeads } from './closes.js';
import { differenceOf, verifyChains, type CloseRow, type Found } from './verifyChains.js';
import { verifyTails } from './verifyTails.js';

/**
 * Proves every close from the rows as they are now, and names each that was changed, added or taken away since.
 * @returns nothing when all is as it was closed
 */
export async function verifyCloses(sql: Sql, known: Known = {}): Promise<Difference[]> {
  return (await proveCloses(sql, known)).differences;
}

/** What differs, and the newest head of each entity, which that proves when it is nothing. */
export type Proof = { readonly differences: Difference[]; readonly heads: Head[] };

/** The same, with the heads that the books had when they were looked at. */
export async function proveCloses(sql: Sql, known: Known = {}): Promise<Proof> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    // However many movements there are, nobody waits for this.
    await tx`select set_config('statement_timeout', '0', true)`;
    const snapshot = tx as unknown as Sql;
    return { differences: await verifyIn(snapshot, known), heads: await latestHeads(snapshot) };
  });
}

/** What is known of closes elsewhere: a head that some close is said to have, and those that Temporal kept. */
type Known = { readonly head?: string | undefined; readonly kept?: readonly Head[] };

/** The same in a transaction, which sees one state of the books. */
export async function verifyIn(tx: Sql, { head, kept = [] }: Known = {}): Promise<Difference[]> {
  const closes = await readCloses(tx);
  const days = new Map<number, Day>();
  const rows = [...(await verifyRows(tx, closes, days)), ...(await findAdded(tx))];
  const months = await readMonths(tx);
  const chains = verifyChains(closes, { days, months, rowsHashOf: (number) => days.get(number)?.hash.hex() });
  const isUnknown = head !== undefined && !closes.some((close) => close.head === head);
  const tails = await verifyTails(tx);
  const heads = new Set(closes.map((close) => `${close.legalEntity} ${close.position} ${close.head}`));
  const gone = kept.filter((each) => !heads.has(`${each.legalEntity} ${each.position} ${each.head}`));
  const missing = gone.map((each) => differenceOf('close_missing', each));
  return [...rows, ...chains, ...tails, ...missing, ...(isUnknown ? [differenceOf('head_unknown')] : [])];
}

type Day = Found & { readonly hash: ReturnType<typeof createRowsHash> };

const nothing = (): Found => ({ sums: new Map(), movements: 0, late: 0 });

function add({ sums }: Found, currency: string | null, category: string | null, minor: number): void {
  if (currency === null || category === null) return;
  const categories = sums.get(currency) ?? new Map<string, number>();
  sums.set(currency, categories.set(category, (categories.get(category) ?? 0) + minor));
}

/** Of each entity in the order of its chain. */
async function readCloses(sql: Sql): Promise<CloseRow[]> {
  return sql<CloseRow[]>`
    select number, legal_entity, position, kind, shop_id, first_day::text as first_day, last_day::text as last_day,
           (extract(epoch from closed_at) * 1000000)::bigint as closed_at_micros, closed_by, unrecorded_count,
           movement_count, late_count, totals, totals::text as totals_text, rows_hash, previous_head, head,
           encode(sha256(convert_to(reason, 'UTF8')), 'hex') as reason_hash
      from finance.closes order by legal_entity collate "C", position`;
}

async function verifyRows(sql: Sql, closes: readonly CloseRow[], days: Map<number, Day>): Promise<Difference[]> {
  const found: Difference[] = [];
  const byNumber = new Map(closes.map((close) => [close.number, close]));
  for await (const rows of readRows(sql).cursor(2_000)) {
    for (const row of rows) {
      const close = byNumber.get(row.number);
      const name = (kind: DifferenceKind) => found.push(differenceOf(kind, close, row.reference, row.sequence));
      const day = days.get(row.number) ?? { ...nothing(), hash: createRowsHash() };
      days.set(row.number, day);
      day.hash.add(row.hash);
      if (row.kind === null) {
        name('movement_missing');
        continue;
      }
      if (Buffer.compare(row.hash, hashOf(provenOf(row))) !== 0) name('movement_changed');
      day.movements += 1;
      if (row.bookedLate) day.late += 1;
      const category = categoryOf(row.kind, row.funding, row.disposition);
      add(day, row.currency, category, row.amountMinor ?? 0);
    }
  }
  return found;
}

type RowFound = {
  readonly number: number;
  readonly reference: string;
  readonly sequence: number;
  readonly hash: Uint8Array;
  /** Null when the movement is gone. */
  readonly kind: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly funding: string | null;
  readonly disposition: string | null;
  readonly bookedLate: boolean | null;
} & Readonly<Record<string, unknown>>;

/** All closed movements, each with what is proven of it, in the order of their hashes. */
function readRows(sql: Sql) {
  const micros = (column: string) => sql`(extract(epoch from ${sql(column)}) * 1000000)::bigint`;
  return sql<RowFound[]>`
    select r.number, r.reference, r.sequence, r.hash, m.command_id, m.kind, m.amount_minor, m.balance_before_minor,
           m.balance_after_minor, ${micros('m.moved_at')} as moved_at, ${micros('m.recorded_at')} as recorded_at,
           m.booked_on::text as booked_on, m.shop_id, m.tender, m.counterpart, m.sale_shop_id, m.sale_id, m.caller,
           m.staff_id, shop.legal_entity as shop_entity, shop.time_zone as shop_time_zone, home.shop_id as home_shop_id,
           home.legal_entity as home_entity, home.time_zone as home_time_zone, p.customer_id, p.type, p.product_id,
           p.purpose, p.currency, p.amount_minor as issued_minor, ${micros('p.issued_at')} as issued_at, p.funding,
           p.source_funding, p.tender as paid_by, p.origin, p.replaces, p.gift_id, p.given_from, p.receipt_id,
           p.sale_shop_id as replaced_sale_shop_id, p.sale_id as replaced_sale_id, p.tax_point, p.tax_code,
           p.created_by, p.staff_id as issuer, c.revision, c.kind as command_kind, c.outcome, ${micros('c.decided_at')} as decided_at,
           c.kept_minor, c.rules, c.parent_kind, c.parent_id, c.parent_command_id,
           c.details ->> 'disposition' as disposition, c.details ->> 'tender' as paid_out_by, (c.details -> 'lines')::text as lines,
           m.booked_on > (m.moved_at at time zone coalesce(shop.time_zone, home.time_zone))::date as booked_late
      from finance.close_rows r
      left join movements m on m.reference = r.reference and m.sequence = r.sequence
      left join account_payments p on p.reference = m.reference
      left join shops home on home.shop_id = p.shop_id
      left join shops shop on shop.shop_id = m.shop_id
      left join commands c on c.reference = m.reference and c.command_id = m.command_id
     order by r.number, r.reference collate "C", r.sequence`;
}

const instants = new Set(['movedAt', 'recordedAt', 'issuedAt', 'decidedAt']);
/** In the order of the canonical form. */
const provenFields = [
  ...[
    'reference',
    'sequence',
    'commandId',
    'kind',
    'amountMinor',
    'balanceBeforeMinor',
    'balanceAfterMinor',
    'movedAt',
  ],
  ...['recordedAt', 'bookedOn', 'shopId', 'tender', 'counterpart', 'saleShopId', 'saleId', 'caller', 'staffId'],
  ...['shopEntity', 'shopTimeZone', 'homeShopId', 'homeEntity', 'homeTimeZone', 'customerId', 'type', 'productId'],
  ...['purpose', 'currency', 'issuedMinor', 'issuedAt', 'funding', 'sourceFunding', 'paidBy', 'origin', 'replaces'],
  ...['giftId', 'givenFrom', 'receiptId', 'replacedSaleShopId', 'replacedSaleId', 'taxPoint', 'taxCode', 'createdBy'],
  ...['issuer', 'revision', 'commandKind', 'outcome', 'decidedAt', 'keptMinor', 'rules', 'parentKind', 'parentId'],
  ...['parentCommandId', 'disposition', 'paidOutBy', 'lines'],
];

function provenOf(row: RowFound): Proven[] {
  return provenFields.map((field) => {
    const value = row[field] as string | number | null;
    if (value === null) return null;
    if (field === 'lines') return { json: String(value) };
    return instants.has(field) ? utcOf(Number(value)) : value;
  });
}

/**
 * Movements that stand on days of a shop that are closed, or of no shop at all, and that no close in force has; and
 * those in a closed month of the entity that owes their payment, of which it is certain that they came after it.
 */
async function findAdded(sql: Sql): Promise<Difference[]> {
  const rows = await sql<{ legalEntity: string | null; reference: string; sequence: number }[]>`
    with closed as (
      select shop_id, max(last_day) as last_day from finance.closes_in_force where kind = 'day' group by 1)
    select s.legal_entity, m.reference collate "C" as reference, m.sequence
      from movements m
      left join shops s on s.shop_id = m.shop_id
      left join closed on closed.shop_id = m.shop_id
     where m.booked_on <= case when s.shop_id is null then (select max(last_day) from closed) else closed.last_day end
       and not exists (select from finance.close_rows r join finance.closes_in_force c on c.number = r.number
                        where r.reference = m.reference and r.sequence = m.sequence)
    union
    select s.legal_entity, m.reference collate "C", m.sequence
      from movements m
      join account_payments p on p.reference = m.reference
      join shops home on home.shop_id = p.shop_id
      join finance.closes_in_force month on month.kind = 'month' and month.legal_entity = home.legal_entity
                                        and m.booked_on between month.first_day and month.last_day
      left join shops s on s.shop_id = m.shop_id
     where not exists (select from finance.close_rows r where r.reference = m.reference and r.sequence = m.sequence)
       and (m.recorded_at > month.closed_at
            -- Its shop has closed that day and, if at all, opened it again after the month was closed.
            or exists (select from finance.closes d
                        where d.kind = 'day' and d.shop_id = m.shop_id and d.last_day >= m.booked_on
                          and not exists (select from finance.closes r
                                           where r.legal_entity = d.legal_entity and r.kind = 'reopening'
                                             and r.position > d.position and r.closed_at < month.closed_at
                                             and r.first_day <= d.last_day)))
     order by 2, 3`;
  return rows.map(({ legalEntity, reference, sequence }) => ({
    difference: 'movement_added',
    legalEntity,
    position: null,
    reference,
    sequence,
  }));
}

/** What the movements of each entity's months come to now. */
async function readMonths(sql: Sql): Promise<Map<string, Found>> {
  const months = new Map<string, Found>();
  const rows = await sql<
    { at: string; currency: string; category: string | null; minor: number; movements: number; late: number }[]
  >`
    select to_char(e.day, 'YYYY-MM') || ' ' || e.home_entity as at, e.currency, e.category,
           sum(e.amount_minor)::bigint as minor, count(*) as movements, count(*) filter (where e.booked_late) as late
      from finance.entries e
     where e.day <= (select max(last_day) from finance.closes where kind = 'month') and e.home_entity is not null
     group by 1, 2, 3`;
  for (const { at, currency, category, minor, movements, late } of rows) {
    const month = months.get(at) ?? nothing();
    months.set(at, month);
    add(month, currency, category, minor);
    month.movements += movements;
    month.late += late;
  }
  const hashes = await sql<{ at: string; rowsHash: string }[]>`
    select to_char(r.booked_on, 'YYYY-MM') || ' ' || r.home_entity as at,
           encode(sha256(string_agg(r.hash, ''::bytea order by r.reference collate "C", r.sequence)), 'hex') as rows_hash
      from finance.proven r
     where r.booked_on <= (select max(last_day) from finance.closes where kind = 'month') and r.home_entity is not null
     group by 1`;
  for (const { at, rowsHash } of hashes) months.set(at, { ...(months.get(at) ?? nothing()), rowsHash });
  return months;
}
