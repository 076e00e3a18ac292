#!/bin/sh
# Memory does not grow with the input: about 1 GB of tweets through standard input stays below 300
# MB, and so do a bomb and a line without an end.
. "$(dirname "$0")/lib.sh"
cd "$work"
[ "$SANITIZED" = 0 ] || skip 'memory is not measured in a build with sanitizers'
[ -x "$GENERATE" ] || skip "no $GENERATE"

# below MEGABYTES CODE ARGUMENT... <INPUT: burza ends with CODE and its memory stayed below
below() {
    limit=$1
    want=$2
    shift 2
    "$PYTHON" - "$limit" "$want" "$BURZA" "$@" 3<&0 <<'PY' || fail "burza $*"
import os, subprocess, sys
limit, want = int(sys.argv[1]), int(sys.argv[2])
process = subprocess.Popen(sys.argv[3:], stdin=3, stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
code, peak = os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024
print(f"{' '.join(sys.argv[4:])[:60]}: {peak:.0f} MB, {usage.ru_utime + usage.ru_stime:.1f} s")
if code != want:
    print("exit code", code, "instead of", want)
sys.exit(code != want or peak >= limit)
PY
}

"$GENERATE" bench --kind tweets --bytes 1000000000 |
    below 300 0 scan -q -j 2 -c "$brands" -o stream.h5 -
[ "$(find stream.h5.parts -name '*.h5' | wc -l)" -ge 1 ] || fail 'no shard'
rm -rf stream.h5.parts

good='{"id":"1","created_at":"2023-03-01T00:00:00Z","author":"a","text":"norvia"}'
{ printf '%s\n{"id":"2","text":"' "$good"; head -c 500000000 /dev/zero | tr '\0' a; } |
    below 300 0 scan -q -j 2 -b norvia=norvia -o long.h5 -
{ printf 'id,created_at,text\n1,2023-03-01T00:00:00Z,norvia\n2,2023-03-01,"'; head -c 300000000 /dev/zero | tr '\0' a; } |
    below 300 0 scan -q -j 2 -b norvia=norvia -o quote.h5 -
head -c 200000000 /dev/zero | tr '\0' '[' | below 300 2 scan -q -b norvia=norvia -o deep.h5 -
yes '{"id":"1","created_at":"2023-03-01T00:00:00Z","author":"a","text":"storm"}' |
    head -c 1000000000 | gzip -1 >bomb.gz
below 300 2 scan -q -b norvia=norvia --max-ratio 100 -o bomb.h5 bomb.gz </dev/null
