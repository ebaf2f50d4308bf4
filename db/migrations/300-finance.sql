-- What finance reads: one view of all movements, which every report groups and sums, and how a report is published.
create schema finance;

-- What is entered is followed by another entry, and never changed.
create function finance.append_only(entered regclass) returns void language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete on %s for each row execute function refuse_change()',
                 entered);
  execute format('create trigger not_truncated before truncate on %s execute function refuse_change()', entered);
  execute format('grant select, insert on %s to account_payments_service', entered);
end $$;

-- The rows of a cancellation say what became of the rest. Few payments are cancelled, so few rows are in this.
create index commands_cancelling on commands (reference, command_id) where kind = 'cancel';
alter table commands add constraint commands_cancel_says_what_became_of_the_rest
  check (kind <> 'cancel' or outcome <> 'accepted' or details ? 'disposition');

-- The day on which finance counts a row: its own on the calendar of its shop, or the first that was still open when the
-- books learned of it. The database says so, under the lock that a close takes: 400-closing.sql.
alter table movements add column booked_on date not null, alter column recorded_at drop default;
alter table commands add column booked_on date not null, alter column recorded_at drop default;
-- Fees that are kept of what nothing else went back of.
alter table issue_reservations add column booked_on date;
alter table kept_fees add column booked_on date not null;
-- Of which days' tax the lines of a sale tell: from the first on that was open when the books learned of them.
alter table sale_commands add column lines_count_from date check ((lines is null) = (lines_count_from is null));
-- Reports of a day or a month read no more than that.
create index movements_by_booking on movements (booked_on);

-- What a movement is to finance, in one word of domain/finance/categories.ts.
create function finance.category(kind text, funding text, disposition text) returns text
language sql immutable parallel safe as $$
  select case kind
    when 'issued' then case funding
      when 'paid' then 'issued_paid'
      when 'return' then 'issued_return'
      when 'goodwill' then 'issued_goodwill'
      when 'replacement' then 'issued_replacement'
      when 'gift' then 'gifted_in' end
    when 'gifted' then 'gifted_out'
    when 'cancelled' then disposition
    else kind end
$$;

-- A row a movement. All joins are outer joins over keys: what a report does not ask for costs it nothing, and no movement
-- can be lost in them.
create view finance.entries as
  select m.reference, m.sequence, m.command_id,
         p.shop_id as home_shop_id, home.legal_entity as home_entity,
         m.shop_id, coalesce(shop.legal_entity, home.legal_entity) as shop_entity,
         p.currency, m.kind, finance.category(m.kind, p.funding, ending.details ->> 'disposition') as category,
         m.amount_minor, m.balance_before_minor, m.balance_after_minor,
         m.moved_at, m.booked_on as day,
         m.booked_on > (m.moved_at at time zone coalesce(shop.time_zone, home.time_zone))::date as booked_late,
         m.recorded_at,
         p.issued_at, p.expires_at, p.customer_id, p.type, coalesce(p.product_id, '') as product_id, p.purpose,
         p.funding, p.source_funding, coalesce(p.origin, '') as origin, p.tax_point, coalesce(p.tax_code, '') as tax_code,
         coalesce(m.tender, p.tender, '') as tender, coalesce(ending.details ->> 'disposition', '') as disposition,
         m.counterpart, p.replaces, p.gift_id, m.sale_shop_id, m.sale_id,
         p.sale_shop_id as issued_for_sale_shop_id, p.sale_id as issued_for_sale_id, p.receipt_id,
         m.caller, m.staff_id, m.reason, command.parent_kind, command.parent_id, command.parent_command_id
    from movements m
    left join account_payments p on p.reference = m.reference
    left join shops home on home.shop_id = p.shop_id
    left join shops shop on shop.shop_id = m.shop_id
    left join commands ending on ending.kind = 'cancel'
          and ending.reference = m.reference and ending.command_id = m.command_id
    left join commands command on command.reference = m.reference and command.command_id = m.command_id;

comment on view finance.entries is 'Every movement of every account payment, with all that reports group by.';
comment on column finance.entries.reference is 'The account payment that moved.';
comment on column finance.entries.sequence is 'Its number among that payment''s movements.';
comment on column finance.entries.command_id is 'The command that moved it.';
comment on column finance.entries.home_shop_id is 'The shop that issued the payment.';
comment on column finance.entries.home_entity is 'The legal entity of that shop: it owes the balance.';
comment on column finance.entries.shop_id is 'The shop in which it moved.';
comment on column finance.entries.shop_entity is 'The legal entity of the shop in which it moved.';
comment on column finance.entries.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.entries.kind is 'issued, applied, refunded, gifted, paid_out, expired or cancelled.';
comment on column finance.entries.category is 'What it is to finance: kind, funding and disposition in one word.';
comment on column finance.entries.amount_minor is 'What it did to the balance, negative when it took away.';
comment on column finance.entries.balance_before_minor is 'The balance that it found.';
comment on column finance.entries.balance_after_minor is 'The balance that it left.';
comment on column finance.entries.moved_at is 'When the payment decided it.';
comment on column finance.entries.day is 'The day on which it counts: of moved_at, on the calendar of the shop in which it moved, or the first that was open.';
comment on column finance.entries.booked_late is 'Whether its own day was closed when the books learned of it.';
comment on column finance.entries.recorded_at is 'When the books learned of it.';
comment on column finance.entries.issued_at is 'When the payment was issued.';
comment on column finance.entries.expires_at is 'When the payment ends or ended, as it is now; null for never.';
comment on column finance.entries.customer_id is 'Whose payment it is.';
comment on column finance.entries.type is 'generic or product_specific.';
comment on column finance.entries.product_id is 'The product that it is good for; empty when any.';
comment on column finance.entries.purpose is 'Why it was issued: deposit, store_credit, prepayment or gift.';
comment on column finance.entries.funding is 'Where the money of this payment came from.';
comment on column finance.entries.source_funding is 'How that money first came, whatever became of it since.';
comment on column finance.entries.origin is 'Why it replaces another payment; empty when it does not.';
comment on column finance.entries.tax_point is 'When its tax falls due: issue or redemption.';
comment on column finance.entries.tax_code is 'The shop''s own name of its tax; empty when none was given.';
comment on column finance.entries.tender is 'How it was paid out, else how the payment was paid for; empty when it was not.';
comment on column finance.entries.disposition is 'What became of the rest of a payment that it cancelled; else empty.';
comment on column finance.entries.counterpart is 'The payment on the other side: given to, given from, or replaced.';
comment on column finance.entries.replaces is 'The ended payment that this payment replaces.';
comment on column finance.entries.gift_id is 'The gift through which this payment came.';
comment on column finance.entries.sale_shop_id is 'The shop of the sale that caused it.';
comment on column finance.entries.sale_id is 'The sale that caused it.';
comment on column finance.entries.issued_for_sale_shop_id is 'The shop of the sale for whose return the payment was issued.';
comment on column finance.entries.issued_for_sale_id is 'The sale for whose return the payment was issued.';
comment on column finance.entries.receipt_id is 'The receipt of the goods for whose return the payment was issued.';
comment on column finance.entries.caller is 'The till, person or part of the system that sent the command.';
comment on column finance.entries.staff_id is 'The person on whose behalf it was sent.';
comment on column finance.entries.reason is 'Why, in their words.';
comment on column finance.entries.parent_kind is 'sale, gift or payment when the command was a step of one.';
comment on column finance.entries.parent_id is 'The id of that sale, gift or payment.';
comment on column finance.entries.parent_command_id is 'The command there.';

-- A movement behind a figure.
create type finance.movement_row as (
  reference text, sequence integer, day date, moved_at timestamptz, shop_id text, kind text, category text,
  currency text, amount_minor bigint, balance_before_minor bigint, balance_after_minor bigint, customer_id text,
  command_id text, caller text, staff_id text, reason text, sale_shop_id text, sale_id text, recorded_at timestamptz,
  booked_late boolean);
comment on type finance.movement_row is 'A movement behind one figure of a report.';
comment on column finance.movement_row.reference is 'The account payment that moved.';
comment on column finance.movement_row.sequence is 'Its number among that payment''s movements.';
comment on column finance.movement_row.day is 'The day on which it counts.';
comment on column finance.movement_row.moved_at is 'When the payment decided it.';
comment on column finance.movement_row.shop_id is 'The shop in which it moved.';
comment on column finance.movement_row.kind is 'issued, applied, refunded, gifted, paid_out, expired or cancelled; kept of a fee, which moves no balance.';
comment on column finance.movement_row.category is 'What it is to finance.';
comment on column finance.movement_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.movement_row.amount_minor is 'Signed as the figure counts it: the figure is their sum.';
comment on column finance.movement_row.balance_before_minor is 'The balance that it found.';
comment on column finance.movement_row.balance_after_minor is 'The balance that it left.';
comment on column finance.movement_row.customer_id is 'Whose payment it is.';
comment on column finance.movement_row.command_id is 'The command that moved it.';
comment on column finance.movement_row.caller is 'The till, person or part of the system that sent the command.';
comment on column finance.movement_row.staff_id is 'The person on whose behalf it was sent.';
comment on column finance.movement_row.reason is 'Why, in their words.';
comment on column finance.movement_row.sale_shop_id is 'The shop of the sale that caused it.';
comment on column finance.movement_row.sale_id is 'The sale that caused it.';
comment on column finance.movement_row.recorded_at is 'When the books learned of it.';
comment on column finance.movement_row.booked_late is 'Whether its own day was closed by then.';

create function finance.movement(e finance.entries, amount_minor bigint) returns setof finance.movement_row
language sql immutable rows 1 as $$
  select e.reference, e.sequence, e.day, e.moved_at, e.shop_id, e.kind, e.category, e.currency, movement.amount_minor,
         e.balance_before_minor, e.balance_after_minor, e.customer_id, e.command_id, e.caller, e.staff_id, e.reason,
         e.sale_shop_id, e.sale_id, e.recorded_at, e.booked_late
$$;

-- Those who read reports in SQL: a role without a login, of which logins are members. Roles belong to the whole server,
-- and another database of it may make this one at this moment. Where it may not be made, only the service reads reports,
-- until `npm run finance -- login` finds it.
create function finance.admit_readers() returns void language plpgsql as $$
declare
  report record;
begin
  begin
    if not exists (select from pg_roles where rolname = 'finance_reader') then
      create role finance_reader nologin;
    end if;
  exception
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then return;
  end;
  grant usage on schema finance to finance_reader;
  for report in
    select p.oid::regprocedure as signature from pg_proc p
     where p.pronamespace = 'finance'::regnamespace and p.prosecdef
  loop
    execute format('grant execute on function %s to finance_reader', report.signature);
  end loop;
end $$;

-- Lets a report, and what is behind its figures, be read by those who read reports, and by the service, and nobody else.
create function finance.publish(report text) returns void language plpgsql as $$
declare
  published regprocedure;
begin
  for published in
    select p.oid from pg_proc p
     where p.pronamespace = 'finance'::regnamespace and p.proname in (report, report || '_movements')
  loop
    execute format('alter function %s security definer set search_path = finance, public, pg_temp', published);
    -- They read much at once: sorts and groups in memory, and no time lost on compiling what runs once.
    execute format('alter function %s set work_mem = %L', published, '64MB');
    execute format('alter function %s set jit = off', published);
    -- A day has no time zone: where a reader's own would be taken for it, some days begin at one in the night.
    execute format('alter function %s set timezone = %L', published, 'UTC');
    execute format('grant execute on function %s to account_payments_service', published);
  end loop;
  revoke all on all functions in schema finance from public;
  perform finance.admit_readers();
end $$;

revoke all on all functions in schema finance from public;
grant usage on schema finance to account_payments_service;
