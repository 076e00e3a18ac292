#!/bin/sh
# The column reference says what the exports and the file hold, in the words of the file's attributes.
. "$(dirname "$0")/lib.sh"
cd "$work"
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n' >posts.csv
expect 0 run -q --no-report -b norvia=norvia -o a.h5 posts.csv

expect 0 help columns
cp "$out" reference
expect 64 help columns nonsense
said 'no table "nonsense"'
tables=$("$BURZA" export --help | sed -n '/^TABLE: /,/^$/p' | sed 's/^TABLE: //')
[ "$(echo "$tables" | wc -w)" -ge 25 ] || fail "tables: $tables"
for table in $tables; do
    grep -qE "^## (.*, )?$table(,|$)" reference || fail "no $table in the reference"
    expect 0 help columns "$table"
    cp "$out" "$table.reference"
    [ "$(grep -c '^## ' "$out")" -eq 1 ] || fail "help columns $table holds other tables"
    expect 0 export a.h5 "$table"
    for column in $(head -1 "$out" | tr ',' ' '); do
        case $column in
        *_iso) continue ;;                                      # beside the seconds
        time_local | day) continue ;;
        brand | time) [ "$table" = hourly ] || [ "$table" = daily ] && continue ;;
        aware | appeal | ask | act | advocate) [ "$table" = monthly ] || column=stage_mentions ;;
        sentiment) [ "$table" = posts ] && column=score_milli ;;
        p) column=p_milli ;;
        class) column=care_class ;;
        answer_id) column=answer ;;
        esac
        grep -qE "^  $column " "$table.reference" || fail "$table: $column is not explained"
    done
done

"$PYTHON" -c 'import h5py' 2>/dev/null || skip "$PYTHON has no h5py"
"$PYTHON" - <<'EOF_H5' || fail 'the file says something else'
import re, warnings
import h5py
words = " ".join(open("reference", encoding="utf-8").read().split())
audit = h5py.File("a.h5", "r")
told = 0
for name, table in audit["tables"].items():
    for column in table.dtype.names:
        meaning = table.attrs[column]
        meaning = meaning.decode() if isinstance(meaning, bytes) else meaning
        assert " ".join(meaning.split()) in words, (name, column, meaning)
        told += 1
for group in ("hourly", "daily", "posts"):
    for name, dataset in audit[group].items():
        if not isinstance(dataset, h5py.Dataset) or "long_name" not in dataset.attrs or name in ("time", "time_bnds"):
            continue
        meaning = dataset.attrs["long_name"]
        meaning = meaning.decode() if isinstance(meaning, bytes) else meaning
        if name.endswith("_end"):
            continue
        assert " ".join(meaning.split()) in words, (group, name, meaning)
        told += 1
assert told > 150, told
try:
    import pandas, tables
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in audit["tables"]:
            pandas.read_hdf("a.h5", "/tables/" + name)
except ImportError:
    print("no pandas with PyTables here")
EOF_H5
