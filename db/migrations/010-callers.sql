-- Names that our own senders have: no key speaks as one of them.
alter table api_keys
  add check (length(caller) between 1 and 64),
  add check (caller !~ '^(clock|operator|books)$' and caller !~ '^(staff:|sale/|gift/)');
