# Sourced by run.sh: gets what the tests need beside Rust, or says what is left out.
#
# Sets TONGPAN_TEST_PYTHON (an interpreter with tests/requirements.txt), TONGPAN_TEST_NODE (a node beside whose tests/js is installed),
# TONGPAN_TEST_POSTFIX (the program postfix) and TONGPAN_TEST_POSTGRES (a server on which the tests may create databases). Tests that
# miss one of them skip, and fail under CI=true.

VENV=.venv
CLUSTER=
# Tests throw their databases away.
: "${POSTGRES_SPEED=-c fsync=off -c synchronous_commit=off -c full_page_writes=off}"

leave_out() {
  printf 'left out: %s: %s\n' "$1" "$2" >&2
  [ "${CI:-}" != true ] || { echo 'CI=true leaves nothing out' >&2; exit 1; }
}

is_root_on_debian() {
  [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null
}

# Installs Debian packages, when we may.
install() {
  is_root_on_debian || return 1
  echo "installing $*"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null
}

# Without these nothing can be built, so nothing is left out: it ends here.
prepare_solver() {
  if command -v cmake >/dev/null && command -v g++ >/dev/null && find_libclang; then
    return
  fi
  install cmake g++ libclang-dev && return
  echo 'the exact solver (HiGHS) needs cmake, g++ and libclang to be built; install cmake, g++ and libclang-dev' >&2
  exit 1
}

# bindgen finds it by LIBCLANG_PATH, llvm-config or in these folders.
find_libclang() {
  [ -n "${LIBCLANG_PATH:-}" ] || command -v llvm-config >/dev/null ||
    ls /usr/lib/llvm*/lib/libclang*.so* /usr/lib/*/libclang*.so* /usr/lib/libclang*.so* /usr/lib64/libclang*.so* >/dev/null 2>&1
}

prepare_python() {
  if [ -n "${TONGPAN_TEST_PYTHON:-}" ]; then
    echo "as given: $TONGPAN_TEST_PYTHON"
    return
  fi
  if ! cmp -s tests/requirements.txt "$VENV/requirements.txt" && ! make_venv; then
    leave_out 'what is checked with Python' "$PYTHON_FAULT"
    return
  fi
  export TONGPAN_TEST_PYTHON=$PWD/$VENV/bin/python
}

make_venv() {
  # On Debian `venv` is there without the package, but cannot install pip.
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null && ! install python3 python3-venv; then
    PYTHON_FAULT='there is no python3 with venv; install python3-venv'
    return 1
  fi
  if ! { python3 -m venv --clear "$VENV" && "$VENV/bin/pip" install --quiet --requirement tests/requirements.txt; }; then
    PYTHON_FAULT='tests/requirements.txt could not be installed, see above'
    return 1
  fi
  # Copied last: its presence says that everything before it worked.
  cp tests/requirements.txt "$VENV/requirements.txt"
}

prepare_node() {
  if [ -n "${TONGPAN_TEST_NODE:-}" ]; then
    echo "as given: $TONGPAN_TEST_NODE"
    return
  fi
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    leave_out 'what is checked with ical.js' 'there is no node with npm; install nodejs and npm'
    return
  fi
  # npm writes its own lock file there when everything is installed.
  if [ tests/js/node_modules/.package-lock.json -ot tests/js/package-lock.json ] &&
    ! (cd tests/js && npm ci --silent --no-audit --no-fund); then
    leave_out 'what is checked with ical.js' 'tests/js could not be installed, see above'
    return
  fi
  export TONGPAN_TEST_NODE=$(command -v node)
}

# The tests start postfixes of their own; the machine's is neither configured nor started.
prepare_postfix() {
  local program
  if [ "$(id -u)" != 0 ]; then
    leave_out 'the faults of a real mail server' 'postfix can only be started by root'
    return
  fi
  program=$(PATH=$PATH:/usr/sbin command -v postfix) || {
    # Another mail system would be removed by its installation.
    [ ! -e /usr/sbin/sendmail ] &&
      install debconf && echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections &&
      install postfix && program=$(PATH=$PATH:/usr/sbin command -v postfix)
  } || {
    leave_out 'the faults of a real mail server' 'there is no postfix; install postfix'
    return
  }
  export TONGPAN_TEST_POSTFIX=$program
}

prepare_postgres() {
  if [ -n "${TONGPAN_TEST_POSTGRES:-}" ]; then
    echo "as given: ${TONGPAN_TEST_POSTGRES%%:*}://…"
    return
  fi
  if ! find_postgres && ! { install postgresql && find_postgres; }; then
    leave_out 'the suite on PostgreSQL' 'initdb is not found; install postgresql'
    return
  fi
  start_postgres || leave_out 'the suite on PostgreSQL' 'the private cluster does not start, see above'
}

# Debian keeps the server's programs out of the path, by version.
find_postgres() {
  local initdb
  initdb=$(command -v initdb || ls -v /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)
  POSTGRES_BIN=$(dirname "$initdb" 2>/dev/null)
  [ -n "$initdb" ]
}

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$POSTGRES_BIN/$1" "${@:2}")
  else
    "$POSTGRES_BIN/$1" "${@:2}"
  fi
}

# A cluster that only this machine reaches and that is thrown away: speed before durability.
start_postgres() {
  # Below /tmp whatever TMPDIR says: the user postgres cannot enter root's home.
  CLUSTER=$(mktemp -d /tmp/tongpan-postgres.XXXXXX)
  [ "$(id -u)" != 0 ] || chown postgres "$CLUSTER" || return 1
  as_server initdb --pgdata="$CLUSTER/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
    --no-sync >"$CLUSTER/initdb.log" 2>&1 || { cat "$CLUSTER/initdb.log"; return 1; }
  local attempt port
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    if as_server pg_ctl --silent --wait --pgdata="$CLUSTER/data" --log="$CLUSTER/server.log" start --options="-p $port \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories=$CLUSTER -c max_connections=300 \
      $POSTGRES_SPEED" 2>/dev/null; then
      export TONGPAN_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
      echo "private cluster on 127.0.0.1:$port"
      return
    fi
  done
  cat "$CLUSTER/server.log"
  return 1
}

stop_postgres() {
  [ -n "$CLUSTER" ] || return 0
  as_server pg_ctl --silent --pgdata="$CLUSTER/data" --mode=immediate stop >/dev/null 2>&1 || true
  rm -rf "$CLUSTER"
}
