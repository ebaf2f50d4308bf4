-- What people do rarely and somebody should look at: by whom, who signed for it, and whether it was the same person who
-- had issued what was paid out.
create type finance.exceptions_row as (
  legal_entity text, shop_id text, currency text, act text, person text, signed_by text,
  amount_minor bigint, by_issuer_minor bigint, act_count bigint, by_issuer_count bigint);
comment on type finance.exceptions_row is 'One act of one person.';
comment on column finance.exceptions_row.legal_entity is 'The legal entity of the shop.';
comment on column finance.exceptions_row.shop_id is 'The shop in which it was done.';
comment on column finance.exceptions_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.exceptions_row.act is 'goodwill, credit_without_sale, paid_out, forfeited, reinstated, extended, thawed or law_overridden.';
comment on column finance.exceptions_row.person is 'On whose behalf it was sent, else the till or person that sent it.';
comment on column finance.exceptions_row.signed_by is 'Who signed for that person; empty when nobody did.';
comment on column finance.exceptions_row.amount_minor is 'The amount of it: of an extension or a thaw the balance that it was about.';
comment on column finance.exceptions_row.by_issuer_minor is 'Of what was paid out, from payments that the same person, or who signed, had issued.';
comment on column finance.exceptions_row.act_count is 'How many times.';
comment on column finance.exceptions_row.by_issuer_count is 'How many of the pay-outs were by who had issued the payment.';

create function finance.person(caller text, staff_id text) returns text language sql immutable parallel safe as $$
  select coalesce(staff_id, regexp_replace(caller, '^staff:', ''))
$$;
-- People act under their own names: another name beside the person's is that of a manager who signed.
create function finance.signer(caller text, staff_id text) returns text language sql immutable parallel safe as $$
  select case when caller like 'staff:%' and caller <> 'staff:' || staff_id then substr(caller, 7) else '' end
$$;

-- By whom something was done, as people are told apart: somebody has one name in all shops, and each shop its own till-1.
create function finance.hands(caller text, staff_id text, shop_id text) returns text[]
language sql immutable parallel safe as $$
  select array_remove(array[
    case when staff_id is null and caller not like 'staff:%' then shop_id || E'\n' || caller
         else finance.person(caller, staff_id) end,
    finance.signer(caller, staff_id)], '')
$$;

-- An act without a movement of its own stands at the payment's last movement before it.
create function finance.exceptions_acts(from_day date, to_day date, legal_entity text, shop_id text)
returns table (reference text, sequence integer, acted_at timestamptz, day date, entity text, shop text, currency text,
               act text, amount_minor bigint, command_id text, caller text, staff_id text, reason text,
               recorded_at timestamptz, booked_late boolean, is_by_issuer boolean)
language sql stable as $$
  with acts as (
    select e.reference, e.sequence, e.moved_at as acted_at, e.day, e.shop_entity as entity, e.shop_id as shop, e.currency,
           case e.category when 'issued_goodwill' then 'goodwill' when 'issued_return' then 'credit_without_sale'
                           when 'issued_replacement' then 'reinstated' else e.category end as act,
           abs(e.amount_minor) as amount_minor, e.command_id, e.caller, e.staff_id, e.reason, e.recorded_at,
           e.booked_late
      from finance.entries e
     where e.day between from_day and to_day
       and (e.category in ('issued_goodwill', 'paid_out', 'forfeited')
            or e.category = 'issued_return' and e.receipt_id is null
            or e.category = 'issued_replacement' and e.origin = 'reinstatement')
    union all
    select c.reference, m.sequence, c.decided_at, c.booked_on, coalesce(s.legal_entity, p.home_entity), c.shop_id, p.currency,
           c.act, case when m.command_id = c.command_id then abs(m.amount_minor) else m.balance_after_minor end,
           c.command_id, c.caller, c.staff_id, c.act_reason, c.recorded_at,
           c.booked_on > (c.decided_at at time zone coalesce(s.time_zone, p.home_time_zone))::date
      -- The few first: for each of them its movement is looked up.
      from (select c.*, done.act, done.reason as act_reason
              from commands c
             cross join lateral (
               select 'extended' as act, c.details ->> 'reason' as reason where c.kind = 'extend'
                union all
               -- What a gift does to its own payment nobody decided.
               select 'thawed', c.details ->> 'reason' where c.kind = 'thaw' and c.details ->> 'cause' <> 'gift'
                union all
               select 'law_overridden', c.details #>> '{law,reason}'
                where c.details #>> '{law,outcome}' = 'overridden') done
             where c.outcome = 'accepted' and c.booked_on between from_day and to_day
               and (c.kind in ('extend', 'thaw') or c.details #>> '{law,outcome}' = 'overridden')
            offset 0) c
      join finance.payments p on p.reference = c.reference
      left join shops s on s.shop_id = c.shop_id
     cross join lateral (
       select m.sequence, m.command_id, m.amount_minor, m.balance_after_minor
         from movements m join commands mover on mover.reference = m.reference and mover.command_id = m.command_id
        where m.reference = c.reference and mover.revision <= c.revision order by m.sequence desc limit 1) m)
  select a.*, a.act = 'paid_out' and finance.hands(a.caller, a.staff_id, a.shop)
                                  && finance.hands(i.caller, i.staff_id, i.shop_id)
    from acts a join movements i on i.reference = a.reference and i.sequence = 1
   where (exceptions_acts.legal_entity is null or a.entity = exceptions_acts.legal_entity)
     and (exceptions_acts.shop_id is null or a.shop = exceptions_acts.shop_id)
$$;

create function finance.exceptions(
  from_day date, to_day date, legal_entity text default null, shop_id text default null)
returns setof finance.exceptions_row language sql stable as $$
  select a.entity, a.shop, a.currency, a.act, finance.person(a.caller, a.staff_id), finance.signer(a.caller, a.staff_id),
         sum(a.amount_minor)::bigint, coalesce(sum(a.amount_minor) filter (where a.is_by_issuer), 0)::bigint, count(*),
         count(*) filter (where a.is_by_issuer)
    from finance.exceptions_acts(from_day, to_day, exceptions.legal_entity, exceptions.shop_id) a
   group by 1, 2, 3, 4, 5, 6
   order by 1, 2, 3, 4, 5, 6
$$;
comment on function finance.exceptions is
  'What people do rarely: goodwill, credit without a sale, pay-outs, forfeits, reinstatements, extensions, thaws, and what is done against a law.';

create function finance.exceptions_movements(
  from_day date, to_day date, legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'amount_minor')
returns setof finance.movement_row language sql stable as $$
  select a.reference, a.sequence, a.day, a.acted_at, a.shop, e.kind, e.category, a.currency, a.amount_minor,
         e.balance_before_minor, e.balance_after_minor, e.customer_id, a.command_id, a.caller, a.staff_id, a.reason,
         e.sale_shop_id, e.sale_id, a.recorded_at, a.booked_late
    from finance.exceptions_acts(from_day, to_day, exceptions_movements.legal_entity, exceptions_movements.shop_id) a
    join finance.entries e on e.reference = a.reference and e.sequence = a.sequence
   where (figure = 'amount_minor' or figure = 'by_issuer_minor' and a.is_by_issuer)
     and jsonb_build_object('legal_entity', a.entity, 'shop_id', a.shop, 'currency', a.currency, 'act', a.act,
                            'person', finance.person(a.caller, a.staff_id),
                            'signed_by', finance.signer(a.caller, a.staff_id)) @> cell
   order by a.acted_at, a.reference, a.sequence
$$;
comment on function finance.exceptions_movements is
  'The movements behind one figure of finance.exceptions; of an extension or a thaw the one before it.';

select finance.publish('exceptions');
