# Every sample that states what is in it (expected.tsv) is read so: posts, authors, first and last
# time, replies. Its posts, field by field, are those of the golden file.
. "$(dirname "$0")/lib.sh"

"$PYTHON" "$root/tests/cli/samples.py" "$BURZA" "$samples" "$work" >"$out" 2>"$err" ||
    fail "$(cat "$out")"
if [ "${UPDATE:-0}" = 1 ]; then
    cp "$work/posts.txt" "$goldens/samples.posts"
fi
diff "$goldens/samples.posts" "$work/posts.txt" >"$out" || fail "posts of the samples: $(head -40 "$out")"
exit 0
