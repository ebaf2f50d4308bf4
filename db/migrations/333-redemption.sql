-- What of each month's issues was used, by month since. Money that went on, as a gift or in place of an ended payment,
-- stays in the month in which it first came. What goes back counts against use, in whichever way it goes back.

-- The first payment of the money that is in a payment now.
create function finance.first_payments() returns table (reference text, first_reference text)
language sql stable rows 50000 as $$
  with recursive gone_on as (
    select p.reference, coalesce(p.given_from, p.replaces) as came_from from account_payments p
     where p.given_from is not null or p.replaces is not null),
  chain as (
    select g.reference, g.came_from as first_reference from gone_on g
    union all
    select c.reference, g.came_from from chain c join gone_on g on g.reference = c.first_reference)
  select p.reference, coalesce(c.first_reference, p.reference)
    from account_payments p
    left join (select ends.* from chain ends
                where not exists (select from gone_on g where g.reference = ends.first_reference)) c using (reference)
$$;

create type finance.redemption_row as (
  legal_entity text, currency text, purpose text, source_funding text, cohort date, months_since integer,
  issued_minor bigint, used_minor bigint, used_so_far_minor bigint, used_so_far_basis_points integer);
comment on type finance.redemption_row is 'What of the issues of one month was used in one month after it.';
comment on column finance.redemption_row.legal_entity is 'The legal entity that first owed it.';
comment on column finance.redemption_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.redemption_row.purpose is 'Why the payments were issued.';
comment on column finance.redemption_row.source_funding is 'How the money came.';
comment on column finance.redemption_row.cohort is 'The first day of the month of issue.';
comment on column finance.redemption_row.months_since is 'How many months after that; 0 is the month of issue.';
comment on column finance.redemption_row.issued_minor is 'All that was issued in that month, without what was issued in error.';
comment on column finance.redemption_row.used_minor is 'What of it was used in this month, less what went back.';
comment on column finance.redemption_row.used_so_far_minor is 'The same until the end of this month.';
comment on column finance.redemption_row.used_so_far_basis_points is 'That as a share of what was issued, in hundredths of a per cent.';

create function finance.redemption_figures(from_day date, to_day date, legal_entity text)
returns table (reference text, sequence integer, home_entity text, currency text, purpose text, source_funding text,
               cohort date, cohort_number bigint, months_since integer, figure text, amount_minor bigint)
language sql stable as $$
  with first_issue as (
    select e.reference, e.home_entity, e.currency, e.purpose, e.source_funding, date_trunc('month', e.day)::date as cohort,
           dense_rank() over (
             order by e.home_entity, e.currency, e.purpose, e.source_funding, date_trunc('month', e.day)) as cohort_number
      from finance.entries e
     where e.kind = 'issued' and e.category not in ('gifted_in', 'issued_replacement')
       and e.day between from_day and to_day
       and (redemption_figures.legal_entity is null or e.home_entity = redemption_figures.legal_entity)
    offset 0)
  select e.reference, e.sequence, i.home_entity, i.currency, i.purpose, i.source_funding, i.cohort,
         i.cohort_number,
         case e.figure when 'issued_minor' then 0 else
           e.month - (extract(year from i.cohort) * 12 + extract(month from i.cohort))::integer end,
         e.figure, e.amount_minor
    from first_issue i
    join finance.first_payments() f on f.first_reference = i.reference
    join (
      -- With `offset 0` the day is computed once a row, and not for each place where it is used.
      select x.reference, x.sequence,
             case when x.category in ('applied', 'refunded')
                       or x.origin = 'return' and x.category in ('issued_replacement', 'issued_in_error')
                  then 'used_minor' else 'issued_minor' end as figure,
             case when x.category in ('applied', 'refunded')
                       or x.origin = 'return' and x.category in ('issued_replacement', 'issued_in_error')
                  then -x.amount_minor else x.amount_minor end as amount_minor,
             (extract(year from x.day) * 12 + extract(month from x.day))::integer as month
        from finance.entries x
       where x.category in ('applied', 'refunded', 'issued_in_error', 'issued_paid', 'issued_return', 'issued_goodwill')
          or x.category = 'issued_replacement' and x.origin = 'return'
      offset 0) e
      on e.reference = f.reference and (e.figure = 'used_minor' or e.reference = i.reference)
$$;

create function finance.redemption(from_day date, to_day date, legal_entity text default null)
returns setof finance.redemption_row language sql stable as $$
  -- A number is grouped by faster than five names of which it is the only one.
  with month as (
    select min(f.home_entity) as home_entity, min(f.currency) as currency, min(f.purpose) as purpose,
           min(f.source_funding) as source_funding, min(f.cohort) as cohort, f.cohort_number, f.months_since,
           coalesce(sum(f.amount_minor) filter (where f.figure = 'issued_minor'), 0) as issued_minor,
           coalesce(sum(f.amount_minor) filter (where f.figure = 'used_minor'), 0) as used_minor
      from finance.redemption_figures(from_day, to_day, redemption.legal_entity) f
     group by f.cohort_number, f.months_since),
  so_far as (
    select m.*, sum(m.issued_minor) over of_cohort as of_cohort_minor,
           sum(m.used_minor) over (of_cohort order by m.months_since) as used_so_far_minor
      from month m
    window of_cohort as (partition by m.cohort_number))
  select s.home_entity, s.currency, s.purpose, s.source_funding, s.cohort, s.months_since, s.of_cohort_minor::bigint,
         s.used_minor::bigint, s.used_so_far_minor::bigint,
         (10000 * s.used_so_far_minor / nullif(s.of_cohort_minor, 0))::integer
    from so_far s
   order by 1, 2, 3, 4, 5, 6
$$;
comment on function finance.redemption is 'What of the issues of each month was used, by month since.';

create function finance.redemption_movements(
  from_day date, to_day date, legal_entity text default null, cell jsonb default '{}', figure text default 'used_minor')
returns setof finance.movement_row language sql stable as $$
  with behind as (
    select f.reference, f.sequence, f.amount_minor
      from finance.redemption_figures(from_day, to_day, redemption_movements.legal_entity) f
     where f.figure = case redemption_movements.figure when 'used_so_far_minor' then 'used_minor'
                                                       else redemption_movements.figure end
       and case when redemption_movements.figure = 'used_minor'
                then not cell ? 'months_since' or f.months_since = (cell ->> 'months_since')::integer
                when redemption_movements.figure = 'used_so_far_minor'
                then not cell ? 'months_since' or f.months_since <= (cell ->> 'months_since')::integer
                else true end
       and jsonb_build_object('legal_entity', f.home_entity, 'currency', f.currency, 'purpose', f.purpose,
                              'source_funding', f.source_funding, 'cohort', f.cohort) @> (cell - 'months_since'))
  select movement.*
    from behind b
    join finance.entries e on e.reference = b.reference and e.sequence = b.sequence
    cross join lateral finance.movement(e, b.amount_minor) movement
   order by movement.moved_at, movement.reference, movement.sequence
$$;
comment on function finance.redemption_movements is 'The movements behind one figure of finance.redemption.';
select finance.publish('redemption');

-- Few days are guessed to be of the period asked for, and then all that was used is read once for each issue of it.
alter function finance.redemption(date, date, text) set enable_nestloop = off;
alter function finance.redemption_movements(date, date, text, jsonb, text) set enable_nestloop = off;
