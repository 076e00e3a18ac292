#!/bin/sh
# Folders of many small dumps: their shards are small files of an own kind, and the audit is that
# of HDF5 shards, byte by byte; resumed, damaged, forgotten, merged, dealt and cleaned like others.
. "$(dirname "$0")/lib.sh"
cd "$work"
mkdir some rest
"$GENERATE" bench --kind stream --bytes 600000 --seed 9 --templates "$root/datasets/templates" |
    split -l 2 -d -a 3 --additional-suffix=.jsonl - some/tweets-
count=$(ls some | wc -l)
[ "$count" -gt 64 ] || fail "only $count small dumps"
cp "$demo"/R*_2023-03_04.zst some/

shards() { # FOLDER ENDING: their number
    find "$1" -name "*.$2" | wc -l
}
# content FOLDER: its tables and posts as HDF5 shards give them
run() {
    burza run -q --no-report -c "$brands" "$@"
    [ "$code" -eq 0 ] || fail "run $* ended with $code"
}
for threads in 1 2 4; do
    run -j$threads -o "many$threads.h5" some
done
same many1.h5 many2.h5
same many1.h5 many4.h5
[ "$(shards many1.h5.parts rows)" -ge 64 ] || fail 'no small shards of many inputs'

# a few at a time, in shards of HDF5; the paths are the same, so the audit is
part=0
for from in 1 41 81 121 161; do
    find some -type f | sort | tail -n +$from | head -n 40 >list
    [ -s list ] || continue
    burza scan -q -c "$brands" -o few.h5 @list
    [ "$code" -eq 0 ] || fail "a scan of a list ended with $code"
done
[ "$(shards few.h5.parts rows)" -eq 0 ] || fail 'small shards of few inputs'
run -o few.h5 some
same many1.h5 few.h5 'shards of HDF5'

# torn shards of HDF5, so many that small ones take their place
find few.h5.parts -name '*.h5' | sort | head -n 70 >torn.list
while read -r shard; do : >"$shard"; done <torn.list
run -o few.h5 some
same many1.h5 few.h5 'small shards for torn ones'
[ "$(shards few.h5.parts rows)" -ge 64 ] || fail 'no small shards for torn ones'
[ "$(find few.h5.parts -name '*.damaged' | wc -l)" -eq 0 ] || fail 'torn shards of HDF5 stay'

# scanned again with another brand, only what is needed; nothing is there twice
run -o many1.h5 some
same many1.h5 many2.h5
[ "$(shards many1.h5.parts h5)" -eq "$(shards many2.h5.parts h5)" ] || fail 'shards of both kinds'

# torn shards, as a power cut leaves them: set aside, their inputs scanned again
for shard in $(find many2.h5.parts -name '*.rows' | sort | head -5); do
    head -c 100 "$shard" >torn
    cat torn >"$shard"
done
for shard in $(find many2.h5.parts -name '*.rows' | sort | tail -2); do
    : >"$shard"
done
run -o many2.h5 some
same many1.h5 many2.h5 'torn shards'
[ "$(find many2.h5.parts -name '*.damaged' | wc -l)" -eq 0 ] || fail 'damaged shards stay'

# an older version of a file gives way, also where its shard is of the other kind
touch -d 2020-01-01 some/tweets-000.jsonl
run -o many2.h5 some
same many1.h5 many2.h5 'another version'
[ "$(find many2.h5.parts -name '*.h5' -o -name '*.rows' | grep -c '')" -eq "$(ls some | wc -l)" ] ||
    fail 'shards of an older version stay'

# merged and dealt
mkdir left
find some -type f | sort | head -n 70 >left.list
find some -type f | sort | tail -n +71 >right.list
burza scan -q -c "$brands" -o left.h5 @left.list
burza scan -q -c "$brands" -o right.h5 @right.list
burza merge -q --no-report -o merged.h5 left.h5.parts right.h5.parts
[ "$code" -eq 0 ] || fail "merge ended with $code"
[ "$(shards merged.h5.parts rows)" -gt 0 ] || fail 'a merge without small shards'
expect 0 export merged.h5 posts --format csv
cp "$out" merged.csv
expect 0 export many1.h5 posts --format csv
same merged.csv "$out" 'merged'
for share in 1 2; do
    burza scan -q -c "$brands" --share $share/2 -o shares.h5 some
    [ "$code" -eq 0 ] || fail "share $share ended with $code"
done
expect 0 study -q shares.h5 -c "$brands"
expect 0 export shares.h5 posts --format csv
same merged.csv "$out" 'shares'

# forgotten: an author's rows in small shards lose their words
author=$("$PYTHON" - merged.csv <<'PY'
import csv, sys
rows = [row for row in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")) if row["input"].startswith("tweets-")] \
    if "input" in open(sys.argv[1], encoding="utf-8-sig").readline() else \
    list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
print(next(row["id"] for row in rows if row["platform"] == "twitter"))
PY
)
burza forget many1.h5 "$author"
[ "$code" -eq 0 ] || fail "forget $author ended with $code"
run -o many1.h5 some
expect 0 export many1.h5 posts --format csv
! grep -q "$author" "$out" || fail 'a forgotten post is there'

expect 0 clean many2.h5
[ "$(shards many2.h5.parts rows)" -eq 0 ] || fail 'clean leaves small shards'
