-- What was refused after a payment's end stands in its history.
create index request_keys_refused on request_keys (reference, registered_at) where outcome_code is not null;
