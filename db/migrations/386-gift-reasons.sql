-- Why the staff gave some of a payment to another customer, as every other act on a payment has its reason. Kept here
-- alone, as the words beside the gift are, and erased with them.
alter table gifts add column reason text check (length(reason) between 1 and 500);
grant update (reason) on gifts to account_payments_service;
