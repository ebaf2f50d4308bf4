-- What finance enters: the codes of its accounts, what its ledger wants to know, and rates of breakage. Each entry says
-- from when, who and when; the latest one counts, and none is ever changed.
create table finance.account_codes (
  entry_id     bigint generated always as identity primary key,
  legal_entity text not null,
  account      text not null check (account in (
                 'liability_paid', 'liability_return', 'liability_goodwill', 'clearing_cash', 'clearing_card',
                 'clearing_bank_transfer', 'clearing_other', 'returns', 'sales', 'goodwill_expense', 'breakage',
                 'expected_breakage', 'fees', 'unclaimed', 'transfers', 'inter_entity')),
  -- The entity on the other side, where each has an account of its own; empty for all others.
  partner      text not null default '' check (partner = '' or account = 'inter_entity'),
  code         text not null check (code ~ '^[!-~]([ -~]{0,58}[!-~])?$'),
  from_day     date not null,
  entered_by   text not null,
  entered_at   timestamptz not null default clock_timestamp()
);
comment on column finance.account_codes.entry_id is 'The order in which finance entered them.';
comment on column finance.account_codes.legal_entity is 'Whose ledger it is.';
comment on column finance.account_codes.account is 'What the account is for.';
comment on column finance.account_codes.partner is 'The entity owed by or owing to; empty for all that have no account of their own.';
comment on column finance.account_codes.code is 'The account in that ledger.';
comment on column finance.account_codes.from_day is 'The first day that is posted to it.';
comment on column finance.account_codes.entered_by is 'Who entered it.';
comment on column finance.account_codes.entered_at is 'When it was entered.';
create index account_codes_latest on finance.account_codes (legal_entity, account, from_day desc, entry_id desc);

create table finance.ledger_settings (
  entry_id     bigint generated always as identity primary key,
  legal_entity text not null,
  format       text not null check (format in ('xero', 'netsuite', 'datev')),
  settings     jsonb not null check (jsonb_typeof(settings) = 'object' and settings ->> 'format' = format),
  entered_by   text not null,
  entered_at   timestamptz not null default clock_timestamp()
);
comment on column finance.ledger_settings.entry_id is 'The order in which finance entered them.';
comment on column finance.ledger_settings.legal_entity is 'Whose ledger it is.';
comment on column finance.ledger_settings.format is 'The program that keeps it.';
comment on column finance.ledger_settings.settings is 'What that program wants to know.';
comment on column finance.ledger_settings.entered_by is 'Who entered it.';
comment on column finance.ledger_settings.entered_at is 'When it was entered.';
create index ledger_settings_latest on finance.ledger_settings (legal_entity, format, entry_id desc);

create table finance.breakage_rates (
  entry_id          bigint generated always as identity primary key,
  legal_entity      text not null,
  currency          text not null check (currency ~ '^[A-Z]{3}$'),
  purpose           text not null check (purpose in ('deposit', 'store_credit', 'prepayment', 'gift')),
  method            text not null check (method in ('proportional', 'remote', 'left_out')),
  -- Of what is issued, how much will never be used: 750 is 7.5 %.
  rate_basis_points integer check (rate_basis_points between 1 and 9999),
  from_month        date not null check (extract(day from from_month) = 1),
  reason            text not null check (length(reason) between 1 and 500),
  entered_by        text not null,
  entered_at        timestamptz not null default clock_timestamp(),
  check ((method = 'proportional') = (rate_basis_points is not null))
);
comment on column finance.breakage_rates.entry_id is 'The order in which finance entered them.';
comment on column finance.breakage_rates.legal_entity is 'Whose payments it is of.';
comment on column finance.breakage_rates.currency is 'The currency of those payments.';
comment on column finance.breakage_rates.purpose is 'The purpose of those payments.';
comment on column finance.breakage_rates.method is 'In proportion to redemption, when redemption is remote (on expiry), or left out.';
comment on column finance.breakage_rates.rate_basis_points is 'Of what is issued, how much is expected never to be used, in hundredths of a per cent.';
comment on column finance.breakage_rates.from_month is 'The first month for which it counts.';
comment on column finance.breakage_rates.reason is 'Why: the evidence for a rate, or what must be remitted or handed back.';
comment on column finance.breakage_rates.entered_by is 'Who entered it.';
comment on column finance.breakage_rates.entered_at is 'When it was entered.';
create index breakage_rates_latest
  on finance.breakage_rates (legal_entity, currency, purpose, from_month desc, entry_id desc);

-- What was handed to a ledger. Each day of an entity and currency is handed over once, and its files are kept.
create table finance.exports (
  number       bigint generated always as identity primary key,
  legal_entity text not null,
  currency     text not null check (currency ~ '^[A-Z]{3}$'),
  format       text not null check (format in ('xero', 'netsuite', 'datev')),
  from_day     date not null,
  to_day       date not null check (to_day >= from_day),
  debits_minor bigint not null,
  made_by      text not null,
  made_at      timestamptz not null
);
comment on column finance.exports.number is 'Of which export its files and rows are.';
comment on column finance.exports.legal_entity is 'Whose days they are.';
comment on column finance.exports.currency is 'The currency of what was posted.';
comment on column finance.exports.format is 'The program that reads its files.';
comment on column finance.exports.from_day is 'The first of its days.';
comment on column finance.exports.to_day is 'The last of its days.';
comment on column finance.exports.debits_minor is 'All that it debits, which is all that it credits.';
comment on column finance.exports.made_by is 'Who asked for it.';
comment on column finance.exports.made_at is 'When it was made.';

create table finance.exported_days (
  legal_entity text not null,
  currency     text not null,
  day          date not null,
  number       bigint not null references finance.exports,
  primary key (legal_entity, currency, day)
);
comment on column finance.exported_days.legal_entity is 'Whose day it is.';
comment on column finance.exported_days.currency is 'The currency of what was posted.';
comment on column finance.exported_days.day is 'The day.';
comment on column finance.exported_days.number is 'The export that took it.';

create table finance.export_files (
  number   bigint not null references finance.exports,
  position integer not null check (position >= 1),
  name     text not null,
  content  bytea not null,
  primary key (number, position)
);
comment on column finance.export_files.number is 'The export of which it is.';
comment on column finance.export_files.position is 'Its place among them.';
comment on column finance.export_files.name is 'What it is called.';
comment on column finance.export_files.content is 'Its bytes, as they were handed out.';

select finance.append_only(entered::regclass)
  from unnest(array['finance.account_codes', 'finance.ledger_settings', 'finance.breakage_rates', 'finance.exports',
                    'finance.exported_days', 'finance.export_files']) entered;

-- For which months which rate counts: from that month, until another one.
create view finance.breakage_periods as
  select legal_entity, currency, purpose, method, rate_basis_points, from_month,
         lead(from_month, 1, 'infinity') over (
           partition by legal_entity, currency, purpose order by from_month) as until_month
    from (select distinct on (legal_entity, currency, purpose, from_month) *
            from finance.breakage_rates
           order by legal_entity, currency, purpose, from_month, entry_id desc) latest;
comment on column finance.breakage_periods.legal_entity is 'Whose payments it is of.';
comment on column finance.breakage_periods.currency is 'The currency of those payments.';
comment on column finance.breakage_periods.purpose is 'The purpose of those payments.';
comment on column finance.breakage_periods.method is 'In proportion to redemption, when redemption is remote (on expiry), or left out.';
comment on column finance.breakage_periods.rate_basis_points is 'Of what is issued, how much is expected never to be used, in hundredths of a per cent.';
comment on column finance.breakage_periods.from_month is 'The first day of the first month for which it counts.';
comment on column finance.breakage_periods.until_month is 'The first day for which it no longer counts.';

-- Where finance has said nothing: a deposit is the customer's to have back, and all else is breakage when it expires.
create function finance.method_unless_said(purpose text) returns text language sql immutable parallel safe as $$
  select case purpose when 'deposit' then 'left_out' else 'remote' end
$$;
