#!/bin/sh
# An audit that many tasks scan, each a share of the inputs, has the bytes of one that one process
# scanned, with conversations, for any number of shares and threads; what is missing is named.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"

mkdir -p dumps/a dumps/b
"$PYTHON" - <<'PY'
import json
def tweet(number, minute, text, parent=0):
    made = {"id_str": str(number), "created_at": "Tue Mar 28 %02d:%02d:00 +0000 2023" % (10 + minute // 60, minute % 60),
            "text": text, "user": {"id_str": str(number % 89), "screen_name": "u%d" % (number % 89)}}
    if parent:
        made["in_reply_to_status_id_str"] = str(parent)
    return made
names = ["dumps/a/%d.jsonl" % i for i in range(5)] + ["dumps/b/%d.jsonl" % i for i in range(4)]
number = 1000
for k, name in enumerate(names):
    with open(name, "w") as out:
        for i in range(40 + 13 * k):
            number += 1
            minute = (i * 3 + k) % 300
            if i % 3 == 0:
                out.write(json.dumps(tweet(number, minute, "norvia nie działa %d" % number)) + "\n")
            elif i % 3 == 1: # answers a post of another file
                out.write(json.dumps(tweet(number, minute + 1, "u mnie też %d" % number, 1001 + (number * 7) % 400)) + "\n")
            else:
                out.write(json.dumps(tweet(number, minute, "coś innego %d" % number)) + "\n")
PY
echo '{"brands":[{"id":"n","query":"norvia"}]}' >plain.json
echo '{"brands":[{"id":"n","query":"norvia","context":"thread"}]}' >thread.json
find dumps -type f | sort -r >list
find "$PWD/dumps" -type f -print0 >list0

# -- files, folders, lists: the same bytes
expect 0 run -q --no-report -c thread.json -o whole.h5 dumps
expect 0 run -q --no-report -c thread.json -o files.h5 dumps/a/* dumps/b/*
same whole.h5 files.h5 'files'
expect 0 run -q --no-report -c thread.json -o listed.h5 @list
same whole.h5 listed.h5 'a list'
expect 0 run -q --no-report -c thread.json -o listed0.h5 @list0
same whole.h5 listed0.h5 'a list with NULs'
cp -rp dumps moved
mkdir elsewhere
mv moved elsewhere/dumps
expect 0 run -q --no-report -c thread.json -o moved.h5 elsewhere/dumps/a elsewhere/dumps/b
same whole.h5 moved.h5 'another folder'
expect 0 run -q --no-report -c plain.json -o once.h5 dumps

# -- shares
for n in 1 2 3 4 12; do
    for threads in 1 2 4; do
        [ $n = 3 ] || [ $threads = 2 ] || continue
        rm -rf s.h5*
        for i in $(seq $n -1 1); do
            expect 0 scan -j $threads -q --share $i/$n -c plain.json -o s.h5 @list
        done
        expect 0 study -q -j $threads s.h5
        same once.h5 s.h5 "$n shares, $threads threads"
    done
done
[ -e s.h5.parts/share-00012/lock ] || fail 'no folder of its own'
"$PYTHON" - <<'PY' || fail 'the manifest'
import json, os
m = json.load(open("s.h5.parts/manifest.json"))
assert m["shares"] == 12 and len(m["inputs"]) == 9
assert all(i["bytes"] == os.path.getsize("dumps/" + i["label"]) for i in m["inputs"]), m
assert len({i["share"] for i in m["inputs"]}) == 9, m
PY
expect 0 verify s.h5

# -- conversations: two passes; the same tasks twice
for n in 1 3 7; do
    rm -rf s.h5*
    for pass in 1 2; do
        for i in $(seq $n); do
            expect 0 scan --share $i/$n -c thread.json -o s.h5 dumps
            [ $pass = 2 ] || said 'burza roots s.h5'
        done
        if [ $pass = 1 ]; then
            expect 2 study -q s.h5
            said 'may hold replies'
            rm s.h5
            expect 0 roots s.h5.parts
            said 'inputs may hold replies'
        fi
    done
    expect 0 study -q s.h5
    same whole.h5 s.h5 "conversations over $n shares"
    expect 0 roots s.h5
    said '0 inputs may hold replies'
done
cp s.h5.parts/roots roots
size=$(wc -c <roots)
for damage in longer shorter empty root place input; do
    cp roots s.h5.parts/roots
    "$PYTHON" - "$damage" s.h5.parts/roots "$size" <<'PY'
import sys
damage, path, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
data = bytearray(open(path, "rb").read())
if damage == "longer":
    data += b"x"
elif damage in ("shorter", "empty"):
    del data[size - 70 if damage == "shorter" else 0:]
else: # a byte of the last root, of the first, of the first input's line
    data[{"root": size - 66, "place": size - 64 - 18, "input": data.index(b"\n", 100) + 9}[damage]] ^= 4
open(path, "wb").write(data)
PY
    expect 65 scan -q --share 1/7 -c thread.json -o s.h5 dumps
    said 'is damaged'
done
rm s.h5.parts/roots

# -- an array over many small inputs: small shards, though each task has few
mkdir tiny
for i in $(seq 70); do
    sed -n "$((i % 40 + 1))p;$((i % 33 + 2))p" dumps/a/1.jsonl | sed "s/\"id_str\": \"1/\"id_str\": \"$((100 + i))1/" >tiny/$i.jsonl
done
expect 0 run -q --no-report -c thread.json -o tiny1.h5 tiny
for pass in 1 2; do
    for i in 1 2 3; do expect 0 scan -q --share $i/3 -c thread.json -o tiny3.h5 tiny; done
    expect 0 roots -q tiny3.h5
done
expect 0 study -q --strict tiny3.h5
same tiny1.h5 tiny3.h5 'small shards of shares'
[ -z "$(find tiny3.h5.parts -name '*.h5')" ] || fail 'a share of many inputs made large shards'
[ "$(find tiny3.h5.parts -name '*.rows' | grep -c .)" -ge 70 ] || fail 'no small shards'
[ -n "$(find s.h5.parts -name '*.h5')" ] || fail 'a share of few inputs made small shards'

# -- variables of schedulers
task() { # SHARE-TEXT VARIABLE=VALUE...
    want=$1
    shift
    rm -rf v.h5.parts
    env "$@" "$BURZA" scan -c plain.json -o v.h5 $more dumps >"$out" 2>"$err" || fail "$*"
    said "$want"
}
more=''
task 'share 1 of 4' SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=4
task 'share 3 of 3' SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=3
task 'share 2 of 9' SGE_TASK_ID=2 SGE_TASK_FIRST=1 SGE_TASK_LAST=9 SGE_TASK_STEPSIZE=1
more='--share 12'
task 'share 5 of 12' PBS_ARRAY_INDEX=5
task 'share 7 of 12' SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=2
more='--share 2/3'
task 'share 2 of 3' SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7
refused() {
    env "$@" "$BURZA" scan -c plain.json -o w.h5 $more dumps >"$out" 2>"$err" && fail "accepted: $* $more"
    [ ! -e w.h5.parts ] || fail "$* $more left a folder"
}
more=''
refused SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=2
refused PBS_ARRAY_INDEX=5
for more in '--share 0/3' '--share 4/3' '--share 3' '--share auto' '--share x' '--share 1/' '--share 1/0'; do
    refused A=b
done
SGE_TASK_ID=undefined "$BURZA" scan -q -c plain.json -o v2.h5 dumps 2>"$err" || fail 'SGE outside of an array'
[ -e v2.h5.parts/lock ] || fail 'a share without an array'

# -- one left out, killed, foreign
rm -rf s.h5*
for i in 1 2 4; do expect 0 scan -q --share $i/4 -c plain.json -o s.h5 dumps; done
expect 2 study -q s.h5
said '1 of 4 shares of "s.h5.parts" never ran: share 3;'
rm s.h5
expect 66 study -q --strict s.h5
said 'never ran: share 3'
[ ! -e s.h5 ] || fail 'an audit in spite of --strict'
expect 2 study -q --damaged-ok s.h5
expect 2 merge -q --no-report -o m.h5 s.h5.parts
said 'never ran: share 3'
expect 2 study -q m.h5
said 'is missing: its share was not finished'
rm -f m2.h5
expect 66 merge -q --no-report --strict -o m2.h5 s.h5
[ ! -e m2.h5 ] || fail 'a merge in spite of --strict'
expect 0 scan -q --share 3/4 -b n=inny -o s.h5 dumps
expect 0 scan -q --share 1/4 -c plain.json -o s.h5 dumps
expect 2 study -q s.h5
said 'other brands, settings or lexicons: share 3;'
expect 0 scan -q --share 3/4 -c plain.json -o s.h5 dumps
cp -r s.h5.parts/share-00001 s.h5.parts/share-00009
expect 2 study -q s.h5
said 'share-00009" is none of its 4 shares'
rm -r s.h5.parts/share-00009
rm "$(find s.h5.parts/share-00002 -name '*.h5' | head -1)"
expect 2 study -q s.h5
said 'did not finish: share 2;'
expect 0 scan -q --share 2/4 -c plain.json -o s.h5 dumps
expect 0 study -q --strict s.h5
same once.h5 s.h5 'after all that'
expect 73 scan -q --share 2/5 -c plain.json -o s.h5 dumps
said 'was dealt into 4 shares, not 5'
expect 73 run -q -c plain.json -o s.h5 dumps
said 'is scanned in shares'

# -- a task that is told to stop, and goes on; while it runs it is named
mkfifo slow
"$PYTHON" - s.h5.parts/share-00002/lock "$BURZA" <<'PY' || fail 'a share that runs'
import fcntl, subprocess, sys
with open(sys.argv[1], "r+b") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    again = [sys.argv[2], "scan", "-q", "--share", "2/4", "-c", "plain.json", "-o", "s.h5", "dumps"]
    assert subprocess.run(again, stderr=subprocess.DEVNULL).returncode == 75
    again[4] = "3/4"
    assert subprocess.run(again, stderr=subprocess.DEVNULL).returncode == 0
PY

expect 0 forget -o s.h5 1001
expect 0 forget -o once.h5 1001
same once.h5 s.h5 'forgotten in shares'
rm s.h5.parts/forgotten once.h5.parts/forgotten
rm -rf s.h5 once.h5 once.h5.parts s.h5.parts/share-*
expect 0 run -q --no-report -c plain.json -o once.h5 dumps
for i in 1 2 3 4; do expect 0 scan -q --share $i/4 -c plain.json -o s.h5 dumps; done

# -- merge: folders of shards of any kind; the same bytes
expect 0 merge -q --no-report -o m.h5 s.h5.parts
same once.h5 m.h5 'a merge of shares'
expect 0 scan -q -c plain.json -o half1.h5 @list
expect 0 merge -q --no-report -o m3.h5 half1.h5.parts s.h5 m.h5
same once.h5 m3.h5 'a merge of shares, of a merge and of a scan'
expect 0 study -q m3.h5.parts
same once.h5 m3.h5 'a study by the folder of shards'

# -- the same inputs by another path, finished or not, count once
expect 0 scan -q --share 3/4 -c plain.json -o s.h5 elsewhere/dumps
expect 0 study -q s.h5
same once.h5 s.h5 'scanned again by another path'

# -- a list that grew keeps what was dealt
cp dumps/a/1.jsonl dumps/b/9.jsonl
expect 0 run -q --no-report -c plain.json -o grown.h5 dumps
for i in 1 2 3 4; do expect 0 scan -q --share $i/4 -c plain.json -o s.h5 dumps; done
expect 0 study -q s.h5
same grown.h5 s.h5 'a list that grew'

expect 0 clean -q s.h5
[ ! -e s.h5.parts ] || fail "clean left $(find s.h5.parts | head -5)"
