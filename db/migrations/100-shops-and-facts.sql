-- Where it happens. Entity, currency of account and time zone of a shop never change: a move is a new shop.
create table shops (
  shop_id                   text primary key check (shop_id ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'),
  name                      text not null check (length(name) between 1 and 200),
  legal_entity              text not null check (length(legal_entity) between 1 and 200),
  currency                  text not null check (currency ~ '^[A-Z]{3}$'),
  time_zone                 text not null,
  jurisdiction              text check (length(jurisdiction) between 1 and 32),
  replacement_lifetime_days integer check (replacement_lifetime_days between 1 and 36500),
  till_issue_limit_minor    bigint not null default 50000 check (till_issue_limit_minor between 0 and 1000000000000),
  goodwill_pay_out          text not null default 'refused' check (goodwill_pay_out in ('refused', 'allowed')),
  created_at                timestamptz not null default clock_timestamp()
);

create function shop_stays() returns trigger language plpgsql as $$
begin
  raise exception '%: entity, currency and time zone of a shop do not change', old.shop_id
    using errcode = 'integrity_constraint_violation';
end $$;

create trigger shops_stay before update on shops for each row
  when ((new.shop_id, new.legal_entity, new.currency, new.time_zone)
        is distinct from (old.shop_id, old.legal_entity, old.currency, old.time_zone))
  execute function shop_stays();
create trigger shops_not_deleted before delete on shops for each row execute function refuse_change();
create trigger shops_not_truncated before truncate on shops execute function refuse_change();

alter table api_keys add column shop_id text not null references shops;
alter table gifts add column shop_id text not null;

-- Where the money came from, which shop it was left with, and when its tax falls due: facts that rows cannot get later.
alter table account_payments
  add column shop_id        text not null references shops,
  add column funding        text not null check (funding in ('paid', 'return', 'goodwill', 'gift', 'replacement')),
  add column source_funding text not null check (source_funding in ('paid', 'return', 'goodwill')),
  add column tender         text check (tender in ('cash', 'card', 'bank_transfer', 'other')),
  add column receipt_id     text,
  add column origin         text check (origin in ('return', 'reinstatement', 'reissue')),
  add column given_from     text,
  add column sale_shop_id   text,
  add column sale_id        text,
  add column tax_point      text not null check (tax_point in ('issue', 'redemption')),
  add column tax_code       text check (tax_code ~ '^[!-~]{1,32}$'),
  add check (funding in ('gift', 'replacement') or source_funding = funding),
  add check ((funding = 'paid') = (tender is not null)),
  add check (receipt_id is null or funding = 'return'),
  add check ((funding = 'gift') = (gift_id is not null) and (gift_id is null) = (given_from is null)),
  add check ((funding = 'replacement') = (replaces is not null) and (replaces is null) = (origin is null)),
  add check ((origin is not distinct from 'return') = (sale_id is not null)
             and (sale_id is null) = (sale_shop_id is null));

create index account_payments_by_receipt on account_payments (shop_id, receipt_id) where receipt_id is not null;
-- What ended is reinstated, or reissued, once; a return may replace it any number of times.
create unique index account_payments_reinstated_once on account_payments (replaces)
  where origin in ('reinstatement', 'reissue');

drop trigger account_payments_origin on account_payments;
create trigger account_payments_origin before update on account_payments for each row
  when ((new.shop_id, new.funding, new.source_funding, new.tender, new.receipt_id, new.origin, new.replaces, new.gift_id,
         new.given_from, new.sale_shop_id, new.sale_id, new.tax_point, new.tax_code)
        is distinct from
        (old.shop_id, old.funding, old.source_funding, old.tender, old.receipt_id, old.origin, old.replaces, old.gift_id,
         old.given_from, old.sale_shop_id, old.sale_id, old.tax_point, old.tax_code))
  execute function account_payment_origin_stays();

-- Receipt numbers repeat between shops: a sale is a shop and an id.
alter table commands
  add column shop_id           text not null,
  add column sale_shop_id      text,
  add column parent_kind       text check (parent_kind in ('sale', 'gift', 'payment')),
  add column parent_id         text,
  add column parent_command_id text,
  -- The run of the actor that brought it.
  add column run_id            text,
  add check ((sale_id is null) = (sale_shop_id is null)),
  add check ((parent_kind is null) = (parent_id is null) and (parent_kind is null) = (parent_command_id is null));
create index commands_by_parent on commands (parent_kind, parent_id) where parent_kind is not null;

alter table movements
  add column shop_id      text not null,
  add column sale_shop_id text,
  add column recorded_at  timestamptz not null default clock_timestamp(),
  add check ((sale_id is null) = (sale_shop_id is null)),
  -- Only what a return issued in the stead of another payment belongs to a sale.
  drop constraint movements_sale_id_check,
  add constraint movements_sale_id_check
    check (case when kind = 'issued' then sale_id is null or counterpart is not null
                else (kind in ('applied', 'refunded')) = (sale_id is not null) end);

alter table issue_reservations
  add column sale_shop_id text,
  add check ((sale_id is null) = (sale_shop_id is null));
alter table sale_commands
  add column shop_id      text not null,
  add column sale_shop_id text not null,
  drop constraint sale_commands_pkey,
  add primary key (sale_shop_id, sale_id, command_id);
alter table sale_plans
  add column sale_shop_id text not null,
  drop constraint sale_plans_pkey,
  add primary key (sale_shop_id, sale_id, command_id);
alter table kept_fees add column sale_shop_id text not null, add column shop_id text not null;

drop index commands_by_sale;
create index commands_by_sale on commands (sale_shop_id, sale_id, reference) where sale_id is not null;
drop index movements_by_sale;
create index movements_by_sale on movements (sale_shop_id, sale_id, reference) where sale_id is not null;
drop index issue_reservations_by_source;
create index issue_reservations_by_source on issue_reservations (replaces, sale_shop_id, sale_id)
  where replaces is not null;
drop index kept_fees_by_sale;
create index kept_fees_by_sale on kept_fees (sale_shop_id, sale_id, reference);

drop view usage_records;
create view usage_records as
  select reference, sequence, command_id, case kind when 'applied' then 'apply' else 'refund' end as kind,
         -amount_minor as amount_minor, balance_before_minor, balance_after_minor, sale_shop_id, sale_id, reason, caller,
         staff_id, shop_id, moved_at, recorded_at
    from movements
   where kind in ('applied', 'refunded');

create or replace function movement_is_covered() returns trigger language plpgsql as $$
begin
  if not exists (select from account_payments p where p.reference = new.reference and p.last_sequence >= new.sequence) then
    raise exception '%: movement % is ahead of its payment', new.reference, new.sequence
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

-- What a sale took of a payment is given back or kept once, in whichever of these ways.
create or replace function sale_gets_back_what_it_took() returns trigger language plpgsql as $$
declare
  source text := new.reference;
  net bigint;
begin
  if tg_table_name = 'movements' and to_jsonb(new) ->> 'kind' = 'issued' then
    source := to_jsonb(new) ->> 'counterpart';
  end if;
  perform pg_advisory_xact_lock(
    hashtextextended(concat_ws(' ', 'given back', source, new.sale_shop_id, new.sale_id), 0));
  select (select coalesce(sum(amount_minor), 0) from movements
           where (sale_shop_id, sale_id) = (new.sale_shop_id, new.sale_id)
             and (reference = source and kind in ('applied', 'refunded') or counterpart = source and kind = 'issued'))
       + (select coalesce(sum(kept_minor), 0) from commands
           where (sale_shop_id, sale_id) = (new.sale_shop_id, new.sale_id) and reference = source
             and outcome = 'accepted')
       + (select coalesce(sum(kept_minor), 0) from issue_reservations
           where (sale_shop_id, sale_id) = (new.sale_shop_id, new.sale_id) and replaces = source)
       + (select coalesce(sum(kept_minor), 0) from kept_fees
           where (sale_shop_id, sale_id) = (new.sale_shop_id, new.sale_id) and reference = source)
    into net;
  if net > 0 then
    raise exception '%: sale % got back more than it took', source, new.sale_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
