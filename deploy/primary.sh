#!/usr/bin/env bash
# Runs once, when the primary is first made: the role and the slot of its standby, who may come for a copy, and who has to have every write.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --set=password="$REPLICATION_PASSWORD" --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
create role replicator with replication login password :'password';
select pg_create_physical_replication_slot('standby');
SQL
echo 'host replication replicator all scram-sha-256' >> "$PGDATA/pg_hba.conf"
# Not before: what was done until here would have waited for a standby that cannot be there yet.
echo "synchronous_standby_names = 'standby'" >> "$PGDATA/postgresql.conf"
