#!/bin/sh
# Run once by the Postgres image, on an empty volume: a login and its databases for Temporal, and one for this service.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres \
  -v temporal="$TEMPORAL_DATABASE_PASSWORD" -v service="$DATABASE_PASSWORD" <<'SQL'
create role temporal login password :'temporal';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create role account_payments login password :'service';
create database account_payments owner account_payments;
SQL
