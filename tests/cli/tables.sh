# Rows whose quotes break the rules: they cost no other row, and the first one is named by its number,
# however many blocks and threads there are.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"

rows() { # FIRST LAST
    awk -v first="$1" -v last="$2" 'BEGIN { for (i = first; i <= last; i++)
        printf "%d\t2022-05-06T07:08:09Z\tu%d\tkawa %d with a few more words to fill the row\n", i, i, i }'
}
{
    printf 'Report: kawa\n\nid\tcreated_at\tauthor\ttext\n'
    rows 1 60000
    printf '60001\t2022-05-06T07:08:09Z\tu60001\t"kawa and no quote behind\n'
    rows 60002 120000
    printf '120001\t2022-05-06T07:08:09Z\tu120001\tkawa\tone field more\n'
    rows 120002 120010
} >"$work/t.tsv"

for threads in 1 2; do
    rm -rf "$work/t.h5" "$work/t.h5.parts"
    expect 0 run -q -j $threads --no-report -b k=kawa -o "$work/t.h5" "$work/t.tsv"
    "$BURZA" export "$work/t.h5" inputs --format jsonl >"$work/inputs.$threads"
    mentions=$("$BURZA" export "$work/t.h5" brands --format jsonl | grep -o '"mentions":[0-9]*')
    [ "$mentions" = '"mentions":120009' ] || fail "$threads threads: $mentions"
done
grep -q 'the quotes of row 60004 do not follow the rules' "$work/inputs.1" ||
    fail "the row is not named: $(cat "$work/inputs.1")"
cmp -s "$work/inputs.1" "$work/inputs.2" || fail "threads change the inputs"

printf 'id,date,text\n1,2022-05-06T07:08:09Z,"a\nb"\n\n2,2022-05-06T07:08:09Z,kawa,x\n3,2022-05-06T07:08:09Z,kawa\n' \
    >"$work/r.csv"
"$BURZA" run --no-report -b k=kawa -o "$work/r.h5" "$work/r.csv" >"$work/out" 2>/dev/null || fail "run"
grep -q '^r.csv: row 4 has 4 fields, the header 3$' "$work/out" || fail "ragged: $(cat "$work/out")"
grep -q 'Every record could be used' "$work/out" && fail "a row was lost"
exit 0
