-- What was issued in place of an ended payment may be among what a backup lost: a fee that is kept meanwhile would stand
-- in its way when it is brought back.
create trigger kept_fees_safe before insert on kept_fees
  for each row execute function reservation_is_safe();
