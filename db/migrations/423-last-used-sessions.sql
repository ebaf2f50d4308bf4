-- When its owner was last there: a till that stood idle asks who is there. Shops that never ask leave it as it began.
alter table staff.sessions add column last_used_at timestamptz not null default clock_timestamp();
grant update (last_used_at) on staff.sessions to account_payments_service;
