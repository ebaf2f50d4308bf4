-- The report of tax, over what 308-tax.sql says of rates and lines.

-- Which sales have lines of their own in commands: of most the sale itself tells them.
create index commands_telling_lines on commands (sale_shop_id, sale_id, reference)
  where kind = 'apply' and details ? 'lines';

-- What each movement is to tax, by the lines of its sale: its own, those that came back, or those of the sale that is
-- taken back, as they were when it moved, so that a basket that is changed later changes no tax of before; nor does one
-- of which the books learn when the day is closed. What is taken off is taken off where it was taxed, at the rate of that
-- day: of the issue, or of the sale. What a return issued, cancelled as an error, comes back as it went. Where the lines
-- are of several codes it has none, and the lines. Each `offset 0` has what is above it computed once a row.
create function finance.tax_entries(from_day date, to_day date, legal_entity text, shop_id text)
returns table (reference text, sequence integer, entity text, shop text, currency text, tax_point text, code text,
               figure text, amount_minor bigint, rated_on date, tax_code text, product_id text, lines jsonb)
-- With a setting of its own it is planned by itself: what groups its rows would not see its own cost for that of these.
language sql stable rows 200000 set jit = off as $$
  with moved as (
    select e.reference, e.sequence, e.command_id, e.kind, e.category, e.moved_at, e.day, e.currency, e.amount_minor, e.home_entity,
           e.home_shop_id, e.shop_entity, e.shop_id, e.tax_point, e.tax_code, e.product_id, e.funding, e.source_funding,
           e.origin, e.replaces, own.details -> 'lines' as own_lines,
           case when e.category = 'issued_in_error' then e.issued_for_sale_shop_id else e.sale_shop_id end as sale_shop_id,
           case when e.category = 'issued_in_error' then e.issued_for_sale_id else e.sale_id end as sale_id
      from finance.entries e
      left join commands own
        on e.kind = 'applied' and (own.reference, own.command_id) = (e.reference, e.command_id)
       and own.kind = 'apply' and own.details ? 'lines'
     where e.day between from_day and to_day
    offset 0),
  figured as (
    select m.*, k.figure, o.is_of_sale and m.tax_point = 'redemption' as has_lines,
           not o.is_of_sale and m.funding in ('gift', 'replacement') and k.figure = 'taken_off_minor' as goes_far_back,
           coalesce(case when o.is_of_sale then sold.legal_entity end, ended.home_entity,
                    case when o.is_of_sale then m.shop_entity else m.home_entity end) as entity,
           coalesce(case when o.is_of_sale then sold.shop_id end, ended.home_shop_id,
                    case when o.is_of_sale then m.shop_id else m.home_shop_id end) as shop
      from moved m
      cross join lateral (
        select m.category in ('applied', 'refunded')
               or m.origin = 'return' and m.category in ('issued_replacement', 'issued_in_error') as is_of_sale) o
      cross join lateral (
        select case
          when o.is_of_sale and m.source_funding = 'goodwill' then 'free_minor'
          when o.is_of_sale and m.tax_point = 'issue' then 'taxed_before_minor'
          when m.category = 'applied' then 'taxed_minor'
          when o.is_of_sale then 'taken_off_minor'
          when m.source_funding = 'goodwill' then null
          when m.category in ('expired', 'forfeited')
               or m.origin = 'reinstatement' and m.category in ('issued_replacement', 'issued_in_error')
            then 'expired_minor'
          when m.tax_point = 'redemption' then null
          when m.category in ('issued_paid', 'issued_return') then 'taxed_minor'
          when m.category = 'paid_out' or m.category = 'issued_in_error' and m.funding in ('paid', 'return')
            then 'taken_off_minor' end as figure
        offset 0) k
      left join shops sold on sold.shop_id = m.sale_shop_id
      -- What is owed again never expired where it had.
      left join finance.payments ended
        on ended.reference = m.replaces and m.origin = 'reinstatement'
              and m.category in ('issued_replacement', 'issued_in_error')
     where k.figure is not null),
  placed as (
    select f.*, coalesce(first_left.entity, f.entity) as tax_entity, coalesce(first_left.shop, f.shop) as tax_shop,
           first_left.day as first_left_on, coalesce(issue.command_id, f.command_id) as told_by, coalesce(issue.moved_at, f.moved_at) as told_at,
           coalesce(issue.booked_on, f.day) as told_on
      from figured f
      left join lateral (
        select l.* from finance.first_left(f.reference) l where f.goes_far_back limit 1) first_left on true
      left join lateral (
        select i.command_id, i.moved_at, i.booked_on
          from movements i
         where f.has_lines and f.category = 'issued_in_error' and i.reference = f.reference and i.sequence = 1
         limit 1) issue on true)
  select t.reference, t.sequence, t.tax_entity, t.tax_shop, t.currency, t.tax_point, c.code, t.figure, t.amount_minor,
         t.rated_on, t.tax_code, t.product_id,
         -- Of most sales nothing was paid by what is good for one product alone: that is seen at a tenth of the cost.
         case when c.code is null and t.product_id = '' and t.has_lines
                   and exists (select from movements m
                                 join account_payments p on p.reference = m.reference and p.type = 'product_specific'
                                where (m.sale_shop_id, m.sale_id) = (t.sale_shop_id, t.sale_id))
              then finance.for_anything(
                     t.lines, t.sale_shop_id, t.sale_id, t.sold_at,
                     (select o.parent_command_id from commands o
                       where o.parent_kind = 'sale' and (o.reference, o.command_id) = (t.taken_of, t.taken_by)),
                     t.known_on, t.return_id)
              when c.code is null then t.lines end
    from (
      select f.reference, f.sequence, f.tax_entity, f.tax_shop, f.currency, f.tax_point, f.tax_code, f.product_id, f.figure,
             f.has_lines, f.sale_shop_id, f.sale_id, back.command_id as return_id,
             case when f.tax_point = 'issue' and f.figure in ('taxed_minor', 'taken_off_minor') then f.amount_minor
                  else -f.amount_minor end as amount_minor,
             -- The movements that took of the payment, or of the one that it replaces, say when the sale was.
             case when f.figure <> 'taken_off_minor' then f.day
                  when f.tax_point = 'redemption' then coalesce(
                    (select min(m.booked_on) from movements m
                      where (m.sale_shop_id, m.sale_id) = (f.sale_shop_id, f.sale_id)
                        and m.reference in (f.reference, f.replaces) and m.kind = 'applied'), f.day)
                  else coalesce(f.first_left_on, (select i.booked_on from movements i
                                                   where i.reference = f.reference and i.sequence = 1)) end as rated_on,
             coalesce(taken.moved_at, f.told_at) as sold_at,
             case when back.command_id is not null then f.told_on else coalesce(taken.booked_on, f.told_on) end as known_on,
             coalesce(taken.reference, f.reference) as taken_of, coalesce(taken.command_id, f.command_id) as taken_by,
             case when back.lines is null then basket.lines else finance.came_back(back.lines, basket.lines) end as lines
        from placed f
        -- What it takes off was taken by this.
        left join lateral (
          select m.reference, m.command_id, m.moved_at, m.booked_on
            from movements m
           where f.has_lines and f.kind <> 'applied'
             and (m.sale_shop_id, m.sale_id) = (f.sale_shop_id, f.sale_id)
             and m.reference in (f.reference, f.replaces) and m.kind = 'applied' and m.moved_at <= f.told_at
           order by m.moved_at desc, m.sequence desc limit 1) taken on true
        left join lateral (
          select s.command_id, s.lines
            from commands c
            join sale_commands s
              on (s.sale_shop_id, s.sale_id, s.command_id) = (f.sale_shop_id, f.sale_id, c.parent_command_id)
           where f.has_lines and f.kind <> 'applied' and c.reference = f.reference and c.command_id = f.told_by
             and c.parent_kind = 'sale' and s.kind = 'return' and s.lines_count_from <= f.told_on
           limit 1) back on true
        cross join lateral (
          select case when f.has_lines then coalesce(
            f.own_lines,
            (select c.details -> 'lines' from commands c
              where (c.sale_shop_id, c.sale_id) = (f.sale_shop_id, f.sale_id)
                and c.reference in (f.reference, f.replaces)
                and c.kind = 'apply' and c.outcome = 'accepted' and c.details ? 'lines' and c.decided_at <= f.told_at
              order by c.decided_at desc, c.revision desc limit 1),
            (select s.lines from sale_commands s
              where (s.sale_shop_id, s.sale_id) = (f.sale_shop_id, f.sale_id)
                and s.kind in ('hold', 'settle') and s.outcome = 'accepted' and s.lines_count_from <= f.told_on
                -- A sale says that it is settled once its payments have moved.
                and (s.decided_at <= f.told_at
                     or s.command_id = (select c.parent_command_id from commands c
                                         where (c.reference, c.command_id) = (f.reference, f.told_by)
                                           and c.parent_kind = 'sale'))
              order by s.number desc limit 1)) end as lines
          offset 0) basket
       where (tax_entries.legal_entity is null or f.tax_entity = tax_entries.legal_entity)
         and (tax_entries.shop_id is null or f.tax_shop = tax_entries.shop_id)
      offset 0) t
    cross join lateral (select finance.only_code(t.lines, t.product_id, t.tax_code) as code offset 0) c
$$;

-- The same, each part with its one code. Parting looks at the lines several times: what they are is computed once,
-- before, and what need not be parted is not.
create function finance.tax_shares(from_day date, to_day date, legal_entity text, shop_id text)
returns table (reference text, sequence integer, entity text, shop text, currency text, tax_point text, code text,
               rated_on date, figure text, share_minor bigint)
language sql stable as $$
  select t.reference, t.sequence, t.entity, t.shop, t.currency, t.tax_point, coalesce(t.code, parted.code), t.rated_on,
         t.figure, coalesce(parted.share_minor, t.amount_minor)
    from (select * from finance.tax_entries(from_day, to_day, tax_shares.legal_entity, tax_shares.shop_id) offset 0) t
    left join lateral (
      select b.* from finance.by_code(t.amount_minor, t.lines, t.product_id, t.tax_code) b
       where t.code is null offset 0) parted on true
$$;

create function finance.tax(
  from_day date, to_day date, legal_entity text default null, shop_id text default null)
returns setof finance.tax_row language sql stable as $$
  with
  by_day as (
    select t.entity, t.shop, t.currency, t.tax_point, t.code, t.rated_on, t.figure, sum(t.share_minor) as minor
      from finance.tax_shares(from_day, to_day, tax.legal_entity, tax.shop_id) t
     group by 1, 2, 3, 4, 5, 6, 7),
  -- A day has one rate: it is looked up once for all of it.
  by_figure as (
    select d.entity, d.shop, d.currency, d.tax_point, d.code, r.rate_basis_points as rate, d.figure, d.minor
      from by_day d
      left join finance.tax_periods r
        on (r.legal_entity, r.tax_code) = (d.entity, d.code) and d.rated_on >= r.from_day and d.rated_on < r.until_day),
  summed as (
    select f.entity, f.shop, f.currency, f.tax_point, f.code, f.rate,
           coalesce(sum(f.minor) filter (where f.figure = 'taxed_minor'), 0)::bigint as taxed_minor,
           coalesce(sum(f.minor) filter (where f.figure = 'taken_off_minor'), 0)::bigint as taken_off_minor,
           coalesce(sum(f.minor) filter (where f.figure in ('taxed_minor', 'taken_off_minor')), 0)::bigint as due_minor,
           coalesce(sum(f.minor) filter (where f.figure = 'expired_minor'), 0)::bigint as expired_minor,
           coalesce(sum(f.minor) filter (where f.figure = 'taxed_before_minor'), 0)::bigint as taxed_before_minor,
           coalesce(sum(f.minor) filter (where f.figure = 'free_minor'), 0)::bigint as free_minor
      from by_figure f group by 1, 2, 3, 4, 5, 6)
  select s.entity, s.shop, s.currency, s.tax_point, s.code, s.rate, s.taxed_minor, s.taken_off_minor, s.due_minor,
         round(s.due_minor::numeric * s.rate / (10000 + s.rate))::bigint, s.expired_minor, s.taxed_before_minor,
         s.free_minor
    from summed s
   order by 1, 2, 3, 4, 5, 6
$$;
comment on function finance.tax is 'What fell due at issue and at redemption, gross, by tax code.';

create function finance.tax_movements(
  from_day date, to_day date, legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'due_minor')
returns setof finance.movement_row language sql stable as $$
  -- How many they are nobody can guess: once they are there, each finds its entry by its key.
  with shares as materialized (
    select t.reference, t.sequence, sum(t.share_minor)::bigint as amount_minor
      from finance.tax_shares(from_day, to_day, tax_movements.legal_entity, tax_movements.shop_id) t
      left join finance.tax_periods r
        on (r.legal_entity, r.tax_code) = (t.entity, t.code) and t.rated_on >= r.from_day and t.rated_on < r.until_day
     where (t.figure = tax_movements.figure
            or tax_movements.figure = 'due_minor' and t.figure in ('taxed_minor', 'taken_off_minor'))
       and jsonb_build_object(
             'legal_entity', t.entity, 'shop_id', t.shop, 'currency', t.currency, 'tax_point', t.tax_point,
             'tax_code', t.code, 'rate_basis_points', r.rate_basis_points) @> cell
     group by 1, 2)
  select behind.*
    from shares s
    join finance.entries e using (reference, sequence)
    cross join lateral finance.movement(e, s.amount_minor) behind
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.tax_movements is
  'The movements behind one figure of finance.tax, each with what of it has that code.';

select finance.publish('tax');
