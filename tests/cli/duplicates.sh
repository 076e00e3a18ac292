#!/bin/sh
# Everything given twice counts once: the same path, a copy, a copy packed otherwise, and the same
# posts cut into files otherwise.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"
rc=$demo/RC_2023-03_04.zst

run() {
    name=$1
    shift
    expect 0 run -q --no-report -c "$brands" -o "$name.h5" "$@"
}

# mentions NAME: the mentions that an audit counts. Posts of all kinds, and with them coverage and
# baselines, are counted as often as they lie in different files. Pseudonyms are keyed by the dumps,
# so audits of other files have others.
mentions() {
    expect 0 export "$1.h5" hourly
    cut -d , -f 1-10 "$out" >"$1.counts"
    expect 0 export "$1.h5" posts --format jsonl
    "$PYTHON" -c '
import json, sys
for line in sys.stdin:
    post = json.loads(line)
    del post["author"]
    print(json.dumps(post, sort_keys=True))' <"$out" >>"$1.counts"
    [ "$(wc -l <"$1.counts")" -gt 5000 ] || fail "too few lines about $1"
}

run once "$rc"
mentions once

run twice "$rc" "$rc"
same once.h5 twice.h5 'the same path twice'
mkdir folder
ln "$rc" folder/link.zst 2>/dev/null || cp "$rc" folder/link.zst
cp "$rc" folder/copy.zst
run copies "$rc" folder
mentions copies
same once.counts copies.counts 'a copy'
expect 0 export copies.h5 inputs
printed duplicate

command -v zstd >/dev/null 2>&1 || skip 'no zstd'
zstd -qdc --long=31 "$rc" >plain.jsonl
gzip -nc plain.jsonl >packed.jsonl.gz
bzip2 -c plain.jsonl >packed.jsonl.bz2
xz -0c plain.jsonl >packed.jsonl.xz
run packed "$rc" packed.jsonl.gz packed.jsonl.bz2 packed.jsonl.xz plain.jsonl
mentions packed
same once.counts packed.counts 'copies packed otherwise'

mkdir cut
split -l 500 plain.jsonl cut/RC_
run cut cut
mentions cut
same once.counts cut.counts 'cut into files'
sort -r plain.jsonl >backwards.jsonl
run backwards backwards.jsonl
mentions backwards
same once.counts backwards.counts 'lines in another order'
cat cut/RC_* cut/RC_aa cut/RC_ac >overlap.jsonl
run overlap overlap.jsonl "$rc"
mentions overlap
same once.counts overlap.counts 'overlapping files'
