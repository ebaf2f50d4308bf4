-- The words of a name as domain/nameWords.ts makes them, to find it by how they begin. What is named already gets words
-- that come near, until it is named again.
alter table customers add column name_words tsvector;
alter table products add column name_words tsvector;

create function near_words(name text) returns tsvector language sql immutable as $$
  select array_to_tsvector(array_remove(regexp_split_to_array(
    lower(regexp_replace(normalize(name, nfkd), '[\u0300-\u036f]', '', 'g') collate "und-x-icu"), '\s+'), ''))
$$;
update customers set name_words = near_words(name);
update products set name_words = near_words(name);
drop function near_words;

alter table customers alter column name_words set not null;
alter table products alter column name_words set not null;
create index on customers using gin (name_words);
create index on products using gin (name_words);
