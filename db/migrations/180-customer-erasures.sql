-- That a customer's name and contact details were erased, by whom and why. It tells nothing of who that was.
create table customer_erasures (
  erasure_id  text primary key,
  customer_id text not null,
  erased_at   timestamptz not null default clock_timestamp(),
  caller      text not null,
  staff_id    text,
  shop_id     text not null references shops,
  reason      text not null check (length(reason) between 1 and 500)
);
create index on customer_erasures (customer_id, erased_at);
create trigger customer_erasures_append_only before update or delete on customer_erasures
  for each row execute function refuse_change();
create trigger customer_erasures_not_truncated before truncate on customer_erasures execute function refuse_change();
