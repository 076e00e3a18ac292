#!/bin/sh
# merge joins what was scanned apart, and says when it cannot, rather than leave something out.
. "$(dirname "$0")/lib.sh"
cd "$work"

post() {
    printf '{"id_str":"%s","created_at":"Tue Mar 28 10:%s:00 +0000 2023","text":"norvia",' "$1" "$1"
    printf '"user":{"id_str":"7","screen_name":"u7"}}\n'
}
post 10 >a.jsonl
post 11 >b.jsonl

scan() {
    name=$1
    shift
    expect 0 run -q --no-report -o "$name.h5" "$@"
}
scan a -b n=norvia a.jsonl
scan b -b n=norvia b.jsonl
scan both -b n=norvia a.jsonl b.jsonl
scan other -b n=kurierex b.jsonl

expect 0 merge -q --no-report -o ab.h5 a.h5 b.h5
same ab.h5 both.h5 'merged or scanned together'
expect 0 merge -q --no-report -o ab.h5 a.h5 both.h5
same ab.h5 both.h5 'merged twice, with the same input in both'

expect 65 merge -q --no-report -o mixed.h5 a.h5 other.h5
said 'other.h5" was scanned with other brands'
[ ! -e mixed.h5 ] || fail 'an audit without the half of its parts'

# two streams have one name
for name in a b; do
    "$BURZA" scan -q -b n=norvia -o "stream_$name.h5" - <"$name.jsonl" 2>"$err" ||
        fail 'standard input'
done
expect 65 merge -q --no-report -o streams.h5 stream_a.h5 stream_b.h5
said 'differ but have the same name'
