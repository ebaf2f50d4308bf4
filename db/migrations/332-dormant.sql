-- Payments of whose customers nothing was heard for so many months, for those who report unclaimed property. An act of the
-- customer is what takes a customer to the till: an issue, a purchase, a return, a hold (whatever became of it), a
-- pay-out, a gift to another. What staff or the clock do is none: extending, freezing, expiring, issuing anew. Of what was
-- issued anew the customer's last act is that with the payment before it. Goodwill was given free and is nobody's property.
create type finance.dormant_row as (
  legal_entity text, shop_id text, reference text, currency text, customer_id text, purpose text, source_funding text,
  last_act text, last_act_on date, balance_minor bigint);
comment on type finance.dormant_row is 'A payment of whose customer nothing was heard for long.';
comment on column finance.dormant_row.legal_entity is 'The legal entity that owes it.';
comment on column finance.dormant_row.shop_id is 'The shop that issued it.';
comment on column finance.dormant_row.reference is 'The account payment.';
comment on column finance.dormant_row.currency is 'ISO 4217 code of the amount beside it.';
comment on column finance.dormant_row.customer_id is 'Whose it is.';
comment on column finance.dormant_row.purpose is 'Why it was issued.';
comment on column finance.dormant_row.source_funding is 'How the money first came.';
comment on column finance.dormant_row.last_act is 'The last that the customer did: issue, apply, refund, hold, capture or payOut.';
comment on column finance.dormant_row.last_act_on is 'The day of that, on the calendar of the shop where it was done.';
comment on column finance.dormant_row.balance_minor is 'What it has left.';

-- The last that the customer did with this money, a reissue or reinstatement of it being no act of theirs.
create function finance.last_act(payment text, as_of date) returns table (kind text, day date) language sql stable rows 1
as $$
  with recursive same_money as (
    select p.reference, p.origin, p.replaces from account_payments p where p.reference = payment
    union all
    select p.reference, p.origin, p.replaces
      from same_money s join account_payments p on p.reference = s.replaces
     where s.origin in ('reissue', 'reinstatement'))
  select c.kind, (c.decided_at at time zone coalesce(there.time_zone, home.time_zone))::date
    from same_money m
    join account_payments p on p.reference = m.reference
    join shops home on home.shop_id = p.shop_id
    join commands c on c.reference = m.reference
    left join shops there on there.shop_id = c.shop_id
   where c.outcome = 'accepted' and c.kind in ('issue', 'apply', 'refund', 'hold', 'capture', 'payOut')
     and not (c.kind = 'issue' and coalesce(m.origin, '') in ('reissue', 'reinstatement'))
     and c.booked_on <= as_of
   order by c.decided_at desc, c.revision desc limit 1
$$;

create function finance.dormant(
  as_of date, months integer default 36, legal_entity text default null, shop_id text default null)
returns setof finance.dormant_row language sql stable as $$
  select p.home_entity, p.home_shop_id, o.reference, p.currency, p.customer_id, p.purpose, p.source_funding, act.kind,
         act.day, o.balance_minor
    from finance.owed_on(as_of) o
    join finance.payments p using (reference)
    join account_payments a using (reference)
    cross join lateral finance.last_act(o.reference, as_of) act
   where p.source_funding <> 'goodwill'
     and ((p.issued_at at time zone p.home_time_zone)::date <= as_of - make_interval(months => months) or a.origin in ('reissue', 'reinstatement'))
     and act.day <= as_of - make_interval(months => months)
     and (dormant.legal_entity is null or p.home_entity = dormant.legal_entity)
     and (dormant.shop_id is null or p.home_shop_id = dormant.shop_id)
   order by 1, act.day, o.reference
$$;
comment on function finance.dormant is
  'Payments of whose customers nothing was heard for so many months, goodwill left out, by entity and last act.';

create function finance.dormant_movements(
  as_of date, months integer default 36, legal_entity text default null, shop_id text default null,
  cell jsonb default '{}', figure text default 'balance_minor')
returns setof finance.movement_row language sql stable as $$
  select movement.*
    from finance.dormant(as_of, months, dormant_movements.legal_entity, dormant_movements.shop_id) x
    join finance.entries e on e.reference = x.reference and e.day <= as_of
    cross join lateral finance.movement(e, e.amount_minor) movement
   where dormant_movements.figure = 'balance_minor'
     and jsonb_build_object('legal_entity', x.legal_entity, 'shop_id', x.shop_id, 'reference', x.reference,
                            'currency', x.currency) @> cell
   order by movement.moved_at, movement.reference, movement.sequence
$$;
comment on function finance.dormant_movements is 'The movements behind one figure of finance.dormant.';
select finance.publish('dormant');
