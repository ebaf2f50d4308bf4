-- What was taken in and paid out, by tender, shop and day, to tick off against a till's cash-up.
create type finance.tenders_row as (
  legal_entity text, shop_id text, day date, currency text, tender text,
  taken_minor bigint, taken_in_error_minor bigint, paid_out_minor bigint, net_minor bigint,
  taken_count bigint, taken_in_error_count bigint, paid_out_count bigint);
comment on type finance.tenders_row is 'One tender of one shop on one day.';
comment on column finance.tenders_row.legal_entity is 'The legal entity of the shop.';
comment on column finance.tenders_row.shop_id is 'The shop in which the money was taken or paid out.';
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

-- Each movement that counts, under each figure that counts it.
create function finance.tenders_figures(from_day date, to_day date, legal_entity text, shop_id text)
returns table (entry finance.entries, figure text, amount_minor bigint) language sql stable as $$
  select e, counted.figure, counted.amount_minor
    from finance.entries e
    cross join lateral (values
      ('net_minor', case e.category when 'issued_paid' then e.amount_minor else -abs(e.amount_minor) end),
      (case e.category when 'issued_paid' then 'taken_minor' when 'paid_out' then 'paid_out_minor'
                       else 'taken_in_error_minor' end, abs(e.amount_minor))) counted (figure, amount_minor)
   where e.day between from_day and to_day
     and e.moved_at >= finance.earliest(from_day) and e.moved_at < finance.latest(to_day)
     and (e.category in ('issued_paid', 'paid_out') or e.category = 'issued_in_error' and e.funding = 'paid')
     and (tenders_figures.legal_entity is null or e.shop_entity = tenders_figures.legal_entity)
     and (tenders_figures.shop_id is null or e.shop_id = tenders_figures.shop_id)
$$;

create function finance.tenders(from_day date, to_day date, legal_entity text default null, shop_id text default null)
returns setof finance.tenders_row language sql stable as $$
  select (entry).shop_entity, (entry).shop_id, (entry).day, (entry).currency, (entry).tender,
         coalesce(sum(amount_minor) filter (where figure = 'taken_minor'), 0)::bigint,
         coalesce(sum(amount_minor) filter (where figure = 'taken_in_error_minor'), 0)::bigint,
         coalesce(sum(amount_minor) filter (where figure = 'paid_out_minor'), 0)::bigint,
         sum(amount_minor) filter (where figure = 'net_minor')::bigint,
         count(*) filter (where figure = 'taken_minor'),
         count(*) filter (where figure = 'taken_in_error_minor'),
         count(*) filter (where figure = 'paid_out_minor')
    from finance.tenders_figures(from_day, to_day, tenders.legal_entity, tenders.shop_id)
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
    from finance.tenders_figures(from_day, to_day, tenders_movements.legal_entity, tenders_movements.shop_id) f
    cross join lateral finance.movement(f.entry, f.amount_minor) behind
   where f.figure = tenders_movements.figure
     and jsonb_build_object('legal_entity', (f.entry).shop_entity, 'shop_id', (f.entry).shop_id, 'day', (f.entry).day,
                            'currency', (f.entry).currency, 'tender', (f.entry).tender) @> cell
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.tenders_movements is 'The movements behind one figure of finance.tenders.';

select finance.publish('tenders');
