-- Closing: what was booked on days that are over is settled, and whatever reaches the books later is booked on the first
-- day that is open. A day of a shop closes by itself, a month of an entity when finance says so.

-- Until which day nothing is booked any more: of a shop, and, where no shop is named, of all its entity owes or does.
create table finance.closed_through (
  legal_entity text not null,
  shop_id      text not null default '',
  day          date not null,
  primary key (legal_entity, shop_id)
);
comment on column finance.closed_through.legal_entity is 'Whose days they are.';
comment on column finance.closed_through.shop_id is 'Of which shop; empty for the months of the entity.';
comment on column finance.closed_through.day is 'The last day that is closed.';
grant select on finance.closed_through to account_payments_service;

-- The day on which a row is booked. Whoever books takes a lock of the entity shared, and whoever closes takes it alone:
-- nothing is booked on a day while it closes. Its own day is that of the shop in which it happened; closed to it are the
-- days of that shop, the months of its entity, and those of the entity that owes the payment, whose balances it changes.
create function finance.booked_on(reference text, shop_id text, is_issue boolean, happened_at timestamptz) returns date
language plpgsql volatile as $$
declare
  here public.shops;
  home public.shops;
  last_closed date;
begin
  -- Small statements, each with a plan that is kept: recording waits for this.
  select s.* into here from public.shops s where s.shop_id = booked_on.shop_id;
  home := here;
  if not is_issue then
    select s.* into home from public.shops s
     where s.shop_id = coalesce(
       (select p.shop_id from public.account_payments p where p.reference = booked_on.reference),
       -- What was issued in the same batch may not be there yet.
       (select r.issue -> 'by' ->> 'shopId' from public.issue_reservations r
         where r.reference = booked_on.reference));
  end if;
  -- In one order, so that no two wait for each other.
  perform pg_advisory_xact_lock_shared(
    hashtextextended('books of ' || least(here.legal_entity, home.legal_entity), 0));
  if here.legal_entity <> home.legal_entity then
    perform pg_advisory_xact_lock_shared(
      hashtextextended('books of ' || greatest(here.legal_entity, home.legal_entity), 0));
  end if;
  -- A statement of its own: it sees what was closed while this one waited.
  select max(c.day) into last_closed from finance.closed_through c
   where c.legal_entity in (here.legal_entity, home.legal_entity) and c.shop_id in (booked_on.shop_id, '');
  return greatest((happened_at at time zone coalesce(here.time_zone, home.time_zone, 'UTC'))::date, last_closed + 1);
end $$;
revoke all on function finance.booked_on from public;
grant execute on function finance.booked_on to account_payments_service;

-- When the books learned of it is said under the same lock, so that what was recorded before a close is in it.
create function finance.book_movement() returns trigger language plpgsql as $$
begin
  new.booked_on := finance.booked_on(new.reference, new.shop_id, new.kind = 'issued', new.moved_at);
  new.recorded_at := coalesce(new.recorded_at, clock_timestamp());
  return new;
end $$;
create function finance.book_command() returns trigger language plpgsql as $$
begin
  new.booked_on := finance.booked_on(new.reference, new.shop_id, new.kind = 'issue', new.decided_at);
  new.recorded_at := coalesce(new.recorded_at, clock_timestamp());
  return new;
end $$;
create function finance.book_reservation() returns trigger language plpgsql as $$
begin
  new.booked_on := finance.booked_on(new.replaces, new.issue -> 'by' ->> 'shopId', false, new.issued_at);
  return new;
end $$;
create function finance.book_kept_fee() returns trigger language plpgsql as $$
begin
  new.booked_on := finance.booked_on(new.reference, new.shop_id, false, new.recorded_at);
  return new;
end $$;

-- The lines of a sale tell of its tax on days that are open when the books learn of them, in every shop where it moved
-- something, and of no day that is closed.
create function finance.book_lines() returns trigger language plpgsql as $$
declare
  places text[];
begin
  select array_agg(place.shop_id) into places
    from (select new.sale_shop_id as shop_id union select new.shop_id
          union select m.shop_id from public.movements m
                 where (m.sale_shop_id, m.sale_id) = (new.sale_shop_id, new.sale_id)) place;
  perform pg_advisory_xact_lock_shared(hashtextextended('books of ' || entity.name, 0))
     from (select distinct s.legal_entity as name from public.shops s where s.shop_id = any(places) order by 1) entity;
  select coalesce(max(c.day) + 1, '-infinity') into new.lines_count_from
    from finance.closed_through c
    join public.shops s on s.legal_entity = c.legal_entity and c.shop_id in (s.shop_id, '')
   where s.shop_id = any(places);
  return new;
end $$;
revoke all on function finance.book_movement, finance.book_command, finance.book_reservation, finance.book_kept_fee,
  finance.book_lines from public;

create trigger movements_booked before insert on movements for each row execute function finance.book_movement();
create trigger commands_booked before insert on commands for each row execute function finance.book_command();
create trigger issue_reservations_booked before insert on issue_reservations for each row
  when (new.kept_minor > 0) execute function finance.book_reservation();
create trigger kept_fees_booked before insert on kept_fees for each row execute function finance.book_kept_fee();
create trigger sale_commands_booked before insert on sale_commands for each row
  when (new.lines is not null) execute function finance.book_lines();
