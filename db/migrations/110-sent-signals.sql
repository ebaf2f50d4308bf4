-- Commands that were left with Temporal as signals and are not in the books yet: so many wait for one payment and no
-- more. What is recorded is taken out by whoever counts next.
create table sent_signals (
  command_id text primary key,
  reference  text not null,
  sent_at    timestamptz not null default clock_timestamp()
);

create index sent_signals_of on sent_signals (reference);
