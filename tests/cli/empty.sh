#!/bin/sh
# Dumps without a post, without a mention, without text, or with one post: whole audits and reports.
. "$(dirname "$0")/lib.sh"
cd "$work"
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n' >one.csv
printf 'id,created_at,author,text\n' >header.csv
printf '{"id":"1","created_at":"2023-03-01T00:00:00Z","author":"a","text":""}\n' >blank.jsonl
printf '{"id":"1","created_at":"not a time","author":"a","text":"norvia"}\n' >timeless.jsonl
printf 'nothing of the kind' >prose.txt
: >zero.csv
head -c 100000 /dev/zero >zeros.bin

# audit CODE ARGUMENT...: a run that ends so, and everything that reads its audit
audit() {
    want=$1
    shift
    rm -rf a.h5 a.h5.parts a.html
    expect "$want" run -b norvia=norvia -o a.h5 "$@"
    expect 0 verify a.h5
    expect 0 report a.h5 -o again.html
    expect 0 report a.h5 --lang pl -o polish.html
    for table in crises bursts hourly daily authors terms evidence inputs rejects posts; do
        expect 0 export a.h5 $table
        [ "$(wc -l <"$out")" -ge 1 ] || fail "export $table has no header"
        expect 0 export a.h5 $table --format jsonl
    done
    burza study a.h5
    [ "$code" -eq "$want" ] || fail "study ended with $code, not $want"
    if "$PYTHON" -c 'import h5py' 2>/dev/null; then
        "$PYTHON" -c 'import h5py; h5py.File("a.h5")["hourly/mentions"][...]' || fail h5py
    fi
}

audit 0 one.csv
audit 0 --until 1980-01-01 one.csv
audit 0 --since 2040-01-01 one.csv
audit 0 header.csv
audit 2 timeless.jsonl
audit 0 blank.jsonl
audit 2 prose.txt
audit 2 zeros.bin
audit 2 one.csv prose.txt zeros.bin header.csv
rm -rf a.h5*
burza run -b norvia=norvia -o a.h5 zero.csv
[ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "an empty file: exit code $code"
"$BURZA" run -b norvia=norvia -o b.h5 - <zero.csv >"$out" 2>"$err" || [ $? -eq 2 ] ||
    fail 'an empty standard input'
# no crisis is not "no crisis": nobody, too few, too little time
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n2,2023-03-01T05:00:00Z,b,x\n' >hours.csv
expect 0 run -b norvia=norvia -b velmo=velmo -o hours.h5 hours.csv
printed 'too little time to tell a crisis from a usual day'
printed 'a baseline needs 60 h'
printed 'nobody mentioned it'
grep -q 'no crisis' "$out" && fail 'no crisis was found in five hours'
grep -q 'No crisis was found' hours.html && fail 'the report: no crisis was found in five hours'
{
    echo 'id,created_at,author,text'
    for day in 01 02 03 04 05 06 07 08 09; do
        for hour in 00 06 12 18 23; do
            echo "$day$hour,2023-03-${day}T$hour:00:00Z,a$day,post $day $hour"
        done
    done
    echo '9,2023-03-04T10:00:00Z,b,norvia'
} >days.csv
expect 0 run -b norvia=norvia -o days.h5 days.csv
printed 'too few mentions for a crisis to be detected'
exit 0
