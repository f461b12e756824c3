#!/usr/bin/env bash
# Runs every test: `make test`. Cargo's summary of the tests comes last.
#
# Where something it needs is missing and cannot be installed, it says what it leaves out and why; under CI=true it
# fails instead. TONGPAN_TEST_POSTGRES=postgres://… names a PostgreSQL to use in place of a private one.

set -euo pipefail
cd "$(dirname "$0")/.."
source tests/setup.sh

# Prints a heading, runs the command, and tells how long it took.
step() {
  local title=$1 began=$SECONDS
  shift
  printf '\n── %s\n' "$title"
  "$@"
  printf '   %d s\n' $((SECONDS - began))
}

trap stop_postgres EXIT
# Without these, an interrupt would end the script before it stops the cluster.
trap 'exit 130' INT
trap 'exit 143' TERM

step 'Format' cargo fmt --all --check
step 'What the exact solver is built with' prepare_solver
step 'Lints' cargo clippy --workspace --all-targets --locked -- -D warnings
step 'Python, for the readers of mails and calendars' prepare_python
step 'ical.js, for the readers of calendars' prepare_node
step 'PostgreSQL' prepare_postgres
step 'Postfix, a real mail server' prepare_postfix
step 'Build the tests' cargo test --workspace --all-targets --locked --no-run
step 'Examples in the documentation' cargo test --workspace --doc --locked --quiet

printf '\n── Tests (%d s so far)\n' "$SECONDS"
# --all-targets leaves out the examples above, so that the integration suite's summary is the last line.
cargo test --workspace --all-targets --locked --no-fail-fast
