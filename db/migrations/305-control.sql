-- What the books say of each account of the ledger that holds liabilities, beside what finance read there.
create table finance.ledger_balances (
  entry_id      bigint generated always as identity primary key,
  legal_entity  text not null,
  account       text not null check (account in ('liability', 'liability_paid', 'liability_return', 'liability_goodwill')),
  currency      text not null check (currency ~ '^[A-Z]{3}$'),
  day           date not null,
  balance_minor bigint not null,
  entered_by    text not null,
  entered_at    timestamptz not null default clock_timestamp()
);
comment on column finance.ledger_balances.entry_id is 'The order in which finance entered them.';
comment on column finance.ledger_balances.legal_entity is 'Whose ledger it is.';
comment on column finance.ledger_balances.account is 'What the account is for: liability where one account has all of it.';
comment on column finance.ledger_balances.currency is 'The currency of the balance.';
comment on column finance.ledger_balances.day is 'At the end of which day the ledger has it.';
comment on column finance.ledger_balances.balance_minor is 'What the ledger has: positive for what is owed.';
comment on column finance.ledger_balances.entered_by is 'Who entered it.';
comment on column finance.ledger_balances.entered_at is 'When it was entered. The latest one of an account and day counts.';
create index ledger_balances_latest on finance.ledger_balances (day, legal_entity, currency, account, entry_id desc);
select finance.append_only('finance.ledger_balances');

create type finance.control_row as (
  legal_entity text, currency text, account text, liability_minor bigint, ledger_minor bigint, difference_minor bigint,
  entered_by text, entered_at timestamptz);
comment on type finance.control_row is 'An account of the ledger beside the books.';
comment on column finance.control_row.legal_entity is 'Whose ledger it is.';
comment on column finance.control_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.control_row.account is 'liability_paid, liability_return or liability_goodwill; liability for all in one.';
comment on column finance.control_row.liability_minor is 'Owed at the end of the day, as the books have it.';
comment on column finance.control_row.ledger_minor is 'What finance entered from the ledger for that day; empty when nothing.';
comment on column finance.control_row.difference_minor is 'The ledger less the books; empty when nothing was entered.';
comment on column finance.control_row.entered_by is 'Who entered what the ledger has.';
comment on column finance.control_row.entered_at is 'When it was entered.';

-- The account of each payment, and what it had at the end of that day.
create function finance.control_shares(as_of date, legal_entity text)
returns table (home_entity text, currency text, account text, reference text, sequence integer, amount_minor bigint)
language sql stable as $$
  select e.home_entity, e.currency, 'liability_' || e.source_funding, e.reference, max(e.sequence),
         sum(e.amount_minor)::bigint
    from finance.entries e
   where e.day <= as_of
     and (control_shares.legal_entity is null or e.home_entity = control_shares.legal_entity)
   group by 1, 2, 3, 4 having sum(e.amount_minor) <> 0
$$;

create function finance.control(as_of date, legal_entity text default null)
returns setof finance.control_row language sql stable as $$
  with
  entered as (
    select distinct on (b.legal_entity, b.currency, b.account) b.*
      from finance.ledger_balances b
     where b.day = as_of and (control.legal_entity is null or b.legal_entity = control.legal_entity)
     order by b.legal_entity, b.currency, b.account, b.entry_id desc),
  owed as (
    select s.home_entity as legal_entity, s.currency, s.account, sum(s.amount_minor)::bigint as minor
      from finance.control_shares(as_of, control.legal_entity) s group by 1, 2, 3),
  -- Where one account has all of it, and none has a part, there is one row.
  accounts as (
    select o.legal_entity, o.currency, o.account from owed o
     where not exists (select from entered t where (t.legal_entity, t.currency, t.account)
                                                   = (o.legal_entity, o.currency, 'liability'))
        or exists (select from entered t where (t.legal_entity, t.currency) = (o.legal_entity, o.currency)
                                           and t.account <> 'liability')
    union
    select t.legal_entity, t.currency, t.account from entered t)
  select a.legal_entity, a.currency, a.account, o.minor, t.balance_minor, t.balance_minor - o.minor, t.entered_by,
         t.entered_at
    from accounts a
    cross join lateral (
      select coalesce(sum(w.minor), 0)::bigint as minor from owed w
       where (w.legal_entity, w.currency) = (a.legal_entity, a.currency) and a.account in (w.account, 'liability')) o
    left join entered t on (t.legal_entity, t.currency, t.account) = (a.legal_entity, a.currency, a.account)
   order by 1, 2, 3
$$;
comment on function finance.control is
  'What is owed at the end of a day, an account of the ledger each, beside what finance read there.';

create function finance.control_movements(
  as_of date, legal_entity text default null, cell jsonb default '{}', figure text default 'liability_minor')
returns setof finance.movement_row language sql stable as $$
  select behind.*
    from finance.control_shares(as_of, control_movements.legal_entity) s
    join finance.entries e using (reference, sequence)
    cross join lateral finance.movement(e, s.amount_minor) behind
   where figure = 'liability_minor'
     and (jsonb_build_object('legal_entity', s.home_entity, 'currency', s.currency) @> (cell - 'account'))
     and coalesce(cell ->> 'account', 'liability') in (s.account, 'liability')
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.control_movements is
  'The last movements of the payments behind one figure of finance.control.';

select finance.publish('control');
