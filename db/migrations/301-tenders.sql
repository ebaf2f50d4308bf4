-- What was taken in and paid out, by tender, shop and day, to tick off against a till's cash-up.
create type finance.tenders_row as (
  legal_entity text, shop_id text, day date, currency text, tender text,
  taken_minor bigint, taken_in_error_minor bigint, paid_out_minor bigint, net_minor bigint,
  taken_count bigint, taken_in_error_count bigint, paid_out_count bigint);
comment on type finance.tenders_row is 'One tender of one shop on one day.';
comment on column finance.tenders_row.legal_entity is 'The legal entity of the shop.';
comment on column finance.tenders_row.shop_id is 'The shop in which the money was taken or paid out; of what was in error, the one that took it.';
comment on column finance.tenders_row.day is 'The day on that shop''s calendar.';
comment on column finance.tenders_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.tenders_row.tender is 'cash, card, bank_transfer or other.';
comment on column finance.tenders_row.taken_minor is 'Taken in for payments that were issued.';
comment on column finance.tenders_row.taken_in_error_minor is 'Of payments that were paid for and then cancelled as issued in error.';
comment on column finance.tenders_row.paid_out_minor is 'Handed out, in part or on cancelling.';
comment on column finance.tenders_row.net_minor is 'Taken in, less what was in error, less what was paid out.';
comment on column finance.tenders_row.taken_count is 'How many payments were paid for.';
comment on column finance.tenders_row.taken_in_error_count is 'How many of those that were paid for were cancelled as issued in error.';
comment on column finance.tenders_row.paid_out_count is 'How many times money was handed out.';

-- The movements that count, and what each adds to the money that was taken.
create function finance.tenders_entries(from_day date, to_day date, legal_entity text, shop_id text)
returns table (entry finance.entries, entity text, shop text, category text, net_minor bigint)
language sql stable as $$
  select e, s.entity, s.shop, e.category, case e.category when 'issued_paid' then e.amount_minor else -abs(e.amount_minor) end
    from finance.entries e
    -- Whoever cancels what was issued in error hands nothing out: the money was never with the shop that issued.
    cross join lateral (
      select case e.category when 'issued_in_error' then e.home_entity else e.shop_entity end as entity,
             case e.category when 'issued_in_error' then e.home_shop_id else e.shop_id end as shop) s
   where e.day between from_day and to_day
     and (e.category in ('issued_paid', 'paid_out') or e.category = 'issued_in_error' and e.funding = 'paid')
     and (tenders_entries.legal_entity is null or s.entity = tenders_entries.legal_entity)
     and (tenders_entries.shop_id is null or s.shop = tenders_entries.shop_id)
$$;

create function finance.tenders(from_day date, to_day date, legal_entity text default null, shop_id text default null)
returns setof finance.tenders_row language sql stable as $$
  select entity, shop, (entry).day, (entry).currency, (entry).tender,
         coalesce(sum(net_minor) filter (where category = 'issued_paid'), 0)::bigint,
         coalesce(-sum(net_minor) filter (where category = 'issued_in_error'), 0)::bigint,
         coalesce(-sum(net_minor) filter (where category = 'paid_out'), 0)::bigint,
         sum(net_minor)::bigint,
         count(*) filter (where category = 'issued_paid'),
         count(*) filter (where category = 'issued_in_error'),
         count(*) filter (where category = 'paid_out')
    from finance.tenders_entries(from_day, to_day, tenders.legal_entity, tenders.shop_id)
   group by 1, 2, 3, 4, 5
   order by 1, 2, 3, 4, 5
$$;
comment on function finance.tenders is
  'Taken in and paid out by tender, shop and day, to tick off against the till''s cash-up.';

create function finance.tenders_movements(
  from_day date, to_day date, legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'net_minor')
returns setof finance.movement_row language sql stable as $$
  select behind.*
    from finance.tenders_entries(from_day, to_day, tenders_movements.legal_entity, tenders_movements.shop_id) t
    cross join lateral finance.movement(
      t.entry, case tenders_movements.figure when 'net_minor' then net_minor else abs(net_minor) end) behind
   where (tenders_movements.figure, t.category) in
         (('taken_minor', 'issued_paid'), ('taken_in_error_minor', 'issued_in_error'), ('paid_out_minor', 'paid_out'),
          ('net_minor', t.category))
     and jsonb_build_object('legal_entity', t.entity, 'shop_id', t.shop, 'day', (t.entry).day,
                            'currency', (t.entry).currency, 'tender', (t.entry).tender) @> cell
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.tenders_movements is 'The movements behind one figure of finance.tenders.';

select finance.publish('tenders');
