-- Notes wait in the reservation for the payment's row, and are moved there: erased there, they are nowhere.
update issue_reservations r set notes = null
  from account_payments p
 where p.reference = r.reference and r.notes is not null;
