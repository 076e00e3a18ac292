#!/bin/sh
# Nothing is written but the output, there is no network and no child process.
. "$(dirname "$0")/lib.sh"
cd "$work"
set_inputs
mkdir cwd home tmp results
touch stamp
sleep 0.05
export HOME="$work/home" TMPDIR="$work/tmp" XDG_CACHE_HOME="$work/home/.cache"
cd cwd
# shellcheck disable=SC2086
expect 0 run -q -c "$brands" -o ../results/a.h5 $inputs
cd ..
changed=$(find . "$demo" -newer stamp ! -path './results*' ! -name .out ! -name .err ! -name . \
    -print)
[ -z "$changed" ] || fail "written outside the output: $changed"
# a shell may write nothing either
for made in $(find results -type f | sed 's/[0-9a-f]\{16\}-[0-9a-f]\{16\}-[0-9a-f]*-[0-9]*\.h5/SHARD/' | sort -u); do
    case $made in
    results/a.h5 | results/a.html | results/a.h5.parts/lock | results/a.h5.parts/settings.json | \
        results/a.h5.parts/SHARD) ;;
    *) fail "unexpected file: $made" ;;
    esac
done

# the report asks the network for nothing: no address in it but in links for people to follow
"$PYTHON" - results/a.html <<'PY' || fail 'the report is not self-contained'
import html.parser, sys

class Page(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        assert tag not in ("link", "iframe", "object", "embed", "base", "form"), tag
        for name, value in attributes:
            assert not name.startswith("on"), (tag, name)
            if name in ("src", "data", "poster", "background", "srcset", "action"):
                assert value.startswith("data:"), (tag, name, value)
            if name in ("href", "xlink:href"):
                assert value.startswith(("#", "http://", "https://")), (tag, name, value)

text = open(sys.argv[1], encoding="utf-8").read()
Page().feed(text)
assert "Content-Security-Policy" in text and "default-src" in text
assert "@import" not in text and "url(http" not in text
PY

if [ "$SANITIZED" = 1 ]; then
    echo 'a sanitizer starts processes of its own: system calls were not watched'
elif ! command -v strace >/dev/null 2>&1 || ! strace -o /dev/null true 2>/dev/null; then
    skip 'no strace here: system calls were not watched'
else
    # shellcheck disable=SC2086
    strace -f -qq -o calls -e trace=network,process "$BURZA" run -q -c "$brands" -o results/b.h5 \
        $inputs >"$out" 2>"$err" || fail 'a run under strace'
    [ "$(grep -c execve calls)" -eq 1 ] || fail "another program was started: $(grep execve calls)"
    grep -E 'socket\(|connect\(|bind\(|sendto\(' calls >&2 && fail 'the network was used'
    # threads share the memory; a process would not
    grep -E 'fork\(|clone3?\(' calls | grep -v CLONE_THREAD >&2 && fail 'a process was started'
    same results/a.h5 results/b.h5
fi
exit 0
