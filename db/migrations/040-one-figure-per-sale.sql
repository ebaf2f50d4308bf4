-- A replacement is decided where it is reserved: what it gives back, of which sale and in the stead of which payment.
alter table issue_reservations
  add column sale_id text,
  add column replaces text references account_payments,
  add column amount_minor bigint,
  add check ((sale_id is null) = (replaces is null) and (replaces is null) = (amount_minor is null));

create index issue_reservations_by_source on issue_reservations (replaces, sale_id) where replaces is not null;
create index account_payments_by_replaced on account_payments (replaces) where replaces is not null;

-- What a sale took of a payment is given back once, to the payment or in its stead. The lock lets two who give back at
-- once see each other's. Where two wait for each other, Postgres ends one, and it is recorded anew.
create function sale_gets_back_what_it_took() returns trigger language plpgsql as $$
declare
  source text := case new.kind when 'issued' then new.counterpart else new.reference end;
  net bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('given back ' || source || ' ' || new.sale_id, 0));
  select sum(amount_minor) into net from movements
   where sale_id = new.sale_id
     and (reference = source and kind in ('applied', 'refunded') or counterpart = source and kind = 'issued');
  if net > 0 then
    raise exception '%: sale % got back more than it took', source, new.sale_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create constraint trigger movements_give_back_once after insert on movements
  deferrable initially deferred for each row
  when (new.sale_id is not null and new.kind in ('refunded', 'issued'))
  execute function sale_gets_back_what_it_took();
