-- A replacement is decided where it is reserved: what it gives back, of which sale and in the stead of which payment.
alter table issue_reservations
  add column sale_id text,
  add column replaces text references account_payments,
  add column amount_minor bigint,
  add check ((sale_id is null) = (replaces is null) and (replaces is null) = (amount_minor is null));

create index issue_reservations_by_source on issue_reservations (replaces, sale_id) where replaces is not null;
create index account_payments_by_replaced on account_payments (replaces) where replaces is not null;
