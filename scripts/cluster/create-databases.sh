#!/bin/sh
# Run once by the Postgres image, on an empty volume: a login and its databases for Temporal, and for this service an
# owner of the books and the role as which it serves.
set -eu
secret() { cat "/run/secrets/$1"; }
psql -v ON_ERROR_STOP=1 -U postgres \
  -v temporal="$(secret temporal-database-password)" \
  -v owner="$(secret owner-password)" -v service="$(secret service-password)" <<'SQL'
create role temporal login password :'temporal';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create role account_payments login password :'owner';
create role account_payments_service login password :'service';
create database account_payments owner account_payments;
-- Nobody looks into another's.
revoke connect on database temporal, temporal_visibility, account_payments from public;
grant connect on database account_payments to account_payments_service;
SQL
