#!/usr/bin/env bash
# Takes a copy of the primary (FOLLOWS says which that is) into an empty folder, then follows it. A copy that was broken off is begun anew.
set -euo pipefail
follows=${FOLLOWS:-primary}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "$PGDATA" "$PGDATA.copy"
  mkdir -p "$(dirname "$PGDATA")"
  PGPASSWORD=$REPLICATION_PASSWORD pg_basebackup --host="$follows" --username=replicator --pgdata="$PGDATA.copy" --wal-method=stream --slot=standby --checkpoint=fast
  # Once promoted it has no standby of its own yet, and must not wait for one.
  cat >> "$PGDATA.copy/postgresql.auto.conf" <<CONF
primary_conninfo = 'host=$follows user=replicator password=$REPLICATION_PASSWORD application_name=standby'
primary_slot_name = 'standby'
synchronous_standby_names = ''
CONF
  touch "$PGDATA.copy/standby.signal"
  mv "$PGDATA.copy" "$PGDATA"
fi
# Pages are read here: what they look at is not taken away under them. Once it is the primary, log is kept for its standby as before.
exec postgres -c wal_retrieve_retry_interval=200ms -c hot_standby_feedback=on -c max_slot_wal_keep_size=8GB
