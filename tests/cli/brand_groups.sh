#!/bin/sh
# A configuration with some of the brands gives each of them the figures that all brands together give,
# but for its share of all brands' voice: so the study of a great many mentions may be an array over groups
# of brands (burza help cluster).
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "whole runs; with sanitizers other tests cover the code"
cd "$work"
"$PYTHON" - "$brands" <<'PY'
import json, sys
config = json.load(open(sys.argv[1]))
for name, some in ("group1", config["brands"][:1]), ("group2", config["brands"][1:]):
    json.dump({**config, "brands": some}, open(name + ".json", "w"))
PY
set -- "$demo"/*.zst "$demo"/*.gz "$demo"/*.tar
expect 0 run -q --no-report -c "$brands" -o all.h5 "$@"
for group in 1 2; do
    for share in 1 2; do
        expect 0 scan -q --share "$share/2" -c group$group.json -o group$group.h5 "$@"
    done
    expect 0 roots -q group$group.h5
    for share in 1 2; do
        expect 0 scan -q --share "$share/2" -c group$group.json -o group$group.h5 "$@"
    done
    expect 0 study -q --strict --memory 256M group$group.h5
done
"$PYTHON" - "$BURZA" <<'PY' || fail 'a brand has other figures in a group'
import csv, io, subprocess, sys
def rows(audit, table):
    text = subprocess.run([sys.argv[1], "export", audit, table, "--format", "csv"], check=True, capture_output=True).stdout
    return list(csv.DictReader(io.StringIO(text.decode())))
compared = 0
for table in ("crises bursts alarms spread carriers brands evidence terms authors response conversations hours replies "
              "chances outcomes journey transitions touchpoints people stages quotes hourly daily monthly comparison posts").split():
    whole, parts = rows("all.h5", table), rows("group1.h5", table) + rows("group2.h5", table)
    for row in whole + parts:
        row.pop("share_of_voice", None)
    for brand in {row["brand"] for row in whole}:
        ours, theirs = ([row for row in some if row["brand"] == brand] for some in (whole, parts))
        compared += len(ours)
        if ours != theirs:
            sys.exit("%s of %s: %d and %d rows" % (table, brand, len(ours), len(theirs)))
    assert {row["brand"] for row in parts} == {row["brand"] for row in whole}, table
print(compared, "rows are the same")
sys.exit(compared < 5000)
PY
