-- What is held now is found without it, and with it each hold, and each end of one, was a new entry in every index of the
-- payment.
drop index account_payments_held;
