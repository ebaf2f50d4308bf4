-- For lists that show few of many payments, or none, and for the ids of customers and products that people type. Of a
-- payment's row only its status is in these of all that a use may change, and that changes once or twice in its life: a
-- use still costs no index. So nothing here has a balance, or what is held.
create index account_payments_by_status on account_payments (status, reference);
create index account_payments_by_type on account_payments (type, reference);
create index account_payments_by_purpose on account_payments (purpose);
create index account_payments_by_currency on account_payments (currency);
create index account_payments_by_shop on account_payments (shop_id);
create index account_payments_by_creator on account_payments (created_by);
create index account_payments_by_staff on account_payments (staff_id) where staff_id is not null;

-- Notes as they are searched: to compare them without their case, Postgres asks ICU for each row that it looks at, a
-- hundred times as slow as to compare signs. Where notes are erased, this is.
alter table account_payments add column notes_lower text generated always as (lower(notes collate "und-x-icu")) stored;
drop index account_payments_by_part;
create index account_payments_by_part on account_payments using gin (
  replace(reference, '-', '') gin_trgm_ops, customer_id gin_trgm_ops, product_id gin_trgm_ops,
  notes_lower gin_trgm_ops);

create index customers_by_part on customers using gin (customer_id gin_trgm_ops);
create index products_by_part on products using gin (product_id gin_trgm_ops);

-- What a sale drew on is looked for by its id alone, too, of whatever shop it is.
create index movements_by_sale_id on movements (sale_id) where sale_id is not null;
