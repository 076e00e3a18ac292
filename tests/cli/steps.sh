#!/bin/sh
# scan + study + report is run; merged audits are one audit; another study needs no dumps.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"
mkdir dumps
cp "$demo"/RC_2023-03_04.zst "$demo"/listening_export.csv.gz dumps
cp "$demo"/twitter-stream-2023-03.tar dumps

expect 0 run -q -c "$brands" -o whole.h5 dumps/*
expect 0 scan -q -c "$brands" -o steps.h5 dumps/*
[ ! -e steps.h5 ] || fail 'scan wrote an audit'
expect 0 study -q steps.h5
same whole.h5 steps.h5
expect 0 report steps.h5 -o whole2.html
sed 's/steps\.h5/whole.h5/g' whole2.html >renamed.html
same whole.html renamed.html 'report'
expect 0 report steps.h5
[ -s steps.html ] || fail 'report chose no name'
expect 0 report steps.h5 --lang pl -o polish.html
grep -q '<html[^>]* lang="pl"' polish.html || fail 'the Polish report is not marked as Polish'

# -- one dump after the other into the same audit; those read before are not read again
for file in dumps/*; do
    expect 0 run -c "$brands" -o "grown.h5" "$file"
done
same whole.h5 grown.h5 'grown dump by dump'
expect 0 run -c "$brands" -o "grown.h5" dumps/*
said 'were scanned before and not read again'
same whole.h5 grown.h5

# -- scanned apart, then merged, in any order
i=0
parts=
for file in dumps/*; do
    i=$((i + 1))
    expect 0 run -q -c "$brands" -o "part$i.h5" "$file"
    parts="part$i.h5 $parts"
done
# shellcheck disable=SC2086
expect 0 merge -q -o merged.h5 $parts
same whole.h5 merged.h5 'merged'
# shellcheck disable=SC2086
expect 0 merge -q -o merged.h5 $parts
same whole.h5 merged.h5 'merged twice'
for file in $parts; do expect 0 verify "$file"; done

# -- other settings of the study, without the dumps
mv dumps gone
expect 0 study -q steps.h5
same whole.h5 steps.h5 'without the dumps'
sed 's/"timezone".*/"timezone": "America\/New_York", "detection": {"false_alarms_per_month": 0.1}/' \
    "$brands" >other.json
expect 0 study -q -c other.json steps.h5
cmp -s whole.h5 steps.h5 && fail 'another time zone gave the same audit'
expect 0 verify steps.h5
expect 0 study -q --false-alarms 20 steps.h5
cmp -s whole.h5 steps.h5 && fail 'another sensitivity gave the same audit'
expect 0 study -q steps.h5
same whole.h5 steps.h5 'back to the settings of the scan'
expect 64 study --false-alarms 0 steps.h5

# other brands need the dumps again
sed 's/"norvia OR/"norweska OR/' "$brands" >renamed.json
expect 66 study -c renamed.json steps.h5
said 'run burza scan with the dumps again'
same whole.h5 steps.h5 'a study that could not be made'

# -- a dump that changed is read anew, and replaces what it was
mv gone dumps
mkdir copy
zstd -qdc --long=31 dumps/RC_2023-03_04.zst | head -1000 | zstd -q -o copy/RC_2023-03_04.zst || skip 'no zstd'
expect 0 run -q -c "$brands" -o small.h5 copy/RC_2023-03_04.zst
cp dumps/RC_2023-03_04.zst copy/
expect 0 run -q -c "$brands" -o small.h5 copy/RC_2023-03_04.zst
expect 0 run -q -c "$brands" -o fresh.h5 copy/RC_2023-03_04.zst
same fresh.h5 small.h5 'a dump that was replaced'
