#!/bin/sh
# --since and --until: the first is inside, the second is not, and no record is lost from the books.
. "$(dirname "$0")/lib.sh"
cd "$work"

for day in 01 02 03 04 05; do
    printf '{"id_str":"%s","created_at":"Mon May %s 00:00:00 +0000 2023","text":"norvia"}\n' \
        "$day" "$day"
done >posts.jsonl
echo 'no post' >>posts.jsonl

# window OUTSIDE OPTION...: so many of the five posts lie outside.
window() {
    outside=$1
    shift
    expect 0 run -q --no-report -b n=norvia -o w.h5 "$@" posts.jsonl
    expect 0 export w.h5 rejects
    if [ "$outside" -gt 0 ]; then
        printed "posts.jsonl,outside_window,notice,$outside,"
    else
        grep -q outside_window "$out" && fail "posts outside of $*"
    fi
    expect 0 export w.h5 inputs --format jsonl
    printed '"records":6,'
    printed "\"posts\":$((5 - outside)),"
    printed "\"rejects\":$((1 + outside)),"
    expect 0 export w.h5 posts
    [ "$(grep -c norvia "$out")" -eq $((5 - outside)) ] || fail "other posts than counted: $*"
}
window 0
window 2 --since 2023-05-03T00:00:00Z
window 3 --until 2023-05-03T00:00:00Z
window 4 --since 2023-05-03T00:00:00Z --until 2023-05-04T00:00:00Z
window 5 --since 2024-01-01
