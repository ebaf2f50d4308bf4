-- By which rules payments decide. The last row counts for what is issued from now on.
create table rules_switched (
  switch_id   integer generated always as identity primary key,
  rules       smallint not null check (rules >= 1),
  switched_at timestamptz not null default clock_timestamp()
);
insert into rules_switched (rules) values (1);
create trigger rules_switched_append_only before update or delete on rules_switched
  for each row execute function refuse_change();

-- Those by which each command was decided.
alter table commands add column rules smallint not null check (rules >= 1);
