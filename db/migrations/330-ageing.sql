-- How old what is owed is: since it was issued, and since it was last used for a purchase. What was never used counts
-- from its issue there too. What counts as of a day is what was booked by then; how old it is, its own days tell.

-- What each payment has at the end of a day, of which nothing is told when it has nothing.
create function finance.owed_on(as_of date)
returns table (reference text, balance_minor bigint, last_use integer) language sql stable rows 10000 as $$
  select e.reference, sum(e.amount_minor)::bigint, max(e.sequence) filter (where e.kind = 'applied')
    from finance.entries e
   where e.day <= as_of
   group by e.reference
  having sum(e.amount_minor) > 0
$$;

create function finance.age_figure(days integer) returns text language sql immutable parallel safe as $$
  select case when days <= 30 then 'up_to_30_days_minor' when days <= 90 then 'up_to_90_days_minor'
              when days <= 180 then 'up_to_180_days_minor' when days <= 365 then 'up_to_365_days_minor'
              else 'over_365_days_minor' end
$$;

create type finance.ageing_row as (
  legal_entity text, shop_id text, currency text, purpose text, source_funding text, since text,
  up_to_30_days_minor bigint, up_to_90_days_minor bigint, up_to_180_days_minor bigint, up_to_365_days_minor bigint,
  over_365_days_minor bigint, balance_minor bigint, payment_count bigint);
comment on type finance.ageing_row is 'What is owed of one kind, by its age.';
comment on column finance.ageing_row.legal_entity is 'The legal entity that owes it.';
comment on column finance.ageing_row.shop_id is 'The shop that issued the payments.';
comment on column finance.ageing_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.ageing_row.purpose is 'Why the payments were issued.';
comment on column finance.ageing_row.source_funding is 'How the money first came.';
comment on column finance.ageing_row.since is 'From when the age counts: issue, or last_use.';
comment on column finance.ageing_row.up_to_30_days_minor is '0 to 30 days old.';
comment on column finance.ageing_row.up_to_90_days_minor is '31 to 90 days old.';
comment on column finance.ageing_row.up_to_180_days_minor is '91 to 180 days old.';
comment on column finance.ageing_row.up_to_365_days_minor is '181 to 365 days old.';
comment on column finance.ageing_row.over_365_days_minor is 'More than 365 days old.';
comment on column finance.ageing_row.balance_minor is 'All that is owed, whatever its age.';
comment on column finance.ageing_row.payment_count is 'How many payments owe it.';

create function finance.aged(as_of date, legal_entity text, shop_id text)
returns table (reference text, home_entity text, home_shop_id text, currency text, purpose text, source_funding text,
               since text, figure text, balance_minor bigint) language sql stable as $$
  select o.reference, p.home_entity, p.home_shop_id, p.currency, p.purpose, p.source_funding, s.since,
         finance.age_figure(as_of - (s.instant at time zone s.time_zone)::date), o.balance_minor
    from finance.owed_on(as_of) o
    join finance.payments p using (reference)
    left join movements u on (u.reference, u.sequence) = (o.reference, o.last_use)
    left join shops there on there.shop_id = u.shop_id
    cross join lateral (
      values ('issue', p.issued_at, p.home_time_zone),
             ('last_use', coalesce(u.moved_at, p.issued_at), coalesce(there.time_zone, p.home_time_zone)))
           s (since, instant, time_zone)
   where (aged.legal_entity is null or p.home_entity = aged.legal_entity)
     and (aged.shop_id is null or p.home_shop_id = aged.shop_id)
$$;

create function finance.ageing(as_of date, legal_entity text default null, shop_id text default null)
returns setof finance.ageing_row language sql stable as $$
  select a.home_entity, a.home_shop_id, a.currency, a.purpose, a.source_funding, a.since,
         coalesce(sum(a.balance_minor) filter (where a.figure = 'up_to_30_days_minor'), 0)::bigint,
         coalesce(sum(a.balance_minor) filter (where a.figure = 'up_to_90_days_minor'), 0)::bigint,
         coalesce(sum(a.balance_minor) filter (where a.figure = 'up_to_180_days_minor'), 0)::bigint,
         coalesce(sum(a.balance_minor) filter (where a.figure = 'up_to_365_days_minor'), 0)::bigint,
         coalesce(sum(a.balance_minor) filter (where a.figure = 'over_365_days_minor'), 0)::bigint,
         sum(a.balance_minor)::bigint, count(*)
    from finance.aged(as_of, ageing.legal_entity, ageing.shop_id) a
   group by 1, 2, 3, 4, 5, 6
   order by 1, 2, 3, 4, 5, 6
$$;
comment on function finance.ageing is 'How old what is owed at the end of a day is, since issue and since last use.';

create function finance.ageing_movements(
  as_of date, legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'balance_minor')
returns setof finance.movement_row language sql stable as $$
  select movement.*
    from finance.aged(as_of, ageing_movements.legal_entity, ageing_movements.shop_id) a
    join finance.entries e on e.reference = a.reference and e.day <= as_of
    cross join lateral finance.movement(e, e.amount_minor) movement
   where ageing_movements.figure in (a.figure, 'balance_minor')
     and jsonb_build_object('legal_entity', a.home_entity, 'shop_id', a.home_shop_id, 'currency', a.currency,
                            'purpose', a.purpose, 'source_funding', a.source_funding, 'since', a.since) @> cell
   order by movement.moved_at, movement.reference, movement.sequence
$$;
comment on function finance.ageing_movements is 'The movements behind one figure of finance.ageing.';

select finance.publish('ageing');
