-- What a command asked for, whole, beside what its movement says: a cancellation's disposition, an extension's dates, a
-- hold's amount and lifetime, an apply's lines. Rows are append-only, so they could not get it later.
alter table commands
  add column details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  add column recorded_at timestamptz not null default clock_timestamp();
create index commands_by_sale on commands ((details ->> 'saleId'), reference) where details ? 'saleId';
