-- What fell due, gross, by tax code and tax point. Tax that falls due at issue does so once: when the money is first
-- left, or goods come back for it. What then comes of it, as a gift or a replacement, inherits the tax point and is not
-- taxed again, neither when it is issued nor when it is spent. Tax that falls due at redemption does so when it is spent.
-- What was given free is no consideration at either point, and told apart.
create table finance.tax_rates (
  entry_id          bigint generated always as identity primary key,
  legal_entity      text not null,
  tax_code          text not null check (tax_code ~ '^[!-~]{1,32}$'),
  from_day          date not null,
  rate_basis_points integer not null check (rate_basis_points between 0 and 10000),
  entered_by        text not null,
  entered_at        timestamptz not null default clock_timestamp()
);
comment on column finance.tax_rates.entry_id is 'The order in which finance entered them.';
comment on column finance.tax_rates.legal_entity is 'Who owes the tax.';
comment on column finance.tax_rates.tax_code is 'What the shop''s own system calls it.';
comment on column finance.tax_rates.from_day is 'The first day on which the rate counts.';
comment on column finance.tax_rates.rate_basis_points is 'The rate in hundredths of a per cent: 1900 is 19 %.';
comment on column finance.tax_rates.entered_by is 'Who entered it.';
comment on column finance.tax_rates.entered_at is 'When it was entered. The latest one of a code and day counts.';
create index tax_rates_latest on finance.tax_rates (legal_entity, tax_code, from_day desc, entry_id desc);
create trigger tax_rates_append_only before update or delete on finance.tax_rates
  for each row execute function refuse_change();
create trigger tax_rates_not_truncated before truncate on finance.tax_rates execute function refuse_change();
grant select, insert on finance.tax_rates to account_payments_service;

create type finance.tax_row as (
  legal_entity text, shop_id text, currency text, tax_point text, tax_code text, rate_basis_points integer,
  taxed_minor bigint, taken_off_minor bigint, due_minor bigint, tax_minor bigint, expired_minor bigint,
  taxed_before_minor bigint, free_minor bigint);
comment on type finance.tax_row is 'What fell due of one tax.';
comment on column finance.tax_row.legal_entity is 'Who owes the tax: who issued, of tax at issue, and who sold, of tax at redemption.';
comment on column finance.tax_row.shop_id is 'The shop that issued or sold.';
comment on column finance.tax_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.tax_row.tax_point is 'When the tax falls due: issue or redemption.';
comment on column finance.tax_row.tax_code is 'The code on the payment, at issue; on the lines of the sale, at redemption, else on the payment. Empty when nowhere.';
comment on column finance.tax_row.rate_basis_points is 'The rate that finance entered, in hundredths of a per cent; empty when none.';
comment on column finance.tax_row.taxed_minor is 'Gross, what was left with the shop or spent.';
comment on column finance.tax_row.taken_off_minor is 'Gross, what was handed out, in error, or put back: negative.';
comment on column finance.tax_row.due_minor is 'Gross, what is due: the two before together.';
comment on column finance.tax_row.tax_minor is 'The tax in what is due, at that rate; empty without one.';
comment on column finance.tax_row.expired_minor is 'Gross, what expired or was forfeited, less what was reinstated. It is in none of the others.';
comment on column finance.tax_row.taxed_before_minor is 'Gross, what was spent, less what was put back, of payments whose tax fell due at issue.';
comment on column finance.tax_row.free_minor is 'Spent, less what was put back, of what had been given free: no consideration.';

-- The lines of a sale, and when it took of a payment, or of the one that this one replaces.
create function finance.sale_lines(reference text, replaces text, sale_shop_id text, sale_id text)
returns table (day date, lines jsonb) language sql stable rows 1 as $$
  select (select min(e.day) from finance.entries e
           where (e.sale_shop_id, e.sale_id) = (sale_lines.sale_shop_id, sale_lines.sale_id)
             and e.reference in (sale_lines.reference, sale_lines.replaces) and e.category = 'applied'),
         coalesce(
           (select c.details -> 'lines' from commands c
             where (c.sale_shop_id, c.sale_id) = (sale_lines.sale_shop_id, sale_lines.sale_id)
               and c.reference in (sale_lines.reference, sale_lines.replaces)
               and c.kind = 'apply' and c.outcome = 'accepted' and c.details ? 'lines'
             order by c.revision desc limit 1),
           (select s.lines from sale_commands s
             where (s.sale_shop_id, s.sale_id) = (sale_lines.sale_shop_id, sale_lines.sale_id)
               and s.outcome = 'accepted' and s.lines is not null
             order by s.number desc limit 1))
$$;

-- An amount, parted among the tax codes of lines as they come to it, to the last minor unit. Without lines it has the
-- code of the payment.
create function finance.by_code(amount_minor bigint, lines jsonb, product_id text, payment_code text)
returns table (code text, share_minor bigint) language sql immutable rows 1 as $$
  select c.code, round(amount_minor * c.up_to / c.total)::bigint
                 - round(amount_minor * (c.up_to - c.minor) / c.total)::bigint
    from (select coalesce(l ->> 'taxCode', by_code.payment_code) as code, sum((l ->> 'amountMinor')::numeric) as minor,
                 sum(sum((l ->> 'amountMinor')::numeric)) over (order by coalesce(l ->> 'taxCode', by_code.payment_code))
                   as up_to,
                 sum(sum((l ->> 'amountMinor')::numeric)) over () as total
            from jsonb_array_elements(lines) l
           where by_code.product_id in ('', l ->> 'productId')
           group by 1) c
   where c.total > 0
  union all
  select by_code.payment_code, amount_minor
   where not jsonb_path_exists(coalesce(lines, '[]'), '$[*] ? ($p == "" || @.productId == $p)',
                               jsonb_build_object('p', by_code.product_id))
$$;

-- When the money of a payment was first left: of what is given or replaced, with the payment that it came from.
create function finance.first_left_on(reference text) returns date language sql stable as $$
  with recursive came_from as (
    select p.reference, coalesce(p.given_from, p.replaces) as source
      from account_payments p where p.reference = first_left_on.reference
    union all
    select p.reference, coalesce(p.given_from, p.replaces)
      from came_from c join account_payments p on p.reference = c.source)
  select e.day from came_from c join finance.entries e on e.reference = c.reference and e.sequence = 1
   where c.source is null
$$;

-- What each movement is to tax. What is taken off has the rate at which it was taxed: of the day of the issue, or of the
-- sale.
create function finance.tax_entries(from_day date, to_day date, legal_entity text, shop_id text)
returns table (entry finance.entries, entity text, shop text, figure text, amount_minor bigint, rated_on date, lines jsonb)
language sql stable as $$
  select t.* from (
    select e, case when o.is_of_sale then e.shop_entity else e.home_entity end as entity,
           case when o.is_of_sale then e.shop_id else e.home_shop_id end as shop, k.figure,
           case when e.tax_point = 'issue' and k.figure in ('taxed_minor', 'taken_off_minor') then e.amount_minor
                else -e.amount_minor end as amount_minor,
           case when k.figure <> 'taken_off_minor' then e.day
                when e.tax_point = 'redemption' then coalesce(sold.day, e.day)
                else finance.first_left_on(e.reference) end as rated_on,
           coalesce(own.details -> 'lines', sold.lines) as lines
      from finance.entries e
      cross join lateral (
        select e.category in ('applied', 'refunded')
               or e.origin = 'return' and e.category in ('issued_replacement', 'issued_in_error') as is_of_sale) o
      cross join lateral (
        select case
          when o.is_of_sale and e.source_funding = 'goodwill' then 'free_minor'
          when o.is_of_sale and e.tax_point = 'issue' then 'taxed_before_minor'
          when e.category = 'applied' then 'taxed_minor'
          when o.is_of_sale then 'taken_off_minor'
          when e.source_funding = 'goodwill' then null
          when e.category in ('expired', 'forfeited')
               or e.origin = 'reinstatement' and e.category in ('issued_replacement', 'issued_in_error')
            then 'expired_minor'
          when e.tax_point = 'redemption' then null
          when e.category in ('issued_paid', 'issued_return') then 'taxed_minor'
          when e.category = 'paid_out' or e.category = 'issued_in_error' and e.funding in ('paid', 'return')
            then 'taken_off_minor' end as figure) k
      left join commands own on own.kind = 'apply' and own.reference = e.reference and own.command_id = e.command_id
            and e.tax_point = 'redemption'
      left join lateral (
        select s.* from finance.sale_lines(e.reference, e.replaces, e.sale_shop_id, e.sale_id) s
         where o.is_of_sale and e.tax_point = 'redemption' and own.details -> 'lines' is null) sold on true
     where e.day between from_day and to_day) t
   where t.figure is not null
     and (tax_entries.legal_entity is null or t.entity = tax_entries.legal_entity)
     and (tax_entries.shop_id is null or t.shop = tax_entries.shop_id)
$$;

create function finance.tax_rate(legal_entity text, tax_code text, day date) returns integer language sql stable as $$
  select r.rate_basis_points from finance.tax_rates r
   where (r.legal_entity, r.tax_code) = (tax_rate.legal_entity, tax_rate.tax_code) and r.from_day <= tax_rate.day
   order by r.from_day desc, r.entry_id desc limit 1
$$;

create function finance.tax(
  from_day date, to_day date, legal_entity text default null, shop_id text default null)
returns setof finance.tax_row language sql stable as $$
  with
  daily as (
    select t.entity, t.shop, (t.entry).currency, (t.entry).tax_point, c.code, t.rated_on, t.figure,
           sum(c.share_minor) as minor
      from finance.tax_entries(from_day, to_day, tax.legal_entity, tax.shop_id) t
     cross join lateral finance.by_code(t.amount_minor, t.lines, (t.entry).product_id, (t.entry).tax_code) c
     group by 1, 2, 3, 4, 5, 6, 7),
  summed as (
    select d.entity, d.shop, d.currency, d.tax_point, d.code, finance.tax_rate(d.entity, d.code, d.rated_on) as rate,
           coalesce(sum(d.minor) filter (where d.figure = 'taxed_minor'), 0)::bigint as taxed_minor,
           coalesce(sum(d.minor) filter (where d.figure = 'taken_off_minor'), 0)::bigint as taken_off_minor,
           coalesce(sum(d.minor) filter (where d.figure in ('taxed_minor', 'taken_off_minor')), 0)::bigint as due_minor,
           coalesce(sum(d.minor) filter (where d.figure = 'expired_minor'), 0)::bigint as expired_minor,
           coalesce(sum(d.minor) filter (where d.figure = 'taxed_before_minor'), 0)::bigint as taxed_before_minor,
           coalesce(sum(d.minor) filter (where d.figure = 'free_minor'), 0)::bigint as free_minor
      from daily d group by 1, 2, 3, 4, 5, 6)
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
  select behind.*
    from (select t.entry, sum(c.share_minor)::bigint as share_minor
            from finance.tax_entries(from_day, to_day, tax_movements.legal_entity, tax_movements.shop_id) t
           cross join lateral finance.by_code(t.amount_minor, t.lines, (t.entry).product_id, (t.entry).tax_code) c
           where (t.figure = tax_movements.figure
                  or tax_movements.figure = 'due_minor' and t.figure in ('taxed_minor', 'taken_off_minor'))
             and jsonb_build_object(
                   'legal_entity', t.entity, 'shop_id', t.shop, 'currency', (t.entry).currency,
                   'tax_point', (t.entry).tax_point, 'tax_code', c.code,
                   'rate_basis_points', finance.tax_rate(t.entity, c.code, t.rated_on)) @> cell
           group by t.entry) shares
    cross join lateral finance.movement(shares.entry, shares.share_minor) behind
   order by behind.moved_at, behind.reference, behind.sequence
$$;
comment on function finance.tax_movements is
  'The movements behind one figure of finance.tax, each with what of it has that code.';

select finance.publish('tax');
