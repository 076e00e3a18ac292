#!/bin/sh
# Digests of inputs: of plain dumps in pieces of 1 MiB, as coreutils give them, for any threads; of
# others, and of plain ones when asked for, as sha256sum does; and the same bytes once in an audit
# where the two kinds meet.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$GENERATE" bench --kind stream --bytes 5000000 --seed 7 --templates "$root/datasets/templates" >whole.jsonl

tree() { # FILE: what a reviewer types
    split -b 1M --filter=sha256sum "$1" | cut -c1-64 | sha256sum | cut -c1-64
}
sum() {
    sha256sum "$1" | cut -c1-64
}
# held AUDIT LABEL KIND DIGEST
held() {
    expect 0 export "$1" inputs --format csv
    "$PYTHON" - "$out" "$2" "$3" "$4" <<'PY' || fail "the digest of $2 in $1"
import csv, sys
rows = [row for row in csv.DictReader(open(sys.argv[1])) if row["input"] == sys.argv[2]]
found = [(row["digest"], row["sha256"]) for row in rows]
sys.exit(found != [(sys.argv[3], sys.argv[4])] and f"{found}, not {sys.argv[3:]}")
PY
}

# lengths around a piece, with and without a line feed at the end; none; a line longer than pieces
mkdir plain
for size in 1 1048575 1048576 1048577 2097152 3145729; do
    head -c $size whole.jsonl >"plain/part-$size.jsonl"
done
: >plain/empty.jsonl
cp whole.jsonl plain/
{ printf '{"id_str":"1","text":"'; head -c 6000000 /dev/zero | tr '\0' 'x'; echo '"}'; cat whole.jsonl; } >plain/long.jsonl
gzip -nc whole.jsonl >plain/packed.jsonl.gz
for threads in 1 2 4; do
    burza run -q --no-report -j$threads -c "$brands" -o "a$threads.h5" plain
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "a run of plain dumps ended with $code"
done
same a1.h5 a2.h5
same a1.h5 a4.h5
for file in plain/*.jsonl; do
    held a1.h5 "${file#plain/}" sha256-tree-1MiB "$(tree "$file")"
done
held a1.h5 packed.jsonl.gz sha256 "$(sum plain/packed.jsonl.gz)"
expect 0 verify a1.h5 --inputs plain
printf x >>plain/whole.jsonl
expect 65 verify a1.h5 --inputs plain
printed 'different  whole.jsonl'
expect 65 verify a1.h5 --inputs plain/packed.jsonl.gz
printed "missing    empty.jsonl (sha256-tree-1MiB $(tree plain/empty.jsonl))"

# standard input, from a file and through a pipe
"$BURZA" run -q --no-report -c "$brands" -o in.h5 - <whole.jsonl
held in.h5 "'-" sha256-tree-1MiB "$(tree whole.jsonl)"
cat whole.jsonl | "$BURZA" run -q --no-report -c "$brands" -o pipe.h5 -
same in.h5 pipe.h5

# as before, when asked for; no digest of another name
expect 0 run -q --no-report --digest sha256 -c "$brands" -o s.h5 whole.jsonl
held s.h5 whole.jsonl sha256 "$(sum whole.jsonl)"
expect 0 verify s.h5 --inputs whole.jsonl
expect 64 run -q --digest md5 -c "$brands" -o m.h5 whole.jsonl

# the same bytes twice in one audit, digested in two ways, are one input; others of one size are two
cp whole.jsonl again.jsonl
expect 0 run -q --no-report -c "$brands" -o s.h5 again.jsonl whole.jsonl
expect 0 export s.h5 inputs --format csv
printed 'again.jsonl,whole'
printed 'whole.jsonl,duplicate'
held s.h5 whole.jsonl sha256 "$(sum whole.jsonl)"
held s.h5 again.jsonl sha256-tree-1MiB "$(tree whole.jsonl)"
expect 0 run -q --no-report -c "$brands" -o t.h5 whole.jsonl
expect 0 merge -q --no-report -o both.h5 s.h5 t.h5
expect 0 export both.h5 inputs --format csv
[ "$(wc -l <"$out")" -eq 3 ] || fail 'a merge has an input twice that was digested in two ways'
tr 0 1 <whole.jsonl >other.jsonl
expect 0 run -q --no-report --digest sha256 -c "$brands" -o s.h5 other.jsonl
expect 0 export s.h5 inputs --format csv
printed 'other.jsonl,whole'

# what was scanned keeps its digest
expect 0 run -q --no-report -c "$brands" -o s.h5 other.jsonl
held s.h5 other.jsonl sha256 "$(sum other.jsonl)"
expect 0 report t.h5 -o t.html
grep -q 'split -b 1M' t.html || fail 'a report does not say how its digests are made'
expect 0 methods t.h5
printed 'sha256-tree-1MiB'
expect 0 run -q --no-report --digest sha256 -c "$brands" -o w.h5 whole.jsonl
expect 0 methods w.h5
! grep -q 'sha256-tree' "$out" || fail 'methods explain pieces where there are none'
