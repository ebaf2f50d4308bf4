-- As whom API and worker connect: they read and add, and change the few columns that change. The owner, who migrates,
-- alone can drop a trigger, delete a row of the books, or empty a table.
do $$
begin
  -- Roles belong to the whole server: another database of it may have made this one, even at this moment.
  if not exists (select from pg_roles where rolname = 'account_payments_service') then
    create role account_payments_service nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'there is no role account_payments_service, and % may not make it', current_user
      using errcode = 'insufficient_privilege', hint = 'docs/production.md says how to make it.';
end $$;

-- A temporary table would stand before the true one of its name, wherever a trigger looks.
do $$
begin
  execute format('revoke temporary on database %I from public', current_database());
end $$;
revoke create on schema public from public;
grant usage on schema public, staff to account_payments_service;

grant select, insert on all tables in schema public, staff to account_payments_service;
alter default privileges in schema public grant select, insert on tables to account_payments_service;
alter default privileges in schema staff grant select, insert on tables to account_payments_service;

-- What people on the server say, with `npm run keys`, `shops` and `rules`.
revoke all on schema_migrations from account_payments_service;
revoke insert on api_keys, callers, shops, rules_switched, staff.secrets, usage_records from account_payments_service;

grant update (status, balance_minor, held_minor, ended_balance_minor, expires_at, frozen_causes, last_sequence,
              revision, notes) on account_payments to account_payments_service;
grant update (notes) on issue_reservations to account_payments_service;
grant update (outcome_code) on request_keys to account_payments_service;
grant update (status, to_reference, source_revision, code, decided_at) on gifts to account_payments_service;
-- Who somebody is and what was said to them can be erased, and is of no account.
grant update (message) on gifts to account_payments_service;
grant update (name, name_words, phone, email, updated_at), delete on customers to account_payments_service;
grant update (name, name_words, updated_at) on products to account_payments_service;
grant update (last_met_at) on ledger_conflicts to account_payments_service;
grant delete on sent_signals to account_payments_service;

-- When a key was last used is noted by whoever serves it.
grant update (last_used_at) on api_keys to account_payments_service;

grant update (role, disabled_at, updated_at) on staff.members to account_payments_service;
grant update (password, updated_at) on staff.credentials to account_payments_service;
grant update (shop_id, expires_at, updated_at), delete on staff.sessions to account_payments_service;
grant update (tries, last_tried_at), delete on staff.sign_in_attempts to account_payments_service;
grant delete on staff.member_shops to account_payments_service;
grant delete on staff.verifications to account_payments_service;
