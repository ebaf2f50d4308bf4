#!/bin/sh
# Makes the secrets that docker-compose.yml names, in the folder secrets/ beside it or the one given: passwords, the
# first admin key, and two authorities with their certificates, one for Temporal's server and one for its clients, good
# for five years. What is there already stays. The folder is the owner's alone; the files in it can be read by the
# containers' users, whoever these are.
set -eu
folder="${1:-$(dirname "$0")/../../secrets}"
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"
days=1825

password() { [ -s "$1" ] || openssl rand -hex 24 | tr -d '\n' > "$1"; }
for name in postgres-password owner-password service-password temporal-database-password; do password "$name"; done
url() { [ -s "$1" ] || printf 'postgres://%s:%s@postgres:5432/account_payments' "$2" "$(cat "$3")" > "$1"; }
url owner-database-url account_payments owner-password
url service-database-url account_payments_service service-password
[ -s admin-key ] || printf 'ap_%s_%s' "$(openssl rand -hex 4)" \
  "$(openssl rand -base64 96 | tr -dc 'A-Za-z0-9' | cut -c1-43)" > admin-key

authority() {
  [ -s "$1-ca.pem" ] && return
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "/CN=$1 authority" \
    -keyout "$1-ca-key.pem" -out "$1-ca.pem" 2> /dev/null
}
certificate() {
  [ -s "$1-cert.pem" ] && return
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" -keyout "$1-key.pem" -out "$1.csr" \
    2> /dev/null
  printf 'subjectAltName=DNS:%s\nextendedKeyUsage=%s\n' "$2" "$3" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$1-ca.pem" -CAkey "$1-ca-key.pem" -CAcreateserial -days "$days" \
    -extfile "$1.ext" -out "$1-cert.pem" 2> /dev/null
  rm "$1.csr" "$1.ext"
}
authority temporal-server
authority temporal-client
certificate temporal-server temporal serverAuth,clientAuth
certificate temporal-client account-payments clientAuth
chmod 644 ./*
# Whoever has these makes certificates: no container is given them.
chmod 600 temporal-server-ca-key.pem temporal-client-ca-key.pem
