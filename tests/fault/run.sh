#!/bin/sh
# Faults injected into system calls and allocations: the program is killed at its Nth write, the disk
# is full at the Nth write and from then on, a read or sync or rename fails, an allocation fails. Each
# time the audit must be there whole or not at all, the exit code must say what happened, and the
# same command given again must give the same bytes as a run without faults.
#
# usage: tests/fault/run.sh [--short]
#        --short: some moments of each kind (a minute); otherwise all of them (an hour)
# Needs strace that may trace; the allocations also a C compiler.
. "$(dirname "$0")/../cli/lib.sh"
short=0
[ "${1-}" = --short ] && short=1
[ "$SANITIZED" = 0 ] || skip 'a sanitizer disturbs the counting of calls'
command -v strace >/dev/null 2>&1 && strace -o /dev/null true 2>/dev/null || skip 'no strace here'
cd "$work"

"$PYTHON" - <<'PY'
import gzip
lines = ["id,created_at,author,text,likes\n"]
words = ["awaria", "super", "nie polecam", "dziękuję", "dramat", "promocja", "hello", "worst ever"]
for i in range(1500):
    lines.append("%d,2023-03-%02dT%02d:%02d:00Z,user%d,norvia %s %d,%d\n" % (
        i, 1 + i % 28, i % 24, i % 60, i % 97, words[i % 8], i, i % 50))
with open("one.csv.gz", "wb") as out:
    out.write(gzip.compress("".join(lines[:900]).encode(), mtime=0))
with open("two.csv", "w", encoding="utf-8") as out:
    out.write(lines[0] + "".join(lines[900:]))
PY
set -- run -q -j 1 -b norvia=norvia -o a.h5 one.csv.gz two.csv
expect 0 "$@"
cp a.h5 whole.h5
cp a.html whole.html

fresh() {
    rm -rf a.h5 a.html a.h5.parts .a.*
}

# calls NAME: how often the program makes this call
calls() {
    fresh
    strace -f -qq -o log -e trace="$1" "$BURZA" run -q -j 1 -b norvia=norvia -o a.h5 one.csv.gz \
        two.csv || fail "a run under strace"
    grep -c "$1(" log || true
}

# moments COUNT FROM: which of the calls FROM..COUNT are hit
moments() {
    if [ $short = 1 ]; then
        "$PYTHON" -c "
first, last = $2, $1
print(*sorted({first + (last - first) * i // 5 for i in range(6)}) if last >= first else '')"
    else
        seq "$2" "$1"
    fi
}

# inject RULE: the run with this fault; the exit code goes to $code
inject() {
    code=0
    strace -f -qq -o /dev/null -e trace="${1%%:*}" -e "inject=$1" "$BURZA" run -q -j 1 \
        -b norvia=norvia -o a.h5 one.csv.gz two.csv >"$out" 2>"$err" || code=$?
}

# old_or_new WHAT: nothing half is there, and the same command ends well
old_or_new() {
    [ ! -e a.h5 ] || same whole.h5 a.h5 "$1: an audit that is not whole"
    if [ -e a.html ] && ! cmp -s whole.html a.html; then
        fail "$1: a report that is not whole"
    fi
    expect 0 run -q -j 1 -b norvia=norvia -o a.h5 one.csv.gz two.csv
    same whole.h5 a.h5 "$1, then again"
    same whole.html a.html "$1, then again"
    no_leftovers .
}

total=0
for call in pwrite64 write; do
    count=$(calls $call)
    [ "$count" -gt 0 ] || continue
    for n in $(moments "$count" 1); do
        total=$((total + 2))
        fresh
        inject "$call:signal=KILL:when=$n"
        old_or_new "killed at $call $n"
        fresh
        inject "$call:error=ENOSPC:when=$n+"
        [ "$code" -eq 74 ] || [ "$code" -eq 73 ] || fail "$call $n to a full disk: exit code $code"
        # where every write fails, so does that of the message
        [ $call = write ] || [ -s "$err" ] || fail "$call $n to a full disk: no message"
        no_leftovers .
        old_or_new "full at $call $n"
    done
done
for rule in fsync:error=EIO rename:error=EACCES rename:signal=KILL ftruncate:error=EIO; do
    count=$(calls "${rule%%:*}")
    for n in $(moments "$count" 1); do
        total=$((total + 1))
        fresh
        inject "$rule:when=$n"
        case $rule:$code in
        *signal*:137 | *error*:73 | *error*:74) ;;
        ftruncate*:0) ;; # only shortens the note who holds the lock
        *) fail "$rule at call $n: exit code $code" ;;
        esac
        old_or_new "$rule at call $n"
    done
done

# a read that fails: the first ones are the loader's, which no program survives
count=$(calls read)
skipped=$(awk '/one\.csv\.gz/ { exit } /read\(/ { n++ } END { print n + 0 }' log)
[ "$skipped" -lt "$count" ] || skipped=20
for n in $(moments "$count" $((skipped + 1))); do
    total=$((total + 1))
    fresh
    inject "read:error=EIO:when=$n"
    [ "$code" -lt 128 ] || fail "read $n fails: exit code $code"
    if [ "$code" -eq 0 ]; then
        same whole.h5 a.h5 "read $n failed, and nobody said so"
    else
        [ -s "$err" ] || [ -s a.h5 ] || fail "read $n fails: no word about it"
    fi
    if [ -e a.h5 ]; then expect 0 verify a.h5; fi
    no_leftovers .
done

# content FILE: what an audit says. HDF5 stores a chunk as it is when there is no memory to deflate it,
# so the bytes may be others.
content() {
    for table in crises bursts hourly daily authors terms evidence inputs rejects posts; do
        expect 0 export "$1" $table
        cat "$out"
    done
}

# allocations: own code reports them; HDF5 may end the program, but never leaves a part of a result
if cc -shared -fPIC -O1 -o failmalloc.so "$root/tests/fault/failmalloc.c" -ldl 2>"$err"; then
    fresh
    FAIL_COUNT=count LD_PRELOAD="$work/failmalloc.so" "$BURZA" run -q -j 1 -b norvia=norvia \
        -o a.h5 one.csv.gz two.csv 2>"$err" || fail 'a run that counts allocations'
    count=$(cat count)
    content whole.h5 >content.whole
    for n in $(moments "$count" 1); do
        for persist in 0 1; do
            total=$((total + 1))
            fresh
            code=0
            FAIL_AT=$n FAIL_PERSIST=$persist LD_PRELOAD="$work/failmalloc.so" "$BURZA" run -q -j 1 \
                -b norvia=norvia -o a.h5 one.csv.gz two.csv >"$out" 2>"$err" || code=$?
            if [ "$code" -eq 0 ]; then
                content a.h5 >content
                same content.whole content "allocation $n of $count failed, and nobody said so"
            elif [ "$code" -lt 128 ] && [ ! -s "$err" ]; then
                fail "allocation $n of $count: exit code $code without a message"
            fi
            [ "$code" -lt 128 ] || echo "allocation $n of $count (persist $persist): ended with $code"
            [ ! -e a.h5 ] || expect 0 verify a.h5
        done
        old_or_new "allocation $n failed"
    done
else
    echo 'no C compiler: failing allocations were left out'
fi
echo "$total faults injected"
