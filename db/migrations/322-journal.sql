-- What goes to the ledger: entries of one debit and one credit each, in one entity. A movement has the liability on one
-- side. Where that is owed by another entity than the one that took, sold or paid out, both post it against each other.

-- Fees that are kept of what goes back. They move no balance: the sale keeps them, and they become fees.
create index commands_keeping on commands (booked_on) where kept_minor > 0;
create view finance.kept as
  with kept as (
    select c.reference, c.command_id, c.kept_minor, c.decided_at as kept_at, c.booked_on as day, c.shop_id, c.caller,
           c.staff_id, c.details ->> 'reason' as reason, c.sale_shop_id, c.sale_id, c.recorded_at
      from commands c
     where c.kept_minor > 0 and c.outcome = 'accepted'
    union all
    select r.replaces, r.command_id, r.kept_minor, r.issued_at, r.booked_on, r.issue -> 'by' ->> 'shopId',
           r.issue -> 'by' ->> 'caller', r.issue -> 'by' ->> 'staffId', r.issue ->> 'reason', r.sale_shop_id, r.sale_id,
           r.issued_at
      from issue_reservations r
     where r.kept_minor > 0
    union all
    select k.reference, k.command_id, k.kept_minor, k.recorded_at, k.booked_on, k.shop_id, k.caller, k.staff_id,
           returned.answer #>> '{return,reason}', k.sale_shop_id, k.sale_id, k.recorded_at
      from kept_fees k
      left join sale_commands returned
        on (returned.sale_shop_id, returned.sale_id, returned.command_id) = (k.sale_shop_id, k.sale_id, k.return_id))
  select k.*, coalesce(shop.legal_entity, home.legal_entity) as entity, p.currency, p.customer_id,
         k.day > (k.kept_at at time zone coalesce(shop.time_zone, home.time_zone))::date as is_late
    from kept k
    join account_payments p on p.reference = k.reference
    join shops home on home.shop_id = p.shop_id
    left join shops shop on shop.shop_id = k.shop_id;
comment on column finance.kept.reference is 'The account payment to which it would have gone back.';
comment on column finance.kept.command_id is 'The command that kept it.';
comment on column finance.kept.kept_minor is 'The fee.';
comment on column finance.kept.kept_at is 'When it was decided.';
comment on column finance.kept.shop_id is 'The shop in which it was kept.';
comment on column finance.kept.caller is 'The till or person that sent the command.';
comment on column finance.kept.staff_id is 'The person on whose behalf it was sent.';
comment on column finance.kept.reason is 'Why, in their words.';
comment on column finance.kept.sale_shop_id is 'The shop of the sale.';
comment on column finance.kept.sale_id is 'The sale of which something was returned.';
comment on column finance.kept.recorded_at is 'When the books learned of it.';
comment on column finance.kept.entity is 'The legal entity of the shop in which it was kept.';
comment on column finance.kept.currency is 'ISO 4217 code of the fee.';
comment on column finance.kept.customer_id is 'Whose payment it is.';
comment on column finance.kept.is_late is 'Whether its own day was closed when the books learned of it.';
comment on column finance.kept.day is 'The day on which it counts.';

-- The account on the other side of a liability.
create function finance.contra_account(
  category text, funding text, source_funding text, origin text, tender text, method text) returns text
language sql immutable parallel safe as $$
  select case
    when category in ('issued_paid', 'paid_out') then 'clearing_' || tender
    when category in ('applied', 'refunded') then 'sales'
    when category in ('gifted_in', 'gifted_out', 'reissued') then 'transfers'
    when category = 'issued_return' then 'returns'
    when category = 'issued_goodwill' then 'goodwill_expense'
    when category in ('expired', 'forfeited') and source_funding = 'goodwill' then 'goodwill_expense'
    when category = 'expired' then case method when 'left_out' then 'unclaimed' else 'breakage' end
    when category = 'forfeited' then 'fees'
    when category = 'remitted' then 'unclaimed'
    when category = 'issued_replacement' then case origin when 'return' then 'sales' else 'transfers' end
    -- As it was issued, and back.
    when category = 'issued_in_error' then case funding
      when 'paid' then 'clearing_' || tender
      when 'return' then 'returns'
      when 'goodwill' then 'goodwill_expense'
      when 'replacement' then case origin when 'return' then 'sales' else 'transfers' end
      else 'transfers' end
    end
$$;

-- Each entry, with the movement that caused it, or the command that kept a fee. Each `offset 0` has what is above it
-- computed once a row, and not once for each place where it is used: that is most of a year's time.
create function finance.journal_entries(from_day date, to_day date, legal_entity text, shop_id text)
returns table (reference text, sequence integer, kept_by text, entity text, shop text, day date, currency text,
               debit text, credit text, partner text, amount_minor bigint) language sql stable as $$
  with moved as (
    select e.reference, e.sequence, e.day, e.currency, e.amount_minor, 'liability_' || e.source_funding as liability,
           e.home_entity, e.home_shop_id,
           case when r.reference is not null
                then finance.contra_account(r.category, r.funding, r.source_funding, '', '', r.method)
                else finance.contra_account(e.category, e.funding, e.source_funding, e.origin, e.tender,
                                            coalesce(b.method, finance.method_unless_said(e.purpose))) end as contra,
           case when r.reference is not null then r.home_entity
                when e.kind in ('expired', 'cancelled') and e.category not in ('paid_out', 'reissued') then e.home_entity
                else e.shop_entity end as contra_entity,
           case when r.reference is not null then r.home_shop_id
                -- What was in error is taken back where it was issued, and other ends stand where they happened.
                when e.category = 'issued_in_error'
                     or e.kind in ('expired', 'cancelled') and e.category not in ('paid_out', 'reissued')
                        and e.home_entity <> e.shop_entity then e.home_shop_id
                else e.shop_id end as contra_shop_id
      from (select reference, sequence, kind, category, day, currency, amount_minor, home_entity, home_shop_id, shop_entity,
                   shop_id, purpose, funding, source_funding, origin, tender
              from finance.entries
             where day between from_day and to_day
            offset 0) e
      left join finance.reinstated r
        on r.reference = e.reference and e.category in ('issued_replacement', 'issued_in_error')
      left join finance.breakage_periods b
        on e.kind = 'expired' and (b.legal_entity, b.currency, b.purpose) = (e.home_entity, e.currency, e.purpose)
       and e.day >= b.from_month and e.day < b.until_month
    offset 0),
  posted as (
    -- What the liability loses goes to the other side; what it gains comes from there.
    select m.reference, m.sequence, null::text as kept_by, s.entity, s.shop, m.day, m.currency,
           case when m.amount_minor < 0 then s.owing else s.other end as debit,
           case when m.amount_minor < 0 then s.other else s.owing end as credit, s.partner, abs(m.amount_minor) as amount_minor
      from moved m
      cross join lateral (
        select m.home_entity as entity, m.contra_shop_id as shop, m.liability as owing, m.contra as other, '' as partner
         where m.home_entity = m.contra_entity
        union all
        select m.home_entity, m.home_shop_id, m.liability, 'inter_entity', m.contra_entity
         where m.home_entity <> m.contra_entity
        union all
        select m.contra_entity, m.contra_shop_id, 'inter_entity', m.contra, m.home_entity
         where m.home_entity <> m.contra_entity) s
    union all
    select k.reference, null, k.command_id, k.entity, k.shop_id, k.day, k.currency, 'sales', 'fees', '', k.kept_minor
      from finance.kept k
     where k.day between from_day and to_day
    union all
    -- A month's change of what is expected is posted as one, on its last day, when that is among the days.
    select x.reference, x.sequence, null, x.home_entity, x.home_shop_id, x.last_day, x.currency,
           case when x.of_month_minor > 0 then 'expected_breakage' else 'breakage' end,
           case when x.of_month_minor > 0 then 'breakage' else 'expected_breakage' end, '',
           case when x.of_month_minor > 0 then x.amount_minor else -x.amount_minor end
      from (select changed.*, month.last_day, sum(changed.amount_minor) over (
                     partition by changed.home_shop_id, month.last_day, changed.currency) as of_month_minor
              from finance.expected_breakage(
                     date_trunc('month', from_day)::date, to_day, journal_entries.legal_entity) changed
              cross join lateral (
                select (date_trunc('month', changed.day) + interval '1 month - 1 day')::date as last_day) month) x
     where x.last_day <= to_day and x.of_month_minor <> 0)
  select * from posted
   where (journal_entries.legal_entity is null or posted.entity = journal_entries.legal_entity)
     and (journal_entries.shop_id is null or posted.shop = journal_entries.shop_id)
$$;

-- From when until when an account has a code.
create view finance.account_periods as
  select legal_entity, account, partner, code, from_day,
         lead(from_day, 1, 'infinity') over (partition by legal_entity, account, partner order by from_day) as until_day
    from (select distinct on (legal_entity, account, partner, from_day) *
            from finance.account_codes
           order by legal_entity, account, partner, from_day, entry_id desc) latest;
comment on column finance.account_periods.legal_entity is 'Whose ledger it is.';
comment on column finance.account_periods.account is 'What the account is for.';
comment on column finance.account_periods.partner is 'The entity owed by or owing to; empty for all that have no account of their own.';
comment on column finance.account_periods.code is 'The account in that ledger.';
comment on column finance.account_periods.from_day is 'The first day that is posted to it.';
comment on column finance.account_periods.until_day is 'The first day that is posted to another.';

create type finance.journal_row as (
  legal_entity text, day date, shop_id text, currency text, debit text, credit text, partner_entity text,
  debit_code text, credit_code text, amount_minor bigint, entry_count bigint);
comment on type finance.journal_row is 'All that a shop posts on a day from one account to another.';
comment on column finance.journal_row.legal_entity is 'The legal entity whose ledger it is for.';
comment on column finance.journal_row.day is 'The day on which it is posted.';
comment on column finance.journal_row.shop_id is 'The shop of that entity.';
comment on column finance.journal_row.currency is 'ISO 4217 code of the amounts beside it.';
comment on column finance.journal_row.debit is 'What the account is for that is debited.';
comment on column finance.journal_row.credit is 'What the account is for that is credited.';
comment on column finance.journal_row.partner_entity is 'The entity that posts the other half, when there is one; else empty.';
comment on column finance.journal_row.debit_code is 'The account that is debited; empty when finance has not entered it.';
comment on column finance.journal_row.credit_code is 'The account that is credited; empty when finance has not entered it.';
comment on column finance.journal_row.amount_minor is 'What is debited and credited.';
comment on column finance.journal_row.entry_count is 'How many entries it sums.';

create function finance.journal(from_day date, to_day date, legal_entity text default null, shop_id text default null)
returns setof finance.journal_row language sql stable as $$
  with summed as (
    select j.entity, j.day, j.shop, j.currency, j.debit, j.credit, j.partner, sum(j.amount_minor)::bigint as amount_minor,
           count(*) as entry_count
      from finance.journal_entries(from_day, to_day, journal.legal_entity, journal.shop_id) j
     group by 1, 2, 3, 4, 5, 6, 7)
  select s.entity, s.day, s.shop, s.currency, s.debit, s.credit, s.partner,
         coalesce(own_debit.code, debit.code, ''), coalesce(own_credit.code, credit.code, ''), s.amount_minor,
         s.entry_count
    from summed s
    left join finance.account_periods debit
      on (debit.legal_entity, debit.account, debit.partner) = (s.entity, s.debit, '')
     and s.day >= debit.from_day and s.day < debit.until_day
    left join finance.account_periods credit
      on (credit.legal_entity, credit.account, credit.partner) = (s.entity, s.credit, '')
     and s.day >= credit.from_day and s.day < credit.until_day
    -- Only the account between entities may have one for each.
    left join finance.account_periods own_debit
      on s.debit = 'inter_entity' and s.partner <> ''
     and (own_debit.legal_entity, own_debit.account, own_debit.partner) = (s.entity, s.debit, s.partner)
     and s.day >= own_debit.from_day and s.day < own_debit.until_day
    left join finance.account_periods own_credit
      on s.credit = 'inter_entity' and s.partner <> ''
     and (own_credit.legal_entity, own_credit.account, own_credit.partner) = (s.entity, s.credit, s.partner)
     and s.day >= own_credit.from_day and s.day < own_credit.until_day
   order by 1, 2, 3, 4, 5, 6, 7
$$;
comment on function finance.journal is 'Entries for the ledger, of one debit and one credit each.';

create function finance.journal_movements(
  from_day date, to_day date, legal_entity text default null, shop_id text default null, cell jsonb default '{}',
  figure text default 'amount_minor')
returns setof finance.movement_row language sql stable as $$
  with behind as (
    select j.reference, j.sequence, j.kept_by, sum(j.amount_minor)::bigint as amount_minor
      from finance.journal_entries(from_day, to_day, journal_movements.legal_entity, journal_movements.shop_id) j
     where journal_movements.figure = 'amount_minor'
       and jsonb_build_object('legal_entity', j.entity, 'day', j.day, 'shop_id', j.shop, 'currency', j.currency,
                              'debit', j.debit, 'credit', j.credit, 'partner_entity', j.partner) @> cell
     group by 1, 2, 3)
  select movement.*
    from behind b
    join finance.entries e on e.reference = b.reference and e.sequence = b.sequence
    cross join lateral finance.movement(e, b.amount_minor) movement
  union all
  select k.reference, null, k.day, k.kept_at, k.shop_id, 'kept', 'fee_kept', k.currency, b.amount_minor, null, null,
         k.customer_id, k.command_id, k.caller, k.staff_id, k.reason, k.sale_shop_id, k.sale_id, k.recorded_at, k.is_late
    from behind b
    join finance.kept k on k.reference = b.reference and k.command_id = b.kept_by
   order by moved_at, reference, sequence
$$;
comment on function finance.journal_movements is 'The movements, and fees kept, behind one figure of finance.journal.';

select finance.publish('journal');
