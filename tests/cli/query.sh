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

# every clause of the language compiles; what is wrong is shown with its place
for query in 'a1 AND b2' 'a1 b2' 'a1 OR (b2 NOT c3)' '"a b c"' 'prom*' 'a1 NEAR/5 b2' 'author:x' \
    'norvia channel:Polska' 'norvia lang:pl' 'norvia platform:twitter' 'raw:"Orange"'; do
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
