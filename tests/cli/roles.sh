# Whom a post turns to: mentions, the brand's own voice, and posts addressed to it that do not name
# it, which are kept for care and counted nowhere.
. "$(dirname "$0")/lib.sh"

cat >"$work/config.json" <<'END2'
{"brands":[{"id":"norvia","query":"norvia","accounts":[{"platform":"twitter","handle":"HaloPomoc","id":"900"}]},
           {"id":"velto","query":"velto"}]}
END2
tweet() { # ID MINUTE TEXT AUTHOR HANDLE [PARENT TO_HANDLE TO_ID]
    printf '{"id_str":"164000000000000000%s","created_at":"Sun Mar 26 14:%s:00 +0000 2023","text":"%s","user":{"id_str":"%s","screen_name":"%s"}' \
        "$1" "$2" "$3" "$4" "$5"
    [ $# -lt 6 ] || printf ',"in_reply_to_status_id_str":"164000000000000000%s","in_reply_to_screen_name":"%s","in_reply_to_user_id_str":"%s"' "$6" "$7" "$8"
    echo '}'
}
{
    tweet 1 10 '@halopomoc Norvia nie działa' 77 ania
    tweet 2 20 '@ania sprawdzamy, prosimy o DM' 900 HaloPomoc 1 ania 77
    tweet 3 30 '@halopomoc dzięki, działa' 77 ania 2 halopomoc 900
    tweet 4 40 'dalej nic' 77 ania 2 HaloPomoc 900
    tweet 5 50 'a u mnie działa' 78 ewa 4 ania 77
    tweet 6 55 '@halopomoc przechodzę do Velto' 79 ola
} >"$work/chain.jsonl"

roles() {
    "$BURZA" export "$1" posts --format jsonl | "$PYTHON" -c 'import json,sys
print(" ".join(d["brand"]+d["id"][-1]+"="+d["role"] for d in map(json.loads, sys.stdin)))'
}
want="norvia1=mention norvia2=own norvia3=addressed norvia4=addressed norvia5=context norvia6=addressed velto6=mention"
for threads in 1 4; do
    expect 0 run -q --no-report -j $threads -c "$work/config.json" -o "$work/$threads.h5" "$work/chain.jsonl"
    [ "$(roles "$work/$threads.h5")" = "$want" ] || fail "roles: $(roles "$work/$threads.h5")"
done
same "$work/1.h5" "$work/4.h5" threads

# counted: one mention of each brand, in every table and series
expect 0 export "$work/1.h5" brands --format jsonl
cp "$out" "$work/brands.jsonl"
expect 0 export "$work/1.h5" hourly --format jsonl
cp "$out" "$work/hourly.jsonl"
expect 0 export "$work/1.h5" authors --format jsonl
cp "$out" "$work/authors.jsonl"
expect 0 export "$work/1.h5" inputs --format jsonl
"$PYTHON" - "$work" "$out" <<'PY' || fail 'addressed posts were counted'
import json, sys
rows = lambda name: [json.loads(line) for line in open(name, encoding="utf-8")]
brands = {b["brand"]: b for b in rows(sys.argv[1] + "/brands.jsonl")}
assert [brands[b]["mentions"] for b in ("norvia", "velto")] == [1, 1], brands
assert brands["norvia"]["own_posts"] == 1 and brands["norvia"]["authors"] == 1, brands
assert sum(h["mentions"] for h in rows(sys.argv[1] + "/hourly.jsonl")) == 2
assert sum(a["mentions"] for a in rows(sys.argv[1] + "/authors.jsonl")) in (0, 2)
assert [i["mentions"] for i in rows(sys.argv[2])] == [2]
PY

# the same tweet twice, once cut before the brand's name: the mention stays one
{
    tweet 7 10 '@halopomoc znowu nie działa, czekam na odpowiedź od wczoraj i nic, dlaczego …' 77 ania
    tweet 7 10 '@halopomoc znowu nie działa, Norvia' 77 ania
} >"$work/cut.jsonl"
sed 's/}}$/},"favorite_count":900}/;2s/900/1/' "$work/cut.jsonl" >"$work/liked.jsonl"
expect 0 run -q --no-report -c "$work/config.json" -o "$work/cut.h5" "$work/liked.jsonl"
[ "$(roles "$work/cut.h5")" = "norvia7=mention" ] || fail "a copy took the mention: $(roles "$work/cut.h5")"

# a table that names only the parent: what answers the brand's post turns to the brand
cat >"$work/thread.json" <<'END2'
{"brands":[{"id":"norvia","query":"norvia","context":"thread","accounts":[{"handle":"HaloPomoc"}]}]}
END2
cat >"$work/table.csv" <<'END2'
tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
501,7001,True,Wed Oct 11 06:55:44 +0000 2017,Norvia is down again,502,
502,HaloPomoc,False,Wed Oct 11 07:25:49 +0000 2017,which screen do you see?,503,501.0
503,7001,True,Wed Oct 11 07:30:49 +0000 2017,"the login one, it is blank",,502.0
504,7002,True,Wed Oct 11 07:31:49 +0000 2017,same here for days,,501.0
505,7003,True,Wed Oct 11 07:32:49 +0000 2017,Norvia really? mine works,,502.0
END2
expect 0 run -q --no-report -c "$work/thread.json" -o "$work/table.h5" "$work/table.csv"
want="norvia1=mention norvia2=own norvia3=addressed norvia4=context norvia5=mention"
[ "$(roles "$work/table.h5")" = "$want" ] || fail "answers by id: $(roles "$work/table.h5")"
exit 0
