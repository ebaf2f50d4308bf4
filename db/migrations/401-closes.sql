-- What a close says, and how it proves that nothing it says was changed since. docs/closing.md writes both forms down.

create table finance.closes (
  number           bigint generated always as identity primary key,
  legal_entity     text not null,
  -- Each close of an entity names the one before it.
  position         integer not null check (position >= 1),
  kind             text not null check (kind in ('day', 'month', 'reopening')),
  shop_id          text not null default '' check ((shop_id <> '') = (kind = 'day')),
  first_day        date not null,
  last_day         date not null check (last_day >= first_day),
  closed_at        timestamptz not null,
  closed_by        text not null,
  reason           text check ((reason is not null) = (kind = 'reopening') and length(reason) between 1 and 500),
  unrecorded_count integer check (unrecorded_count >= 0),
  movement_count   integer not null check (movement_count >= 0),
  late_count       integer not null check (late_count between 0 and movement_count),
  totals           jsonb not null check (jsonb_typeof(totals) = 'array'),
  rows_hash        text not null,
  previous_head    text not null,
  head             text not null unique,
  -- Asked again under it, a close or a reopening is told. It is not proven: it says nothing of the books.
  request_id       text unique check (request_id is null or kind <> 'day'),
  unique (legal_entity, position)
);
comment on column finance.closes.number is 'The order in which all closes were made.';
comment on column finance.closes.legal_entity is 'Whose books were closed.';
comment on column finance.closes.position is 'Its place among the closes of that entity.';
comment on column finance.closes.kind is 'day of a shop, month of an entity, or reopening.';
comment on column finance.closes.shop_id is 'The shop whose day it is; empty for an entity.';
comment on column finance.closes.first_day is 'The first of its days.';
comment on column finance.closes.last_day is 'The last of its days.';
comment on column finance.closes.closed_at is 'When it was made.';
comment on column finance.closes.closed_by is 'Who made it; clock for what closes by itself.';
comment on column finance.closes.reason is 'Why it was opened again.';
comment on column finance.closes.unrecorded_count is 'How many decisions, of all entities, waited to be recorded; empty when Temporal could not be asked, or did not tell in time.';
comment on column finance.closes.movement_count is 'How many movements are booked on its days.';
comment on column finance.closes.late_count is 'How many of them came after their own day had closed.';
comment on column finance.closes.totals is 'Of each currency what was received, now and ever, and what it comes to by category.';
comment on column finance.closes.rows_hash is 'The hash over the hashes of its movements, in order; of a reopening empty.';
comment on column finance.closes.previous_head is 'The head of the close before it; empty for the first.';
comment on column finance.closes.head is 'The hash of all that, which names all that was ever closed of the entity.';
comment on column finance.closes.request_id is 'The request that made it; empty when nobody sent one.';
create index closes_of_shop on finance.closes (legal_entity, shop_id, last_day desc);

create table finance.close_rows (
  number    bigint not null references finance.closes deferrable initially deferred,
  reference text not null,
  sequence  integer not null,
  hash      bytea not null check (length(hash) = 32),
  primary key (reference, sequence, number)
);
comment on column finance.close_rows.number is 'The close of a day that has the movement.';
comment on column finance.close_rows.reference is 'The account payment that moved.';
comment on column finance.close_rows.sequence is 'Its number among that payment''s movements.';
comment on column finance.close_rows.hash is 'The SHA-256 of its canonical form.';
create index close_rows_of on finance.close_rows (number);

select finance.append_only('finance.closes');
select finance.append_only('finance.close_rows');
grant insert, update (day) on finance.closed_through to account_payments_service;

-- An instant in one spelling, whatever the session's.
create function finance.utc(instant timestamptz) returns text language sql immutable parallel safe as $$
  select to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- What is proven of a movement: all that reports read of it, its payment and its command, and no word that a person wrote.
create view finance.proven as
  select m.reference, m.sequence, m.booked_on, m.shop_id, home.legal_entity as home_entity, p.currency,
         finance.category(m.kind, p.funding, c.details ->> 'disposition') as category, m.amount_minor,
         m.booked_on > (m.moved_at at time zone coalesce(shop.time_zone, home.time_zone))::date as booked_late,
         sha256(convert_to(jsonb_build_array(
           m.reference, m.sequence, m.command_id, m.kind, m.amount_minor, m.balance_before_minor, m.balance_after_minor,
           finance.utc(m.moved_at), finance.utc(m.recorded_at), m.booked_on, m.shop_id, m.tender, m.counterpart,
           m.sale_shop_id, m.sale_id, m.caller, m.staff_id,
           shop.legal_entity, shop.time_zone, home.shop_id, home.legal_entity, home.time_zone,
           p.customer_id, p.type, p.product_id, p.purpose, p.currency, p.amount_minor, finance.utc(p.issued_at),
           p.funding, p.source_funding, p.tender, p.origin, p.replaces, p.gift_id, p.given_from, p.receipt_id,
           p.sale_shop_id, p.sale_id, p.tax_point, p.tax_code, p.created_by, p.staff_id,
           c.revision, c.kind, c.outcome, finance.utc(c.decided_at), c.kept_minor, c.rules, c.parent_kind, c.parent_id,
           c.parent_command_id, c.details -> 'disposition', c.details -> 'tender', c.details -> 'lines'
         )::text, 'UTF8')) as hash
    from movements m
    left join account_payments p on p.reference = m.reference
    left join shops home on home.shop_id = p.shop_id
    left join shops shop on shop.shop_id = m.shop_id
    left join commands c on c.reference = m.reference and c.command_id = m.command_id;
comment on column finance.proven.reference is 'The account payment that moved.';
comment on column finance.proven.sequence is 'Its number among that payment''s movements.';
comment on column finance.proven.booked_on is 'The day on which it counts.';
comment on column finance.proven.shop_id is 'The shop in which it moved.';
comment on column finance.proven.home_entity is 'The legal entity that owes the balance.';
comment on column finance.proven.currency is 'ISO 4217 code of the amount beside it.';
comment on column finance.proven.category is 'What it is to finance.';
comment on column finance.proven.amount_minor is 'What it did to the balance.';
comment on column finance.proven.booked_late is 'Whether its own day was closed when the books learned of it.';
comment on column finance.proven.hash is 'The SHA-256 of its canonical form.';
grant select on finance.proven to account_payments_service;

-- Closes that count: no reopening after them has taken their days back. What is after what the position says, which is
-- proven.
create view finance.closes_in_force as
  select c.* from finance.closes c
   where c.kind <> 'reopening'
     and not exists (select from finance.closes r
                      where r.legal_entity = c.legal_entity and r.kind = 'reopening' and r.position > c.position
                        and r.first_day <= c.last_day);
do $$
declare
  described record;
begin
  for described in
    select attname, col_description(attrelid, attnum) as words from pg_attribute
     where attrelid = 'finance.closes'::regclass and attnum > 0
  loop
    execute format('comment on column finance.closes_in_force.%I is %L', described.attname, described.words);
  end loop;
end $$;
grant select on finance.closes_in_force to account_payments_service;

-- What was received in all is carried from one close to the next, and nothing that goes back lowers it.
create function finance.with_perpetual(totals jsonb, before jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_agg(
           coalesce(t.said, jsonb_build_object('currency', k.currency, 'receivedMinor', 0, 'categories', '[]'::jsonb))
           || jsonb_build_object('perpetualReceivedMinor',
                coalesce((t.said ->> 'receivedMinor')::bigint, 0)
                + coalesce((b.said ->> 'perpetualReceivedMinor')::bigint, 0))
           order by k.currency collate "C"), '[]')
    from (select said ->> 'currency' as currency from jsonb_array_elements(totals) said
          union select said ->> 'currency' from jsonb_array_elements(before) said) k
    left join jsonb_array_elements(totals) t (said) on t.said ->> 'currency' = k.currency
    left join jsonb_array_elements(before) b (said) on b.said ->> 'currency' = k.currency
$$;

create function finance.category_total(category text, amount_minor bigint) returns jsonb
language sql immutable parallel safe as $$
  select jsonb_build_object('category', category, 'amountMinor', amount_minor)
$$;

-- Puts a close, whole but for its place, at the end of the entity's chain. The caller holds the lock of its closes.
create function finance.add_close(made finance.closes) returns finance.closes language plpgsql as $$
declare
  last finance.closes;
begin
  select c.* into last from finance.closes c where c.legal_entity = made.legal_entity order by c.position desc limit 1;
  made.position := coalesce(last.position, 0) + 1;
  made.previous_head := coalesce(last.head, '');
  made.closed_at := clock_timestamp();
  made.head := encode(sha256(convert_to(jsonb_build_array(
    made.legal_entity, made.position, made.kind, made.shop_id, made.first_day, made.last_day, finance.utc(made.closed_at),
    made.closed_by, made.unrecorded_count, made.movement_count, made.late_count, made.totals, made.rows_hash,
    made.previous_head, encode(sha256(convert_to(made.reason, 'UTF8')), 'hex'))::text, 'UTF8')), 'hex');
  insert into finance.closes (legal_entity, position, kind, shop_id, first_day, last_day, closed_at, closed_by, reason,
                              unrecorded_count, movement_count, late_count, totals, rows_hash, previous_head, head,
                              request_id)
  values (made.legal_entity, made.position, made.kind, made.shop_id, made.first_day, made.last_day, made.closed_at,
          made.closed_by, made.reason, made.unrecorded_count, made.movement_count, made.late_count, made.totals,
          made.rows_hash, made.previous_head, made.head, made.request_id)
  returning number into made.number;
  return made;
end $$;

-- Writes the closes of a shop's days that nothing is booked on any more and that have none, at most so many.
create function finance.close_days(shop_id text, closed_by text, unrecorded_count integer, at_most integer)
returns setof finance.closes language plpgsql as $$
declare
  entity text := (select s.legal_entity from public.shops s where s.shop_id = close_days.shop_id);
  made finance.closes;
  before finance.closes;
  moved finance.proven[];
  last_day date;
  next_day date;
begin
  perform pg_advisory_xact_lock(hashtextextended('closes of ' || entity, 0));
  select t.day into last_day from finance.closed_through t
   where t.legal_entity = entity and t.shop_id = close_days.shop_id;
  select c.* into before from finance.closes_in_force c
   where c.legal_entity = entity and c.shop_id = close_days.shop_id order by c.last_day desc limit 1;
  next_day := coalesce(
    before.last_day + 1,
    (select least(min(m.booked_on), (s.created_at at time zone s.time_zone)::date)
       from public.shops s left join public.movements m on m.shop_id = s.shop_id
      where s.shop_id = close_days.shop_id group by s.shop_id));
  while next_day <= last_day and at_most > 0 loop
    made := null;
    made.legal_entity := entity;
    made.kind := 'day';
    made.shop_id := close_days.shop_id;
    made.first_day := next_day;
    made.last_day := next_day;
    made.closed_by := close_days.closed_by;
    made.unrecorded_count := close_days.unrecorded_count;
    select array_agg(r) into moved
      from finance.proven r where r.booked_on = next_day and r.shop_id = close_days.shop_id;
    select count(*), count(*) filter (where r.booked_late),
           encode(sha256(coalesce(string_agg(r.hash, ''::bytea order by r.reference collate "C", r.sequence), '')), 'hex')
      into made.movement_count, made.late_count, made.rows_hash
      from unnest(moved) r;
    select finance.with_perpetual(coalesce(jsonb_agg(jsonb_build_object(
             'currency', t.currency, 'receivedMinor', t.received, 'categories', t.categories)), '[]'),
             coalesce(before.totals, '[]'))
      into made.totals
      from (select c.currency, jsonb_agg(finance.category_total(c.category, c.minor) order by c.category collate "C") as categories,
                   coalesce(sum(c.minor) filter (where c.category = 'issued_paid'), 0) as received
              from (select r.currency, r.category, sum(r.amount_minor)::bigint as minor from unnest(moved) r group by 1, 2) c
             group by 1) t;
    made := finance.add_close(made);
    insert into finance.close_rows (number, reference, sequence, hash)
      select made.number, r.reference, r.sequence, r.hash from unnest(moved) r;
    return next made;
    before := made;
    next_day := next_day + 1;
    at_most := at_most - 1;
  end loop;
end $$;

-- Writes the close of a month that nothing is booked on any more. What was owed at its beginning is what the month before
-- ended with.
create function finance.close_month(
  legal_entity text, first_day date, last_day date, closed_by text, unrecorded_count integer, request_id text)
returns setof finance.closes language plpgsql as $$
declare
  made finance.closes;
  before finance.closes;
begin
  perform pg_advisory_xact_lock(hashtextextended('closes of ' || close_month.legal_entity, 0));
  select c.* into before from finance.closes_in_force c
   where c.legal_entity = close_month.legal_entity and c.kind = 'month' order by c.last_day desc limit 1;
  if before.last_day >= close_month.last_day then
    raise exception '%: % is closed', legal_entity, close_month.first_day using errcode = 'unique_violation';
  end if;
  if before.last_day + 1 <> close_month.first_day then
    raise exception '%: an earlier month is open', legal_entity;
  end if;
  if not exists (select from finance.closed_through t
                  where t.legal_entity = close_month.legal_entity and t.shop_id = '' and t.day >= close_month.last_day) then
    raise exception '%: % is booked on still', legal_entity, close_month.first_day;
  end if;
  made.legal_entity := close_month.legal_entity;
  made.kind := 'month';
  made.shop_id := '';
  made.first_day := close_month.first_day;
  made.last_day := close_month.last_day;
  made.closed_by := close_month.closed_by;
  made.unrecorded_count := close_month.unrecorded_count;
  made.request_id := close_month.request_id;
  select encode(sha256(coalesce(string_agg(r.hash, ''::bytea order by r.reference collate "C", r.sequence), '')), 'hex')
    into made.rows_hash
    from finance.proven r
   where r.booked_on between close_month.first_day and close_month.last_day
     and r.home_entity = close_month.legal_entity;
  with moved as (
    select r.currency, r.category, sum(r.amount_minor)::bigint as minor, count(*) as movements,
           count(*) filter (where r.booked_late) as late
      from finance.proven r
     where r.booked_on between close_month.first_day and close_month.last_day
       and r.home_entity = close_month.legal_entity
     group by 1, 2),
  opening as (
    select said ->> 'currency' as currency, (said ->> 'closingMinor')::bigint as minor
      from jsonb_array_elements(coalesce(before.totals, '[]')) said),
  said as (
    select k.currency, coalesce(o.minor, 0) as opening_minor, coalesce(o.minor, 0) + coalesce(m.minor, 0) as closing_minor,
           coalesce(m.categories, '[]') as categories, coalesce(m.received, 0) as received
      from (select o.currency from opening o union select m.currency from moved m) k
      left join opening o using (currency)
      left join (select m.currency, jsonb_agg(finance.category_total(m.category, m.minor) order by m.category collate "C") as categories, sum(m.minor)::bigint as minor,
                        sum(m.minor) filter (where m.category = 'issued_paid') as received
                   from moved m group by 1) m using (currency))
  select finance.with_perpetual(coalesce(jsonb_agg(jsonb_build_object(
           'currency', s.currency, 'openingMinor', s.opening_minor, 'closingMinor', s.closing_minor,
           'categories', s.categories, 'receivedMinor', s.received)), '[]'), coalesce(before.totals, '[]')),
         coalesce((select sum(m.movements) from moved m), 0), coalesce((select sum(m.late) from moved m), 0)
    into made.totals, made.movement_count, made.late_count
    from said s;
  return next finance.add_close(made);
end $$;
revoke all on function finance.utc, finance.category_total, finance.with_perpetual, finance.add_close, finance.close_days, finance.close_month
  from public;
-- A view's functions are asked for as whoever reads it.
grant execute on function finance.category, finance.utc, finance.category_total, finance.with_perpetual, finance.add_close, finance.close_days, finance.close_month
  to account_payments_service;

-- What finance's own logins read of the closes.
create type finance.closings_row as (
  legal_entity text, position integer, kind text, shop_id text, first_day date, last_day date, currency text,
  opening_minor bigint, closing_minor bigint, received_minor bigint, perpetual_received_minor bigint,
  movement_count integer, late_count integer, unrecorded_count integer, standing text, closed_at timestamptz,
  closed_by text, reason text, head text);
comment on type finance.closings_row is 'One currency of one close.';
comment on column finance.closings_row.legal_entity is 'Whose books were closed.';
comment on column finance.closings_row.position is 'Its place among the closes of that entity.';
comment on column finance.closings_row.kind is 'day of a shop, month of an entity, or reopening.';
comment on column finance.closings_row.shop_id is 'The shop whose day it is; empty for an entity.';
comment on column finance.closings_row.first_day is 'The first of its days.';
comment on column finance.closings_row.last_day is 'The last of its days.';
comment on column finance.closings_row.currency is 'ISO 4217 code of the amounts beside it; empty when nothing ever moved.';
comment on column finance.closings_row.opening_minor is 'Of a month, what was owed before it; else empty.';
comment on column finance.closings_row.closing_minor is 'Of a month, what was owed at its end; else empty.';
comment on column finance.closings_row.received_minor is 'What was received for payments that were paid for.';
comment on column finance.closings_row.perpetual_received_minor is 'All that was ever received: nothing that goes back lowers it.';
comment on column finance.closings_row.movement_count is 'How many movements it has, of all currencies.';
comment on column finance.closings_row.late_count is 'How many of them came after their own day had closed.';
comment on column finance.closings_row.unrecorded_count is 'How many decisions, of all entities, waited to be recorded; empty when Temporal could not be asked, or did not tell in time.';
comment on column finance.closings_row.standing is 'in_force, opened_again, or reopening.';
comment on column finance.closings_row.closed_at is 'When it was made.';
comment on column finance.closings_row.closed_by is 'Who made it; clock for what closes by itself.';
comment on column finance.closings_row.reason is 'Why it was opened again.';
comment on column finance.closings_row.head is 'The hash that proves it, and all before it.';

create function finance.closings(from_day date, to_day date, legal_entity text default null)
returns setof finance.closings_row language sql stable as $$
  select c.legal_entity, c.position, c.kind, c.shop_id, c.first_day, c.last_day, coalesce(said ->> 'currency', ''),
         (said ->> 'openingMinor')::bigint, (said ->> 'closingMinor')::bigint, (said ->> 'receivedMinor')::bigint,
         (said ->> 'perpetualReceivedMinor')::bigint, c.movement_count, c.late_count, c.unrecorded_count,
         case when c.kind = 'reopening' then 'reopening' when f.number is null then 'opened_again' else 'in_force' end,
         c.closed_at, c.closed_by, c.reason, c.head
    from finance.closes c
    left join finance.closes_in_force f on f.number = c.number
    left join lateral jsonb_array_elements(c.totals) said on true
   where c.first_day <= to_day and c.last_day >= from_day
     and (closings.legal_entity is null or c.legal_entity = closings.legal_entity)
   order by c.legal_entity, c.position, said ->> 'currency'
$$;
comment on function finance.closings is 'Every close of these days, with what opened it again.';
select finance.publish('closings');
