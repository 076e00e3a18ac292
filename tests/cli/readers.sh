#!/bin/sh
# The audit as h5py, pandas, xarray, and R's and MATLAB's way of reading see it: without burza.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$PYTHON" -c 'import h5py' 2>/dev/null || skip "$PYTHON has no h5py"
set_inputs
# shellcheck disable=SC2086
expect 0 run -q --no-report -c "$brands" -o a.h5 $inputs
for table in crises bursts authors inputs rejects terms evidence hourly posts; do
    expect 0 export a.h5 $table --format jsonl
    cp "$out" $table.jsonl
done
"$PYTHON" "$root/tests/cli/readers.py" a.h5 . || fail 'another program reads something else'
if command -v h5dump >/dev/null 2>&1; then
    h5dump -H a.h5 >header || fail h5dump
    grep -q 'DATASET "mentions"' header || fail 'h5dump does not see the grids'
fi

# what compares audits of two systems sees a difference and no other
cp a.h5 b.h5
"$PYTHON" "$root/tests/cli/same_audit.py" a.h5 b.h5 || fail 'an audit differs from its copy'
expect 0 study -q --false-alarms 20 a.h5
"$PYTHON" "$root/tests/cli/same_audit.py" a.h5 b.h5 >differ && fail 'another sensitivity was not seen'
grep -q '^/provenance/configuration differs' differ || fail 'the configuration was not seen to differ'
