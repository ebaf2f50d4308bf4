-- What sales answered, refusals too: for repeats after a sale's workflow has gone, and for whoever has to explain a return.
create table sale_commands (
  -- The order in which the sale answered.
  number       bigint generated always as identity unique,
  sale_id      text not null,
  command_id   text not null,
  kind         text not null check (kind in ('hold', 'settle', 'capture', 'release', 'return')),
  body_hash    text not null,
  outcome      text not null,
  customer_id  text,
  currency     text,
  lines        jsonb,
  answer       jsonb not null check (jsonb_typeof(answer) = 'object'),
  caller       text not null,
  staff_id     text,
  decided_at   timestamptz not null,
  recorded_at  timestamptz not null default clock_timestamp(),
  primary key (sale_id, command_id)
);

create trigger sale_commands_append_only before update or delete on sale_commands
  for each row execute function refuse_change();
create trigger sale_commands_not_truncated before truncate on sale_commands execute function refuse_change();

-- What a return is about to give back, before its first step: whoever takes it up again goes on with that.
create table sale_plans (
  sale_id      text not null,
  command_id   text not null,
  body_hash    text not null,
  plan         jsonb not null check (jsonb_typeof(plan) = 'object'),
  recorded_at  timestamptz not null default clock_timestamp(),
  primary key (sale_id, command_id)
);
create trigger sale_plans_append_only before update or delete on sale_plans
  for each row execute function refuse_change();
create trigger sale_plans_not_truncated before truncate on sale_plans execute function refuse_change();

-- A fee that is kept of what an ended payment would have got back has no command there: its reservation keeps it.
alter table issue_reservations
  add column kept_minor bigint not null default 0 check (kept_minor = 0 or replaces is not null and kept_minor > 0);

-- All that would go back of an ended payment may be kept as a fee. Nothing is issued then, and this row keeps it.
create table kept_fees (
  command_id   text primary key,
  sale_id      text not null,
  reference    text not null references account_payments,
  kept_minor   bigint not null check (kept_minor between 1 and 1000000000000),
  recorded_at  timestamptz not null default clock_timestamp()
);
create index kept_fees_by_sale on kept_fees (sale_id, reference);
create trigger kept_fees_append_only before update or delete on kept_fees
  for each row execute function refuse_change();
create trigger kept_fees_not_truncated before truncate on kept_fees execute function refuse_change();

-- What a sale took of a payment is given back or kept once, in whichever of these ways.
create or replace function sale_gets_back_what_it_took() returns trigger language plpgsql as $$
declare
  source text := new.reference;
  net bigint;
begin
  if tg_table_name = 'movements' and to_jsonb(new) ->> 'kind' = 'issued' then
    source := to_jsonb(new) ->> 'counterpart';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('given back ' || source || ' ' || new.sale_id, 0));
  select (select coalesce(sum(amount_minor), 0) from movements
           where sale_id = new.sale_id
             and (reference = source and kind in ('applied', 'refunded') or counterpart = source and kind = 'issued'))
       + (select coalesce(sum(kept_minor), 0) from commands
           where sale_id = new.sale_id and reference = source and outcome = 'accepted')
       + (select coalesce(sum(kept_minor), 0) from issue_reservations
           where sale_id = new.sale_id and replaces = source)
       + (select coalesce(sum(kept_minor), 0) from kept_fees
           where sale_id = new.sale_id and reference = source)
    into net;
  if net > 0 then
    raise exception '%: sale % got back more than it took', source, new.sale_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create constraint trigger kept_fees_keep_once after insert on kept_fees
  deferrable initially deferred for each row execute function sale_gets_back_what_it_took();
