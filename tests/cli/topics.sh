#!/bin/sh
# The help topics are true: keys of the configuration, examples of Python and R, lexicons, stages.
. "$(dirname "$0")/lib.sh"
cd "$work"
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia jest okropna\n2,2023-03-02T00:00:00Z,b,dobra norvia\n' >posts.csv

example() { # TOPIC: its indented lines
    expect 0 help "$1"
    sed -n 's/^    //p' "$out"
}

# every key that the configuration knows is explained, and the example can be used
example configuration >c.json
expect 0 help configuration
cp "$out" configuration
printf '# language: pl\nlemma\tvalence\tpos\tnote\npadaka\t-600\tn\t\n' >own.tsv
expect 0 run -q --no-report -c c.json -o c.h5 posts.csv
for object in '"x":1' '"brands":[{"x":1}]' '"brands":[{"id":"n","query":"n","accounts":[{"x":1}]}]' '"detection":{"x":1}' \
    '"privacy":{"x":1}' '"input":{"x":1}'; do
    echo "{$object}" >wrong.json
    expect 65 run -c wrong.json -o wrong.h5 posts.csv
    keys=$(sed -n 's/.*known here: *//p' "$err")
    [ -n "$keys" ] || fail "no known keys in: $(cat "$err")"
    for key in $keys; do
        case $object in *privacy*) page=privacy ;; *) page=configuration ;; esac
        expect 0 help $page
        cat configuration >>"$out"
        grep -qE "(^|[^a-z_])$key([^a-z_]|\$)" "$out" || fail "the key $key of $object is not explained"
    done
done

# intents and stages are those of the program
expect 0 help stages
cp "$out" stages
expect 0 export c.h5 hourly
for stage in $(head -1 "$out" | tr ',' '\n' | sed -n '/^aware$/,$p'); do
    grep -q "^| $stage |" stages || fail "the stage $stage is not explained"
done
for intent in $("$BURZA" help columns posts | tr -s ' \n' '  ' | sed 's/.*intents uint16 bits: //; s/ likes .*//' |
    tr -d '0-9,'); do
    grep -qE "Intents:|$intent" stages && tr '\n' ' ' <stages | grep -q "Intents:.*$intent" ||
        fail "the intent $intent is not explained"
done

# the lexicon of the page
example lexicon | sed -n '/^# language/,/^turbonet/p' | sed 's/  */\t/g; s/^#\t/# /; s/language:\t/language: /' >page.tsv
expect 0 lexicon check page.tsv
echo 'ale to zgrzytak' >text
expect 0 score --lang pl --engine rules text
! grep -q '^negative' "$out" || fail "the word is ours already: $(cat "$out")"
expect 0 score --lang pl --engine rules --lexicon page.tsv text
grep -q '^negative' "$out" || fail "the lexicon of the page: $(cat "$out")"

# the examples in Python run
"$PYTHON" -c 'import h5py, pandas, tables, xarray, h5netcdf' 2>/dev/null || skip "$PYTHON lacks pandas, PyTables or xarray"
expect 0 run -q --no-report -b norvia=norvia -o audit.h5 posts.csv
expect 0 export audit.h5 posts --format jsonl
cp "$out" posts.jsonl
example python >page.py
"$PYTHON" page.py >"$out" 2>"$err" || fail 'an example of the topic python'
printed 'usual mentions a day'
printed '"false_alarms_per_month"'
if command -v Rscript >/dev/null 2>&1 && Rscript -e 'library(rhdf5)' >/dev/null 2>&1; then
    expect 0 export audit.h5 posts
    cp "$out" posts.csv
    expect 0 export audit.h5 daily
    cp "$out" daily.csv
    example r >page.R
    Rscript page.R >"$out" 2>"$err" || fail 'an example of the topic r'
fi
