#!/bin/sh
# Two runs on one audit: the second ends at once with 75 and names the first. A lock dies with its
# process, and nothing but the lock's owner is disturbed.
. "$(dirname "$0")/lib.sh"
cd "$work"
rc=$demo/RC_2023-03_04.zst
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n' >posts.csv

# a run that waits for its standard input holds the lock
mkfifo slow
"$BURZA" run -q -c "$brands" -o a.h5 - <slow >first.out 2>first.err &
first=$!
exec 9>slow
tries=0
until [ -s a.h5.parts/lock ]; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || fail 'the first run never took its lock'
    sleep 0.02
done
for command in "run -c $brands -o a.h5 $rc" "scan -c $brands -o a.h5 $rc" "study a.h5" \
    "merge -o a.h5 b.h5"; do
    # shellcheck disable=SC2086
    expect 75 $command
    said "process $first"
done
[ ! -e a.h5 ] || fail 'a refused run wrote an audit'

# another audit is free
expect 0 run -q --no-report -b norvia=norvia -o b.h5 posts.csv
# the first run was not disturbed
cat posts.csv >&9
exec 9>&-
wait $first || fail 'the run that held the lock'
expect 0 verify a.h5

# a killed run leaves no lock
mkfifo slow2
"$BURZA" run -q -c "$brands" -o c.h5 - <slow2 >first.out 2>first.err &
first=$!
exec 9>slow2
until [ -s c.h5.parts/lock ]; do sleep 0.02; done
kill -KILL $first
wait $first 2>/dev/null || true
exec 9>&-
expect 0 run -q --no-report -b norvia=norvia -o c.h5 posts.csv
expect 0 verify c.h5

# reading needs no lock
"$PYTHON" - b.h5.parts/lock "$BURZA" <<'PY' || fail 'reading an audit that is locked'
import fcntl, subprocess, sys
with open(sys.argv[1], "r+b") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    for command in (["verify", "b.h5"], ["export", "b.h5", "inputs"], ["report", "b.h5"]):
        code = subprocess.run([sys.argv[2]] + command, stdout=subprocess.DEVNULL).returncode
        assert code == 0, (command, code)
    code = subprocess.run([sys.argv[2], "study", "b.h5"], stderr=subprocess.DEVNULL).returncode
    assert code == 75, code
PY
