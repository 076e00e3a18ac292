#!/bin/sh
# A scan as a task of a scheduler: it takes the threads that it was given, ends within seconds with a
# checkpoint when it is told to, holds its lock where the file system has none, and can end with 0 when
# inputs were damaged.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"
rc=$demo/RC_2023-03_04.zst

# -- threads: of affinity, OMP_NUM_THREADS, the scheduler; -j decides
threads() {
    want=$1
    shift
    # shellcheck disable=SC2086
    env "$@" $under "$BURZA" scan --timings -c "$brands" -o threads.h5 "$rc" $more >"$out" 2>"$err" ||
        fail "threads of $*"
    got=$(grep -o 'thread [0-9]*' "$err" | tail -1 | cut -d' ' -f2)
    [ "$got" = "$want" ] || fail "$got threads, not $want: $*"
    rm -rf threads.h5.parts
}
under='' more=''
all=$(nproc)
threads 1 OMP_NUM_THREADS=1
threads 3 OMP_NUM_THREADS=3
threads 1 SLURM_CPUS_PER_TASK=1
threads 1 NSLOTS=1
threads "$all" SLURM_CPUS_PER_TASK=4000
threads "$all" SLURM_CPUS_PER_TASK=x
threads 2 SLURM_CPUS_PER_TASK=1 OMP_NUM_THREADS=2
more='-j 2'
threads 2 SLURM_CPUS_PER_TASK=1
if command -v taskset >/dev/null 2>&1; then
    more=''
    under="taskset -c $(taskset -pc $$ | sed 's/.*: *//; s/[-,].*//')"
    threads 1 A=b
fi

# -- damage: 2, and 0 where it is to be expected; what is missing is never good
head -c 20000 "$rc" >cut.zst
for command in scan run; do
    expect 2 $command -q -b norvia=norvia -o cut.h5 cut.zst
    rm -rf cut.h5*
    expect 0 $command -q --damaged-ok -b norvia=norvia -o cut.h5 cut.zst
    said 'cut.zst: damaged'
done
expect 2 study -q cut.h5
cp cut.h5 cut2.h5
expect 0 study -q --damaged-ok cut.h5
same cut.h5 cut2.h5 'another exit code'
expect 2 merge -q --no-report -o joined.h5 cut.h5
expect 0 merge -q --no-report --damaged-ok -o joined.h5 cut.h5
expect 66 scan --damaged-ok -q -b norvia=norvia -o none.h5 nothing.zst

# -- USR1 and TERM, also both: a checkpoint, 143, and on with what is left
bytes=300000000
"$GENERATE" bench --kind tweets --bytes $bytes >big.jsonl
gzip -1 <big.jsonl >big.gz
expect 0 run -q --no-report -j 1 -c "$brands" -o whole.h5 big.gz
for signals in USR1 TERM 'USR1 TERM' ; do
    caught=0
    for wait in 0.5 0.3 0.2 1; do
        rm -rf part.h5 part.h5.parts
        "$BURZA" run -q --no-report -j 2 -c "$brands" -o part.h5 big.gz >"$out" 2>"$err" &
        pid=$!
        sleep $wait
        for signal in $signals; do kill -$signal $pid 2>/dev/null || true; done
        begin=$(date +%s)
        code=0
        wait $pid || code=$?
        [ $(($(date +%s) - begin)) -le 5 ] || fail "SIG$signals: not over within 5 s"
        [ $code -eq 0 ] && continue
        [ $code -eq 143 ] || fail "SIG$signals ended with $code"
        first=$(find part.h5.parts -name '*-000000.h5' 2>/dev/null)
        [ -n "$first" ] || continue
        said 'interrupted'
        no_leftovers .
        before=$(stat -c %i "$first")
        expect 0 run -q --no-report -j 4 -c "$brands" -o part.h5 big.gz
        [ "$(stat -c %i "$first")" = "$before" ] || fail 'what was done was done again'
        same whole.h5 part.h5 "after SIG$signals"
        # told at the very end, nothing was left to do
        [ "$(find part.h5.parts -name '*.h5' | wc -l)" -ge 2 ] || continue
        caught=1
        break
    done
    [ $caught = 1 ] || fail "SIG$signals was never caught with a checkpoint and more to do"
done
rm -f big.jsonl big.gz

# -- a file system without locks
command -v strace >/dev/null 2>&1 && strace -o /dev/null true 2>/dev/null || exit 0
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n' >posts.csv
# leased ERROR CODE ARGUMENT...: burza where every flock fails so
leased() {
    error=$1 expected_code=$2
    shift 2
    code=0
    strace -f -qq -o /dev/null -e trace=flock -e inject=flock:error="$error" "$BURZA" "$@" \
        >"$out" 2>"$err" || code=$?
    [ $code -eq "$expected_code" ] || fail "without locks ($error), burza $* ended with $code"
}
for error in ENOLCK ENOSYS EOPNOTSUPP; do
    rm -rf l.h5*
    leased $error 0 run -q -b norvia=norvia -o l.h5 posts.csv
    [ ! -e l.h5.parts/lock.lease ] || fail 'a lease is left'
done
leased EIO 74 study -q l.h5
said 'cannot lock'
# a lease that is held: by a process of this host, by one that is gone, by one that gives it back
host=$(uname -n | tr -c 'A-Za-z0-9\n' . | cut -c 1-23)
echo "$$ $host 1700000000 0" >l.h5.parts/lock.lease
( for i in 1 2 3 4 5 6; do sleep 0.5; echo "$$ $host 1700000000 $i" >l.h5.parts/lock.lease; done ) &
leased ENOLCK 75 study -q l.h5
said "process $$ on $host"
wait
gone=$(sh -c 'echo $$')
echo "$gone $host 1700000000 9" >l.h5.parts/lock.lease
leased ENOLCK 0 study -q l.h5
[ ! -e l.h5.parts/lock.lease ] || fail 'a dead lease is left'
# of another machine, which renews it no more: a minute is waited, then it is taken (LONG=1)
[ "${LONG:-0}" = 1 ] || exit 0
echo "1 elsewhere 1700000000 9" >l.h5.parts/lock.lease
leased ENOLCK 0 study -q l.h5
[ ! -e l.h5.parts/lock.lease ] || fail 'the lease of a machine that is gone is left'
