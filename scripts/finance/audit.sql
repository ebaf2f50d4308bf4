-- For auditors: proves the closes of a copy of the books, in any program that runs SQL on PostgreSQL 13 or later, and
-- without anything of ours. It reads seven tables, changes nothing, and names each row that is not as it was when it was
-- closed. No rows: all is as it was. docs/closing.md writes down what is hashed, and why.
--
-- What it cannot know from a copy alone is whether somebody made the last closes anew, or took them and the days that
-- are shut back: compare the heads below with those that were printed, logged, or kept by Temporal.
--
--   select legal_entity, position, kind, shop_id, first_day, last_day, head from finance.closes order by 1, 2;

with
-- A movement as it is now, in one spelling.
movement as materialized (
  select m.reference, m.sequence, m.booked_on, m.recorded_at, m.shop_id, home.legal_entity as home_entity, p.currency,
         m.amount_minor, shop.shop_id is not null as has_shop,
         case when m.kind = 'issued' then
                case p.funding when 'paid' then 'issued_paid' when 'return' then 'issued_return'
                               when 'goodwill' then 'issued_goodwill' when 'replacement' then 'issued_replacement'
                               when 'gift' then 'gifted_in' end
              when m.kind = 'gifted' then 'gifted_out'
              when m.kind = 'cancelled' then c.details ->> 'disposition'
              else m.kind end as category,
         m.booked_on > (m.moved_at at time zone coalesce(shop.time_zone, home.time_zone))::date as is_late,
         sha256(convert_to(jsonb_build_array(
           m.reference, m.sequence, m.command_id, m.kind, m.amount_minor, m.balance_before_minor, m.balance_after_minor,
           to_char(m.moved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           to_char(m.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           m.booked_on, m.shop_id, m.tender, m.counterpart, m.sale_shop_id, m.sale_id, m.caller, m.staff_id,
           shop.legal_entity, shop.time_zone,
           home.shop_id, home.legal_entity, home.time_zone,
           p.customer_id, p.type, p.product_id, p.purpose, p.currency, p.amount_minor,
           to_char(p.issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           p.funding, p.source_funding, p.tender, p.origin, p.replaces, p.gift_id, p.given_from, p.receipt_id,
           p.sale_shop_id, p.sale_id, p.tax_point, p.tax_code, p.created_by, p.staff_id,
           c.revision, c.kind, c.outcome,
           to_char(c.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           c.kept_minor, c.rules, c.parent_kind, c.parent_id, c.parent_command_id,
           c.details -> 'disposition', c.details -> 'tender', c.details -> 'lines')::text, 'UTF8')) as hash
    from public.movements m
    left join public.account_payments p on p.reference = m.reference
    left join public.shops home on home.shop_id = p.shop_id
    left join public.shops shop on shop.shop_id = m.shop_id
    left join public.commands c on c.reference = m.reference and c.command_id = m.command_id),

reopening as materialized (
  select legal_entity, position, first_day, closed_at from finance.closes where kind = 'reopening'),

-- Closes that no reopening took back.
in_force as materialized (
  select c.* from finance.closes c
   where c.kind <> 'reopening'
     and not exists (select from reopening r
                      where r.legal_entity = c.legal_entity and r.position > c.position and r.first_day <= c.last_day)),

kept as materialized (
  select r.number, r.reference, r.sequence, r.hash, m.reference is not null as is_there, m.hash as hash_now, m.currency,
         m.category, m.amount_minor, m.is_late
    from finance.close_rows r left join movement m on m.reference = r.reference and m.sequence = r.sequence),

closed_shops as (select shop_id, max(last_day) as last_day from in_force where kind = 'day' group by 1),

-- What the movements of each close come to, by currency.
day_sums as (
  select number, currency, sum(minor) as minor, sum(minor) filter (where category = 'issued_paid') as received,
         jsonb_agg(jsonb_build_object('category', category, 'amountMinor', minor) order by category collate "C") as categories
    from (select number, currency, category, sum(amount_minor) as minor from kept
           where is_there and currency is not null and category is not null group by 1, 2, 3) s
   group by 1, 2),
month_sums as (
  select number, currency, sum(minor) as minor, sum(minor) filter (where category = 'issued_paid') as received,
         jsonb_agg(jsonb_build_object('category', category, 'amountMinor', minor) order by category collate "C") as categories
    from (select c.number, m.currency, m.category, sum(m.amount_minor) as minor
            from in_force c join movement m on m.home_entity = c.legal_entity and m.booked_on between c.first_day and c.last_day
           where c.kind = 'month' and m.category is not null group by 1, 2, 3) s
   group by 1, 2),
counts as (
  select k.number, count(*) filter (where k.is_there) as movements, count(*) filter (where k.is_late) as late,
         encode(sha256(string_agg(k.hash, ''::bytea order by k.reference collate "C", k.sequence)), 'hex') as rows_hash
    from kept k group by 1
  union all
  select c.number, count(*), count(*) filter (where m.is_late),
         encode(sha256(string_agg(m.hash, ''::bytea order by m.reference collate "C", m.sequence)), 'hex')
    from in_force c join movement m on m.home_entity = c.legal_entity and m.booked_on between c.first_day and c.last_day
   where c.kind = 'month' group by 1),

-- The close of the same kind, and shop, that was in force before each; and the one that it names.
chain as materialized (
  select c.*, before.totals as totals_before, last.position as last_position, last.head as last_head
    from finance.closes c
    left join lateral (
      select b.totals from finance.closes b
       where b.legal_entity = c.legal_entity and b.kind = c.kind and b.shop_id = c.shop_id and b.position < c.position
         and not exists (select from reopening r
                          where r.legal_entity = b.legal_entity and r.position > b.position and r.position < c.position
                            and r.first_day <= b.last_day)
       order by b.position desc limit 1) before on true
    left join lateral (
      select l.position, l.head from finance.closes l
       where l.legal_entity = c.legal_entity and l.position < c.position order by l.position desc limit 1) last on true),
-- Where the day until which nothing is booked any more is not the last that a close in force has.
tails as (
  select distinct legal_entity,
         case when t.day is null or t.day < w.day then 'day_open' else 'close_missing' end as difference
    from finance.closed_through t
    full join (select legal_entity, shop_id, max(last_day) as day from in_force group by 1, 2) w
      using (legal_entity, shop_id)
    left join (select distinct on (legal_entity) legal_entity, first_day - 1 as day from reopening
                order by legal_entity, position desc) r using (legal_entity)
    left join (select s.shop_id, least((s.created_at at time zone s.time_zone)::date,
                                       (select min(m.booked_on) from movement m where m.shop_id = s.shop_id)) as day
                 from public.shops s) f using (shop_id)
   where t.day is null or t.day < w.day
      or t.day > greatest(w.day, r.day) and (shop_id = '' or t.day >= f.day)
      or w.day is null and r.day is null and (shop_id = '' or t.day >= f.day)),
sums as (select * from day_sums union all select * from month_sums),
said_before as (
  select c.number, t ->> 'currency' as currency, (t ->> 'closingMinor')::bigint as closing,
         (t ->> 'perpetualReceivedMinor')::bigint as received
    from chain c cross join lateral jsonb_array_elements(c.totals_before) t),
said as (
  select number, currency, s.categories, coalesce(s.minor, 0) as minor, coalesce(b.closing, 0) as opening,
         coalesce(b.received, 0) as received_before, coalesce(s.received, 0) as received
    from sums s full join said_before b using (number, currency)),
expected as (
  select c.number, coalesce(jsonb_agg(
           jsonb_build_object('currency', s.currency, 'receivedMinor', s.received,
                              'perpetualReceivedMinor', s.received_before + s.received,
                              'categories', coalesce(s.categories, '[]'))
           || case when c.kind = 'month'
                then jsonb_build_object('openingMinor', s.opening, 'closingMinor', s.opening + s.minor) else '{}' end
           order by s.currency collate "C") filter (where s.number is not null), '[]') as totals
    from chain c left join said s on s.number = c.number group by c.number, c.kind)

select 'movement_changed' as difference, c.legal_entity, c.position, k.reference, k.sequence
  from kept k left join finance.closes c on c.number = k.number
 where k.is_there and k.hash <> k.hash_now
union all
select 'movement_missing', c.legal_entity, c.position, k.reference, k.sequence
  from kept k left join finance.closes c on c.number = k.number
 where not k.is_there
union all
-- On a day of its shop that is closed, or of no shop at all, and in no close that is in force; or in a closed month of
-- the entity that owes the payment, and certainly after that was closed.
select 'movement_added', a.legal_entity, null, a.reference, a.sequence
  from (
select s.legal_entity, m.reference, m.sequence
  from movement m left join public.shops s on s.shop_id = m.shop_id
  left join closed_shops on closed_shops.shop_id = m.shop_id
 where m.booked_on <= case when m.has_shop then closed_shops.last_day else (select max(last_day) from closed_shops) end
   and not exists (select from finance.close_rows r join in_force c on c.number = r.number
                    where r.reference = m.reference and r.sequence = m.sequence)
union
select s.legal_entity, m.reference, m.sequence
  from movement m
  join in_force month on month.kind = 'month' and month.legal_entity = m.home_entity
                     and m.booked_on between month.first_day and month.last_day
  left join public.shops s on s.shop_id = m.shop_id
 where not exists (select from finance.close_rows r where r.reference = m.reference and r.sequence = m.sequence)
   and (m.recorded_at > month.closed_at
        or exists (select from finance.closes d
                    where d.kind = 'day' and d.shop_id = m.shop_id and d.last_day >= m.booked_on
                      and not exists (select from reopening r
                                       where r.legal_entity = d.legal_entity and r.position > d.position
                                         and r.closed_at < month.closed_at and r.first_day <= d.last_day)))
) a
union all
select 'close_missing', c.legal_entity, missing, null, null
  from chain c cross join lateral generate_series(coalesce(c.last_position, 0) + 1, c.position - 1) missing
union all
select t.difference, t.legal_entity,
       case when t.difference = 'close_missing'
            then 1 + coalesce((select max(c.position) from finance.closes c where c.legal_entity = t.legal_entity), 0) end,
       null, null
  from tails t
union all
select 'close_changed', c.legal_entity, c.position, null, null
  from chain c left join counts n on n.number = c.number
 where c.head <> encode(sha256(convert_to(jsonb_build_array(
                   c.legal_entity, c.position, c.kind, c.shop_id, c.first_day, c.last_day,
                   to_char(c.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), c.closed_by,
                   c.unrecorded_count, c.movement_count, c.late_count, c.totals, c.rows_hash, c.previous_head,
                   encode(sha256(convert_to(c.reason, 'UTF8')), 'hex'))::text, 'UTF8')), 'hex')
    or coalesce(c.last_position, 0) = c.position - 1 and c.previous_head <> coalesce(c.last_head, '')
    or c.kind = 'day' and c.rows_hash <> coalesce(n.rows_hash, encode(sha256(''), 'hex'))
    or c.kind = 'reopening' and c.rows_hash <> ''
union all
select 'totals_changed', c.legal_entity, c.position, null, null
  from chain c
  join expected e on e.number = c.number
  left join counts n on n.number = c.number
 where (c.kind = 'day' or c.kind = 'month' and c.number in (select number from in_force))
   and (c.totals <> e.totals or c.movement_count <> coalesce(n.movements, 0) or c.late_count <> coalesce(n.late, 0)
        or c.kind = 'month' and c.rows_hash <> coalesce(n.rows_hash, encode(sha256(''), 'hex')))
order by 2, 3, 1, 4, 5;
