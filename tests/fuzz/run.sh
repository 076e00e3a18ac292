#!/bin/sh
# Fuzzes each target for some seconds, beginning with its corpus; what is found lies in
# build/fuzz/found/TARGET. Ends with 1 when anything was found. Needs clang with libFuzzer.
#
# usage: tests/fuzz/run.sh [SECONDS] [TARGET]...      default: 60 seconds, every target
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
case $seconds in *[!0-9]* | '') echo "usage: tests/fuzz/run.sh [SECONDS] [TARGET]..." >&2; exit 64 ;; esac
command -v clang >/dev/null 2>&1 || { echo 'clang is missing' >&2; exit 77; }

folder=${FUZZ_BUILD:-build/fuzz}
cmake --preset fuzz -B "$folder" >/dev/null
targets=$*
if [ -z "$targets" ]; then
    for source in tests/fuzz/fuzz_*.c; do
        name=${source##*/fuzz_}
        targets="$targets ${name%.c}"
    done
fi

failed=
for target in $targets; do
    cmake --build "$folder" --target "fuzz_$target" >"$folder/build.log" 2>&1 || {
        tail -20 "$folder/build.log" >&2
        echo "fuzz_$target cannot be built" >&2
        exit 1
    }
    # liblzma reserves a dictionary of up to 4 GiB at once, and touches what it uses
    mkdir -p "$folder/corpus/$target" "$folder/found/$target"
    echo "== $target: $seconds s"
    "$folder/tests/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -malloc_limit_mb=5000 -max_len=65536 -print_final_stats=1 -artifact_prefix="$folder/found/$target/" \
        "$folder/corpus/$target" "tests/fuzz/corpus/$target" >"$folder/$target.log" 2>&1 ||
        failed="$failed $target"
    grep -E 'stat::number_of_executed_units|stat::average_exec_per_sec|SUMMARY' "$folder/$target.log" || true
done
if [ -n "$failed" ]; then
    echo "found something:$failed; see $folder/found and $folder/TARGET.log" >&2
    exit 1
fi
echo 'nothing found'
