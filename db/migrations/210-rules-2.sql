-- What begins now begins with the newest rules. Where payments are open already, an older worker may serve them still:
-- there they are switched on by `npm run rules`.
insert into rules_switched (rules) select 2 where not exists (select from issue_reservations);
