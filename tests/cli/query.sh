#!/bin/sh
# burza query: forms of a query, and which texts it matches.
. "$(dirname "$0")/lib.sh"
cd "$work"

expect 0 query --explain 'norvia' </dev/null
for form in norvia norvii norvią norvię; do printed "$form"; done
for threads in 1 2; do
    OMP_NUM_THREADS=$threads burza query \
        '(norvia OR "orange polska" OR samsung) NOT (reklama OR promoc*)' <"$goldens/query.txt"
    [ "$code" -eq 0 ] || fail "query ended with $code"
    golden query.matched.txt "$out"
done
expect 0 query --explain 'norvia NEAR/3 awaria' <"$goldens/query.txt"
[ -s "$out" ] || fail 'nothing explained'

# what was found, refused and looks like the name is said with its counts
printf '%s\n' 'Dacie znać?' 'czy dacie' 'moja Dacia' 'Dacią daleko' 'dacia' 'daciowy klub' 'Daccia' >texts
expect 0 query --explain dacia <texts
printed 'found: dacia 2, dacią 1'
printed 'other words without a capital, not counted: dacie 2'
printed 'like the name, not counted: daccia 1, daciowy 1'
[ -s "$err" ] && fail 'a query without capitals is warned of'
printf '%s\n' '230 woltów' 'Wolt stoi' >texts
expect 0 query --explain wolt <texts
printed 'behind a number, not counted: woltów 1'
# a query by capitals sees the spelling of 2026
expect 0 query 'dacia OR name:Wolt' <texts
grep -q '"Wolt" is found by its capitals' "$err" || fail 'no word on capitals'
expect 0 query 'dacia NOT raw:Wolt' <texts
[ -s "$err" ] && fail 'an excluded capital is warned of'

# every clause of the language compiles; what is wrong is shown with its place
for query in 'a1 AND b2' 'a1 b2' 'a1 OR (b2 NOT c3)' '"a b c"' 'prom*' 'a1 NEAR/5 b2' 'author:x' \
    'norvia channel:Polska' 'name:Orange NEAR/5 b2' 'name:"A1 B2"' 'name:Oran*' 'norvia lang:pl' 'norvia platform:twitter' 'raw:"Orange"'; do
    expect 0 query --explain "$query" </dev/null
done
for query in '(' ')' '"abc' 'AND' 'a1 AND' 'a1 OR OR b2' 'a*' 'NEAR/3' 'a1 NEAR/x b2' \
    'norvia lang:xx' 'norvia platform:pigeon' '' ' ' '""'; do
    expect 65 query --explain "$query" </dev/null
    [ "$(wc -l <"$err")" -ge 1 ] || fail "\"$query\": no message"
done
# long and deep ones end in time
deep=$(printf '%05000d' 0 | tr 0 '(')
long="word1$(printf ' OR %07d' $(seq 1 3000))"
expect 65 query --explain "$deep" </dev/null
burza query "$long" </dev/null
[ "$code" -eq 0 ] || [ "$code" -eq 65 ] || fail "a query of 3000 words ended with $code"
