-- What is owed for a product until it is collected, and what will soon end unused.

-- An end that was moved later is told by the extension, so that an old day is told as it was.
create index commands_extending on commands (reference, revision) where kind = 'extend';

-- Payments that owe something at the end of a day, with the last day on which each was good then; none for ever.
create function finance.ending_on(as_of date, legal_entity text, shop_id text)
returns table (reference text, home_entity text, home_shop_id text, customer_id text, currency text, type text,
               product_id text, purpose text, source_funding text, last_day date, balance_minor bigint)
language sql stable as $$
  select o.reference, f.home_entity, f.home_shop_id, p.customer_id, p.currency, p.type, coalesce(p.product_id, ''),
         p.purpose, p.source_funding,
         ((case when later.reference is null then p.expires_at else later.expires_at end - interval '1 millisecond')
          at time zone f.home_time_zone)::date, o.balance_minor
    from finance.owed_on(as_of) o
    join finance.payments f using (reference)
    join account_payments p using (reference)
    left join lateral (
      select c.reference, (c.details ->> 'expiresAtBefore')::timestamptz as expires_at
        from commands c
       where c.reference = o.reference and c.kind = 'extend' and c.outcome = 'accepted'
         and c.booked_on > as_of
       order by c.revision limit 1) later on true
   where (ending_on.legal_entity is null or f.home_entity = ending_on.legal_entity)
     and (ending_on.shop_id is null or f.home_shop_id = ending_on.shop_id)
$$;

create type finance.layaways_row as (
  legal_entity text, shop_id text, product_id text, currency text, up_to_30_days_minor bigint,
  up_to_90_days_minor bigint, up_to_180_days_minor bigint, up_to_365_days_minor bigint, over_365_days_minor bigint,
  without_end_minor bigint, balance_minor bigint, payment_count bigint);
comment on type finance.layaways_row is 'What was left for one product, by the days to its end.';
comment on column finance.layaways_row.legal_entity is 'The legal entity that owes it.';
comment on column finance.layaways_row.shop_id is 'The shop that issued the payments.';
comment on column finance.layaways_row.product_id is 'The product that they are for.';
comment on column finance.layaways_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.layaways_row.up_to_30_days_minor is 'Good for 30 more days at most.';
comment on column finance.layaways_row.up_to_90_days_minor is 'Good for 31 to 90 more days.';
comment on column finance.layaways_row.up_to_180_days_minor is 'Good for 91 to 180 more days.';
comment on column finance.layaways_row.up_to_365_days_minor is 'Good for 181 to 365 more days.';
comment on column finance.layaways_row.over_365_days_minor is 'Good for more than 365 more days.';
comment on column finance.layaways_row.without_end_minor is 'Good for ever.';
comment on column finance.layaways_row.balance_minor is 'All that was left for the product.';
comment on column finance.layaways_row.payment_count is 'How many payments it is.';

create function finance.layaways_figures(as_of date, legal_entity text, shop_id text)
returns table (reference text, home_entity text, home_shop_id text, product_id text, currency text, figure text,
               balance_minor bigint) language sql stable as $$
  select x.reference, x.home_entity, x.home_shop_id, x.product_id, x.currency,
         case when x.last_day is null then 'without_end_minor' else finance.age_figure(x.last_day - as_of) end,
         x.balance_minor
    from finance.ending_on(as_of, layaways_figures.legal_entity, layaways_figures.shop_id) x
   where x.type = 'product_specific'
$$;

create function finance.layaways(as_of date, legal_entity text default null, shop_id text default null)
returns setof finance.layaways_row language sql stable as $$
  select f.home_entity, f.home_shop_id, f.product_id, f.currency,
         coalesce(sum(f.balance_minor) filter (where f.figure = 'up_to_30_days_minor'), 0)::bigint,
         coalesce(sum(f.balance_minor) filter (where f.figure = 'up_to_90_days_minor'), 0)::bigint,
         coalesce(sum(f.balance_minor) filter (where f.figure = 'up_to_180_days_minor'), 0)::bigint,
         coalesce(sum(f.balance_minor) filter (where f.figure = 'up_to_365_days_minor'), 0)::bigint,
         coalesce(sum(f.balance_minor) filter (where f.figure = 'over_365_days_minor'), 0)::bigint,
         coalesce(sum(f.balance_minor) filter (where f.figure = 'without_end_minor'), 0)::bigint,
         sum(f.balance_minor)::bigint, count(*)
    from finance.layaways_figures(as_of, layaways.legal_entity, layaways.shop_id) f
   group by 1, 2, 3, 4
   order by 1, 2, 3, 4
$$;
comment on function finance.layaways is 'What was left for each product at the end of a day, by the days to its end.';

create function finance.layaways_movements(
  as_of date, legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'balance_minor')
returns setof finance.movement_row language sql stable as $$
  select movement.*
    from finance.layaways_figures(as_of, layaways_movements.legal_entity, layaways_movements.shop_id) f
    join finance.entries e on e.reference = f.reference and e.day <= as_of
    cross join lateral finance.movement(e, e.amount_minor) movement
   where layaways_movements.figure in (f.figure, 'balance_minor')
     and jsonb_build_object('legal_entity', f.home_entity, 'shop_id', f.home_shop_id, 'product_id', f.product_id,
                            'currency', f.currency) @> cell
   order by movement.moved_at, movement.reference, movement.sequence
$$;
comment on function finance.layaways_movements is 'The movements behind one figure of finance.layaways.';
select finance.publish('layaways');

create type finance.expiring_row as (
  legal_entity text, shop_id text, reference text, currency text, customer_id text, type text, product_id text,
  purpose text, source_funding text, last_day date, days_left integer, balance_minor bigint);
comment on type finance.expiring_row is 'A payment that will soon end with something left.';
comment on column finance.expiring_row.legal_entity is 'The legal entity that owes it.';
comment on column finance.expiring_row.shop_id is 'The shop that issued it.';
comment on column finance.expiring_row.reference is 'The account payment.';
comment on column finance.expiring_row.currency is 'ISO 4217 code of the amount beside it.';
comment on column finance.expiring_row.customer_id is 'Whose it is.';
comment on column finance.expiring_row.type is 'generic or product_specific.';
comment on column finance.expiring_row.product_id is 'The product that it is good for; empty when any.';
comment on column finance.expiring_row.purpose is 'Why it was issued.';
comment on column finance.expiring_row.source_funding is 'How the money first came.';
comment on column finance.expiring_row.last_day is 'The last day on which it is good, on the calendar of its shop.';
comment on column finance.expiring_row.days_left is 'How many days that is later; 0 on that day itself.';
comment on column finance.expiring_row.balance_minor is 'What it has left.';

create function finance.expiring(
  as_of date, within_days integer default 30, legal_entity text default null, shop_id text default null)
returns setof finance.expiring_row language sql stable as $$
  select x.home_entity, x.home_shop_id, x.reference, x.currency, x.customer_id, x.type, x.product_id, x.purpose,
         x.source_funding, x.last_day, x.last_day - as_of, x.balance_minor
    from finance.ending_on(as_of, expiring.legal_entity, expiring.shop_id) x
   where x.last_day <= as_of + within_days
   order by x.last_day, x.reference
$$;
comment on function finance.expiring is 'Payments that end within so many days with something left, the soonest first.';

create function finance.expiring_movements(
  as_of date, within_days integer default 30, legal_entity text default null, shop_id text default null,
  cell jsonb default '{}', figure text default 'balance_minor')
returns setof finance.movement_row language sql stable as $$
  select movement.*
    from finance.expiring(as_of, within_days, expiring_movements.legal_entity, expiring_movements.shop_id) x
    join finance.entries e on e.reference = x.reference and e.day <= as_of
    cross join lateral finance.movement(e, e.amount_minor) movement
   where expiring_movements.figure = 'balance_minor'
     and jsonb_build_object('legal_entity', x.legal_entity, 'shop_id', x.shop_id, 'reference', x.reference,
                            'currency', x.currency) @> cell
   order by movement.moved_at, movement.reference, movement.sequence
$$;
comment on function finance.expiring_movements is 'The movements behind one figure of finance.expiring.';
select finance.publish('expiring');
