-- A key means one request: what a caller's key was first used for, written before anything is sent. `request_id` is the
-- hash of caller and key, and the id of the command when the request is one to a payment.
create table request_keys (
  request_id    text primary key,
  caller        text not null,
  request_hash  text not null,
  reference     text,
  -- Of a refusal that came after the payment's end: no actor is there any more to remember it.
  outcome_code  text,
  registered_at timestamptz not null default clock_timestamp(),
  check (outcome_code is null or reference is not null)
);

-- What it was used for does not change.
create function request_key_stays() returns trigger language plpgsql as $$
begin
  raise exception '%: a key means one request', old.request_id using errcode = 'integrity_constraint_violation';
end $$;

create trigger request_keys_stay before update on request_keys for each row
  when ((new.request_id, new.caller, new.request_hash) is distinct from (old.request_id, old.caller, old.request_hash)
        or old.outcome_code is not null and new.outcome_code is distinct from old.outcome_code)
  execute function request_key_stays();
