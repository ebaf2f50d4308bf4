-- A reservation keeps the whole issue, so that whoever finds it can start it, and a payment can be read before any worker
-- has run. What an actor says that it was issued as is held against it.
alter table issue_reservations add column issue jsonb not null check (jsonb_typeof(issue) = 'object');
