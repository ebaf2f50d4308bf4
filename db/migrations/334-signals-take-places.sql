-- A long one takes the room of many: what waits for a payment is bounded in bytes too.
alter table sent_signals add column places integer not null default 1 check (places > 0);
