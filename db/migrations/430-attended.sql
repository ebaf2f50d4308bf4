-- What nothing but a person can settle leaves the list of what waits when a manager says that it is settled. Who did, and
-- when, stays.
create table attended_signals (
  command_id  text primary key,
  reference   text not null,
  caller      text not null,
  shop_id     text not null references shops,
  attended_at timestamptz not null default clock_timestamp()
);

-- All that a sale had missing up to a command of it. What is found missing later waits again.
create table attended_sales (
  number        bigint primary key references sale_commands (number),
  sale_shop_id  text not null,
  sale_id       text not null,
  missing_minor bigint not null check (missing_minor >= 0),
  caller        text not null,
  shop_id       text not null references shops,
  attended_at   timestamptz not null default clock_timestamp()
);
create index attended_sales_of on attended_sales (sale_shop_id, sale_id);

select finance.append_only('attended_signals');
select finance.append_only('attended_sales');
