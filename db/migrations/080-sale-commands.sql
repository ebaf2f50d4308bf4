-- What sales answered, refusals too: for repeats after a sale's workflow has gone, and for whoever has to explain a return.
create table sale_commands (
  sale_id      text not null,
  command_id   text not null,
  kind         text not null check (kind in ('hold', 'settle', 'capture', 'release', 'return')),
  body_hash    text not null,
  outcome      text not null,
  customer_id  text,
  currency     text,
  lines        jsonb,
  answer       jsonb not null check (jsonb_typeof(answer) = 'object'),
  caller       text not null,
  staff_id     text,
  decided_at   timestamptz not null,
  recorded_at  timestamptz not null default clock_timestamp(),
  primary key (sale_id, command_id)
);

create trigger sale_commands_append_only before update or delete on sale_commands
  for each row execute function refuse_change();
create trigger sale_commands_not_truncated before truncate on sale_commands execute function refuse_change();

-- A fee that is kept of what an ended payment would have got back has no command there: its reservation keeps it.
alter table issue_reservations
  add column kept_minor bigint not null default 0 check (kept_minor = 0 or replaces is not null and kept_minor > 0);
