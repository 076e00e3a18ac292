#!/bin/sh
# Replies that do not name the brand are not lost between shards: inputs scanned at once, month by
# month, or apart and merged give the same audit, or it is said which of them must be read again.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"

post() { # ID SECOND TITLE
    printf '{"author":"a%s","created_utc":%s,"id":"%s","name":"t3_%s","subreddit":"x",' "$1" "$2" "$1" "$1"
    printf '"title":"%s","selftext":"","score":3,"num_comments":3}\n' "$3"
}
reply() { # ID SECOND CONVERSATION ANSWERED TEXT
    printf '{"author":"a%s","created_utc":%s,"id":"%s","link_id":"t3_%s","parent_id":"%s",' "$1" "$2" "$1" "$3" "$4"
    printf '"subreddit":"x","body":"%s","score":1}\n' "$5"
}
{
    post s1 1700000000 'Norvia znowu nie działa'
    reply c1 1700000100 s1 t3_s1 'U mnie to samo, masakra'
} >nov.jsonl
{
    post s9 1702592000 'Norvia w grudniu'
    post k9 1702592050 'Kurierex w grudniu'
    reply c9 1702592100 s9 t3_s9 'Ja tak samo'
    reply d9 1702592150 k9 t3_k9 'Paczka stoi'
} >dec.jsonl
{
    reply c8 1705000000 s1 t3_s1 'Spóźniona odpowiedź'
    reply d8 1705000050 k9 t3_k9 'Nadal stoi'
    post s20 1705000100 'Inny temat'
} >jan.jsonl
# of December, but found later; January holds a reply to it
post k10 1702600000 'Kurierex jeszcze raz' >late.jsonl
reply d10 1705000200 k10 t3_k10 'I co dalej' >>jan.jsonl

echo '{"brands":[{"id":"norvia","query":"norvia","context":"thread"},
    {"id":"kurierex","query":"kurierex","context":"thread"}]}' >config.json
run() { # CODE AUDIT INPUT...
    expected=$1
    audit=$2
    shift 2
    expect "$expected" run -q --no-report -c config.json -o "$audit" "$@"
}
merge() { # CODE AUDIT AUDIT...
    expected=$1
    audit=$2
    shift 2
    expect "$expected" merge -q --no-report -o "$audit" "$@"
}
silent() {
    ! grep -q "$1" "$err" || fail "standard error names $1"
}
roles() {
    "$BURZA" export "$1" posts --format jsonl | "$PYTHON" -c 'import json, sys
print(" ".join(d["id"].split("_")[1] + ("+" if d["role"] == "context" else "") for d in map(json.loads, sys.stdin)))'
}

run 0 all.h5 nov.jsonl dec.jsonl jan.jsonl
[ "$(roles all.h5)" = 's1 c1+ s9 k9 c9+ d9+ c8+ d8+' ] || fail "at once: $(roles all.h5)"

# -- month by month, only the new file at hand
run 0 months.h5 nov.jsonl
run 0 months.h5 dec.jsonl
[ "$(roles months.h5)" = 's1 c1+ s9 k9 c9+ d9+' ] || fail "two months: $(roles months.h5)"
run 0 months.h5 jan.jsonl
same all.h5 months.h5 'month by month'
expect 0 study -q months.h5
same all.h5 months.h5 'studied again'

# -- backwards: what was scanned first may answer what came later
run 0 back.h5 jan.jsonl
run 2 back.h5 dec.jsonl
said '1 of 2 inputs may hold replies'
said jan.jsonl
expect 2 study -q back.h5
said jan.jsonl
expect 2 scan -q -c config.json -o back.h5 nov.jsonl
said jan.jsonl
said dec.jsonl
silent nov.jsonl
expect 0 scan -q -c config.json -o back.h5 jan.jsonl dec.jsonl
expect 0 study -q back.h5
same all.h5 back.h5 'backwards, and the named files once more'

# -- apart and merged
for month in nov dec jan; do run 0 $month.h5 $month.jsonl; done
merge 0 first.h5 nov.h5 nov.h5
same nov.h5 first.h5 'merged with itself'
merge 2 apart.h5 nov.h5 dec.h5 jan.h5
said '2 of 3 inputs'
said dec.jsonl
said jan.jsonl
silent nov.jsonl
"$BURZA" export apart.h5 inputs >inputs.csv
[ "$(grep -c 'were not looked for' inputs.csv)" -eq 2 ] || fail 'the inputs do not say what they lack'
run 0 apart.h5 dec.jsonl jan.jsonl
same all.h5 apart.h5 'merged, and the named files once more'

# nothing is missing: the same bytes at once
echo '{"brands":[{"id":"kurierex","query":"kurierex","context":"thread"}]}' >one.json
for set in dec:dec.jsonl nov:nov.jsonl both:nov.jsonl\ dec.jsonl; do
    # shellcheck disable=SC2086
    expect 0 run -q --no-report -c one.json -o "one_${set%%:*}.h5" ${set#*:}
done
merge 0 one.h5 one_dec.h5 one_nov.h5
same one_both.h5 one.h5 'merged with nothing missing'

# -- merges of merges; the same input, looked through for different roots, in both
run 0 x.h5 nov.jsonl jan.jsonl
run 0 y.h5 dec.jsonl jan.jsonl
merge 2 xy.h5 x.h5 y.h5
said jan.jsonl
run 0 xy.h5 nov.jsonl dec.jsonl jan.jsonl
same all.h5 xy.h5 'what two scans looked for apart'
merge 0 xyx.h5 x.h5 xy.h5 y.h5
same all.h5 xyx.h5 'a merge of merges takes the shards that were looked through for more'

# -- another copy of a file that is there already
mkdir copy
cp -p jan.jsonl copy
run 0 copies.h5 nov.jsonl dec.jsonl
run 0 copies.h5 copy/jan.jsonl
merge 0 twice.h5 copies.h5 months.h5
"$BURZA" export twice.h5 posts >a.csv
"$BURZA" export all.h5 posts >b.csv
same a.csv b.csv 'a copy in another folder'

# -- a post found later
run 2 months.h5 late.jsonl
said jan.jsonl
silent dec.jsonl
run 0 whole.h5 nov.jsonl dec.jsonl jan.jsonl late.jsonl
run 0 months.h5 jan.jsonl
same whole.h5 months.h5 'a post found later'

# -- damaged shards are said, whichever pass they are of, until their dump is read again
spoil() { # SHARD
    printf 'damage' | dd of="$1" bs=1 seek=3000 conv=notrunc 2>/dev/null
}
run 0 spoilt.h5 nov.jsonl dec.jsonl
for shard in spoilt.h5.parts/*.h5; do
    cp "$shard" kept
    spoil "$shard"
    expect 2 study -q spoilt.h5
    [ -e "$shard.damaged" ] || fail 'a damaged shard was not set aside'
    expect 2 study -q spoilt.h5
    run 0 spoilt.h5 nov.jsonl dec.jsonl
    [ ! -e "$shard.damaged" ] || fail 'a damaged shard stays when its segment was scanned again'
    same kept "$shard" 'the shard scanned again'
done

# -- replies to replies where no conversation has a name
tweets() {
    echo 'tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id'
    cat
}
tweets >one.csv <<'END'
1,100,True,Tue Oct 31 10:00:00 +0000 2017,@norviapl your app is down,2,
2,norviapl,False,Tue Oct 31 10:05:00 +0000 2017,which device?,3,1
3,100,True,Tue Oct 31 10:10:00 +0000 2017,an old phone,4,2
4,norviapl,False,Tue Oct 31 10:15:00 +0000 2017,please restart,,3
9,300,True,Tue Oct 31 10:16:00 +0000 2017,of another thread,,8
END
tweets >two.csv <<'END'
5,101,True,Tue Oct 31 10:20:00 +0000 2017,same thing here,,3
7,103,True,Tue Oct 31 10:24:00 +0000 2017,and the answer to it,,6
10,300,True,Tue Oct 31 10:26:00 +0000 2017,of another thread too,,9
END
tweets >three.csv <<'END'
6,102,True,Tue Oct 31 10:22:00 +0000 2017,here as well,,5
8,104,True,Tue Oct 31 10:28:00 +0000 2017,the last word,,7
END
echo '{"brands":[{"id":"norvia","query":"norviapl","context":"thread",
    "accounts":[{"platform":"twitter","handle":"norviapl"}]}]}' >chain.json
for threads in 1 2 4; do
    expect 0 run -q -j $threads --no-report -c chain.json -o "chain$threads.h5" one.csv two.csv three.csv
    same chain1.h5 "chain$threads.h5" "$threads threads"
done
chain=$("$BURZA" export chain1.h5 posts --format jsonl | "$PYTHON" -c 'import json, sys
print(" ".join(d["id"] + "=" + d["role"] for d in map(json.loads, sys.stdin)))')
[ "$chain" = '1=mention 2=own 3=addressed 4=own 5=context 6=context 7=context 8=context' ] ||
    fail "chain: $chain"
# each later file makes those before it worth another look
expect 0 run -q --no-report -c chain.json -o parts.h5 one.csv
expect 0 run -q --no-report -c chain.json -o parts.h5 two.csv
expect 2 run -q --no-report -c chain.json -o parts.h5 three.csv
said two.csv
silent one.csv
expect 0 run -q --no-report -c chain.json -o parts.h5 two.csv
same chain1.h5 parts.h5 'a chain through three files'
