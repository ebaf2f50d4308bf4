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
select finance.append_only('finance.tax_rates');

create type finance.tax_row as (
  legal_entity text, shop_id text, currency text, tax_point text, tax_code text, rate_basis_points integer,
  taxed_minor bigint, taken_off_minor bigint, due_minor bigint, tax_minor bigint, expired_minor bigint,
  taxed_before_minor bigint, free_minor bigint);
comment on type finance.tax_row is 'What fell due of one tax.';
comment on column finance.tax_row.legal_entity is 'Who owes the tax: who first issued, of tax at issue; who sold, of tax at redemption. Of what expired, who owed it.';
comment on column finance.tax_row.shop_id is 'The shop of that entity that issued or sold.';
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

-- An amount, parted among the tax codes of lines as they come to it, to the last minor unit: in the order of the codes,
-- lines without one last. Those have the code of the payment, as has all where no line says what it came to.
create function finance.by_code(amount_minor bigint, lines jsonb, product_id text, payment_code text)
returns table (code text, share_minor bigint) language sql immutable rows 2 as $$
  select coalesce(s.code, payment_code),
         coalesce(round(amount_minor * s.up_to / s.total)::bigint
                  - round(amount_minor * (s.up_to - s.minor) / s.total)::bigint, amount_minor)
    from (select) here
    left join (
      select c.code, c.minor, sum(c.minor) over (order by c.code) as up_to, sum(c.minor) over () as total
        from (select l ->> 'taxCode' as code, sum((l ->> 'amountMinor')::numeric) as minor
                from jsonb_array_elements(lines) l
               where by_code.product_id in ('', l ->> 'productId')
               group by 1) c) s on s.minor > 0
$$;

-- The same of lines alone: their codes, in that order, and what the lines come to up to each. To look into lines takes
-- longer than all else that tax asks for, so a row says it of its own when it is written. Null where no line comes to
-- anything, and where codes are so many that no index would hold them.
create function line_codes(lines jsonb) returns text[] language sql immutable parallel safe as $$
  select array_agg(c.code order by c.code)
    from (select l ->> 'taxCode' as code
            from jsonb_array_elements(lines) l
           group by 1 having sum((l ->> 'amountMinor')::numeric) > 0) c
  having count(*) between 1 and 16
$$;
create function line_up_to_minor(lines jsonb) returns bigint[] language sql immutable parallel safe as $$
  select array_agg(c.up_to order by c.code)
    from (select l ->> 'taxCode' as code,
                 sum(sum((l ->> 'amountMinor')::numeric)) over (order by l ->> 'taxCode') as up_to
            from jsonb_array_elements(lines) l
           group by 1 having sum((l ->> 'amountMinor')::numeric) > 0) c
  having count(*) between 1 and 16
$$;
alter table commands
  add column line_codes text[]
    generated always as (case when kind = 'apply' then line_codes(details -> 'lines') end) stored,
  add column line_up_to_minor bigint[]
    generated always as (case when kind = 'apply' then line_up_to_minor(details -> 'lines') end) stored;
alter table sale_commands
  add column line_codes text[] generated always as (line_codes(lines)) stored,
  add column line_up_to_minor bigint[] generated always as (line_up_to_minor(lines)) stored;

-- An amount, parted by what a row says of its lines: as by the lines themselves.
create function finance.by_told_code(amount_minor bigint, codes text[], up_to_minor bigint[], payment_code text)
returns table (code text, share_minor bigint) language sql immutable rows 2 as $$
  select coalesce(told.code, payment_code),
         (round(amount_minor::numeric * told.up_to / up_to_minor[cardinality(codes)])
          - round(amount_minor::numeric * coalesce(up_to_minor[told.place - 1], 0) / up_to_minor[cardinality(codes)])
         )::bigint
    from unnest(codes, up_to_minor) with ordinality told (code, up_to, place)
$$;

-- The lines of a basket that came back: how much of each product the return says, and of which code it is the basket. It
-- returns a set of one, for such a function becomes part of the query that calls it, which is most of its time.
create function finance.came_back(returned jsonb, basket jsonb) returns setof jsonb language sql immutable rows 1 as $$
  with
  back as (
    select l ->> 'productId' as product_id, l ->> 'taxCode' as code, sum((l ->> 'amountMinor')::numeric) as minor
      from jsonb_array_elements(returned) l group by 1, 2),
  sold as (
    select b.*, sum(b.minor) over (partition by b.product_id) as of_product_minor
      from (select l ->> 'productId' as product_id, l ->> 'taxCode' as code, sum((l ->> 'amountMinor')::numeric) as minor
              from jsonb_array_elements(basket) l group by 1, 2) b)
  select jsonb_agg(jsonb_build_object(
           'productId', r.product_id, 'taxCode', coalesce(s.code, r.code),
           'amountMinor', coalesce(r.minor * s.minor / s.of_product_minor, r.minor)))
    from back r
    left join sold s on s.product_id = r.product_id and s.of_product_minor > 0
$$;

-- Lines less what payments paid for that are good for one product alone; the whole of them when these paid for all.
create function finance.less_paid(lines jsonb, paid jsonb) returns jsonb language sql immutable as $$
  with line as (
    select l, greatest(0, 1 - coalesce((paid ->> (l ->> 'productId'))::numeric, 0)
                              / nullif(sum((l ->> 'amountMinor')::numeric) over (partition by l ->> 'productId'), 0)) as part
      from jsonb_array_elements(lines) l)
  select case when max(part) > 0
              then jsonb_agg(l || jsonb_build_object('amountMinor', (l ->> 'amountMinor')::numeric * coalesce(part, 0)))
              else lines end
    from line
$$;

-- What a payment that is good for anything paid for of these lines of a sale, or has got back for them. Products are
-- paid for first, and given back first, by what is good for them alone: until a moment, beside it by the same command
-- of the sale, and as far as the books knew on that day. Of lines that came back, what their return gave back counts.
create function finance.for_anything(
  lines jsonb, sale_shop_id text, sale_id text, until timestamptz, by_command text, known_on date, return_id text)
returns setof jsonb language sql stable rows 1 as $$
  select case when count(*) = 0 then lines else finance.less_paid(lines, jsonb_object_agg(paid.product_id, paid.minor)) end
    from (select p.product_id,
                 sum(case when return_id is null then -m.amount_minor else m.amount_minor + coalesce(c.kept_minor, 0) end)
                   as minor
            from movements m
            join account_payments p on p.reference = m.reference and p.type = 'product_specific'
            join commands c on c.reference = m.reference and c.command_id = m.command_id
           where (m.sale_shop_id, m.sale_id) = (for_anything.sale_shop_id, for_anything.sale_id)
             and m.booked_on <= known_on
             and (return_id is null and m.moved_at <= until
                  or c.parent_kind = 'sale' and c.parent_command_id = coalesce(return_id, by_command))
           group by 1) paid
   where paid.minor > 0
$$;

-- When, by whom and in which shop the money of a payment was first left: of what is given or replaced, with the payment
-- that it came from.
create function finance.first_left(reference text) returns table (day date, entity text, shop text)
language sql stable rows 1 as $$
  with recursive came_from as (
    select p.reference, coalesce(p.given_from, p.replaces) as source
      from account_payments p where p.reference = first_left.reference
    union all
    select p.reference, coalesce(p.given_from, p.replaces)
      from came_from c join account_payments p on p.reference = c.source)
  select e.day, e.home_entity, e.home_shop_id
    from came_from c join finance.entries e on e.reference = c.reference and e.sequence = 1
   where c.source is null
$$;

-- From when until when a code has a rate.
create view finance.tax_periods as
  select legal_entity, tax_code, rate_basis_points, from_day,
         lead(from_day, 1, 'infinity') over (partition by legal_entity, tax_code order by from_day) as until_day
    from (select distinct on (legal_entity, tax_code, from_day) *
            from finance.tax_rates
           order by legal_entity, tax_code, from_day, entry_id desc) latest;
comment on column finance.tax_periods.legal_entity is 'Who owes the tax.';
comment on column finance.tax_periods.tax_code is 'What the shop''s own system calls it.';
comment on column finance.tax_periods.rate_basis_points is 'The rate in hundredths of a per cent.';
comment on column finance.tax_periods.from_day is 'The first day on which the rate counts.';
comment on column finance.tax_periods.until_day is 'The first day on which it no longer counts.';
