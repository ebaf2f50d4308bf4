-- What lists are searched and sorted by. None of it changes when a payment is used, so that a use costs no index.
-- pg_trgm comes with Postgres, and whoever may create in a database may add it there.
create extension if not exists pg_trgm;
create index account_payments_by_part on account_payments using gin (
  replace(reference, '-', '') gin_trgm_ops, customer_id gin_trgm_ops, product_id gin_trgm_ops,
  (notes collate "und-x-icu") gin_trgm_ops);
create index account_payments_by_product on account_payments (product_id, issued_at desc, reference desc)
  where product_id is not null;
create index account_payments_by_amount on account_payments (amount_minor, reference);
create index account_payments_by_end on account_payments (coalesce(expires_at, 'infinity'), reference);
create index account_payments_frozen on account_payments (issued_at desc, reference desc) where frozen_causes <> '{}';
