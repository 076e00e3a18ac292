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
expect 0 help completion
cp "$out" completion
sh -n completion 2>/dev/null || bash -n completion || fail 'the completion is no shell script'
for command in $commands; do
    expect 0 "$command" --help
    printed "usage: burza $command"
    cp "$out" "help.$command"
    expect 0 help "$command"
    same "help.$command" "$out"
    grep -qF "\"burza $command\"" man || fail "$command is not in the man page"
    grep -qE "^ *$command\)" completion || fail "$command is not in the completion"
    # every long option of the help is in the man page, with its hyphens escaped
    for option in $(sed -n 's/^  .*--\([a-z-]*\) .*/\1/p' "help.$command"); do
        [ "$option" = help ] && continue
        grep -qF -- "\\-\\-$(echo "$option" | sed 's/-/\\-/g')" man ||
            fail "--$option of $command is not in the man page"
    done
    awk 'length > 110 { exit 1 }' "help.$command" || fail "a line of help $command is too long"
done
for topic in $(sed -n '$p' usage | tr -d ','); do
    expect 0 help "$topic"
    [ "$(wc -c <"$out")" -gt 200 ] || fail "help $topic says too little"
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
