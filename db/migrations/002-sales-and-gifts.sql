-- Money that moves between payments: gifts, and store credit in the stead of a payment that had ended when its sale was
-- returned. Both movements name the other side.

alter table account_payments
  add column replaces text references account_payments,
  add column gift_id text,
  add check (replaces is null or gift_id is null);

alter table movements
  add column counterpart text,
  drop constraint movements_kind_check,
  add constraint movements_kind_check
    check (kind in ('issued', 'applied', 'refunded', 'gifted', 'expired', 'cancelled')),
  add check ((kind = 'gifted') <= (counterpart is not null)),
  add check ((counterpart is not null) <= (kind in ('issued', 'gifted')));

-- What a return issued anew names its sale too, so that all movements of a sale together say what it still has
-- (movements_check4 is Postgres' own name for 001's rule about sale_id).
alter table movements drop constraint movements_check4;
alter table movements add constraint movements_sale_id_check
  check (case when kind = 'issued' then sale_id is null or counterpart is not null
              else (kind in ('applied', 'refunded')) = (sale_id is not null) end);

create or replace function movement_is_covered() returns trigger language plpgsql as $$
declare
  net bigint;
begin
  if not exists (select from account_payments p where p.reference = new.reference and p.last_sequence >= new.sequence) then
    raise exception '%: movement % is ahead of its payment', new.reference, new.sequence
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.kind = 'refunded' then
    select sum(amount_minor) into net from movements
     where reference = new.reference and sale_id = new.sale_id and kind in ('applied', 'refunded');
    if net > 0 then
      raise exception '%: sale % got back more than it took', new.reference, new.sale_id
        using errcode = 'integrity_constraint_violation';
    end if;
  end if;
  return null;
end $$;

create function account_payment_origin_stays() returns trigger language plpgsql as $$
begin
  raise exception '%: where it came from does not change', old.reference using errcode = 'integrity_constraint_violation';
end $$;

create trigger account_payments_origin before update on account_payments for each row
  when ((new.replaces, new.gift_id) is distinct from (old.replaces, old.gift_id))
  execute function account_payment_origin_stays();

-- A gift from one customer to another, with what one says to the other: that is kept nowhere else. Written by the API
-- when it is asked for, and by the gift's workflow when it is decided.
create table gifts (
  gift_id     text primary key,
  body_hash       text not null,
  reference       text not null,
  customer_id     text not null,
  to_customer_id  text not null check (to_customer_id <> customer_id),
  to_reference    text,
  source_revision integer,
  amount_minor    bigint not null check (amount_minor between 1 and 1000000000000),
  currency        text not null,
  message         text check (length(message) between 1 and 2000),
  status          text not null check (status in ('pending', 'completed', 'refused')),
  code            text,
  caller          text not null,
  staff_id        text,
  requested_at    timestamptz not null,
  decided_at      timestamptz,
  check ((status = 'pending') = (decided_at is null)),
  check ((status = 'completed') = (to_reference is not null and source_revision is not null)),
  check ((status = 'refused') = (code is not null))
);
