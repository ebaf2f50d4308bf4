-- What the books and the payments' own workflows said differently of a payment, each time that they were compared.
-- Nothing of it is ever taken back: what agrees again is said by another row.
create table reconciliations (
  reconciliation_id bigint generated always as identity primary key,
  scope             text not null check (scope in ('changed', 'all', 'named')),
  outcome           text not null check (outcome in ('agree', 'differ', 'alarm')),
  started_at        timestamptz not null,
  ended_at          timestamptz not null default clock_timestamp(),
  compared          integer not null check (compared >= 0),
  -- Payments, not differences.
  differing         integer not null check (differing between 0 and compared)
);

create table reconciliation_differences (
  difference_id bigint generated always as identity primary key,
  -- Of a payment that the books may have lost, so it refers to nothing.
  reference     text not null,
  kind          text not null check (kind in
                  ('actor_missing', 'reservation_missing', 'row_missing', 'row_behind', 'row_ahead', 'status', 'balance',
                   'held', 'frozen', 'expiry', 'sequence', 'sale', 'movement', 'command')),
  subject       text not null default '',
  books         text,
  actor         text,
  found_at      timestamptz not null default clock_timestamp()
);
create index reconciliation_differences_of on reconciliation_differences (reference, kind, subject);

create table reconciliation_resolutions (
  difference_id bigint primary key references reconciliation_differences,
  resolved_at   timestamptz not null default clock_timestamp()
);

select finance.append_only(compared) from unnest(
  array['reconciliations', 'reconciliation_differences', 'reconciliation_resolutions']::regclass[]) compared;

-- Rows come in the order of their time, so an index of blocks finds the last hour's and costs a record nothing.
create index commands_recorded on commands using brin (recorded_at) with (autosummarize = on);
