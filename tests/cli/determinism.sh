#!/bin/sh
# The audit and the report depend on the dumps and the configuration only: not on threads, the order
# of inputs, the locale, the time zone, the clock, the folder, or the times of the files.
. "$(dirname "$0")/lib.sh"
cd "$work"
set_inputs

# shellcheck disable=SC2086
run() {
    name=$1
    shift
    expect 0 run -q -c "$brands" -o "$name.h5" "$@"
    same first.h5 "$name.h5" "$name"
    same first.html "$name.html" "$name"
}

# shellcheck disable=SC2086
expect 0 run -q -c "$brands" -j 1 -o first.h5 $inputs
expect 0 verify first.h5
printed 'first.h5 is whole and unchanged'

reversed=
for file in $inputs; do reversed="$file $reversed"; done
# shellcheck disable=SC2086
{
    run threads2 -j 2 $inputs
    run threads4 -j 4 $reversed
    # glibc itself leaks what it makes of LOCPATH
    if [ "$SANITIZED" = 0 ] && mkdir locales && localedef -i pl_PL -f UTF-8 locales/pl_PL.UTF-8 2>/dev/null; then
        export LOCPATH="$work/locales" LC_ALL=pl_PL.UTF-8
    else
        echo 'no Polish locale here: C.UTF-8 instead'
        export LC_ALL=C.UTF-8
    fi
    export TZ=Pacific/Kiritimati
    # the library of faketime and AddressSanitizer both want to be loaded first
    if [ "$SANITIZED" = 0 ] && command -v faketime >/dev/null 2>&1; then
        faketime '2040-02-28 23:59:00' "$BURZA" run -q -c "$brands" -o clock.h5 $reversed \
            >"$out" 2>"$err" || fail 'a run in the year 2040'
        same first.h5 clock.h5 'the clock shows'
        same first.html clock.html 'the clock shows'
    fi
    mkdir -p elsewhere/dumps elsewhere/results
    cp $inputs elsewhere/dumps
    cd elsewhere
    expect 0 run -q -c "$brands" -o results/second.h5 dumps/*
    cd ..
    same first.h5 elsewhere/results/second.h5 'another folder, locale and zone'
    sed 's/first\.h5/second.h5/g' first.html >renamed.html
    sed 's/first\.html/second.html/g' renamed.html >expected.html
    same expected.html elsewhere/results/second.html 'the report of another folder'
}
no_leftovers .
