# The sentiment of the tool that exported a post is kept in a column of its own, for comparison; it
# decides nothing.
. "$(dirname "$0")/lib.sh"
cd "$work"
cat >own.csv <<'END'
id;data;autor;treść;wydźwięk
1;2026-03-02 08:00:00;ola;Norvia jest świetna;negatywny
2;2026-03-02 08:01:00;jan;Norvia padła;Pozytywny
3;2026-03-02 08:02:00;ewa;Norvia;obojętny
4;2026-03-02 08:03:00;kuba;Norvia nie działa;
5;2026-03-02 08:04:00;ida;Norvia działa;mieszany
6;2026-03-02 08:05:00;iga;Norvia działa;-1
END
echo '{"brands": [{"id": "all", "query": "lang:pl OR lang:en OR lang:other"}]}' >c.json
# vendor FILE: what stands in the column, in the order of time
vendor() {
    rm -rf a.h5 a.h5.parts
    "$BURZA" run -q --no-report --tz UTC -c c.json -o a.h5 "$1" || fail "$1"
    "$BURZA" export a.h5 posts --format jsonl | "$PYTHON" -c '
import json, sys
print(*(json.loads(line)["vendor_sentiment"] or "-" for line in sys.stdin))'
}
[ "$(vendor own.csv)" = "negative positive neutral - - negative" ] || fail "own.csv: $(vendor own.csv)"
[ "$("$BURZA" export a.h5 posts --format jsonl | grep -c '"label":"positive"')" -ge 1 ] || fail "the label is ours"
[ "$(vendor "$samples/listening/brand24.xlsx")" = "negative positive" ] || fail brand24.xlsx
[ "$(vendor "$samples/listening/meltwater.csv")" = "negative negative" ] || fail meltwater.csv
for file in sentione brandwatch; do
    vendor "$samples/listening/$file.csv" | grep -Eq 'negative|positive|neutral' || fail "$file.csv"
done
[ "$(vendor "$samples/tcat/tcat_norvia.csv")" = "- - -" ] || fail "what no tool says"
"$BURZA" export a.h5 posts | head -1 | grep -q 'p,vendor_sentiment,likes' || fail "the column in CSV"
