-- What becomes of what a rule of law stands against. The rules themselves are code, in domain/law.
alter table shops
  add column against_law text not null default 'warned' check (against_law in ('warned', 'refused')),
  add check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$');

-- An issue that a law stood against is remembered too, and names no payment: there is none.
alter table request_keys drop constraint request_keys_check;
