#!/bin/sh
# Audits and shards of version 0.1.0 stay readable, and a study of them gives what it gave then.
#
# tests/golden/audit_0.1.0.tar.gz holds, made by that version of five invented posts: thread.h5 with
# the shards of two inputs and both passes, and the shards of november.h5 and december.h5.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$PYTHON" -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall()' \
    "$root/tests/golden/audit_0.1.0.tar.gz" || fail 'cannot unpack the old audit'

export_all() {
    mkdir -p "$1"
    for table in posts brands inputs rejects hourly; do
        expect 0 export "$2" $table --format jsonl
        # not known then: duplicates, which digest it is, and what care says of a post
        sed 's/"duplicates":[^,]*,//; s/"digest":"[^"]*",//; s/"class":"[^"]*","chance":"[^"]*","care_state":"[^"]*",//' "$out" >"$1/$table"
    done
}
ids() {
    "$PYTHON" -c 'import json, sys
print(" ".join(d["id"] + "=" + d["role"] for d in map(json.loads, open(sys.argv[1]))))' "$1"
}

expect 0 verify thread.h5
expect 0 report thread.h5 -o thread.html
grep -qi norvia thread.html || fail 'the report of an old audit'
export_all then thread.h5
expect 0 export thread.h5 --format xlsx -o thread.xlsx
expect 0 export thread.h5 monthly
printed 2023-11,norvia,
expect 0 summary thread.h5 --json
printed '"brand": "norvia"'
all='t3_s1=mention t1_c1=context t3_s9=mention t1_c9=context t1_c8=context'
[ "$(ids then/posts)" = "$all" ] || fail "posts of the old audit: $(ids then/posts)"

# which showed every count of authors
echo '{"brands":[{"id":"norvia","query":"norvia","context":"thread"}],"privacy":{"smallest_cell":1}}' >cells.json
expect 0 study -q -c cells.json thread.h5
export_all now thread.h5
for table in posts brands inputs rejects hourly; do
    same then/$table now/$table 'a study of old shards'
done

# another threshold is another study, another brand another scan
echo '{"brands":[{"id":"norvia","query":"norvia","context":"thread"}],
    "detection":{"false_alarms_per_month":2}}' >other.json
expect 0 study -q -c other.json thread.h5
echo '{"brands":[{"id":"norvia","query":"norvia OR inny","context":"thread"}]}' >brand.json
expect 66 study -q -c brand.json thread.h5

# merged
expect 0 merge -q --no-report -o both.h5 november.h5 december.h5
export_all merged both.h5
[ "$(ids merged/posts)" = 't3_s1=mention t3_s9=mention' ] || fail "merged: $(ids merged/posts)"

# what an older revision scanned is not left out without a word
printf '%s\n' '{"author":"a","created_utc":1705000000,"id":"s20","name":"t3_s20","subreddit":"x","title":"Norvia","selftext":""}' >new.jsonl
expect 73 run -q --no-report -b norvia=norvia -o both.h5 new.jsonl
said RC_2023-11.jsonl
expect 0 run -q --no-report -b norvia=norvia -o both.h5 --replace new.jsonl

# a file of a later layout is refused, with what to do; the number of 0.1.0's shards is not there
"$PYTHON" -c 'import h5py' 2>/dev/null || skip "$PYTHON has no h5py: later formats"
later() { # FILE NUMBER OBJECT: the same file as a burza of another format would have sealed it
    "$PYTHON" - "$@" <<'EOF_H5'
import hashlib, h5py, sys
path, number, place = sys.argv[1:]
with h5py.File(path, "r+") as file:
    file[place].attrs["burza_format"] = number
content = open(path, "rb").read()
open(path, "ab").write(b"burza-sha256:" + hashlib.sha256(content).hexdigest().encode() + b"\n")
EOF_H5
}
expect 0 run -q --no-report -b norvia=norvia -o later.h5 new.jsonl
for number in 2 17; do
    cp later.h5 l.h5
    later l.h5 $number /
    expect 0 verify l.h5
    expect 65 report l.h5
    said "a newer burza wrote it (format $number;"
    expect 65 export l.h5 brands
    said "a newer burza wrote it (format $number;"
done
cp later.h5 l.h5
later l.h5 1 /
expect 0 report l.h5
later l.h5 none /
expect 65 report l.h5
cp -r later.h5.parts l.h5.parts
cp later.h5 l.h5
for shard in l.h5.parts/*.h5; do
    later "$shard" 2 /head
done
burza study l.h5
[ $code -ne 0 ] || fail 'a shard of a later format was read'
