-- What was owed at any instant, as it was known at any other: what was recorded later changes nothing of what was told
-- then.
create type finance.outstanding_liability_row as (
  legal_entity text, shop_id text, currency text, funding text, source_funding text, tax_point text, purpose text,
  type text, balance_minor bigint, held_minor bigint, frozen_minor bigint, payment_count bigint, customer_count bigint);
comment on type finance.outstanding_liability_row is 'What is owed at an instant.';
comment on column finance.outstanding_liability_row.legal_entity is 'Who owes it: the entity of the shop that issued. Empty when not asked by.';
comment on column finance.outstanding_liability_row.shop_id is 'The shop that issued. Empty when not asked by.';
comment on column finance.outstanding_liability_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.outstanding_liability_row.funding is 'Where the money came from. Empty when not asked by.';
comment on column finance.outstanding_liability_row.source_funding is 'How it first came, gifts and replacements too. Empty when not asked by.';
comment on column finance.outstanding_liability_row.tax_point is 'When its tax falls due. Empty when not asked by.';
comment on column finance.outstanding_liability_row.purpose is 'Why it was issued. Empty when not asked by.';
comment on column finance.outstanding_liability_row.type is 'generic or product_specific. Empty when not asked by.';
comment on column finance.outstanding_liability_row.balance_minor is 'What is owed.';
comment on column finance.outstanding_liability_row.held_minor is 'Of that, reserved for sales and gifts.';
comment on column finance.outstanding_liability_row.frozen_minor is 'Of that, in payments that are frozen.';
comment on column finance.outstanding_liability_row.payment_count is 'In how many payments.';
comment on column finance.outstanding_liability_row.customer_count is 'To how many customers.';

-- What each payment had at that instant: its balance, what of it was held, and what was frozen. Movements of one payment
-- follow each other in time, so the last of them until then says what it had.
create function finance.balances(as_of timestamptz, known_at timestamptz, legal_entity text, shop_id text)
returns table (payment finance.payments, sequence integer, balance_minor bigint, held_minor bigint, frozen_minor bigint)
language sql stable as $$
  with last as (
    select m.reference, max(m.sequence) as sequence, sum(m.amount_minor)::bigint as balance_minor
      from movements m
     where m.moved_at <= as_of and (balances.known_at is null or m.recorded_at <= balances.known_at)
     group by 1),
  held as (
    select h.reference, sum(h.amount_minor)::bigint as minor from finance.held_changes(balances.known_at) h
     where h.decided_at <= as_of group by 1),
  frozen as (
    select f.reference, sum(f.amount_minor)::bigint as minor from finance.frozen_changes(balances.known_at) f
     where f.decided_at <= as_of group by 1)
  select p, l.sequence, l.balance_minor, coalesce(h.minor, 0), coalesce(f.minor, 0)
    from last l
    join finance.payments p on p.reference = l.reference
    left join held h on h.reference = l.reference
    left join frozen f on f.reference = l.reference
   where l.balance_minor <> 0
     and (balances.legal_entity is null or p.home_entity = balances.legal_entity)
     and (balances.shop_id is null or p.home_shop_id = balances.shop_id)
$$;

create function finance.outstanding_liability(
  as_of timestamptz, known_at timestamptz default null, by text[] default '{legal_entity}',
  legal_entity text default null, shop_id text default null)
returns setof finance.outstanding_liability_row language sql stable as $$
  select f.*, sum(balance_minor)::bigint, sum(held_minor)::bigint, sum(frozen_minor)::bigint, count(*),
         count(distinct (payment).customer_id)
    from finance.balances(as_of, outstanding_liability.known_at, outstanding_liability.legal_entity,
                          outstanding_liability.shop_id)
    cross join lateral finance.folded(by, (payment).home_entity, (payment).home_shop_id, (payment).currency, (payment).funding, (payment).source_funding,
                                     (payment).tax_point, (payment).purpose, (payment).type) f
   where finance.are_known(by, finance.dimensions())
   group by 1, 2, 3, 4, 5, 6, 7, 8
   order by 1, 2, 3, 4, 5, 6, 7, 8
$$;
comment on function finance.outstanding_liability is 'What was owed at an instant, as it was known at another.';

create function finance.outstanding_liability_movements(
  as_of timestamptz, known_at timestamptz default null, by text[] default '{legal_entity}',
  legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'balance_minor')
returns setof finance.movement_row language sql stable as $$
  select behind.*
    from finance.balances(as_of, outstanding_liability_movements.known_at,
                          outstanding_liability_movements.legal_entity, outstanding_liability_movements.shop_id) b
    join finance.entries e on e.reference = (payment).reference and e.sequence = b.sequence
    cross join lateral (values (case figure when 'balance_minor' then balance_minor when 'held_minor' then held_minor
                                            when 'frozen_minor' then frozen_minor else 0 end)) share (amount_minor)
    cross join lateral finance.folded(by, (payment).home_entity, (payment).home_shop_id, (payment).currency, (payment).funding, (payment).source_funding,
                                     (payment).tax_point, (payment).purpose, (payment).type) f
    cross join lateral finance.movement(e, share.amount_minor) behind
   where share.amount_minor <> 0 and to_jsonb(f) @> cell
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.outstanding_liability_movements is
  'The last movements of the payments behind one figure of finance.outstanding_liability.';

-- What each customer had at an instant.
create type finance.customer_balances_row as (
  legal_entity text, customer_id text, currency text, balance_minor bigint, held_minor bigint, frozen_minor bigint,
  goodwill_minor bigint, payment_count bigint, first_issued_at timestamptz);
comment on type finance.customer_balances_row is 'What an entity owes a customer.';
comment on column finance.customer_balances_row.legal_entity is 'Who owes it: the entity of the shop that issued.';
comment on column finance.customer_balances_row.customer_id is 'The customer.';
comment on column finance.customer_balances_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.customer_balances_row.balance_minor is 'What is owed.';
comment on column finance.customer_balances_row.held_minor is 'Of that, reserved for sales and gifts.';
comment on column finance.customer_balances_row.frozen_minor is 'Of that, in payments that are frozen.';
comment on column finance.customer_balances_row.goodwill_minor is 'Of that, what was once given free.';
comment on column finance.customer_balances_row.payment_count is 'In how many payments.';
comment on column finance.customer_balances_row.first_issued_at is 'When the oldest of them was issued.';

create function finance.customer_balances(
  as_of timestamptz, known_at timestamptz default null, legal_entity text default null, shop_id text default null)
returns setof finance.customer_balances_row language sql stable as $$
  select (payment).home_entity, (payment).customer_id, (payment).currency, sum(balance_minor)::bigint,
         sum(held_minor)::bigint, sum(frozen_minor)::bigint,
         coalesce(sum(balance_minor) filter (where (payment).source_funding = 'goodwill'), 0)::bigint, count(*),
         min((payment).issued_at)
    from finance.balances(as_of, customer_balances.known_at, customer_balances.legal_entity, customer_balances.shop_id)
   group by 1, 2, 3
   order by 1, 2, 3
$$;
comment on function finance.customer_balances is 'What each customer had at an instant.';

create function finance.customer_balances_movements(
  as_of timestamptz, known_at timestamptz default null, legal_entity text default null, shop_id text default null,
  cell jsonb default '{}', figure text default 'balance_minor')
returns setof finance.movement_row language sql stable as $$
  select behind.*
    from finance.balances(as_of, customer_balances_movements.known_at, customer_balances_movements.legal_entity,
                          customer_balances_movements.shop_id) b
    join finance.entries e on e.reference = (payment).reference and e.sequence = b.sequence
    cross join lateral (values (case
      when figure = 'balance_minor' then balance_minor when figure = 'held_minor' then held_minor
      when figure = 'frozen_minor' then frozen_minor
      when figure = 'goodwill_minor' and (payment).source_funding = 'goodwill' then balance_minor
      else 0 end)) share (amount_minor)
    cross join lateral finance.movement(e, share.amount_minor) behind
   where share.amount_minor <> 0
     and jsonb_build_object('legal_entity', (payment).home_entity, 'customer_id', (payment).customer_id,
                            'currency', (payment).currency) @> cell
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.customer_balances_movements is
  'The last movements of the payments behind one figure of finance.customer_balances.';

select finance.publish('outstanding_liability');
select finance.publish('customer_balances');
