-- What people look for among all that is settled: money that is held now, and what waits for a person. Few rows are in
-- these, however many payments there are.
create index account_payments_held on account_payments (reference) where held_minor > 0;
create index gifts_not_given on gifts (requested_at) where status <> 'completed';

-- A sale that was completed without all that had been promised, goods that came back while their money did not, or a
-- payment that gave no answer, for its workflow was missing.
create index sale_commands_unsettled on sale_commands (decided_at)
  where outcome = 'payment_unavailable'
     or jsonb_path_exists(answer, '$.attempt.sources[*] ? (@.missingMinor > 0)')
     or jsonb_path_exists(answer, '$.return.notReturned[*]');

-- A payment that the books contradict freezes by itself, and the books cannot take that either. Here people find it;
-- whether it is so still, the payment says.
create table ledger_conflicts (
  reference    text primary key,
  first_met_at timestamptz not null default clock_timestamp(),
  last_met_at  timestamptz not null default clock_timestamp()
);
