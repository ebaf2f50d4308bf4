-- Books that were put back to an earlier time have lost promises of references that Temporal knows of: issued again
-- under their keys, that money would be had twice. So after every start of the server, and in a database that was put
-- into a running one, nothing is promised before somebody has compared.
create table books_compared (
  server      text primary key,
  compared_at timestamptz not null default clock_timestamp()
);

create function books_server() returns text language sql stable set search_path = public, pg_temp
  return extract(epoch from pg_postmaster_start_time())::text || '/' || 'issue_reservations'::regclass::oid;

select finance.append_only('books_compared');

create function reservation_is_safe() returns trigger language plpgsql as $$
begin
  if exists (select from books_compared where server = books_server())
     or current_setting('books.putting_back', true) = 'on' then
    return new;
  end if;
  raise exception 'the books have not been compared with Temporal since they were started' using errcode = 'APB01';
end $$;

create trigger issue_reservations_safe before insert on issue_reservations
  for each row execute function reservation_is_safe();
