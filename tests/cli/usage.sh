#!/bin/sh
# Exit codes and messages of everything a user can get wrong before a dump is read.
. "$(dirname "$0")/lib.sh"
cd "$work"
printf 'timestamp,value\n2023-03-01T00:00:00Z,1\n' >series.csv
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n' >posts.csv

# -- 64: what was typed
expect 64
said 'burza run'
expect 64 nonsense
said 'there is no command "nonsense"'
expect 64 run --nonsense
said 'is no option of this command'
expect 64 run -c
said 'needs a value'
expect 64 run posts.csv
said 'no brand to look for'
expect 64 run -b norvia=norvia
said 'no input'
expect 64 scan -b norvia=norvia
expect 64 inspect
expect 64 study
expect 64 merge a.h5
expect 64 verify
expect 64 verify a b
expect 64 report
expect 64 export
expect 64 export a.h5
expect 64 export a.h5 nonsense
said 'nonsense'
expect 64 export a.h5 crises --format xml
expect 64 score --format xml
expect 64 score --engine magic
expect 64 score --lang xx
expect 64 score a b
expect 64 evaluate
expect 64 detect
expect 64 detect series.csv --format xml
expect 64 detect series.csv --false-alarms lots
expect 64 inspect posts.csv --format xml
expect 64 query
expect 64 lexicon
expect 64 help nonsense
said 'no help on "nonsense"'
for wrong in "-j 0" "-j x" "-j 100000" "-j -1" "-b norvia" "-b =x" "-b norvia=" "--engine magic" \
    "--false-alarms 0" "--since yesterday" "--max-output 1X" "--max-ratio -1" \
    "--max-members many" "--zstd-window 40" "--zstd-window 3"; do
    # shellcheck disable=SC2086
    expect 64 run -b norvia=norvia $wrong -o wrong.h5 posts.csv
    [ -s "$err" ] || fail "run $wrong: no message"
    [ ! -e wrong.h5 ] || fail "run $wrong: wrote an audit"
done

# -- 65: what a file or a query says
expect 65 run -b 'norvia=(norvia' -o x.h5 posts.csv
expect 65 run -b 'norvia=norvia' --tz Europe/Nowhere -o x.h5 posts.csv
said 'Europe/Nowhere'
expect 65 query '(norvia'
expect 65 run -c posts.csv posts.csv
said 'posts.csv:1'

# config CODE TEXT MESSAGE: a configuration that holds TEXT must be refused with MESSAGE.
config() {
    printf '%s' "$2" >config.json
    expect "$1" run -c config.json -o x.h5 posts.csv
    said "$3"
}
brand='{"id":"norvia","query":"norvia"}'
config 65 '{' 'config.json:1'
config 65 '[]' 'must be an object'
config 65 '{"brand":[]}' '"brand" is not a known key; known here: brands'
config 65 '{"brands":{}}' '"brands" must be a list'
config 65 '{"brands":[{}]}' '"brands[0]" needs an "id"'
config 65 "$(printf '{"brands":[\n{"id":"a"}]}')" 'config.json:2: "brands[0]" needs a "query"'
config 65 '{"brands":[{"id":1}]}' '"brands[0].id" must be a text'
config 65 "{\"brands\":[$brand,$brand]}" 'another brand has already'
config 65 "$(printf '{"brands":[%s],\n"bucket":7}' "$brand")" 'config.json:2: "bucket"'
config 65 "{\"brands\":[$brand],\"timezone\":\"Mars\"}" 'Mars'
config 65 "{\"brands\":[$brand],\"brands\":[$brand]}" 'duplicate'
config 65 "{\"brands\":[$brand],\"privacy\":{\"authors\":\"secret\"}}" 'must be "pseudonym" or "plain"'
config 65 "{\"brands\":[$brand],\"detection\":{\"false_alarms_per_month\":-1}}" 'from 0.05 to 100'
config 65 '{"brands":[{"id":"a","query":"a","accounts":[{"id":5}]}]}' 'must be in quotes'
config 65 '{"brands":[{"id":"a","query":"a","accounts":[{"platform":"pigeon"}]}]}' 'is no platform'
config 65 '{"brands":[{"id":"a","query":"a","accounts":[{}]}]}' 'needs an "id" or a "handle"'
config 64 '{}' 'no brand to look for'

# -- 66: what is not there
expect 66 run -b norvia=norvia -o x.h5 missing.csv
said 'missing.csv'
expect 66 inspect missing.csv
mkdir empty
expect 66 run -b norvia=norvia -o x.h5 empty
expect 66 run -c missing.json posts.csv
expect 66 study missing.h5
expect 66 merge -o x.h5 missing.h5
expect 66 verify missing.h5
expect 66 report missing.h5
expect 66 export missing.h5 crises
expect 66 score missing.txt
expect 66 evaluate missing.tsv
expect 66 detect missing.csv
mkfifo pipe
timeout 10 "$BURZA" run -b norvia=norvia -o x.h5 pipe >"$out" 2>"$err" && fail 'a fifo was read'
said 'neither a file nor a folder'
code=0
timeout 10 "$BURZA" run -b norvia=norvia -o x.h5 /dev/zero >"$out" 2>"$err" || code=$?
[ "$code" -eq 65 ] || fail "a device: $code instead of 65"

# -- 73: where nothing can be made
expect 73 run -b norvia=norvia -o missing/x.h5 posts.csv
expect 73 run -b norvia=norvia -o posts.csv/x.h5 posts.csv
expect 73 init -o posts.csv
[ ! -e x.h5 ] && [ ! -e x.h5.parts/settings.json ] || fail 'a wrong command left an audit'

# -- messages do not carry control characters to the terminal
escape=$(printf 'a\033[31mb')
expect 66 run -b norvia=norvia -o x.h5 "$escape"
expect 64 "$escape"
LC_ALL=C grep -q "$(printf '\033')" "$err" && fail 'an escape character reached standard error'
exit 0

# -- an output never replaces a dump, a configuration, a device, or a page that is none
cd "$work"
printf '{"id":"1","created_at":"2023-03-01T12:00:00Z","text":"norvia"}\n' >dump.jsonl
cp dump.jsonl before.jsonl
echo '{"brands":[{"id":"n","query":"norvia"}]}' >brands.json
expect 73 run -q -b n=norvia -o dump.jsonl dump.jsonl
said 'is there already and is no audit'
same dump.jsonl before.jsonl
expect 73 run -q -c brands.json -o brands.json dump.jsonl
expect 74 run -q -b n=norvia -o /dev/null dump.jsonl
[ -c /dev/null ] || fail '/dev/null was replaced'
expect 0 run -q -b n=norvia -o own.h5 dump.jsonl
expect 0 run -q -b n=norvia -o own.h5 dump.jsonl
expect 73 report own.h5 -o own.h5
expect 0 verify own.h5
expect 73 report own.h5 -o dump.jsonl
expect 0 report own.h5 -o own.html
expect 0 report own.h5 -o own.html
