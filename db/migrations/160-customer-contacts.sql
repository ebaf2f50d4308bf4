-- What tells two customers of one name apart. It stands here alone, in no workflow, and is erased by setting it to null,
-- or with its row, to which nothing refers.
alter table customers
  add column phone        text check (length(phone) between 3 and 40),
  add column email        text check (length(email) between 3 and 254),
  -- As domain/customer/contacts.ts has them: 0049 30 and +49 (30) are one.
  add column phone_digits text generated always as
    (regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^00', '')) stored;

create index customers_by_phone on customers (phone_digits) where phone_digits is not null;
create index customers_by_email on customers (lower(email)) where email is not null;
