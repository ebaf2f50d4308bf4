-- Money that will never be asked for, as income, after ASC 606-10-55-46 to 49 and IFRS 15.B44 to B47. In proportion to
-- redemption: while a share r of what is issued is expected to stay unused, each 1 - r that is redeemed earns r. What was
-- earned so and what expires come to the same in the end, whatever the rate was. Where redemption is remote it is income
-- on expiry. Goodwill was never anybody's money, and is always told apart.

-- Payments that were issued again after they had ended, and what had ended them.
create view finance.reinstated as
  select r.reference, ended.category, ended.home_entity, ended.home_shop_id, ended.funding, ended.source_funding,
         coalesce(b.method, finance.method_unless_said(ended.purpose)) as method
    from account_payments r
    join account_payments p on p.reference = r.replaces
    join finance.entries ended on ended.reference = p.reference and ended.sequence = p.last_sequence
    left join finance.breakage_periods b
      on (b.legal_entity, b.currency, b.purpose) = (ended.home_entity, ended.currency, ended.purpose)
     and ended.day >= b.from_month and ended.day < b.until_month
   where r.origin = 'reinstatement';
comment on column finance.reinstated.reference is 'The payment that was issued anew.';
comment on column finance.reinstated.category is 'What had ended the one before: expired or forfeited.';
comment on column finance.reinstated.home_entity is 'The legal entity that owed the one before.';
comment on column finance.reinstated.home_shop_id is 'The shop that had issued the one before.';
comment on column finance.reinstated.funding is 'Where the money of the one before came from.';
comment on column finance.reinstated.source_funding is 'How that money first came.';
comment on column finance.reinstated.method is 'How breakage was counted on the day on which the one before ended.';

-- What is expected never to be used, as it changes: with movements of payments for which there is a rate, and with the
-- rate. A change without a movement stands at the payment's last one before it.
create function finance.expected_breakage(from_day date, to_day date, legal_entity text)
returns table (reference text, sequence integer, day date, home_entity text, home_shop_id text, currency text,
               purpose text, source_funding text, amount_minor bigint) language sql stable as $$
  with rated as (
    select distinct r.legal_entity, r.currency, r.purpose from finance.breakage_rates r
     where r.method = 'proportional'
       and (expected_breakage.legal_entity is null or r.legal_entity = expected_breakage.legal_entity)),
  change as (
    select e.reference, e.sequence, e.moved_at, e.day, e.home_entity, e.home_shop_id, e.currency, e.purpose,
           e.source_funding, e.amount_minor,
           case when e.kind in ('applied', 'refunded') then -e.amount_minor else 0 end as redeemed_minor
      from finance.entries e
      join rated r on (r.legal_entity, r.currency, r.purpose) = (e.home_entity, e.currency, e.purpose)
     where e.source_funding <> 'goodwill' and e.day <= to_day
    union all
    select p.reference, null, b.from_month::timestamp at time zone s.time_zone, b.from_month, s.legal_entity, s.shop_id,
           p.currency, p.purpose, p.source_funding, 0, 0
      from finance.breakage_periods b
      join rated r using (legal_entity, currency, purpose)
      join shops s using (legal_entity)
      join account_payments p on (p.shop_id, p.currency, p.purpose) = (s.shop_id, b.currency, b.purpose)
     where p.source_funding <> 'goodwill' and b.from_month <= to_day
       and p.issued_at < b.from_month::timestamp at time zone s.time_zone),
  so_far as (
    select c.*, max(c.sequence) over until_then as last_sequence, sum(c.amount_minor) over until_then as balance_minor,
           sum(c.redeemed_minor) over until_then as redeemed_until_then_minor
      from change c
    window until_then as (
      partition by c.reference order by c.day, c.moved_at, c.sequence nulls first rows unbounded preceding)),
  expected as (
    select f.*,
           case b.method when 'proportional' then least(f.balance_minor,
             greatest(f.redeemed_until_then_minor, 0) * b.rate_basis_points / (10000 - b.rate_basis_points))
           else 0 end::bigint as expected_minor
      from so_far f
      left join finance.breakage_periods b
        on (b.legal_entity, b.currency, b.purpose) = (f.home_entity, f.currency, f.purpose)
       and f.day >= b.from_month and f.day < b.until_month),
  changed as (
    select x.*, x.expected_minor - lag(x.expected_minor, 1, 0::bigint) over (
             partition by x.reference order by x.day, x.moved_at, x.sequence nulls first) as by_minor
      from expected x)
  select reference, last_sequence, day, home_entity, home_shop_id, currency, purpose, source_funding, by_minor
    from changed
   where by_minor <> 0 and day between from_day and to_day
$$;

create type finance.breakage_row as (
  legal_entity text, month date, currency text, purpose text, source_funding text, method text,
  rate_basis_points integer, expired_minor bigint, reinstated_minor bigint, expected_minor bigint,
  breakage_minor bigint, left_out_minor bigint);
comment on type finance.breakage_row is 'Breakage of one purpose and funding in one month.';
comment on column finance.breakage_row.legal_entity is 'The legal entity that owed the money.';
comment on column finance.breakage_row.month is 'The first day of the month.';
comment on column finance.breakage_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.breakage_row.purpose is 'Why the payments were issued.';
comment on column finance.breakage_row.source_funding is 'How the money first came; goodwill was given free.';
comment on column finance.breakage_row.method is 'How breakage is counted in that month: proportional, remote or left_out.';
comment on column finance.breakage_row.rate_basis_points is 'Of what is issued, how much is expected never to be used, in hundredths of a per cent.';
comment on column finance.breakage_row.expired_minor is 'What expired and became the shop''s own.';
comment on column finance.breakage_row.reinstated_minor is 'Of such, what was issued anew and is owed again, negative.';
comment on column finance.breakage_row.expected_minor is 'By how much that grew which is expected never to be used of what is still owed.';
comment on column finance.breakage_row.breakage_minor is 'Breakage of the month: expired, reinstated and expected together.';
comment on column finance.breakage_row.left_out_minor is 'What expired and is still owed, to the customer or to a state, less what was reinstated.';

create function finance.breakage_figures(from_day date, to_day date, legal_entity text)
returns table (reference text, sequence integer, day date, home_entity text, currency text, purpose text,
               source_funding text, figure text, amount_minor bigint) language sql stable as $$
  with counted as (
    select x.reference, x.sequence, x.day, x.home_entity, x.currency, x.purpose, x.source_funding, 'expected_minor' as figure,
           x.amount_minor
      from finance.expected_breakage(from_day, to_day, breakage_figures.legal_entity) x
    union all
    select e.reference, e.sequence, e.day, e.home_entity, e.currency, e.purpose, e.source_funding,
           case when e.source_funding <> 'goodwill'
                     and coalesce(b.method, finance.method_unless_said(e.purpose)) = 'left_out'
                then 'left_out_minor' else 'expired_minor' end,
           -e.amount_minor
      from finance.entries e
      left join finance.breakage_periods b
        on (b.legal_entity, b.currency, b.purpose) = (e.home_entity, e.currency, e.purpose)
       and e.day >= b.from_month and e.day < b.until_month
     where e.kind = 'expired' and e.day between from_day and to_day
    union all
    select e.reference, e.sequence, e.day, r.home_entity, e.currency, e.purpose, e.source_funding,
           case when e.source_funding <> 'goodwill' and r.method = 'left_out'
                then 'left_out_minor' else 'reinstated_minor' end,
           -e.amount_minor
      from finance.reinstated r
      join finance.entries e on e.reference = r.reference
     where r.category = 'expired' and e.category in ('issued_replacement', 'issued_in_error')
       and e.day between from_day and to_day)
  select c.reference, c.sequence, c.day, c.home_entity, c.currency, c.purpose, c.source_funding, f.figure, c.amount_minor
    from counted c
    cross join lateral (values (c.figure), (case when c.figure <> 'left_out_minor' then 'breakage_minor' end)) f (figure)
   where f.figure is not null
     and (breakage_figures.legal_entity is null or c.home_entity = breakage_figures.legal_entity)
$$;

create function finance.breakage(from_day date, to_day date, legal_entity text default null)
returns setof finance.breakage_row language sql stable as $$
  with month as (
    select f.home_entity, date_trunc('month', f.day)::date as month, f.currency, f.purpose, f.source_funding,
           coalesce(sum(f.amount_minor) filter (where figure = 'expired_minor'), 0)::bigint as expired_minor,
           coalesce(sum(f.amount_minor) filter (where figure = 'reinstated_minor'), 0)::bigint as reinstated_minor,
           coalesce(sum(f.amount_minor) filter (where figure = 'expected_minor'), 0)::bigint as expected_minor,
           coalesce(sum(f.amount_minor) filter (where figure = 'breakage_minor'), 0)::bigint as breakage_minor,
           coalesce(sum(f.amount_minor) filter (where figure = 'left_out_minor'), 0)::bigint as left_out_minor
      from finance.breakage_figures(from_day, to_day, breakage.legal_entity) f
     group by 1, 2, 3, 4, 5)
  select m.home_entity, m.month, m.currency, m.purpose, m.source_funding,
         coalesce(b.method, finance.method_unless_said(m.purpose)), b.rate_basis_points, m.expired_minor,
         m.reinstated_minor, m.expected_minor, m.breakage_minor, m.left_out_minor
    from month m
    left join finance.breakage_periods b
      on (b.legal_entity, b.currency, b.purpose) = (m.home_entity, m.currency, m.purpose)
     and m.month >= b.from_month and m.month < b.until_month
   order by 1, 2, 3, 4, 5
$$;
comment on function finance.breakage is
  'What will never be asked for, as income of each month, in proportion to redemption or on expiry.';

create function finance.breakage_movements(
  from_day date, to_day date, legal_entity text default null, cell jsonb default '{}',
  figure text default 'breakage_minor')
returns setof finance.movement_row language sql stable as $$
  with behind as (
    select f.reference, f.sequence, sum(f.amount_minor)::bigint as amount_minor
      from finance.breakage_figures(from_day, to_day, breakage_movements.legal_entity) f
     where f.figure = breakage_movements.figure
       and jsonb_build_object('legal_entity', f.home_entity, 'month', date_trunc('month', f.day)::date,
                              'currency', f.currency, 'purpose', f.purpose, 'source_funding', f.source_funding) @> cell
     group by 1, 2)
  select movement.*
    from behind b
    join finance.entries e on e.reference = b.reference and e.sequence = b.sequence
    cross join lateral finance.movement(e, b.amount_minor) movement
   where b.amount_minor <> 0
   order by movement.moved_at, movement.reference, movement.sequence
$$;
comment on function finance.breakage_movements is 'The movements behind one figure of finance.breakage.';

select finance.publish('breakage');
