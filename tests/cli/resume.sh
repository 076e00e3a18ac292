#!/bin/sh
# A run that was killed or interrupted at any moment, and started again, gives the same bytes; until
# it is through there is no audit, or the old one.
. "$(dirname "$0")/lib.sh"
cd "$work"
set_inputs

# shellcheck disable=SC2086
start() {
    "$BURZA" run -q -c "$brands" -o "$1" $inputs >"$out" 2>"$err" &
    pid=$!
}

# shellcheck disable=SC2086
expect 0 run -q -c "$brands" -o whole.h5 $inputs
begin=$(date +%s%N)
# shellcheck disable=SC2086
expect 0 run -q -c "$brands" -o again.h5 $inputs
took_ms=$((($(date +%s%N) - begin) / 1000000))
same whole.h5 again.h5

# wait_part N OF: a moment, N/OF of the time a run takes
wait_part() {
    sleep "$(awk -v ms=$took_ms -v n="$1" -v of="$2" 'BEGIN { printf "%.3f", ms * n / of / 1000 }')"
}

# -- SIGKILL: at growing moments into one audit, and at moments drawn by lot into fresh ones
for part in 1 3 5 6; do
    start killed.h5
    wait_part $part 7
    kill -KILL $pid 2>/dev/null || true
    wait $pid 2>/dev/null || true
    [ ! -e killed.h5 ] || same whole.h5 killed.h5 'a killed run published another audit'
done
start killed.h5
wait $pid || fail 'the last run, after four were killed'
same whole.h5 killed.h5
same whole.html killed.html
no_leftovers .

seed=$$
echo "seed of the moments: $seed"
rounds=3
[ "$SANITIZED" = 1 ] && rounds=2
round=0
while [ $round -lt $rounds ]; do
    round=$((round + 1))
    start "lot$round.h5"
    wait_part "$(awk -v s=$seed -v r=$round 'BEGIN { srand(s + r); print int(rand() * 1000) }')" 1000
    kill -KILL $pid 2>/dev/null || true
    wait $pid 2>/dev/null || true
    start "lot$round.h5"
    wait $pid || fail "the run after a kill (seed $seed, round $round)"
    same whole.h5 "lot$round.h5" "seed $seed, round $round"
    rm -rf "lot$round.h5" "lot$round.h5.parts"
done

# -- SIGINT and SIGTERM: said, counted in the exit code, nothing half written
for signal in INT:130 TERM:143; do
    name=${signal%:*}
    caught=0
    # two moments; more while a machine that is busy with other things let none be caught in time
    for part in 1 4 2 3 1 2 3; do
        [ $part -eq 1 ] || [ $part -eq 4 ] || [ $caught -eq 0 ] || break
        rm -rf "$name.h5" "$name.html" "$name.h5.parts"
        # started by python, because a shell lets its background jobs ignore SIGINT
        code=0
        # shellcheck disable=SC2086
        "$PYTHON" "$root/tests/cli/interrupt.py" "$name" "$((took_ms * part / 8))" \
            "$BURZA" run -q -j 2 -c "$brands" -o "$name.h5" $inputs >"$out" 2>"$err" || code=$?
        if [ "$code" -eq "${signal#*:}" ]; then
            caught=$((caught + 1))
            # in the first moments the system's own answer to the signal ends it, without a word
            [ ! -e "$name.h5.parts/settings.json" ] || said 'interrupted'
        elif [ "$code" -ne 0 ]; then
            fail "SIG$name: exit code $code"
        fi
        no_leftovers .
        start "$name.h5"
        wait $pid || fail "the run after SIG$name"
        same whole.h5 "$name.h5" "after SIG$name"
    done
    [ $caught -ge 1 ] || fail "SIG$name was never caught in time"
done

# -- what a killed run was writing is removed by the next one; a living process keeps its file
gone=$(sh -c 'echo $$')
: >".whole.h5.tmp-$gone"
: >".whole.html.tmp-$gone"
: >"whole.h5.parts/.x.h5.tmp-$gone"
: >".whole.h5.tmp-$$"
: >".other.h5.tmp-$gone"
start whole.h5
wait $pid || fail 'a run that finds what a killed one left'
[ ! -e ".whole.h5.tmp-$gone" ] && [ ! -e ".whole.html.tmp-$gone" ] &&
    [ ! -e "whole.h5.parts/.x.h5.tmp-$gone" ] || fail 'the rest of a killed run is still there'
[ -e ".whole.h5.tmp-$$" ] && [ -e ".other.h5.tmp-$gone" ] || fail "another's file was removed"
same again.h5 whole.h5

# -- a shard that was damaged on disk is read again
shard=$(find whole.h5.parts -name '*.h5' | sort | head -1)
size=$(wc -c <"$shard")
printf '\377' | dd of="$shard" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
start whole.h5
wait $pid || fail 'a run that finds a damaged shard'
same again.h5 whole.h5
