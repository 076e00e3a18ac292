#!/bin/sh
# What goes to standard error in a batch job: -q still says what was damaged; a line a minute outside a
# terminal, none with -q.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$PYTHON" - <<'EOF_DUMPS'
import gzip, io, json, tarfile
lines = [json.dumps({"id": str(i), "created_at": f"2023-03-{1 + i % 28:02d}T00:00:00Z", "author": "a", "text": f"norvia {i}"}) + "\n"
         for i in range(3000)]
whole = gzip.compress("".join(lines).encode())
open("whole.jsonl.gz", "wb").write(whole)
open("cut.jsonl.gz", "wb").write(whole[:len(whole) // 2])
open("plain.jsonl", "w").writelines(lines)
with tarfile.open("some.tar", "w") as tar:
    for name, content in (("a.jsonl.gz", whole), ("b.exe", b"MZ" + bytes(range(256)) * 40)):
        info = tarfile.TarInfo(name)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
EOF_DUMPS

for command in run scan; do
    expect 2 $command -q -b n=norvia -o $command.h5 cut.jsonl.gz whole.jsonl.gz
    [ ! -s "$out" ] || fail "$command -q writes: $(cat "$out")"
    said 'cut.jsonl.gz: damaged: '
    grep -q 'whole.jsonl.gz' "$err" && fail "$command -q speaks of a whole input"
    expect 0 $command -q -b n=norvia -o quiet.$command.h5 whole.jsonl.gz
    [ ! -s "$err" ] || fail "$command -q says: $(cat "$err")"
done
expect 2 study -q run.h5
said 'cut.jsonl.gz: damaged: '
burza run -q -b n=norvia -o tar.h5 some.tar
[ "$code" -eq 0 ] || said 'some.tar: '

# many damaged inputs are counted, not all named
mkdir many
for i in $(seq 30); do
    { cat cut.jsonl.gz; echo $i; } >many/$i.jsonl.gz
done
expect 2 run -q --no-report -b n=norvia -o many.h5 many
[ "$(wc -l <"$err")" -eq 21 ] || fail "30 damaged inputs: $(wc -l <"$err") lines"
said 'and 10 more inputs'

# minutes that pass faster: reading waits for its input between two blocks
command -v faketime >/dev/null 2>&1 || skip 'no faketime: a line a minute'
[ "$SANITIZED" = 0 ] || skip 'faketime and sanitizers'
slowly() { # ARGUMENT...
    { for i in 1 2 3 4 5 6; do cat plain.jsonl plain.jsonl plain.jsonl plain.jsonl plain.jsonl plain.jsonl; sleep 0.4; done; } |
        faketime -f '+0 x300' "$BURZA" run "$@" -b n=norvia - >"$out" 2>"$err" || fail "faketime run $*"
}
slowly -o slow.h5
lines=$(grep -c '^burza: [0-9]* MB read, [0-9]* MB/s, [0-9]* posts, [0-9]* mentions$' "$err" || true)
[ "$lines" -ge 2 ] && [ "$lines" -le 12 ] || { cat "$err"; fail "$lines lines of progress in some minutes"; }
grep -q "$(printf '\r')" "$err" && fail 'a carriage return in a log'
slowly -q -o quiet.h5
grep -q 'MB read' "$err" && fail 'progress with -q'
exit 0
