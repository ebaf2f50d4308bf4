-- The report of tax, over what 308-tax.sql says of rates and lines.

-- Which sales have lines of their own in commands, and by which codes: of most the sale itself tells them.
create index commands_telling_lines on commands (sale_shop_id, sale_id, reference)
  include (command_id, line_codes, line_up_to_minor)
  where kind = 'apply' and details ? 'lines';

-- And what came back to a sale, of which few say the lines.
create index sale_commands_returning on sale_commands (sale_shop_id, sale_id)
  where kind = 'return' and lines is not null;

-- The lines that a command of a payment told, or else a command of its sale; or those that came back of them. It gives
-- a set of one, for such a function becomes part of the query that calls it.
create function finance.told_lines(reference text, command_id text, sale_shop_id text, sale_id text, returned jsonb)
returns setof jsonb language sql stable rows 1 as $$
  select case when returned is null then told.lines else (select l from finance.came_back(returned, told.lines) l) end
    from (select case when told_lines.reference is null
                      then (select s.lines
                              from sale_commands s
                             where (s.sale_shop_id, s.sale_id, s.command_id)
                                   = (told_lines.sale_shop_id, told_lines.sale_id, told_lines.command_id))
                      else (select c.details -> 'lines'
                              from commands c
                             where (c.reference, c.command_id) = (told_lines.reference, told_lines.command_id)) end
                 as lines
          offset 0) told
$$;

-- What each movement is to tax, by the lines of its sale: its own, those that came back, or those of the sale that is
-- taken back, as they were when it moved, so that a basket that is changed later changes no tax of before; nor does one
-- of which the books learn when the day is closed. What is taken off is taken off where it was taxed, at the rate of
-- that day: of the issue, or of the sale. What a return issued, cancelled as an error, comes back as it went. Where the
-- lines are of several codes it has none, but what these lines are by code, or the lines where that is not enough.
--
-- Most movements say all of this themselves. Only the others go on to what was before them, and to the lines that their
-- sale told. Each `offset 0` has what is above it computed once a row. With settings of its own the function is planned
-- by itself, and for the days that are asked: a plan for any days would look up a year's sales one by one.
create function finance.tax_entries(from_day date, to_day date, legal_entity text, shop_id text)
returns table (reference text, sequence integer, entity text, shop text, currency text, tax_point text, code text,
               figure text, amount_minor bigint, rated_on date, tax_code text, product_id text, codes text[],
               up_to_minor bigint[], lines jsonb)
language sql stable rows 200000 set jit = off set plan_cache_mode = force_custom_plan as $$
  with
  moved as (
    select e.reference, e.sequence, e.command_id, e.kind, e.category, e.moved_at, e.day, e.currency, e.amount_minor,
           e.home_entity, e.home_shop_id, e.shop_entity, e.shop_id, e.tax_point, e.tax_code, e.product_id, e.funding,
           e.source_funding, e.origin, e.replaces, e.sale_shop_id, e.sale_id, e.issued_for_sale_shop_id,
           e.issued_for_sale_id
      from finance.entries e
     where e.day between from_day and to_day
    offset 0),
  placed as (
    select m.reference, m.sequence, m.command_id, m.kind, m.category, m.moved_at, m.day, m.currency, m.amount_minor,
           m.home_entity, m.home_shop_id, m.shop_entity, m.shop_id, m.tax_point, m.tax_code, m.product_id, m.funding,
           m.source_funding, m.origin, m.replaces,
           case when m.category = 'issued_in_error' then m.issued_for_sale_shop_id else m.sale_shop_id end
             as sale_shop_id,
           case when m.category = 'issued_in_error' then m.issued_for_sale_id else m.sale_id end as sale_id,
           m.category in ('applied', 'refunded')
             or m.origin = 'return' and m.category in ('issued_replacement', 'issued_in_error') as is_of_sale,
           m.origin = 'reinstatement' and m.category in ('issued_replacement', 'issued_in_error') as is_of_reinstated
      from moved m
    offset 0),
  figured as (
    select p.*,
           case
             when p.is_of_sale and p.source_funding = 'goodwill' then 'free_minor'
             when p.is_of_sale and p.tax_point = 'issue' then 'taxed_before_minor'
             when p.category = 'applied' then 'taxed_minor'
             when p.is_of_sale then 'taken_off_minor'
             when p.source_funding = 'goodwill' then null
             when p.category in ('expired', 'forfeited') or p.is_of_reinstated then 'expired_minor'
             when p.tax_point = 'redemption' then null
             when p.category in ('issued_paid', 'issued_return') then 'taxed_minor'
             when p.category = 'paid_out' or p.category = 'issued_in_error' and p.funding in ('paid', 'return')
               then 'taken_off_minor' end as figure,
           p.is_of_sale and p.tax_point = 'redemption' as has_lines
      from placed p
    offset 0),
  figures as materialized (
    select f.reference, f.sequence, f.command_id, f.kind, f.category, f.moved_at, f.day, f.currency, f.tax_point,
           f.tax_code, f.product_id, f.funding, f.replaces, f.sale_shop_id, f.sale_id, f.is_of_sale,
           f.is_of_reinstated, f.figure, f.has_lines,
           case when f.tax_point = 'issue' and f.figure in ('taxed_minor', 'taken_off_minor') then f.amount_minor
                else -f.amount_minor end as amount_minor,
           coalesce(sold.legal_entity, case when f.is_of_sale then f.shop_entity else f.home_entity end) as entity,
           coalesce(sold.shop_id, case when f.is_of_sale then f.shop_id else f.home_shop_id end) as shop,
           own.command_id as told_in, own.line_codes as codes, own.line_up_to_minor as up_to_minor,
           f.has_lines and own.command_id is null as asks,
           f.kind <> 'applied' and (f.has_lines or f.figure = 'taken_off_minor' or f.is_of_reinstated) as looks_back
      from figured f
      left join shops sold on f.is_of_sale and sold.shop_id = f.sale_shop_id
      left join commands own
        on f.has_lines and f.kind = 'applied' and (own.reference, own.command_id) = (f.reference, f.command_id)
       and own.kind = 'apply' and own.details ? 'lines'
     where f.figure is not null),
  -- What does not say all of it itself, with what was before it.
  asking as materialized (
    select f.reference, f.sequence, f.command_id, f.kind, f.currency, f.tax_point, f.tax_code, f.product_id, f.figure,
           f.amount_minor, f.has_lines, f.sale_shop_id, f.sale_id, f.replaces, f.asks,
           coalesce(back.entity, f.entity) as entity, coalesce(back.shop, f.shop) as shop,
           coalesce(back.rated_on, f.day) as rated_on, coalesce(back.told_by, f.command_id) as told_by,
           coalesce(back.told_at, f.moved_at) as told_at, coalesce(back.told_on, f.day) as told_on,
           back.return_id, back.returned
      from figures f
      left join lateral (
        select coalesce(first_left.entity, ended.home_entity) as entity,
               coalesce(first_left.shop, ended.home_shop_id) as shop, told.*,
               -- The movements that took of the payment, or of the one that it replaces, say when the sale was.
               case when f.figure <> 'taken_off_minor' then null
                    when f.tax_point = 'redemption' then
                      (select min(m.booked_on) from movements m
                        where (m.sale_shop_id, m.sale_id) = (f.sale_shop_id, f.sale_id)
                          and m.reference in (f.reference, f.replaces) and m.kind = 'applied')
                    else coalesce(first_left.day, (select i.booked_on from movements i
                                                    where i.reference = f.reference and i.sequence = 1)) end
                 as rated_on,
               came.command_id as return_id, came.lines as returned
          from (select) here
          -- What is owed again never expired where it had.
          left join finance.payments ended on f.is_of_reinstated and ended.reference = f.replaces
          left join lateral (
            select l.* from finance.first_left(f.reference) l
             where not f.is_of_sale and f.funding in ('gift', 'replacement') and f.figure = 'taken_off_minor'
             limit 1) first_left on true
          left join lateral (
            select i.command_id, i.moved_at, i.booked_on
              from movements i
             where f.has_lines and f.category = 'issued_in_error' and i.reference = f.reference and i.sequence = 1
             limit 1) issue on true
          cross join lateral (
            select coalesce(issue.command_id, f.command_id) as told_by, coalesce(issue.moved_at, f.moved_at) as told_at,
                   coalesce(issue.booked_on, f.day) as told_on) told
          left join lateral (
            select s.command_id, s.lines
              from sale_commands s
             where f.has_lines and (s.sale_shop_id, s.sale_id) = (f.sale_shop_id, f.sale_id)
               and s.kind = 'return' and s.lines is not null and s.lines_count_from <= told.told_on
               and exists (select from commands c
                            where (c.reference, c.command_id) = (f.reference, told.told_by)
                              and c.parent_kind = 'sale' and c.parent_command_id = s.command_id)
             limit 1) came on true
         where f.looks_back
         limit 1) back on true
     where f.asks or f.looks_back),
  -- The lines that its sale told, as they were then.
  baskets as (
    select distinct on (a.reference, a.sequence) a.reference, a.sequence, s.command_id as told_in,
           s.line_codes as codes, s.line_up_to_minor as up_to_minor
      from asking a
      join sale_commands s on (s.sale_shop_id, s.sale_id) = (a.sale_shop_id, a.sale_id)
     where a.asks and s.kind in ('hold', 'settle') and s.outcome = 'accepted' and s.lines_count_from <= a.told_on
       -- A sale says that it is settled once its payments have moved.
       and (s.decided_at <= a.told_at
            or s.command_id = (select c.parent_command_id from commands c
                                where (c.reference, c.command_id) = (a.reference, a.told_by)
                                  and c.parent_kind = 'sale'))
     order by a.reference, a.sequence, s.number desc),
  -- Those that an earlier command of the payment told count before them.
  tellings as (
    select a.reference, a.sequence, c.reference as told_to, c.command_id as told_in, c.line_codes as codes,
           c.line_up_to_minor as up_to_minor
      from (select a.* from asking a
             where a.asks and exists (select from commands c
                                       where (c.sale_shop_id, c.sale_id) = (a.sale_shop_id, a.sale_id)
                                         and c.kind = 'apply' and c.details ? 'lines')
            offset 0) a
      cross join lateral (
        select c.reference, c.command_id, c.line_codes, c.line_up_to_minor
          from commands c
         where (c.sale_shop_id, c.sale_id) = (a.sale_shop_id, a.sale_id) and c.reference in (a.reference, a.replaces)
           and c.kind = 'apply' and c.outcome = 'accepted' and c.details ? 'lines' and c.decided_at <= a.told_at
         order by c.decided_at desc, c.revision desc limit 1) c),
  lined as (
    select f.reference, f.sequence, f.command_id, f.kind, f.currency, f.tax_point, f.tax_code, f.product_id, f.figure,
           f.amount_minor, f.sale_shop_id, f.sale_id, f.replaces, f.entity, f.shop, f.day as rated_on,
           f.moved_at as told_at, f.day as told_on, null::text as return_id, null::jsonb as returned,
           f.reference as told_to, f.told_in, f.codes, f.up_to_minor
      from figures f
     where not (f.asks or f.looks_back)
    union all
    select a.reference, a.sequence, a.command_id, a.kind, a.currency, a.tax_point, a.tax_code, a.product_id, a.figure,
           a.amount_minor, a.sale_shop_id, a.sale_id, a.replaces, a.entity, a.shop, a.rated_on, a.told_at, a.told_on,
           a.return_id, a.returned, c.told_to, coalesce(c.told_in, b.told_in),
           case when a.returned is not null then null when c.told_in is null then b.codes else c.codes end,
           case when c.told_in is null then b.up_to_minor else c.up_to_minor end
      from asking a
      left join tellings c on (c.reference, c.sequence) = (a.reference, a.sequence)
      left join baskets b on (b.reference, b.sequence) = (a.reference, a.sequence)),
  -- Of most what their lines are by code says it.
  coded as (
    select l.*,
           case when l.told_in is null and l.returned is null then l.tax_code
                when l.product_id = '' and cardinality(l.codes) = 1 then coalesce(l.codes[1], l.tax_code) end as code
      from lined l
     where (tax_entries.legal_entity is null or l.entity = tax_entries.legal_entity)
       and (tax_entries.shop_id is null or l.shop = tax_entries.shop_id)
    offset 0),
  -- Of most sales nothing was paid by what is good for one product alone: that is seen at a tenth of the cost.
  shared as (
    select c.*,
           c.code is null and c.product_id = ''
             and exists (select from movements m
                           join account_payments p on p.reference = m.reference and p.type = 'product_specific'
                          where (m.sale_shop_id, m.sale_id) = (c.sale_shop_id, c.sale_id)) as is_shared
      from coded c
    offset 0)
  select t.reference, t.sequence, t.entity, t.shop, t.currency, t.tax_point, t.code, t.figure, t.amount_minor,
         t.rated_on, t.tax_code, t.product_id, case when not t.looks then t.codes end, t.up_to_minor,
         case when t.looks and not t.is_shared
              then (select l from finance.told_lines(t.told_to, t.told_in, t.sale_shop_id, t.sale_id, t.returned) l)
              when t.looks
              then (select l.lines
                      from (select) here
                      -- What it takes off was taken by this.
                      left join lateral (
                        select m.reference, m.command_id, m.moved_at, m.booked_on
                          from movements m
                         where t.kind <> 'applied' and (m.sale_shop_id, m.sale_id) = (t.sale_shop_id, t.sale_id)
                           and m.reference in (t.reference, t.replaces) and m.kind = 'applied'
                           and m.moved_at <= t.told_at
                         order by m.moved_at desc, m.sequence desc limit 1) taken on true
                      left join commands o
                        on o.parent_kind = 'sale' and o.reference = coalesce(taken.reference, t.reference)
                       and o.command_id = coalesce(taken.command_id, t.command_id)
                     cross join finance.told_lines(t.told_to, t.told_in, t.sale_shop_id, t.sale_id, t.returned) told
                     cross join lateral finance.for_anything(
                        told, t.sale_shop_id, t.sale_id, coalesce(taken.moved_at, t.told_at), o.parent_command_id,
                        case when t.return_id is not null then t.told_on else coalesce(taken.booked_on, t.told_on) end,
                        t.return_id) l (lines)) end
    from (select s.*, s.code is null and (s.codes is null or s.product_id <> '' or s.is_shared) as looks
            from shared s
          offset 0) t
$$;

-- The same, each part with its one code: what need not be parted is not, most else by what its row says of its lines.
create function finance.tax_shares(from_day date, to_day date, legal_entity text, shop_id text)
returns table (reference text, sequence integer, entity text, shop text, currency text, tax_point text, code text,
               rated_on date, figure text, share_minor bigint)
language sql stable as $$
  with entries as materialized (
    select * from finance.tax_entries(from_day, to_day, tax_shares.legal_entity, tax_shares.shop_id))
  select e.reference, e.sequence, e.entity, e.shop, e.currency, e.tax_point, e.code, e.rated_on, e.figure,
         e.amount_minor
    from entries e
   where e.code is not null
  union all
  select e.reference, e.sequence, e.entity, e.shop, e.currency, e.tax_point, parted.code, e.rated_on, e.figure,
         parted.share_minor
    from entries e
    cross join lateral finance.by_told_code(e.amount_minor, e.codes, e.up_to_minor, e.tax_code) parted
   where e.code is null and e.codes is not null
  union all
  select e.reference, e.sequence, e.entity, e.shop, e.currency, e.tax_point, parted.code, e.rated_on, e.figure,
         parted.share_minor
    from entries e
    cross join lateral finance.by_code(e.amount_minor, e.lines, e.product_id, e.tax_code) parted
   where e.code is null and e.codes is null
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
