#!/bin/sh
# Texts are read as a reader sees them: markup and addresses never match, and what a post quotes is
# found, but says nothing of its author's mood.
. "$(dirname "$0")/lib.sh"
cd "$work"
cat >page.jsonl <<'END'
{"id":"1","created_at":"2023-03-01T10:00:00Z","author":"a","content":"<p>Znowu <a href=\"https://x.example/tags/Velto\" target=\"_blank\" class=\"mention\">#<span>Velto</span></a></p><p>drugi<br>tydzie\u0144</p>"}
{"id":"2","created_at":"2023-03-01T10:01:00Z","author":"b","content":"I <3 it, a < b & c"}
{"id":"3","created_at":"2023-03-01T10:02:00Z","author":"c","content":"C&amp;A [umowa](https://target.example/mention)"}
END
cat >thread.jsonl <<'END'
{"id":"q1","body":"It is fine, I love it.\n\n&gt; Velto is terrible, a scam, the worst ever\n\nNot for me, it works great.","author":"a","created_utc":1677664800,"link_id":"t3_z","parent_id":"t1_y","subreddit":"s"}
{"id":"q2","body":"> Velto jest świetne, polecam\n\nDramat, najgorsza firma, odradzam","author":"b","created_utc":1677664801,"link_id":"t3_z","parent_id":"t1_y","subreddit":"s"}
END

# mentions QUERY COUNT FILE
mentions() {
    expect 0 run -q --no-report --replace -o a.h5 -b "b=$1" "$3"
    expect 0 export a.h5 brands --format jsonl
    printed "\"mentions\":$2,"
}
mentions '#velto AND "drugi tydzień"' 1 page.jsonl
mentions 'target OR mention OR span OR amp' 0 page.jsonl
mentions '"c&a"' 1 page.jsonl
mentions 'velto' 2 thread.jsonl
expect 0 export a.h5 posts --format jsonl
for pair in t1_q1:positive t1_q2:negative; do
    grep "\"id\":\"${pair%:*}\"" "$out" | grep -q "\"label\":\"${pair#*:}\"" || fail "label of $pair"
done
