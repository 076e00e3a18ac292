#!/bin/sh
# Help, version, man page, completion and init: all from the table of options.
. "$(dirname "$0")/lib.sh"
cd "$work"

expect 0 --help
cp "$out" usage
expect 0 -h
same usage "$out"
expect 0 help
same usage "$out"
commands=$(sed -n 's/^  burza \([a-z]*\) .*/\1/p' usage)
[ "$(echo "$commands" | wc -w)" -ge 16 ] || fail "too few commands in the usage: $commands"

expect 0 help man
cp "$out" man
for command in $commands; do
    expect 0 "$command" --help
    printed "usage: burza $command"
    cp "$out" "help.$command"
    expect 0 help "$command" # some are topics as well
    head -c "$(wc -c <"help.$command")" "$out" | cmp -s - "help.$command" ||
        fail "help $command is not $command --help"
    grep -qF "\"burza $command\"" man || fail "$command is not in the man page"
    # every long option of the help is in the man page, with its hyphens escaped
    for option in $(sed -n 's/^  .*--\([a-z-]*\) .*/\1/p' "help.$command"); do
        [ "$option" = help ] && continue
        grep -qF -- "\\-\\-$(echo "$option" | sed 's/-/\\-/g')" man ||
            fail "--$option of $command is not in the man page"
    done
    awk 'length > 110 { exit 1 }' "help.$command" || fail "a line of help $command is too long"
done
topics=$(sed '1,/burza help TOPIC explains/d' usage)
[ "$(echo "$topics" | wc -w)" -ge 5 ] || fail "too few topics in the usage: $topics"
for topic in $topics; do
    expect 0 help "$topic"
    [ "$(wc -c <"$out")" -gt 200 ] || fail "help $topic says too little"
    grep -q "burza help TOPIC explains.* $topic" man || fail "$topic is not in the man page"
done

# filled for the terminal, whatever its width; what goes into a file is the same everywhere
on_terminal() { # COLUMNS ARGUMENT...
    "$PYTHON" - "$@" <<'EOF_PTY'
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if not child:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execv(os.environ["BURZA"], ["burza"] + sys.argv[2:])
text = b""
try:
    while chunk := os.read(terminal, 65536):
        text += chunk
except OSError:
    pass
os.waitpid(child, 0)
sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
EOF_PTY
}
"$PYTHON" -c 'import os; os.openpty()' 2>/dev/null || skip 'this machine has no terminals: widths'
export BURZA
words() {
    tr -s ' \n' '\n\n' <"$1"
}
for width in 50 72 96; do
    for page in '' run detect 'help detection' 'help privacy' 'help exit-codes'; do
        # shellcheck disable=SC2086
        on_terminal $width ${page:---help} $(case $page in help* | '') ;; *) echo --help ;; esac) >narrow
        "$PYTHON" - $width narrow <<'EOF_WIDTH' || fail "$page at $width columns"
import sys
width, lines = int(sys.argv[1]), open(sys.argv[2], encoding="utf-8").read().split("\n")
# one long word, a table or an example may stand out
wide = [line for line in lines if len(line) > width and " " in line.strip() and line[:4] != "    " and line[:1] != "|"]
if wide:
    print("\n".join(wide[:3]))
sys.exit(bool(wide) or len(lines) < 5)
EOF_WIDTH
        # shellcheck disable=SC2086
        expect 0 ${page:---help} $(case $page in help* | '') ;; *) echo --help ;; esac)
        words "$out" >plain.words
        words narrow >narrow.words
        same plain.words narrow.words "words of $page at $width columns"
        COLUMNS=$width "$BURZA" ${page:---help} $(case $page in help* | '') ;; *) echo --help ;; esac) >again
        same "$out" again 'help in a file'
    done
done
if command -v man >/dev/null 2>&1 && man --warnings -l man >/dev/null 2>warnings; then
    [ ! -s warnings ] || { cat warnings >&2; fail 'the man page has warnings'; }
fi

expect 0 version
grep -qxE 'burza [0-9]+\.[0-9]+\.[0-9]+' "$out" || fail "version: $(cat "$out")"
cp "$out" version
expect 0 --version
same version "$out"
expect 0 version --verbose
printed 'HDF5'
printed 'SHA-256'
printed 'formats: '

expect 0 init
expect 73 init
said 'is there already'
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n' >posts.csv
expect 0 run -q -c burza.json -o first.h5 posts.csv
expect 0 init -o other.json
same burza.json other.json
