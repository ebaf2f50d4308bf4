-- What was owed at the beginning of a time, what changed it, and what was owed at its end. Every row adds up, and each
-- begins with what the one before it ended with.
create type finance.roll_forward_row as (
  first_day date, last_day date, legal_entity text, shop_id text, currency text, funding text, source_funding text,
  tax_point text, purpose text, type text,
  opening_minor bigint,
  issued_paid_minor bigint, issued_return_minor bigint, issued_goodwill_minor bigint, issued_replacement_minor bigint,
  gifted_in_minor bigint, applied_minor bigint, refunded_minor bigint, gifted_out_minor bigint, paid_out_minor bigint,
  expired_minor bigint, forfeited_minor bigint, remitted_minor bigint, issued_in_error_minor bigint,
  reissued_minor bigint,
  closing_minor bigint, held_minor bigint, frozen_minor bigint,
  issued_paid_cash_minor bigint, issued_paid_card_minor bigint, issued_paid_bank_transfer_minor bigint,
  issued_paid_other_minor bigint, paid_out_cash_minor bigint, paid_out_card_minor bigint,
  paid_out_bank_transfer_minor bigint, paid_out_other_minor bigint,
  issued_count bigint, applied_count bigint, refunded_count bigint, gifted_out_count bigint, paid_out_count bigint,
  ended_count bigint, open_count bigint);
comment on type finance.roll_forward_row is 'What was owed, and what changed it, over a time.';
comment on column finance.roll_forward_row.first_day is 'The first day of the row.';
comment on column finance.roll_forward_row.last_day is 'The last day of the row.';
comment on column finance.roll_forward_row.legal_entity is 'Who owes it: the entity of the shop that issued. Empty when not asked by.';
comment on column finance.roll_forward_row.shop_id is 'The shop that issued. Empty when not asked by.';
comment on column finance.roll_forward_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.roll_forward_row.funding is 'Where the money came from. Empty when not asked by.';
comment on column finance.roll_forward_row.source_funding is 'How it first came, gifts and replacements too. Empty when not asked by.';
comment on column finance.roll_forward_row.tax_point is 'When its tax falls due. Empty when not asked by.';
comment on column finance.roll_forward_row.purpose is 'Why it was issued. Empty when not asked by.';
comment on column finance.roll_forward_row.type is 'generic or product_specific. Empty when not asked by.';
comment on column finance.roll_forward_row.opening_minor is 'Owed before the first day.';
comment on column finance.roll_forward_row.issued_paid_minor is 'Issued for money.';
comment on column finance.roll_forward_row.issued_return_minor is 'Issued for goods that came back.';
comment on column finance.roll_forward_row.issued_goodwill_minor is 'Given free.';
comment on column finance.roll_forward_row.issued_replacement_minor is 'Issued in place of payments that had ended.';
comment on column finance.roll_forward_row.gifted_in_minor is 'Come as gifts from other payments.';
comment on column finance.roll_forward_row.applied_minor is 'Spent on sales.';
comment on column finance.roll_forward_row.refunded_minor is 'Put back when sales were returned.';
comment on column finance.roll_forward_row.gifted_out_minor is 'Gone as gifts to other payments.';
comment on column finance.roll_forward_row.paid_out_minor is 'Handed out, in part or on cancelling.';
comment on column finance.roll_forward_row.expired_minor is 'Expired, by itself or by hand.';
comment on column finance.roll_forward_row.forfeited_minor is 'Kept when payments were cancelled.';
comment on column finance.roll_forward_row.remitted_minor is 'Handed to a state as unclaimed.';
comment on column finance.roll_forward_row.issued_in_error_minor is 'Cancelled as issued in error.';
comment on column finance.roll_forward_row.reissued_minor is 'Ended to be issued anew: it comes back as a replacement.';
comment on column finance.roll_forward_row.closing_minor is 'Owed at the end of the last day: the sum of all up to here.';
comment on column finance.roll_forward_row.held_minor is 'Of that, reserved for sales and gifts.';
comment on column finance.roll_forward_row.frozen_minor is 'Of that, in payments that were frozen.';
comment on column finance.roll_forward_row.issued_paid_cash_minor is 'Of what was issued for money, paid in cash.';
comment on column finance.roll_forward_row.issued_paid_card_minor is 'Of what was issued for money, paid by card.';
comment on column finance.roll_forward_row.issued_paid_bank_transfer_minor is 'Of what was issued for money, paid by bank transfer.';
comment on column finance.roll_forward_row.issued_paid_other_minor is 'Of what was issued for money, paid otherwise.';
comment on column finance.roll_forward_row.paid_out_cash_minor is 'Of what was handed out, in cash.';
comment on column finance.roll_forward_row.paid_out_card_minor is 'Of what was handed out, to a card.';
comment on column finance.roll_forward_row.paid_out_bank_transfer_minor is 'Of what was handed out, by bank transfer.';
comment on column finance.roll_forward_row.paid_out_other_minor is 'Of what was handed out, otherwise.';
comment on column finance.roll_forward_row.issued_count is 'How many payments were issued, gifts and replacements too.';
comment on column finance.roll_forward_row.applied_count is 'How many times something was spent.';
comment on column finance.roll_forward_row.refunded_count is 'How many times something was put back.';
comment on column finance.roll_forward_row.gifted_out_count is 'How many times something was given away.';
comment on column finance.roll_forward_row.paid_out_count is 'How many times something was handed out.';
comment on column finance.roll_forward_row.ended_count is 'How many payments expired or were cancelled with something left.';
comment on column finance.roll_forward_row.open_count is 'How many payments had a balance at the end of the last day.';

-- A dimension that nobody asked for is folded.
create function finance.asked(dimension text, value text, dimensions text[]) returns text
language sql immutable parallel safe as $$
  select case when dimension = any(dimensions) then value else '' end
$$;

-- By what balances are told apart, as far as it is asked by.
create function finance.folded(by text[], text, text, text, text, text, text, text, text)
returns table (legal_entity text, shop_id text, currency text, funding text, source_funding text, tax_point text,
               purpose text, type text) language sql immutable rows 1 as $$
  select finance.asked('legal_entity', $2, by), finance.asked('shop_id', $3, by), $4, finance.asked('funding', $5, by),
         finance.asked('source_funding', $6, by), finance.asked('tax_point', $7, by), finance.asked('purpose', $8, by),
         finance.asked('type', $9, by)
$$;

create function finance.dimensions() returns text[] language sql immutable parallel safe as $$
  select '{legal_entity,shop_id,funding,source_funding,tax_point,purpose,type}'::text[]
$$;

-- Words that are none of those there are would otherwise be as good as none.
create function finance.are_known(given text[], known text[]) returns boolean language plpgsql immutable as $$
begin
  if given <@ known then return true; end if;
  raise exception '%: none of %', array_to_string(given, ', '), array_to_string(known, ', ')
    using errcode = 'invalid_parameter_value';
end $$;

-- The first day of the row to which a day belongs; all that was before the report is in one.
create function finance.row_of(day date, grain text, from_day date) returns date
language sql immutable parallel safe as $$
  select case when day < from_day then from_day - 1
              when grain = 'whole' then from_day
              when grain = 'day' then day
              else greatest(date_trunc(grain, day::timestamp)::date, from_day) end
$$;

-- The last day of the row that begins with a day.
create function finance.row_end(first_day date, grain text, to_day date) returns date
language sql immutable parallel safe as $$
  select case when grain = 'whole' then to_day
              when grain = 'day' then first_day
              else least(to_day, (date_trunc(grain, first_day::timestamp) +
                     (case grain when 'quarter' then '3 months' else '1 ' || grain end)::interval)::date - 1) end
$$;

create function finance.roll_forward(
  from_day date, to_day date, grain text default 'month', by text[] default '{legal_entity}',
  legal_entity text default null, shop_id text default null)
returns setof finance.roll_forward_row language sql stable as $$
  with
  moved as (
    select finance.row_of(e.day, grain, from_day) as first_day, f.*,
           case when e.kind in ('expired', 'cancelled') then 'ends' else e.kind end as kind, e.category,
           case when e.category in ('issued_paid', 'paid_out') then e.tender end as tender,
           sum(e.amount_minor) as amount_minor, count(*) as movements,
           sum((e.balance_after_minor > 0)::int - (e.balance_before_minor > 0)::int) as opened
      from finance.entries e
      cross join lateral finance.folded(by, e.home_entity, e.home_shop_id, e.currency, e.funding, e.source_funding,
                                       e.tax_point, e.purpose, e.type) f
     where e.day <= to_day
       and (roll_forward.legal_entity is null or e.home_entity = roll_forward.legal_entity)
       and (roll_forward.shop_id is null or e.home_shop_id = roll_forward.shop_id)
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  stood as (
    select finance.row_of(c.day, grain, from_day), f.*, c.what, null, null, sum(c.amount_minor), 0, 0
      from (select 'held' as what, h.* from finance.held_changes() h
            union all select 'frozen', f.* from finance.frozen_changes() f) c
      join finance.payments p on p.reference = c.reference
      cross join lateral finance.folded(by, p.home_entity, p.home_shop_id, p.currency, p.funding, p.source_funding,
                                       p.tax_point, p.purpose, p.type) f
     where c.day <= to_day and c.amount_minor <> 0
       and (roll_forward.legal_entity is null or p.home_entity = roll_forward.legal_entity)
       and (roll_forward.shop_id is null or p.home_shop_id = roll_forward.shop_id)
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
  dated as (select * from moved union all select * from stood),
  -- A day, week, … in which nothing moved has its row too.
  quiet as (
    select r.first_day, k.*, '', '', null, 0, 0, 0
      from (select distinct finance.row_of(from_day + n, grain, from_day) as first_day
              from generate_series(0, to_day - from_day) n) r
     cross join (select distinct d.legal_entity, d.shop_id, d.currency, d.funding, d.source_funding, d.tax_point,
                        d.purpose, d.type from dated d) k),
  summed as (
    select first_day, d.legal_entity, d.shop_id, d.currency, d.funding, d.source_funding, d.tax_point, d.purpose,
           d.type,
           coalesce(sum(d.amount_minor) filter (where d.kind not in ('held', 'frozen')), 0)::bigint as change_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_paid'), 0)::bigint as issued_paid_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_return'), 0)::bigint as issued_return_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_goodwill'), 0)::bigint
             as issued_goodwill_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_replacement'), 0)::bigint
             as issued_replacement_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'gifted_in'), 0)::bigint as gifted_in_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'applied'), 0)::bigint as applied_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'refunded'), 0)::bigint as refunded_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'gifted_out'), 0)::bigint as gifted_out_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'paid_out'), 0)::bigint as paid_out_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'expired'), 0)::bigint as expired_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'forfeited'), 0)::bigint as forfeited_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'remitted'), 0)::bigint as remitted_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_in_error'), 0)::bigint
             as issued_in_error_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'reissued'), 0)::bigint as reissued_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_paid' and d.tender = 'cash'), 0)::bigint
             as issued_paid_cash_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_paid' and d.tender = 'card'), 0)::bigint
             as issued_paid_card_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_paid' and d.tender = 'bank_transfer'), 0)
             ::bigint as issued_paid_bank_transfer_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'issued_paid' and d.tender = 'other'), 0)::bigint
             as issued_paid_other_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'paid_out' and d.tender = 'cash'), 0)::bigint
             as paid_out_cash_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'paid_out' and d.tender = 'card'), 0)::bigint
             as paid_out_card_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'paid_out' and d.tender = 'bank_transfer'), 0)
             ::bigint as paid_out_bank_transfer_minor,
           coalesce(sum(d.amount_minor) filter (where d.category = 'paid_out' and d.tender = 'other'), 0)::bigint
             as paid_out_other_minor,
           coalesce(sum(d.amount_minor) filter (where d.kind = 'held'), 0)::bigint as held_change_minor,
           coalesce(sum(d.amount_minor) filter (where d.kind = 'frozen'), 0)::bigint as frozen_change_minor,
           coalesce(sum(d.movements) filter (where d.kind = 'issued'), 0)::bigint as issued_count,
           coalesce(sum(d.movements) filter (where d.category = 'applied'), 0)::bigint as applied_count,
           coalesce(sum(d.movements) filter (where d.category = 'refunded'), 0)::bigint as refunded_count,
           coalesce(sum(d.movements) filter (where d.category = 'gifted_out'), 0)::bigint as gifted_out_count,
           coalesce(sum(d.movements) filter (where d.category = 'paid_out'), 0)::bigint as paid_out_count,
           coalesce(sum(d.movements) filter (where d.kind = 'ends'), 0)::bigint as ended_count,
           coalesce(sum(d.movements), 0) as movements, coalesce(sum(d.opened), 0) as opened
      from (select * from dated union all select * from quiet) d
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9),
  rolled as (
    select s.*, sum(change_minor) over up_to as closing_minor, sum(held_change_minor) over up_to as held_minor,
           sum(frozen_change_minor) over up_to as frozen_minor, sum(opened) over up_to as open_count
      from summed s
    window up_to as (
      partition by s.legal_entity, s.shop_id, currency, funding, source_funding, tax_point, purpose, type
      order by first_day))
  select first_day, finance.row_end(first_day, grain, to_day), r.legal_entity, r.shop_id, currency, funding,
         source_funding, tax_point, purpose, type,
         (closing_minor - change_minor)::bigint, issued_paid_minor, issued_return_minor, issued_goodwill_minor,
         issued_replacement_minor, gifted_in_minor, applied_minor, refunded_minor, gifted_out_minor, paid_out_minor,
         expired_minor, forfeited_minor, remitted_minor, issued_in_error_minor, reissued_minor, closing_minor::bigint,
         held_minor::bigint, frozen_minor::bigint, issued_paid_cash_minor, issued_paid_card_minor,
         issued_paid_bank_transfer_minor, issued_paid_other_minor, paid_out_cash_minor, paid_out_card_minor,
         paid_out_bank_transfer_minor, paid_out_other_minor, issued_count, applied_count, refunded_count,
         gifted_out_count, paid_out_count, ended_count, open_count::bigint
    from rolled r
   where first_day >= from_day
     and (movements > 0 or closing_minor <> 0 or held_minor <> 0 or frozen_minor <> 0)
     and finance.are_known(by, finance.dimensions())
     and finance.are_known(array[grain], '{day,week,month,quarter,year,whole}')
   order by 1, 3, 4, 5, 6, 7, 8, 9, 10
$$;
comment on function finance.roll_forward is
  'What was owed at the beginning, what changed it, and what was owed at the end.';

-- A flow opens to its movements. A balance opens to the payments that it is made of, each shown by its last movement
-- until then, with what it has of the balance.
create function finance.roll_forward_movements(
  from_day date, to_day date, grain text default 'month', by text[] default '{legal_entity}',
  legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'closing_minor')
returns setof finance.movement_row language sql stable as $$
  with
  -- The row that the cell names, or the whole of the report.
  days as (
    select coalesce((cell ->> 'first_day')::date, from_day) as first_day,
           case when cell ? 'first_day' then finance.row_end((cell ->> 'first_day')::date, grain, to_day)
                else to_day end as last_day),
  payments as (
    select p.reference
      from finance.payments p
      cross join lateral finance.folded(by, p.home_entity, p.home_shop_id, p.currency, p.funding, p.source_funding,
                                       p.tax_point, p.purpose, p.type) f
     where (roll_forward_movements.legal_entity is null or p.home_entity = roll_forward_movements.legal_entity)
       and (roll_forward_movements.shop_id is null or p.home_shop_id = roll_forward_movements.shop_id)
       and to_jsonb(f) @> (cell - 'first_day')),
  -- What each payment has of a balance, and its last movement until then.
  shares as (
    select e.reference, sum(e.amount_minor)::bigint as amount_minor, max(e.sequence) as sequence
      from finance.entries e join payments using (reference) cross join days
     where figure in ('opening_minor', 'closing_minor')
       and e.day <= case figure when 'opening_minor' then first_day - 1 else last_day end
     group by 1 having sum(e.amount_minor) <> 0
    union all
    select c.reference, sum(c.amount_minor)::bigint,
           coalesce((select max(e.sequence) from finance.entries e, days
                      where e.reference = c.reference and e.day <= last_day), 1)
      from (select h.* from finance.held_changes() h where figure = 'held_minor'
            union all select f.* from finance.frozen_changes() f where figure = 'frozen_minor') c
      join payments p using (reference) cross join days
     where c.day <= last_day
     group by 1 having sum(c.amount_minor) <> 0),
  counted as (
    select e, e.amount_minor from finance.entries e join payments using (reference) cross join days
     where figure not in ('opening_minor', 'closing_minor', 'held_minor', 'frozen_minor')
       and figure in (e.category || '_minor', e.category || '_' || e.tender || '_minor')
       and e.day between first_day and last_day
    union all
    select e, s.amount_minor from shares s join finance.entries e using (reference, sequence))
  select behind.* from counted c cross join lateral finance.movement(c.e, c.amount_minor) behind
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.roll_forward_movements is 'The movements behind one figure of finance.roll_forward.';

select finance.publish('roll_forward');
