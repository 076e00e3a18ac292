#!/bin/sh
# What the archive contains of each source: minutes that a stream grab lacks, samples, months without
# a file, the moment of an export; in the table coverage, the sentences, and what rests on them.
. "$(dirname "$0")/lib.sh"
cd "$work"
dump="$PYTHON $(dirname "$0")/coverage_dump.py"
case $0 in /*) ;; *) dump="$PYTHON $OLDPWD/$(dirname "$0")/coverage_dump.py" ;; esac

# same WANT FILE: the lines of FILE are those of WANT
same() {
    [ "$(cat "$2")" = "$1" ] || fail "$2 is
$(cat "$2")
instead of
$1"
}
rows() {
    expect 0 export "$1" coverage
    cut -d, -f1,6-11 "$out" | tail -n +2 >rows
}

# 30 minutes, an hour, a minute are missing; the sample of 1 %
$dump stream s.tar 2 657 10 860-890 1020-1080 1203-1204
for threads in 1 2 4; do
    expect 0 run -q -j $threads -b norvia=norvia -o "s$threads.h5" s.tar
    cmp -s s1.h5 "s$threads.h5" || fail "$threads threads give other bytes"
done
want='twitter,whole,files,840,840,4200,0.01
twitter,partly,files,60,30,150,0.01
twitter,whole,files,120,120,600,0.01
twitter,missing,files,60,0,0,0.01
twitter,whole,files,120,120,600,0.01
twitter,partly,files,60,59,295,0.01
twitter,whole,files,1620,1620,8100,0.01'
rows s1.h5
same "$want" rows
expect 0 export s1.h5 coverage --format jsonl
grep -q '"started_iso":"2022-07-28T17:00:00Z".*"ended_iso":"2022-07-28T18:00:00Z".*"state":"missing"' "$out" ||
    fail 'the missing hour is not said'
expect 0 summary s1.h5
grep -q 'lacks 91 of 2.*880 minutes.*1 % of all posts' "$out" || fail 'the summary does not say it'
expect 0 report -q --lang pl -o s.html s1.h5
grep -q 'brakuje 91 z.*próbka 1%' s.html || fail 'the report does not say it'
expect 0 inspect s.tar
grep -q 'minutes *2789 of 2880' "$out" || fail 'inspect does not say it'
expect 0 inspect --format json s.tar
grep -q '"there": *2789' "$out" || fail 'inspect --format json does not say it'

# other days, all milliseconds, a tree of files; from inside it their names state only an hour's minutes
$dump stream tree 1 0 1000 -t 0-60 61-62 720-1439
expect 0 run -q -b norvia=norvia -o tree.h5 tree
rows tree.h5
same 'twitter,partly,files,60,59,295,
twitter,whole,files,600,600,3000,
twitter,missing,files,660,0,0,
twitter,partly,files,60,1,5,' rows
expect 0 run -q -b norvia=norvia -o hour.h5 tree/2022/07/28/01
rows hour.h5
same 'twitter,partly,files,60,59,295,' rows
$dump stream ten.tar 1 657 100
expect 0 inspect ten.tar
grep -q 'sample *10 % of all' "$out" || fail 'a sample of 10 % is not said'
# names that contradict what is inside prove nothing
mkdir -p odd/2021/01/01/05
cp tree/2022/07/28/02/*.bz2 odd/2021/01/01/05/
expect 0 run -q -b norvia=norvia -o odd.h5 odd
rows odd.h5
same 'twitter,whole,posts,60,60,300,' rows
# nor do minutes without a file where posts came from elsewhere
bzcat tree/2022/07/28/05/1?.json.bz2 >rest.jsonl
mkdir mixed
mv tree/2022/07/28/05/1?.json.bz2 mixed/
rm -r tree/2022/07/28/01 tree/2022/07/28/23
expect 0 run -q -b norvia=norvia -o mixed.h5 tree rest.jsonl
rows mixed.h5
same 'twitter,whole,files,600,600,3000,' rows

# a wave behind a gap says so, in numbers and words
$dump stream wave.tar 4 657 10 -b 4800 4770-4800
expect 0 run -q -b norvia=norvia -o wave.h5 wave.tar
expect 0 export wave.h5 bursts --format jsonl # few texts: a flood
grep -q '"minutes_missing":30' "$out" || fail 'the event does not count the gap before it'
grep -q 'The archive lacks 30 min of that time and the hour before' "$out" ||
    fail 'the event does not say it'
grep -q 'W archiwum brakuje 30 min' "$out" || fail 'the event does not say it in Polish'
expect 0 export wave.h5 alarms --format jsonl
grep -q '"minutes_missing":30' "$out" || fail 'the alarm does not count the gap before it'

# months: no file is of February
$dump months year 2020-01 2020-03
expect 0 run -q -b norvia=norvia -o year.h5 year
rows year.h5
sed -n 's/,[0-9]*,[0-9]*,[0-9]*,$//p' rows >states
same 'reddit,whole,posts
reddit,missing,names
reddit,whole,posts' states
grep -q 'missing,names,41760,0,0' rows || fail "February is not 29 days: $(cat rows)"
# of which days the file is, one does not say: silence it is
cat year/RC_* >all.jsonl
expect 0 run -q -b norvia=norvia -o all.h5 all.jsonl
rows all.h5
grep -q missing,silence rows && ! grep -q names rows || fail "without names: $(cat rows)"

# what an export says of its end: nobody answered for an hour, and the dump shows it
chat() {
    cat <<EOF
{"guild":{"id":"1","name":"g"},"channel":{"id":"2","type":"GuildTextChat","name":"pomoc"},
"dateRange":{"after":null,"before":$2},"exportedAt":"$1","messages":[
{"id":"1300000000000000001","type":"Default","timestamp":"2026-03-02T09:00:00+01:00","content":"@norvia moja paczka nie dotarła, kiedy będzie?","author":{"id":"5","name":"ola","discriminator":"0","isBot":false}},
{"id":"1300000000000000002","type":"Reply","timestamp":"2026-03-02T09:10:00+01:00","content":"jutro","author":{"id":"6","name":"norvia","discriminator":"0","isBot":false},"reference":{"messageId":"1300000000000000001"}},
{"id":"1300000000000000003","type":"Default","timestamp":"2026-03-02T10:00:00+01:00","content":"@norvia gdzie jest moja faktura? kiedy przyjdzie?","author":{"id":"7","name":"jan","discriminator":"0","isBot":false}}],
"messageCount":3}
EOF
}
cat >chat.json <<'EOF'
{"brands": [{"id": "norvia", "query": "norvia", "accounts": [{"platform": "discord", "handle": "norvia"}]}]}
EOF
observed() {
    rm -rf chat.h5*
    expect 0 run -q -c chat.json -o chat.h5 "$@"
    expect 0 export chat.h5 response --format jsonl
    "$PYTHON" -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
print(rows[0]["observed_turns_1h"], rows[0]["answered"])' <"$out" >rows
}
mkdir chats
chat 2026-03-02T10:00:05+01:00 null >'chats/a.json'
observed chats
same '1 1' rows
chat 2026-03-02T14:00:00+01:00 null >'chats/a.json'
observed chats
same '2 1' rows
chat 2026-03-02T14:00:00+01:00 '"2026-03-02T10:30:00+01:00"' >'chats/a.json'
observed chats
same '1 1' rows
expect 0 inspect chats/a.json
grep -q 'exported *2026-03-02T09:30:00Z' "$out" || fail 'inspect does not say the end'
