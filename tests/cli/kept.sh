#!/bin/sh
# An audit loses no input without a word: other settings of reading belong to each input, and what
# would leave inputs out stops with 73, naming them, unless --replace.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"

# dump FILE FROM TO: posts of these numbers, of one minute each
dump() {
    echo 'id,created_at,author,text' >"$1"
    for n in $(seq "$2" "$3"); do
        printf '%s,2023-03-%02d %02d:00,user%s,norvia awaria %s\n' "$n" $((n % 20 + 5)) $((n % 24)) "$n" "$n" >>"$1"
    done
}
dump jan.csv 1 40
dump feb.csv 41 70
dump mar.csv 71 90
run() { # CODE AUDIT ARGUMENT...
    wanted=$1
    audit=$2
    shift 2
    expect "$wanted" run -q -o "$audit" "$@"
}
# inputs AUDIT: label=posts of each
inputs() {
    "$BURZA" export "$1" inputs --format jsonl | "$PYTHON" -c 'import json, sys
print(" ".join(sorted("%s=%d" % (d["input"], d["posts"]) for d in map(json.loads, sys.stdin))))'
}
holds() { # AUDIT WHAT
    [ "$(inputs "$1")" = "$2" ] || fail "$1 holds $(inputs "$1"), not $2"
}
keeps() { # AUDIT: as it was
    same "$1.kept" "$1" 'a refused run'
}

# -- every setting of reading belongs to the input: both stay
printf '{"columns":{"text":"text","created_at":"created_at","id":"id"}}' >map.json
for option in "--tz Asia/Tokyo" "--day-first --tz UTC" "--month-first --tz UTC" \
    "--since 2023-03-01 --tz UTC" "--until 2024-03-01 --tz UTC" "--mapping map.json --tz UTC" \
    "--input-format csv --tz UTC"; do
    rm -rf a.h5 a.html a.h5.parts
    run 0 a.h5 -b norvia=norvia --tz Europe/Warsaw jan.csv
    # shellcheck disable=SC2086
    run 0 a.h5 -b norvia=norvia $option feb.csv
    holds a.h5 'feb.csv=30 jan.csv=40'
    # in the other order, and both again, each as before
    # shellcheck disable=SC2086
    run 0 b.h5 -b norvia=norvia $option feb.csv
    run 0 b.h5 -b norvia=norvia --tz Europe/Warsaw jan.csv
    same a.h5 b.h5 "$option, in the other order"
    rm -rf b.h5 b.html b.h5.parts
done
# an input that is given again is read anew, with the new settings; the other keeps its own
run 0 a.h5 -b norvia=norvia --since 2023-03-10 --tz UTC feb.csv
"$BURZA" export a.h5 inputs --format jsonl >rows
grep -q '"input":"jan.csv".*"reading":"{\\"timezone\\":\\"Europe/Warsaw\\"}"' rows || fail 'the reading of jan.csv'
grep -q '"input":"feb.csv".*"since_us' rows || fail 'the reading of feb.csv'
expect 0 study -q a.h5
holds a.h5 'feb.csv=21 jan.csv=40'

# a configuration gives them by pattern: the same in one go
echo '{"brands":[{"id":"norvia","query":"norvia"}],"input":[
    {"match":"jan*","timezone":"Europe/Warsaw"},{"timezone":"UTC","since":"2023-03-10"}]}' >both.json
run 0 both.h5 -c both.json jan.csv feb.csv
"$BURZA" export both.h5 posts | cut -d, -f1-4 >both.posts
"$BURZA" export a.h5 posts | cut -d, -f1-4 >a.posts
[ "$(wc -l <both.posts)" = "$(wc -l <a.posts)" ] || fail 'patterns gave other posts'

# -- what decides all rows cannot differ: the second run would drop the first input
printf 'zepsuty\t-1.0\n' >own.tsv
for option in "-b norvia=norvi*" "-b norvia=norvia -b other=awaria" "-b norvia=norvia --engine rules" \
    "-b norvia=norvia --lexicon own.tsv"; do
    rm -rf c.h5 c.html c.h5.parts
    run 0 c.h5 --tz UTC -b norvia=norvia jan.csv mar.csv
    cp c.h5 c.h5.kept
    for command in run scan; do
        # shellcheck disable=SC2086
        expect 73 $command -q --tz UTC $option -o c.h5 feb.csv
        said jan.csv
        said mar.csv
        said 'replace'
        keeps c.h5
    done
    # as long as one is missing
    # shellcheck disable=SC2086
    expect 73 run -q --tz UTC $option -o c.h5 feb.csv jan.csv
    said mar.csv
    keeps c.h5
    # with all of them nothing is lost; nor is it when the audit is to be replaced
    # shellcheck disable=SC2086
    run 0 c.h5 --tz UTC $option feb.csv jan.csv mar.csv
    holds c.h5 'feb.csv=30 jan.csv=40 mar.csv=20'
    # shellcheck disable=SC2086
    expect 73 run -q --tz UTC -b x=norvia -o c.h5 feb.csv
    expect 0 run -q --tz UTC -b x=norvia -o c.h5 --replace feb.csv
    holds c.h5 'feb.csv=30'
    run 0 c.h5 --tz UTC -b x=norvia jan.csv
    holds c.h5 'feb.csv=30 jan.csv=40'
done

# -- scans alone lose nothing either
expect 0 scan -q --tz UTC -b norvia=norvia -o s.h5 jan.csv
expect 73 scan -q --tz UTC -b norvia=awaria -o s.h5 feb.csv
said jan.csv
expect 0 scan -q --tz UTC -b norvia=awaria -o s.h5 jan.csv feb.csv
expect 0 study -q s.h5
holds s.h5 'feb.csv=30 jan.csv=40'

# -- the shards were removed: the audit still knows what it holds
run 0 d.h5 --tz UTC -b norvia=norvia jan.csv feb.csv
cp d.h5 d.h5.kept
rm -r d.h5.parts
expect 73 run -q --tz UTC -b norvia=norvia -o d.h5 mar.csv
said jan.csv
said feb.csv
keeps d.h5
# another file of the same name and size is another file
mkdir -p other
tr 'a' 'e' <jan.csv >other/jan.csv
sed -i 's/^id,creeted_et,euthor,text/id,created_at,author,text/;s/norvie/norvia/' other/jan.csv
expect 73 run -q --tz UTC -b norvia=norvia -o d.h5 other/jan.csv feb.csv
said jan.csv
keeps d.h5
rm -rf d.h5.parts
run 0 d.h5 --tz UTC -b norvia=norvia jan.csv feb.csv
keeps d.h5

# -- a file that changed is a newer version of the same; killed in between, too
cp feb.csv grow.csv
run 0 e.h5 --tz UTC -b norvia=norvia jan.csv grow.csv
dump grow.csv 41 75
expect 0 scan -q --tz UTC -b norvia=norvia -o e.h5 grow.csv
run 0 e.h5 --tz UTC -b norvia=norvia grow.csv
holds e.h5 'grow.csv=35 jan.csv=40'
dump grow.csv 41 60
run 0 e.h5 --tz UTC -b norvia=norvia grow.csv
holds e.h5 'grow.csv=20 jan.csv=40'
[ ! -e e.h5.parts/replaced ] || fail 'versions that were replaced are still noted'

# -- dumps by standard input: each is an input of its own, and the same one again is the same
"$BURZA" run -q --tz UTC -b norvia=norvia -o f.h5 - <jan.csv || fail 'standard input'
"$BURZA" run -q --tz UTC -b norvia=norvia -o f.h5 - <feb.csv || fail 'standard input, once more'
holds f.h5 '-=30 -=40'
cp f.h5 f.h5.kept
for again in jan feb jan; do
    "$BURZA" run -q --tz UTC -b norvia=norvia -o f.h5 - <$again.csv || fail 'the same standard input'
    keeps f.h5
done
"$BURZA" run -q --tz UTC -b norvia=norvia -o f.h5 - mar.csv <feb.csv || fail 'with a file'
holds f.h5 '-=30 -=40 mar.csv=20'
"$BURZA" run -q --tz UTC --day-first -b norvia=norvia -o f.h5 - <feb.csv || fail 'read otherwise'
holds f.h5 '-=30 -=40 mar.csv=20'
"$BURZA" run -q --tz UTC -b norvia=norvi* -o f.h5 - <feb.csv 2>"$err" && fail 'another query'
said mar.csv

# -- what burza wrote is no dump, under any name
mkdir g
cp jan.csv g
run 0 g/audit --tz UTC -b norvia=norvia g
holds g/audit 'jan.csv=40'
cp g/audit g.kept
cp g/audit g/copy.bin
ln -s audit g/link
ln g/audit g/hard.json
cp g/audit.html g/page.json
cp -r g/audit.parts g/shards
run 0 g/audit --tz UTC -b norvia=norvia g
same g.kept g/audit 'its own outputs were read'
for name in g/audit g/copy.bin g/link g/hard.json g/page.json g/audit.html g/audit.parts/lock \
    g/audit.parts/settings.json; do
    expect 65 run -q --tz UTC -b norvia=norvia -o g/audit $name jan.csv
    said 'no dump'
    same g.kept g/audit "its own output $name"
done
expect 66 run -q -b norvia=norvia -o g/audit g/audit.parts
same g.kept g/audit 'its own folder'

# -- pages and files of others stay
mkdir web
echo '<!DOCTYPE html><title>my page</title>' >web/index.html
cp web/index.html page.kept
expect 73 run -q --tz UTC -b norvia=norvia -o web/index.h5 jan.csv
same page.kept web/index.html
[ ! -e web/index.h5 ] || fail 'an audit beside a page that may not be written'
expect 73 report d.h5 -o web/index.html
same page.kept web/index.html
run 0 web/other.h5 --tz UTC -b norvia=norvia jan.csv
run 0 web/other.h5 --tz UTC -b norvia=norvia jan.csv
expect 73 run -q --tz UTC -b norvia=norvia -o jan.csv feb.csv
shard=$(find d.h5.parts -name '*.h5' | head -1)
expect 73 run -q --tz UTC -b norvia=norvia -o "$shard" feb.csv
expect 73 merge -q -o "$shard" d.h5

# -- a damaged audit is written anew from its shards; without them nobody knows what it held
run 0 h.h5 --tz UTC -b norvia=norvia jan.csv feb.csv
cp h.h5 h.h5.kept
printf 'X' | dd of=h.h5 bs=1 seek=3000 conv=notrunc 2>/dev/null
run 0 h.h5 --tz UTC -b norvia=norvia feb.csv
keeps h.h5
printf 'X' | dd of=h.h5 bs=1 seek=3000 conv=notrunc 2>/dev/null
rm -r h.h5.parts
expect 73 run -q --tz UTC -b norvia=norvia -o h.h5 feb.csv
said damaged
expect 0 run -q --tz UTC -b norvia=norvia -o h.h5 --replace feb.csv
holds h.h5 'feb.csv=30'
