-- For the list of payments by the names of their customers, in the order of searchContacts.
create index customers_by_name on customers (name collate "und-x-icu");
