-- What the actors decided, as the recorder brings it. The constraints repeat the rules of money, so that no program,
-- ours included, can write books that do not add up.

create table account_payments (
  reference           text primary key check (reference ~ '^ACC-\d{8}-[0-9A-HJKMNP-TV-Z]{8}$'),
  customer_id         text not null,
  type                text not null check (type in ('generic', 'product_specific')),
  product_id          text,
  purpose             text not null check (purpose in ('deposit', 'store_credit', 'prepayment', 'gift')),
  currency            text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor        bigint not null check (amount_minor between 1 and 1000000000000),
  balance_minor       bigint not null,
  held_minor          bigint not null,
  ended_balance_minor bigint,
  status              text not null check (status in ('active', 'used', 'expired', 'cancelled')),
  issued_at           timestamptz not null,
  expires_at          timestamptz,
  created_by          text not null,
  staff_id            text,
  notes               text check (length(notes) <= 2000),
  revision            integer not null check (revision >= 1),
  last_sequence       integer not null,
  check ((type = 'product_specific') = (product_id is not null)),
  check (0 <= held_minor and held_minor <= balance_minor and balance_minor <= amount_minor),
  check ((status in ('expired', 'cancelled')) = (ended_balance_minor is not null)),
  check ((status = 'active') = (balance_minor > 0))
);

create index account_payments_by_customer on account_payments (customer_id, issued_at desc, reference desc);
create index account_payments_by_issue on account_payments (issued_at desc, reference desc);
create index account_payments_by_expiry on account_payments (expires_at) where status = 'active';

-- Every remembered command, refusals too: the revisions of a payment are its commands, without a gap.
create table commands (
  reference  text not null references account_payments,
  command_id text not null,
  revision   integer not null check (revision >= 1),
  kind       text not null check (kind in
               ('issue', 'apply', 'refund', 'hold', 'capture', 'release', 'cancel', 'expire', 'extend')),
  body_hash  text not null,
  outcome    text not null,
  caller     text not null,
  staff_id   text,
  decided_at timestamptz not null,
  primary key (reference, command_id),
  unique (reference, revision)
);

-- Append-only. Each movement but the first points at its predecessor: at its sequence, at what it left, and at its not
-- having ended the payment. So a balance before is the balance after the movement before it, and nothing follows an end.
create table movements (
  reference            text not null references account_payments,
  sequence             integer not null check (sequence >= 1),
  command_id           text not null,
  kind                 text not null check (kind in ('issued', 'applied', 'refunded', 'expired', 'cancelled')),
  amount_minor         bigint not null check (amount_minor <> 0),
  balance_before_minor bigint not null check (balance_before_minor >= 0),
  balance_after_minor  bigint not null check (balance_after_minor >= 0),
  sale_id              text,
  reason               text check (length(reason) <= 500),
  caller               text not null,
  staff_id             text,
  moved_at             timestamptz not null,
  predecessor          integer generated always as (nullif(sequence, 1) - 1) stored,
  predecessor_ends     boolean not null default false check (not predecessor_ends),
  ends                 boolean generated always as (kind in ('expired', 'cancelled')) stored,
  primary key (reference, sequence),
  unique (reference, command_id),
  unique (reference, sequence, balance_after_minor, ends),
  unique (reference, sequence, balance_after_minor),
  foreign key (reference, command_id) references commands,
  foreign key (reference, predecessor, balance_before_minor, predecessor_ends)
    references movements (reference, sequence, balance_after_minor, ends),
  check (balance_after_minor = balance_before_minor + amount_minor),
  check ((sequence = 1) = (kind = 'issued')),
  check (sequence > 1 or balance_before_minor = 0),
  check ((amount_minor > 0) = (kind in ('issued', 'refunded'))),
  check ((kind in ('applied', 'refunded')) = (sale_id is not null)),
  check (kind not in ('expired', 'cancelled') or balance_after_minor = 0)
);

create index movements_by_sale on movements (sale_id, reference) where sale_id is not null;

-- The row's balance is what its last movement left. Checked at commit, for the two are written together.
alter table account_payments add foreign key (reference, last_sequence, balance_minor)
  references movements (reference, sequence, balance_after_minor) deferrable initially deferred;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

create trigger movements_append_only before update or delete on movements
  for each row execute function refuse_change();
create trigger movements_not_truncated before truncate on movements execute function refuse_change();
create trigger commands_append_only before update or delete on commands
  for each row execute function refuse_change();
create trigger commands_not_truncated before truncate on commands execute function refuse_change();
create trigger account_payments_not_deleted before delete on account_payments
  for each row execute function refuse_change();
create trigger account_payments_not_truncated before truncate on account_payments execute function refuse_change();

create function account_payment_moves_forward() returns trigger language plpgsql as $$
begin
  if new.revision < old.revision then
    raise exception '%: revision % is behind %', old.reference, new.revision, old.revision
      using errcode = 'integrity_constraint_violation';
  end if;
  if (new.reference, new.customer_id, new.type, new.product_id, new.purpose, new.currency, new.amount_minor,
      new.issued_at, new.created_by, new.staff_id)
     is distinct from
     (old.reference, old.customer_id, old.type, old.product_id, old.purpose, old.currency, old.amount_minor,
      old.issued_at, old.created_by, old.staff_id) then
    raise exception '%: its terms do not change', old.reference using errcode = 'integrity_constraint_violation';
  end if;
  if new.revision = old.revision and
     (new.balance_minor, new.held_minor, new.ended_balance_minor, new.status, new.expires_at, new.last_sequence)
     is distinct from
     (old.balance_minor, old.held_minor, old.ended_balance_minor, old.status, old.expires_at, old.last_sequence) then
    raise exception '%: revision % says something else already', old.reference, old.revision
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;

create trigger account_payments_forward before update on account_payments
  for each row execute function account_payment_moves_forward();

-- At commit, so that the row and its movements may come in either order within a transaction.
create function movement_is_covered() returns trigger language plpgsql as $$
declare
  net bigint;
begin
  if not exists (select from account_payments p where p.reference = new.reference and p.last_sequence >= new.sequence) then
    raise exception '%: movement % is ahead of its payment', new.reference, new.sequence
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.kind = 'refunded' then
    select sum(amount_minor) into net from movements where reference = new.reference and sale_id = new.sale_id;
    if net > 0 then
      raise exception '%: sale % got back more than it took', new.reference, new.sale_id
        using errcode = 'integrity_constraint_violation';
    end if;
  end if;
  return null;
end $$;

create constraint trigger movements_covered after insert on movements
  deferrable initially deferred for each row execute function movement_is_covered();

-- The signs of a sale: what was spent is positive, what came back is negative.
create view usage_records as
  select reference, sequence, command_id, case kind when 'applied' then 'apply' else 'refund' end as kind,
         -amount_minor as amount_minor, balance_before_minor, balance_after_minor, sale_id, reason, caller, staff_id,
         moved_at
    from movements
   where kind in ('applied', 'refunded');

-- A reference is promised to a caller's key before its actor is started, so that a repeat finds the same one.
create table issue_reservations (
  command_id  text primary key,
  reference   text not null unique,
  body_hash   text not null,
  issued_at   timestamptz not null,
  notes       text check (length(notes) <= 2000)
);

create table customers (
  customer_id text primary key,
  name        text not null check (length(name) between 1 and 200),
  updated_at  timestamptz not null default now()
);

create table products (
  product_id text primary key,
  name       text not null check (length(name) between 1 and 200),
  updated_at timestamptz not null default now()
);

-- A key is `ap_<key_id>_<secret>`; only the hash of the whole is kept.
create table api_keys (
  key_id     text primary key,
  key_hash   bytea not null check (length(key_hash) = 32),
  caller     text not null,
  role       text not null check (role in ('till', 'manager', 'finance', 'admin')),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
