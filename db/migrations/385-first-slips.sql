-- How often the first slip of a payment was shown, on one paper or another: whatever shows it again is a copy. The slip
-- may be there before the books have its payment.
create table first_slips (
  reference text primary key,
  shown     integer not null check (shown > 0)
);
grant update (shown) on first_slips to account_payments_service;
