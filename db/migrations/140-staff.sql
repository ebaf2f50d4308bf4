-- Who works here, how they sign in, and what was done about their accounts. The first four tables are better-auth's; a
-- test holds them against what it wants. It never writes members: sign-up is off.
create schema staff;

create table staff.members (
  -- The username, and the staff id on what they do.
  id             text primary key check (id ~ '^[a-z0-9._-]{2,32}$' and id !~ '^(clock|operator|books|\.\.)$'),
  username       text not null generated always as (id) stored unique,
  name           text not null check (length(name) between 1 and 100),
  role           text not null check (role in ('cashier', 'manager', 'finance', 'admin')),
  -- A reserved domain: nobody's address is kept.
  email          text not null generated always as (id || '@staff.invalid') stored unique,
  email_verified boolean not null default false check (not email_verified),
  image          text check (image is null),
  created_at     timestamptz not null default clock_timestamp(),
  updated_at     timestamptz not null default clock_timestamp(),
  disabled_at    timestamptz
);

create function staff.member_stays() returns trigger language plpgsql as $$
begin
  raise exception '%: a username does not change', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger members_stay before update on staff.members for each row
  when (new.id is distinct from old.id) execute function staff.member_stays();
create trigger members_not_deleted before delete on staff.members for each row execute function refuse_change();
create trigger members_not_truncated before truncate on staff.members execute function refuse_change();

create table staff.sessions (
  id         text primary key,
  user_id    text not null references staff.members,
  token      text not null unique,
  -- Chosen at sign-in; without one it is nobody's session yet.
  shop_id    text references shops,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null
);
create index sessions_user_id_idx on staff.sessions (user_id);
create index sessions_by_end on staff.sessions (expires_at);

create table staff.credentials (
  id                       text primary key,
  account_id               text not null,
  provider_id              text not null check (provider_id = 'credential'),
  user_id                  text not null unique references staff.members,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  -- Salted scrypt.
  password                 text not null check (password ~ '^[0-9a-f]{32}:[0-9a-f]{128}$'),
  created_at               timestamptz not null default clock_timestamp(),
  updated_at               timestamptz not null
);

create table staff.verifications (
  id         text primary key,
  identifier text not null,
  value      text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

create table staff.member_shops (
  staff_id text not null references staff.members,
  shop_id  text not null references shops,
  primary key (staff_id, shop_id)
);

-- By username; a name that nobody has stands as a keyed hash, for people type passwords there.
create table staff.sign_in_attempts (
  tried         text primary key,
  tries         integer not null check (tries >= 1),
  last_tried_at timestamptz not null
);
create index sign_in_attempts_by_age on staff.sign_in_attempts (last_tried_at);

create table staff.log (
  entry_id  bigint generated always as identity primary key,
  logged_at timestamptz not null default clock_timestamp(),
  kind      text not null check (kind in (
    'signed_in', 'signed_out', 'wrong_password', 'locked', 'unlocked', 'added', 'disabled', 'enabled', 'role_changed',
    'shops_changed', 'password_reset', 'password_changed')),
  staff_id  text not null references staff.members,
  -- Another member, or whoever works on the server; nobody where it is not known who it was.
  done_by   text,
  shop_id   text references shops,
  -- What it was changed to.
  detail    text
);
create index log_by_member on staff.log (staff_id, entry_id);
create trigger log_append_only before update or delete on staff.log for each row execute function refuse_change();
create trigger log_not_truncated before truncate on staff.log execute function refuse_change();

-- Signs the cookies, and hashes what was typed in place of a username: 244 random bits.
create table staff.secrets (
  one    boolean primary key default true check (one),
  secret text not null
);
insert into staff.secrets (secret)
  values (encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'base64'));
create trigger secrets_stay before update or delete on staff.secrets for each row execute function refuse_change();
create trigger secrets_not_truncated before truncate on staff.secrets execute function refuse_change();

-- After how many idle minutes a till asks who is there; null for never.
alter table shops add column idle_lock_minutes integer check (idle_lock_minutes between 1 and 720);
