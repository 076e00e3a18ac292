# Replies in conversations about a brand are kept as context, and not counted.
. "$(dirname "$0")/lib.sh"

cat >"$work/RC_2023-11.jsonl" <<'END'
{"author":"a1","created_utc":1700000000,"id":"s1","name":"t3_s1","subreddit":"x","title":"Norvia znowu nie działa","selftext":"","score":3,"num_comments":3}
{"author":"a9","created_utc":1700000000,"id":"s2","name":"t3_s2","subreddit":"x","title":"Inny temat","selftext":"nic","score":3,"num_comments":3}
{"author":"a2","created_utc":1700000100,"id":"c1","link_id":"t3_s1","parent_id":"t3_s1","subreddit":"x","body":"U mnie to samo, masakra","score":1}
{"author":"a3","created_utc":1700000200,"id":"c2","link_id":"t3_s1","parent_id":"t1_c1","subreddit":"x","body":"A ja polecam Norvię","score":1}
{"author":"a4","created_utc":1700000300,"id":"c3","link_id":"t3_s2","parent_id":"t3_s2","subreddit":"x","body":"Bez związku","score":1}
END
config() { echo '{"brands":[{"id":"norvia","query":"norvia","context":"'"$1"'"}]}' >"$work/$1.json"; }
config thread
config none

for threads in 1 2 4; do
    "$BURZA" run -q -j $threads -c "$work/thread.json" -o "$work/t$threads.h5" "$work/RC_2023-11.jsonl" ||
        fail "run with context, $threads threads"
    cmp -s "$work/t1.h5" "$work/t$threads.h5" || fail "$threads threads change the audit"
done
"$BURZA" run -q -c "$work/none.json" -o "$work/n.h5" "$work/RC_2023-11.jsonl" || fail "run without"

roles() {
    "$BURZA" export "$1" posts --format jsonl |
        "$PYTHON" -c 'import json,sys
print(" ".join(d["id"]+"="+d["role"] for d in map(json.loads, sys.stdin)))'
}
[ "$(roles "$work/t1.h5")" = "t3_s1=mention t1_c1=context t1_c2=mention" ] ||
    fail "with context: $(roles "$work/t1.h5")"
[ "$(roles "$work/n.h5")" = "t3_s1=mention t1_c2=mention" ] || fail "without: $(roles "$work/n.h5")"
mentions=$("$BURZA" export "$work/t1.h5" brands | "$PYTHON" -c 'import csv,sys
print(next(csv.DictReader(sys.stdin))["mentions"])')
[ "$mentions" = 2 ] || fail "context was counted: $mentions mentions"

# study finds both passes again without the dumps
cp "$work/t1.h5" "$work/before.h5"
"$BURZA" study -q "$work/t1.h5" || fail "study"
cmp -s "$work/t1.h5" "$work/before.h5" || fail "study changes the audit"

"$BURZA" run -q -c "$work/thread.json" -o "$work/s.h5" - <"$work/RC_2023-11.jsonl" 2>/dev/null &&
    fail "standard input cannot be read twice"
exit 0
