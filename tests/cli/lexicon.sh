#!/bin/sh
# burza lexicon: our lexicons are sound, a user's own is checked, and counts.
. "$(dirname "$0")/lib.sh"
cd "$root"
expect 0 lexicon check
cd "$work"
expect 0 lexicon show tragiczny
printed tragiczny
expect 0 lexicon show awful
expect 64 lexicon nonsense
expect 64 lexicon show

printf 'frobnicating\t-3.5\n' >own.tsv
printf 'this gadget is frobnicating\n' >text
expect 0 score --lang en text
before=$(cut -f 2 "$out")
expect 0 score --lang en --lexicon own.tsv text
after=$(cut -f 2 "$out")
[ "$before" != "$after" ] || fail 'a lexicon of the user changed nothing'
expect 0 lexicon check own.tsv
expect 66 score --lexicon missing.tsv text
printf '\000\377garbage' >bad.tsv
expect 65 score --lexicon bad.tsv text
[ -s "$err" ] || fail 'a broken lexicon: no message'
expect 65 lexicon check bad.tsv

# another lexicon is another scan: shards of the old one are not used
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia is frobnicating\n' >posts.csv
expect 0 run -q --no-report -b norvia=norvia -o a.h5 posts.csv
expect 0 export a.h5 posts --format jsonl
cp "$out" before
expect 0 run --no-report -b norvia=norvia --lexicon own.tsv -o a.h5 posts.csv
expect 0 export a.h5 posts --format jsonl
cmp -s before "$out" && fail 'the scan did not use the lexicon'
exit 0
