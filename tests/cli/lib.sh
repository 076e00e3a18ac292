# What all tests of the whole program share; sourced by them.
#
# BURZA       the program (default: build/release/burza)
# GENERATE    the generator of dumps (default: build/release/datasets/generate)
# SANITIZED   1 in a build with sanitizers: fewer and smaller runs, no measure of memory
# UPDATE      1: rewrite the golden files instead of comparing with them
#
# A test ends with 0 (passed), 77 (skipped, with the reason) or anything else (failed, with what was
# expected). It writes below $work only, which goes away with it.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
BURZA=${BURZA:-$root/build/release/burza}
GENERATE=${GENERATE:-$(dirname "$BURZA")/datasets/generate}
SANITIZED=${SANITIZED:-0}
PYTHON=${PYTHON:-/usr/bin/python3}
goldens=$root/tests/golden/cli
samples=$root/datasets/samples
demo=$root/datasets/demo

work=$(mktemp -d "${TMPDIR:-/tmp}/burza-test.XXXXXX")
# a command that fails where nobody looked must not end the test without a word
trap 'status=$?; [ $status -eq 0 ] || [ $status -eq 77 ] || echo "ended with $status" >&2
    rm -rf "$work"' EXIT
out=$work/.out
err=$work/.err

# Unset what would change the program's behaviour behind a test's back.
unset LC_ALL LANG LC_CTYPE OMP_NUM_THREADS NO_COLOR || true
export LC_ALL=C

fail() {
    echo "FAILED: $*" >&2
    if [ -s "$err" ]; then
        echo "-- standard error of the last run" >&2
        tail -20 "$err" >&2
    fi
    exit 1
}

skip() {
    echo "skipped: $*"
    exit 77
}
[ -x "$PYTHON" ] || skip "no $PYTHON"

# Runs burza; its outputs go to $out and $err, its exit code to $code.
burza() {
    code=0
    "$BURZA" "$@" >"$out" 2>"$err" || code=$?
}

# expect CODE ARGUMENT...: burza ARGUMENT... must end with CODE.
expect() {
    expected_code=$1
    shift
    burza "$@"
    [ "$code" -eq "$expected_code" ] || fail "burza $* ended with $code, not $expected_code"
}

# The last run's standard error, or output, must hold this text.
said() {
    grep -qF -e "$1" "$err" || fail "standard error does not say \"$1\""
}
printed() {
    grep -qF -e "$1" "$out" || { head -20 "$out" >&2; fail "standard output has no \"$1\""; }
}

same() {
    cmp -s "$1" "$2" || fail "$1 and $2 differ${3:+: $3}"
}

# golden NAME FILE: FILE must equal the golden file, byte by byte.
golden() {
    if [ "${UPDATE:-0}" = 1 ]; then
        cp "$2" "$goldens/$1"
    elif ! cmp -s "$goldens/$1" "$2"; then
        diff -u "$goldens/$1" "$2" | head -40 >&2 || true
        fail "differs from tests/golden/cli/$1 (right? then run the test with UPDATE=1)"
    fi
}

# No temporary file may be left in a folder.
no_leftovers() {
    left=$(find "$1" -name '.*.tmp-*' | head -3)
    [ -z "$left" ] || fail "left behind: $left"
}

# The dumps for tests that run many times: all of the demo, or a part of it where the program is
# slow.
set_inputs() {
    if [ "$SANITIZED" = 1 ]; then
        inputs="$demo/RC_2023-03_04.zst $demo/listening_export.csv.gz"
    else
        inputs="$demo/twitter-stream-2023-03.tar $demo/twitter-stream-2023-04.tar
            $demo/RC_2023-03_04.zst $demo/RS_2023-03_04.zst $demo/listening_export.csv.gz"
    fi
}
brands=$demo/brands.json
