-- The role of a caller is settled by its first key: who did something is told by the caller's name alone, so nobody
-- speaks under it with other rights. Where keys of several roles share a name already, the newest that is in force
-- decides for those that come; what is there goes on.
create table callers (
  shop_id text not null references shops,
  caller  text not null,
  role    text not null check (role in ('till', 'manager', 'finance', 'admin')),
  primary key (shop_id, caller),
  unique (shop_id, caller, role)
);

insert into callers (shop_id, caller, role)
  select distinct on (shop_id, caller) shop_id, caller, role
    from api_keys order by shop_id, caller, revoked_at desc nulls first, created_at desc;

alter table api_keys
  -- Whether a person made it, the first start, or the setting ADMIN_KEY.
  add column origin       text not null default 'command' check (origin in ('command', 'first_start', 'setting')),
  add column expires_at   timestamptz,
  add column last_used_at timestamptz,
  -- The setting names another key since.
  add column replaced_at  timestamptz check (replaced_at is null or origin = 'setting');

alter table api_keys
  add constraint api_keys_one_role_a_caller
  foreign key (shop_id, caller, role) references callers (shop_id, caller, role) not valid;
