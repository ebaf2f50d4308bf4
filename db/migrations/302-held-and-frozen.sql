-- What is held, and what is frozen, of a balance at any time: no sum of movements, for neither is one. Here it is one of
-- changes, which the commands tell. A change counts on the day on which it is booked, and on none before that of an
-- earlier one of its payment: what ends in a shop where it is yesterday does not end before it began.

-- What payments have in common when reports group by it.
create view finance.payments as
  select p.reference, p.shop_id as home_shop_id, home.legal_entity as home_entity, home.time_zone as home_time_zone,
         p.customer_id, p.currency, p.type, p.purpose, p.funding, p.source_funding, p.tax_point, p.issued_at
    from account_payments p left join shops home on home.shop_id = p.shop_id;
comment on view finance.payments is 'Every account payment, with what reports group balances by.';
comment on column finance.payments.reference is 'The account payment.';
comment on column finance.payments.home_shop_id is 'The shop that issued it.';
comment on column finance.payments.home_entity is 'The legal entity of that shop: it owes the balance.';
comment on column finance.payments.home_time_zone is 'The time zone of that shop.';
comment on column finance.payments.customer_id is 'Whose it is.';
comment on column finance.payments.currency is 'ISO 4217 code of its amounts.';
comment on column finance.payments.type is 'generic or product_specific.';
comment on column finance.payments.purpose is 'Why it was issued: deposit, store_credit, prepayment or gift.';
comment on column finance.payments.funding is 'Where its money came from.';
comment on column finance.payments.source_funding is 'How that money first came, whatever became of it since.';
comment on column finance.payments.tax_point is 'When its tax falls due: issue or redemption.';
comment on column finance.payments.issued_at is 'When it was issued.';

-- A hold has the size that it was last given, less what was taken from it since, and nothing once it has ended: by its
-- release, or by a capture that does not say until when the rest stays held.
create function finance.held_changes(known_at timestamptz default null)
returns table (reference text, decided_at timestamptz, day date, amount_minor bigint)
language sql stable rows 50000 as $$
  with steps as (
    select told.*, max(told.booked_on) over (partition by told.reference order by told.revision) as day
      from (select c.reference, c.revision, c.decided_at, c.booked_on,
                   case c.kind when 'hold' then coalesce(c.details ->> 'resizes', c.command_id)
                               else c.details ->> 'holdId' end as hold_id,
                   case c.kind when 'hold' then (c.details ->> 'amountMinor')::bigint end as size_minor,
                   case c.kind when 'capture' then (c.details ->> 'amountMinor')::bigint else 0 end as taken_minor,
                   c.kind = 'release' or c.kind = 'capture' and c.details ->> 'heldUntil' is null as ends
              from commands c
             where c.kind in ('hold', 'capture', 'release') and c.outcome = 'accepted'
               and (held_changes.known_at is null or c.recorded_at <= held_changes.known_at)
            -- What is sorted is what is read of the details, and not all of them.
            offset 0) told),
  sized as (
    select s.*, count(size_minor) over (partition by s.reference, hold_id order by revision) as size from steps s),
  left_held as (
    select z.*, case when ends then 0 else coalesce(
             max(size_minor) over same_size - sum(taken_minor) over same_size, 0) end as held_minor
      from sized z window same_size as (partition by z.reference, hold_id, size order by revision))
  select l.reference, l.decided_at, l.day,
         (held_minor - lag(held_minor, 1, 0::numeric) over (partition by l.reference, hold_id order by revision))::bigint
    from left_held l
$$;

-- A payment is frozen while a command has frozen it for some cause and none has thawed it for that. One that froze by
-- itself, because the books contradict it, could not say so to them.
create index commands_freezing on commands (reference, revision)
  where kind in ('freeze', 'thaw') or kind = 'issue' and details ? 'frozen';
create function finance.frozen_changes(known_at timestamptz default null)
returns table (reference text, decided_at timestamptz, day date, amount_minor bigint)
language sql stable rows 10000 as $$
  with said as (
    select c.reference, c.revision, c.decided_at, c.booked_on, c.details ->> 'cause' as cause,
           (c.kind = 'freeze')::int as frozen
      from commands c
     where c.kind in ('freeze', 'thaw') and c.outcome = 'accepted'
       and (frozen_changes.known_at is null or c.recorded_at <= frozen_changes.known_at)
    union all
    select c.reference, c.revision, c.decided_at, c.booked_on, cause, 1
      from commands c cross join lateral jsonb_array_elements_text(c.details -> 'frozen') cause
     where c.kind = 'issue' and c.details ? 'frozen'
       and (frozen_changes.known_at is null or c.recorded_at <= frozen_changes.known_at)),
  steps as (
    select s.reference, s.revision, s.decided_at, s.booked_on, 0 as amount_minor,
           frozen - lag(frozen, 1, 0) over (partition by s.reference, cause order by revision) as causes
      from said s
    union all
    select m.reference, c.revision, m.moved_at, m.booked_on, m.amount_minor, 0
      from movements m join commands c on (c.reference, c.command_id) = (m.reference, m.command_id)
     where m.reference in (select s.reference from said s)
       and (frozen_changes.known_at is null or m.recorded_at <= frozen_changes.known_at)),
  -- One command may be of several causes, and move too: its revision is one place in the order of all.
  placed as (
    select s.reference, s.revision, min(s.decided_at) as decided_at, max(s.booked_on) as booked_on,
           sum(s.amount_minor) as amount_minor, sum(s.causes) as causes
      from steps s group by 1, 2),
  standing as (
    select p.*, max(p.booked_on) over before as day,
           case when sum(causes) over before > 0 then sum(p.amount_minor) over before else 0 end as frozen_minor
      from placed p window before as (partition by p.reference order by p.revision))
  select s.reference, s.decided_at, s.day,
         (frozen_minor - lag(frozen_minor, 1, 0::numeric) over (partition by s.reference order by s.revision))::bigint
    from standing s
$$;

revoke all on all functions in schema finance from public;
