import type { Shop } from '../../support/shop.js';

/**
 * So many payments at once, past the actors and without their movements: only lists may be read of them. Their amounts
 * are 1, 2, 3, … cents, their references ACC-20260101-00000001, …; every tenth is used, expired or cancelled.
 */
export async function addMany({ sql, shopId }: Pick<Shop, 'sql' | 'shopId'>, count: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`set local statement_timeout = 0`;
    await tx`
      insert into account_payments (
        reference, customer_id, type, product_id, purpose, currency, amount_minor, balance_minor, held_minor,
        ended_balance_minor, status, issued_at, expires_at, created_by, staff_id, notes, revision, last_sequence,
        shop_id, funding, source_funding, tender, tax_point, frozen_causes)
      select 'ACC-20260101-' || lpad(i::text, 8, '0'), 'M-' || i % (1 + ${count} / 10),
             case when i % 4 = 0 then 'product_specific' else 'generic' end, case when i % 4 = 0 then 'P-' || i % 500 end,
             'deposit', case when i % 50 = 1 then 'USD' else 'EUR' end,
             i, case when status = 'active' then i - i / 3 else 0 end,
             case when status = 'active' and i % 100 = 3 then 1 else 0 end,
             case when status in ('expired', 'cancelled') then i end, status,
             timestamptz '2026-01-01' + i * interval '1 second',
             case when i % 3 > 0 then timestamptz '2031-01-01' + i * interval '1 hour' end,
             'till-' || i % 9, case when i % 2 = 0 then 'person-' || i % 40 end,
             case when i % 5 = 0 then 'Collects number ' || i || ' in spring, as was agreed with the customer' end,
             1, 1, ${shopId}, 'paid', 'paid', 'cash', 'redemption',
             case when i % 500 = 7 then array['staff'] else '{}' end
        from generate_series(1, ${count}::integer) i,
             lateral (select case i % 10 when 8 then 'used' when 9 then 'expired' when 0 then 'cancelled' else 'active' end
                          as status) s`;
    await tx`
      insert into customers (customer_id, name, name_words)
      select 'M-' || i, 'Person Nr' || i, array_to_tsvector(array['person', 'nr' || i])
        from generate_series(0, ${count}::integer / 10) i`;
    await tx`
      insert into products (product_id, name, name_words)
      select 'P-' || i, 'Bike Nr' || i, array_to_tsvector(array['bike', 'nr' || i]) from generate_series(0, 499) i`;
    await tx`analyze account_payments, customers, products`;
  });
}
