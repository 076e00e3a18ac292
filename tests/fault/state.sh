#!/bin/sh
# Faults that touch what an audit keeps between runs: one failure of each kind of system call at many
# places, refused locks, too little memory, kills while an audit grows. After any of them the same
# command given again must give the bytes of a run without faults, and no sound shard is lost.
#
# usage: tests/fault/state.sh [--short]
# Needs strace that may trace, and prlimit.
. "$(dirname "$0")/../cli/lib.sh"
places=40
[ "${1-}" = --short ] && places=4
[ "$SANITIZED" = 0 ] || skip 'a sanitizer disturbs the counting of calls'
command -v strace >/dev/null 2>&1 && strace -o /dev/null true 2>/dev/null || skip 'no strace here'
cd "$work"
"$PYTHON" - <<'PY'
import gzip
head = "id,created_at,author,text\n"
def rows(first, last):
    return head + "".join("%d,2023-03-%02dT%02d:00:01Z,user%d,norvia awaria %d\n" % (n, n % 28 + 1, n % 24, n % 97, n)
                          for n in range(first, last))
open("one.csv", "w").write(rows(0, 400))
open("two.csv.gz", "wb").write(gzip.compress(rows(400, 800).encode(), mtime=0))
PY
# the audit that the faulty run adds to
expect 0 run -q -j 1 -b norvia=norvia -o base.h5 one.csv
expect 0 run -q -j 1 -b norvia=norvia -o whole.h5 one.csv two.csv.gz

begin() {
    rm -rf a.h5 a.html a.h5.parts .a.*
    cp base.h5 a.h5
    cp -r base.h5.parts a.h5.parts
}
# after WHAT: the run again gives the right bytes, and the shards of the first input stayed
after() {
    find a.h5.parts -name '*.damaged' >set_aside
    [ ! -s set_aside ] || fail "$1: a sound shard was set aside"
    for shard in base.h5.parts/*.h5; do
        same "$shard" "a.h5.parts/${shard##*/}" "$1: a shard of an earlier run"
    done
    expect 0 verify a.h5
    expect 0 run -q -j 1 -b norvia=norvia -o a.h5 two.csv.gz
    same whole.h5 a.h5 "$1, then again"
    no_leftovers .
}

total=0
for rule in flock:error=EAGAIN flock:error=ENOLCK openat:error=EMFILE openat:error=EACCES \
    newfstatat:error=EIO getdents64:error=EIO pread64:error=EIO read:error=EIO readlink:error=EACCES \
    unlink:error=EIO rename:error=EIO fsync:error=EIO close:error=EIO lseek:error=EIO \
    mmap:error=ENOMEM pwrite64:error=EIO pwrite64:signal=KILL write:signal=KILL rename:signal=KILL \
    unlink:signal=KILL fsync:signal=KILL flock:signal=KILL; do
    call=${rule%%:*}
    begin
    strace -f -qq -o log -e trace=$call "$BURZA" run -q -j 1 -b norvia=norvia -o a.h5 two.csv.gz ||
        fail 'a run under strace'
    count=$(grep -c "$call(" log || true)
    # the loader's own calls come first, and no program survives those
    loader=$(awk '/a\.h5/ { exit } { n++ } END { print n + 0 }' log)
    [ "$loader" -lt "$count" ] || loader=0
    for n in $("$PYTHON" -c "
first, last, places = $loader + 1, $count, $places
step = max(1, (last - first + 1) // places)
print(*range(first, last + 1, step))"); do
        total=$((total + 1))
        begin
        code=0
        strace -f -qq -o /dev/null -e trace=$call -e "inject=$rule:when=$n" "$BURZA" run -q -j 1 \
            -b norvia=norvia -o a.h5 two.csv.gz >"$out" 2>"$err" || code=$?
        case $rule:$code in
        *KILL*) ;;
        *:0) same whole.h5 a.h5 "$rule at $n was not said" ;;
        *) [ -s "$err" ] || fail "$rule at $n: exit code $code without a word" ;;
        esac
        after "$rule at $n"
    done
done

# too little memory, in steps
if command -v prlimit >/dev/null 2>&1; then
    for megabytes in 30 60 100 150 200 300 500 1000; do
        total=$((total + 1))
        begin
        code=0
        prlimit --as=$((megabytes * 1000000)) "$BURZA" run -q -j 2 -b norvia=norvia -o a.h5 \
            two.csv.gz >"$out" 2>"$err" || code=$?
        [ "$code" -ne 0 ] || same whole.h5 a.h5 "$megabytes MB"
        after "$megabytes MB"
    done
fi
echo "$total faults injected"
