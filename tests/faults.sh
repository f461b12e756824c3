#!/usr/bin/env bash
# The whole fault campaign of the mails, `make test-faults`: counts from the server's own mailbox, and prints the table.
# `make test` runs a short form of each.

set -euo pipefail
cd "$(dirname "$0")/.."
source tests/setup.sh

SMALL=
stop() {
  stop_postgres
  if [ -n "$SMALL" ]; then
    umount "$SMALL" && rmdir "$SMALL"
  fi
}

trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

prepare_solver
# What is committed must outlive a server that is killed.
POSTGRES_SPEED='' prepare_postgres
if [ -n "$CLUSTER" ]; then
  restart=$(declare -f as_server)
  export TONGPAN_TEST_RESTART="POSTGRES_BIN=$POSTGRES_BIN; $restart
    as_server pg_ctl --silent --wait --mode=immediate --pgdata=$CLUSTER/data --log=$CLUSTER/server.log restart"
fi

# A disk that can be filled: without it the server only says that it is full.
if [ -n "$CLUSTER" ] && [ "$(id -u)" = 0 ]; then
  SMALL=$(mktemp -d /tmp/tongpan-small.XXXXXX)
  if mount -t tmpfs -o size=16m,mode=700,uid=postgres tmpfs "$SMALL"; then
    psql --quiet "$TONGPAN_TEST_POSTGRES" --command="CREATE TABLESPACE small LOCATION '$SMALL'"
    export TONGPAN_TEST_TABLESPACE=small
  else
    rmdir "$SMALL"
    SMALL=
  fi
fi
prepare_postfix

TONGPAN_FAULTS_TABLE=$(mktemp)
export TONGPAN_FAULTS_TABLE TONGPAN_FAULTS=whole
status=0
# One after the other: some take the database away from everybody.
cargo test --locked --package tongpan --test it -- faults:: --test-threads=1 || status=$?
echo
echo '| fault | database | messages | sent | lost | extra copies | most copies of one | in doubt | unknown | failed | missed | s |'
echo '|---|---|---|---|---|---|---|---|---|---|---|---|'
cat "$TONGPAN_FAULTS_TABLE"
rm -f "$TONGPAN_FAULTS_TABLE"
exit "$status"
