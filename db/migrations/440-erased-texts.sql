-- What somebody typed about a customer can be taken away, and nothing else of a row that is append-only: what was paid,
-- used and given back stands, and so does the hash of what was asked.
create function without_text(of_table text, row_ jsonb) returns jsonb language sql immutable as $$
  select case of_table
    when 'movements' then row_ || '{"reason": null}'
    when 'commands' then row_ #- '{details,reason}' #- '{details,law,reason}'
    when 'sale_commands' then case when row_ #>> '{answer,return,reason}' is null then row_
                                   else jsonb_set(row_, '{answer,return,reason}', 'null') end
    when 'issue_reservations' then row_ #- '{issue,reason}' #- '{issue,law,reason}'
  end
$$;

-- What is generated of a row is not yet there when this looks.
create function refuse_change_but_of_text() returns trigger language plpgsql as $$
declare
  generated text[] := array(select attname from pg_attribute where attrelid = tg_relid and attgenerated <> '');
begin
  if without_text(tg_table_name, to_jsonb(old)) - generated is distinct from to_jsonb(new) - generated then
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;

do $$
declare
  of_table text;
begin
  foreach of_table in array array['movements', 'commands', 'sale_commands'] loop
    execute format('drop trigger %I on %I', of_table || '_append_only', of_table);
    execute format('create trigger %I before delete on %I for each row execute function refuse_change()',
                   of_table || '_append_only', of_table);
    execute format('create trigger %I before update on %I for each row execute function refuse_change_but_of_text()',
                   of_table || '_keep_all_but_text', of_table);
  end loop;
end $$;

-- Whose texts a row has: the payment's customer, and of a sale the one that it names or those whose payments it drew on.
create function customers_of(references_ text[]) returns setof text language sql stable as $$
  select customer_id from account_payments where reference = any(references_)
  union
  select issue ->> 'customerId' from issue_reservations where reference = any(references_)
$$;

create function references_of(answer jsonb) returns text[] language sql immutable as $$
  select array(select part ->> 'reference' from jsonb_array_elements(coalesce(answer #> '{return,returned}', '[]')) part)
$$;

-- The service erases by these alone, and only for a customer of whom it stands somewhere that, by whom and why.
create function erase_texts(of_customer text, until timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from customer_erasures where customer_id = of_customer and erased_at >= until) then
    raise exception '%: nobody asked for it', of_customer using errcode = 'insufficient_privilege';
  end if;
  update movements m set reason = null from account_payments p
   where p.customer_id = of_customer and m.reference = p.reference and m.reason is not null and m.moved_at <= until;
  update commands c set details = details - 'reason' #- '{law,reason}' from account_payments p
   where p.customer_id = of_customer and c.reference = p.reference and c.decided_at <= until
     and (c.details ? 'reason' or c.details #> '{law,reason}' is not null);
  update sale_commands s set answer = jsonb_set(answer, '{return,reason}', 'null')
   where answer #>> '{return,reason}' is not null and decided_at <= until
     and (customer_id = of_customer or of_customer in (select customers_of(references_of(answer))));
  update issue_reservations set issue = issue - 'reason' #- '{law,reason}'
   where issue ->> 'customerId' = of_customer and issued_at <= until
     and (issue ? 'reason' or issue #> '{law,reason}' is not null);
end $$;
revoke all on function erase_texts from public;
grant execute on function erase_texts to account_payments_service;

create index sale_commands_with_reasons on sale_commands (customer_id) where answer #>> '{return,reason}' is not null;

-- What was decided or promised before an erasure and comes to the books after it, as after an outage or a restored
-- backup, comes without its text.
create function erased_stays_erased() returns trigger language plpgsql as $$
declare
  row_ jsonb := to_jsonb(new);
  decided timestamptz := coalesce(row_ ->> 'decided_at', row_ ->> 'moved_at', row_ ->> 'issued_at')::timestamptz;
  customer text := coalesce(row_ ->> 'customer_id', row_ #>> '{issue,customerId}');
  texts_of text[] := case tg_table_name when 'sale_commands' then references_of(row_ -> 'answer')
                                        else array[row_ ->> 'reference'] end;
begin
  -- An erasure takes this alone: it sees what this brings, or this sees the erasure.
  perform pg_advisory_xact_lock_shared(hashtextextended('erasure of ' || customer_id, 0))
    from (select customer union select customers_of(texts_of) order by 1) meant (customer_id)
   where customer_id is not null;
  if exists (select from (select customer union all select customers_of(texts_of)) meant (customer_id)
              join customer_erasures using (customer_id) where erased_at >= decided) then
    return jsonb_populate_record(new, without_text(tg_table_name, row_));
  end if;
  return new;
end $$;

create trigger movements_stay_erased before insert on movements
  for each row when (new.reason is not null) execute function erased_stays_erased();
create trigger commands_stay_erased before insert on commands
  for each row when (new.details ? 'reason' or new.details #> '{law,reason}' is not null)
  execute function erased_stays_erased();
create trigger sale_commands_stay_erased before insert on sale_commands
  for each row when (new.answer #>> '{return,reason}' is not null) execute function erased_stays_erased();
create trigger issue_reservations_stay_erased before insert on issue_reservations
  for each row when (new.issue ? 'reason' or new.issue #> '{law,reason}' is not null)
  execute function erased_stays_erased();
