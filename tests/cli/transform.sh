# Any sample compressed, nested, shuffled by lines or put behind another gives the same posts; cut, it
# gives no others, and says that something is missing where that can be seen.
. "$(dirname "$0")/lib.sh"
"$PYTHON" "$root/tests/cli/transform.py" "$BURZA" "$samples" "$work" >"$out" 2>"$err" || fail "$(cat "$out")"
