-- Who owes whom: a shop that issued owes another one what was spent, handed out or given on there, less what was put
-- back there. Within an entity it is for information; between entities the journal posts it.
create type finance.between_shops_row as (
  owing_entity text, owing_shop_id text, owed_entity text, owed_shop_id text, currency text, relation text,
  applied_minor bigint, refunded_minor bigint, paid_out_minor bigint, gifted_minor bigint, reissued_minor bigint,
  reinstated_minor bigint, net_minor bigint);
comment on type finance.between_shops_row is 'What one shop owes another.';
comment on column finance.between_shops_row.owing_entity is 'The legal entity of the shop that issued.';
comment on column finance.between_shops_row.owing_shop_id is 'The shop that issued, and owes.';
comment on column finance.between_shops_row.owed_entity is 'The legal entity of the other shop.';
comment on column finance.between_shops_row.owed_shop_id is 'The shop in which it moved, to which it is owed.';
comment on column finance.between_shops_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.between_shops_row.relation is 'within one entity, or between two.';
comment on column finance.between_shops_row.applied_minor is 'Spent on sales there.';
comment on column finance.between_shops_row.refunded_minor is 'Put back there, when sales were returned: negative.';
comment on column finance.between_shops_row.paid_out_minor is 'Handed out there.';
comment on column finance.between_shops_row.gifted_minor is 'Given on there: what came of it is owed by that shop.';
comment on column finance.between_shops_row.reissued_minor is 'Issued anew there: what came of it is owed by that shop.';
comment on column finance.between_shops_row.reinstated_minor is 'Reinstated there, after it had expired or was forfeited.';
comment on column finance.between_shops_row.net_minor is 'Owed in all; negative when the other shop owes.';

create function finance.between_shops_entries(from_day date, to_day date, legal_entity text, shop_id text)
returns table (entry finance.entries, figure text, amount_minor bigint, owing_entity text, owing_shop_id text,
               owed_entity text, owed_shop_id text)
language sql stable as $$
  select * from (
    select e, case e.category when 'gifted_out' then 'gifted_minor' else e.category || '_minor' end, -e.amount_minor,
           e.home_entity, e.home_shop_id, e.shop_entity, e.shop_id
      from finance.entries e
     where e.day between from_day and to_day
       and e.category in ('applied', 'refunded', 'paid_out', 'gifted_out', 'reissued')
    union all
    -- What is reinstated elsewhere than it was lost, less what of that was in error.
    select e, 'reinstated_minor', e.amount_minor, lost.home_entity, lost.home_shop_id, e.home_entity, e.home_shop_id
      from finance.entries e join finance.payments lost on lost.reference = e.replaces
     where e.day between from_day and to_day
       and e.origin = 'reinstatement' and e.category in ('issued_replacement', 'issued_in_error')) owed
           (entry, figure, amount_minor, owing_entity, owing_shop_id, owed_entity, owed_shop_id)
   where owed.owing_shop_id <> owed.owed_shop_id
     and (between_shops_entries.legal_entity is null
          or between_shops_entries.legal_entity in (owed.owing_entity, owed.owed_entity))
     and (between_shops_entries.shop_id is null or between_shops_entries.shop_id in (owed.owing_shop_id, owed.owed_shop_id))
$$;

create function finance.between_shops(
  from_day date, to_day date, legal_entity text default null, shop_id text default null)
returns setof finance.between_shops_row language sql stable as $$
  select o.owing_entity, o.owing_shop_id, o.owed_entity, o.owed_shop_id, (entry).currency,
         case when o.owing_entity = o.owed_entity then 'within' else 'between' end,
         coalesce(sum(o.amount_minor) filter (where figure = 'applied_minor'), 0)::bigint,
         coalesce(sum(o.amount_minor) filter (where figure = 'refunded_minor'), 0)::bigint,
         coalesce(sum(o.amount_minor) filter (where figure = 'paid_out_minor'), 0)::bigint,
         coalesce(sum(o.amount_minor) filter (where figure = 'gifted_minor'), 0)::bigint,
         coalesce(sum(o.amount_minor) filter (where figure = 'reissued_minor'), 0)::bigint,
         coalesce(sum(o.amount_minor) filter (where figure = 'reinstated_minor'), 0)::bigint,
         sum(o.amount_minor)::bigint
    from finance.between_shops_entries(from_day, to_day, between_shops.legal_entity, between_shops.shop_id) o
   group by 1, 2, 3, 4, 5, 6
   order by 1, 2, 3, 4, 5
$$;
comment on function finance.between_shops is
  'Issued in one shop and used, put back or handed out in another: who owes whom.';

create function finance.between_shops_movements(
  from_day date, to_day date, legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'net_minor')
returns setof finance.movement_row language sql stable as $$
  select behind.*
    from finance.between_shops_entries(from_day, to_day, between_shops_movements.legal_entity,
                                       between_shops_movements.shop_id) o
    cross join lateral finance.movement(o.entry, o.amount_minor) behind
   where between_shops_movements.figure in (o.figure, 'net_minor')
     and jsonb_build_object('owing_entity', o.owing_entity, 'owing_shop_id', o.owing_shop_id,
                            'owed_entity', o.owed_entity, 'owed_shop_id', o.owed_shop_id,
                            'currency', (o.entry).currency) @> cell
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.between_shops_movements is 'The movements behind one figure of finance.between_shops.';

select finance.publish('between_shops');
