#!/bin/sh
# Where nothing came of an input, the summary says what to do: time zone, order of dates, columns, query.
. "$(dirname "$0")/lib.sh"
cd "$work"
next() { # FILE: of a run over it
    rm -rf x.h5 x.h5.parts
    burza run --no-report -o x.h5 -b norvia='norvia OR "poczta polska"' "$@"
    sed -n '/^What to do next:$/,$p' "$out" >next
}
advised() {
    tr -s ' \n' '  ' <next | grep -qF -- "$1" || { cat "$out" >&2; fail "it does not advise \"$1\""; }
}

printf 'id,created_at,author,text\n1,2023-03-01 10:00,a,norvia\n2,2023-03-02 11:00,b,norvia\n' >zone.csv
next zone.csv
advised '2 records state local times without a zone: say whose, for example --tz Europe/Warsaw'
next zone.csv --tz Europe/Warsaw
[ ! -s next ] || fail "advice where all is well: $(cat next)"

printf 'id,created_at,author,text\n1,03/04/2023 10:00:00 +0000,a,norvia\n2,05/06/2023 11:00:00 +0000,b,norvia\n' >order.csv
next order.csv
advised 'give --day-first or --month-first'

# columns seen, and what they were taken for
printf 'Nr;Treść posta;kiedy;Autor\n1;norvia;wczoraj;ala\n2;norvia;dzisiaj;ola\n' >columns.csv
next columns.csv
printed 'Nr, Treść posta = text, kiedy, Autor = author'
printed 'burza help mapping'
printf 'Numer\tNagłówek\tLike count\tw2\n1\tx\t3\t4\n' >other.tsv
next other.tsv
printed 'Like count = likes'

# what looks like the query, most posts first, each post once
"$PYTHON" - <<'EOF_POSTS'
import json
texts = ["norvja nie działa, norvja!"] * 7 + ["#norwia znowu"] * 5 + ["@norvja_pl gdzie jest paczka"] * 3 + \
    ["supernovia", "Norfią się chwalą", "narvik w nocy", "nic"] + ["zwykły wpis o niczym"] * 40
with open("misspelt.jsonl", "w") as out:
    for i, text in enumerate(texts):
        out.write(json.dumps({"id": str(i), "created_at": f"2023-03-{1 + i % 28:02d}T10:00:00Z", "author": "norvja.pl" if i == 50 else "ala",
                              "text": text}) + "\n")
EOF_POSTS
for threads in 1 2 4; do
    next misspelt.jsonl -j $threads
    advised "norvia: what looks like its query in 59 posts, and in how many: norvja (7), #norwia (5), @norvja_pl (3), author norvja.pl (1)"
    grep -qE 'zwykły|narvik|paczka' next && fail "not alike: $(cat next)"
    [ $threads = 1 ] && cp next first
    same first next "$threads threads"
done
rm -rf x.h5 x.h5.parts
expect 0 run --no-report -o x.h5 -b zupelnie='quetzalcoatlus' misspelt.jsonl
printed 'nothing in 59 posts looks like its query'
expect 0 run --no-report -o two.h5 -b norvia=norvja -b inna=quetzalcoatlus misspelt.jsonl
sed -n '/^What to do next:$/,$p' "$out" >next
advised 'inna: nothing in 59 posts'
grep -q 'norvia:' next && fail 'advice on a brand that is mentioned'

# quiet, and by standard input, which is there once only
expect 0 run -q --no-report -o q.h5 -b norvia=norvia misspelt.jsonl
[ ! -s "$out" ] && [ ! -s "$err" ] || fail 'advice with -q'
"$BURZA" run --no-report -o s.h5 -b norvia=norvia - <misspelt.jsonl >"$out" 2>"$err" || fail 'standard input'
grep -q 'looks like' "$out" && fail 'standard input was read again'

# what is in a dump does nothing in the terminal
printf '{"id":"1","created_at":"2023-03-01T10:00:00Z","author":"norvja\\u202e\\u001b[31m","text":"#norvja"}\n' >hostile.jsonl
next hostile.jsonl
advised '#norvja (1)'
! grep -q "$(printf '\033')" "$out" || fail 'an escape sequence in the advice'
