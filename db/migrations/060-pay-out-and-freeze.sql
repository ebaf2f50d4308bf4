-- Money handed out over the counter, payments that are frozen, fees that a shop keeps when it gives back, and commands
-- that follow each other without a gap.

alter table account_payments
  add column frozen_causes text[] not null default '{}'
    check (frozen_causes <@ array['staff', 'conflict', 'gift', 'reconciliation']);

alter table commands
  drop constraint commands_kind_check,
  add constraint commands_kind_check
    check (kind in ('issue', 'apply', 'refund', 'hold', 'capture', 'release', 'payOut', 'cancel', 'expire', 'extend',
                    'freeze', 'thaw')),
  add column sale_id text,
  add column kept_minor bigint not null default 0 check (kept_minor between 0 and 1000000000000),
  add check (kept_minor = 0 or kind = 'refund' and sale_id is not null),
  -- Books that miss a command cannot take the next one.
  add column predecessor integer generated always as (nullif(revision, 1) - 1) stored,
  add foreign key (reference, predecessor) references commands (reference, revision);

drop index commands_by_sale;
create index commands_by_sale on commands (sale_id, reference) where sale_id is not null;

alter table movements
  drop constraint movements_kind_check,
  add constraint movements_kind_check
    check (kind in ('issued', 'applied', 'refunded', 'gifted', 'paid_out', 'expired', 'cancelled')),
  add column tender text check (tender in ('cash', 'card', 'bank_transfer', 'other')),
  add check (kind <> 'paid_out' or tender is not null),
  add check (tender is null or kind in ('paid_out', 'cancelled'));

-- What a sale took of a payment is given back, or kept as a fee, once: to the payment, or in its stead.
create or replace function sale_gets_back_what_it_took() returns trigger language plpgsql as $$
declare
  source text := new.reference;
  net bigint;
begin
  if tg_table_name = 'movements' and to_jsonb(new) ->> 'kind' = 'issued' then
    source := to_jsonb(new) ->> 'counterpart';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('given back ' || source || ' ' || new.sale_id, 0));
  select coalesce(sum(amount_minor), 0) into net from movements
   where sale_id = new.sale_id
     and (reference = source and kind in ('applied', 'refunded') or counterpart = source and kind = 'issued');
  select net + coalesce(sum(kept_minor), 0) into net from commands
   where sale_id = new.sale_id and reference = source and outcome = 'accepted';
  if net > 0 then
    raise exception '%: sale % got back more than it took', source, new.sale_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create constraint trigger commands_keep_once after insert on commands
  deferrable initially deferred for each row
  when (new.kept_minor > 0 and new.outcome = 'accepted')
  execute function sale_gets_back_what_it_took();
