# The name of a brand decides nothing: the same posts with ten names have the same scores.
. "$(dirname "$0")/lib.sh"

posts=$root/tests/quality
[ "$SANITIZED" = 0 ] || skip "ten runs take too long with sanitizers; unit tests cover the code"
"$PYTHON" "$root/tests/cli/name_swap.py" "$BURZA" "$posts/mix_posts.unseen.pl.tsv" \
    "$posts/mix_posts.unseen.en.tsv" "$work" || fail 'names decide'

# score and evaluate pass over the names that they are told
printf 'Cudo znowu nie działa\nkupiłam w Cudo buty\n' >"$work/one"
printf 'Norvia znowu nie działa\nkupiłam w Norvia buty\n' >"$work/two"
expect 0 score --format jsonl -b cudo=cudo "$work/one"
cp "$out" "$work/one.jsonl"
expect 0 score --format jsonl -b norvia=norvia "$work/two"
same "$work/one.jsonl" "$out" 'score -b'
expect 64 score -b cudo "$work/one"
said '-b wants ID=QUERY'
