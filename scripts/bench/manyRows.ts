import type { Sql } from '../../db/connect.js';
import { MAIN_SHOP } from '../mainShop.js';

/** How much there is. Every fourth customer has four payments, and one has all these usages. */
export type Many = { readonly payments: number; readonly usagesOfOne: number };

export const BUSY_CUSTOMER = 'C-BUSY';
/** A payment of theirs. */
export const BUSY_PAYMENT = 'ACC-20240101-BVSY0000';
const BUSY_PAYMENTS = 100;

/**
 * Fills empty books with payments as a shop has them after some years, to look at what lists and searches cost. Made by
 * Postgres itself, past the triggers, which the books' owner alone can do: a hundred thousand a few seconds.
 */
export async function fillBooks(sql: Sql, many: Many): Promise<void> {
  await fillUnseen(sql, many);
  // No transaction can do that, and it may take its time.
  const session = await sql.reserve();
  await session`set statement_timeout = 0`;
  await session`vacuum analyze`;
  await session`reset statement_timeout`;
  session.release();
}

/** The same, and Postgres has not looked yet at how much there is, as in the first minutes of a shop. */
export async function fillUnseen(sql: Sql, { payments, usagesOfOne }: Many): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`set local statement_timeout = 0`;
    await tx`
      insert into customers (customer_id, name, name_words, phone, email)
      select 'C-' || n, name, array_to_tsvector(string_to_array(lower(name), ' ')), '+49 30 ' || 1000000 + n,
             'c' || n || '@shop.example'
        from (select n, (array['Anna','Bela','Carla','Dario','Emma','Farid','Greta','Hugo','Ines','Jonas'])[1 + (hashtext('name' || n) & 1023) % 10]
                        || ' ' || (array['Meier','Schmidt','Yilmaz','Novak','Rossi','Larsen','Kowalski'])[1 + n % 7]
                        || ' ' || substr(md5('name' || n), 1, 5) as name
                from generate_series(1, ${payments}::int) n) made`;
    await tx`
      insert into products (product_id, name, name_words)
      select 'BIKE-' || n, 'Bike ' || n, array_to_tsvector(array['bike', n::text]) from generate_series(1, 500) n`;
    await tx`
      insert into account_payments (
        reference, customer_id, type, product_id, purpose, currency, amount_minor, balance_minor, held_minor,
        ended_balance_minor, status, issued_at, expires_at, created_by, staff_id, notes, revision, last_sequence,
        shop_id,
        funding, source_funding, tender, receipt_id, tax_point, frozen_causes)
      select reference, customer_id, case when product_id is null then 'generic' else 'product_specific' end, product_id,
             (array['deposit','prepayment','deposit','gift'])[1 + n % 4], case when n % 10 = 0 then 'CHF' else 'EUR' end,
             amount_minor, balance_minor, case when n % 1000 = 1 then balance_minor / 2 else 0 end,
             case when status in ('expired', 'cancelled') then amount_minor end, status, issued_at,
             case when n % 3 > 0 then issued_at + interval '4 years' end, 'till-' || n % 8, 'cashier-' || n % 40, notes,
             2 + usages, 2 + usages, ${MAIN_SHOP}, 'paid', 'paid', 'card', null, 'redemption',
             case when n % 500 = 1 then array['staff'] else '{}' end
        from ${made(tx as unknown as Sql, payments, usagesOfOne)}`;
    await tx`
      insert into movements (
        reference, sequence, command_id, kind, amount_minor, balance_before_minor, balance_after_minor, sale_shop_id,
        sale_id, caller, shop_id, moved_at, booked_on, recorded_at)
      select reference, 1, md5(reference || 1), 'issued', amount_minor, 0, amount_minor, null, null, 'till-1',
             ${MAIN_SHOP}, issued_at, issued_at::date, issued_at
        from account_payments
      union all
      select p.reference, s, md5(p.reference || s), m.kind, m.moved, amount_minor - (s - 2),
             amount_minor - (s - 2) + m.moved,
             case when m.kind = 'applied' then ${MAIN_SHOP} end,
             case when m.kind = 'applied' then 'S-' || abs(hashtext(p.reference || s)) % 100000 end, 'till-1',
             ${MAIN_SHOP}, moved_at, moved_at::date, moved_at
        from account_payments p
       cross join generate_series(2, p.last_sequence) s
       cross join lateral (select issued_at + s * interval '1 hour' as moved_at) at
       cross join lateral (
         select case when status in ('expired', 'cancelled') then status else 'applied' end as kind,
                case when s = p.last_sequence then balance_minor - (amount_minor - (s - 2)) else -1 end as moved) m`;
    await tx`
      insert into commands (
        reference, command_id, revision, kind, body_hash, outcome, caller, decided_at, details, sale_id, sale_shop_id,
        shop_id, rules, booked_on, recorded_at)
      select reference, command_id, sequence,
             case kind when 'issued' then 'issue' when 'applied' then 'apply' when 'expired' then 'expire' else 'cancel' end,
             'hash', 'accepted', caller, moved_at,
             case kind when 'cancelled' then '{"disposition": "paid_out", "tender": "cash"}' else '{}' end::jsonb, sale_id,
             sale_shop_id, shop_id, 1, booked_on, recorded_at
        from movements`;
  });
}

/** Three of ten are active, half are used, the others have expired or were cancelled; all have notes. */
function made(sql: Sql, payments: number, usagesOfOne: number) {
  const sign = (at: number) => sql`substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(hash, ${at}::int) % 32, 1)`;
  const signs = [0, 1, 2, 3, 4, 5, 6, 7].map(sign).reduce((all, each) => sql`${all} || ${each}`);
  return sql`(
    select n, 100000 + n % 50000 as amount_minor, status, issued_at, usages, customer_id,
           case status when 'active' then 50000 else 0 end as balance_minor,
           case when n % 5 = 0 then 'BIKE-' || 1 + n % 500 end as product_id,
           'Keeps ' || (array['a blue bike','the red one','a tent','two lamps','this coat'])[1 + n % 5] || ' until '
             || to_char(issued_at + interval '90 days', 'DD Month') || ', asked for ' || substr(md5('note' || n), 1, 8)
             || '; call before ' || n % 24 || ' o''clock' as notes,
           case when n = 1 then ${BUSY_PAYMENT}
                else 'ACC-' || to_char(issued_at, 'YYYYMMDD') || '-' || ${signs}
           end as reference
      from (select n, decode(md5('reference' || n), 'hex') as hash,
                   timestamptz '2023-01-01' + n * (interval '1000 days' / ${payments}::int) as issued_at,
                   case when n <= ${BUSY_PAYMENTS} then ${usagesOfOne}::int / ${BUSY_PAYMENTS} - 1 else 0 end as usages,
                   case when n <= ${BUSY_PAYMENTS} then ${BUSY_CUSTOMER}
                        else 'C-' || 1 + n % ${Math.ceil(payments / 4)}::int end as customer_id,
                   case when n % 10 in (1, 2, 3) or n <= ${BUSY_PAYMENTS} then 'active' when n % 10 < 8 then 'used'
                        when n % 10 = 8 then 'expired' else 'cancelled' end as status
              from generate_series(1, ${payments}::int) n) counted) made`;
}
