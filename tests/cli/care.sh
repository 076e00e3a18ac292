#!/bin/sh
# Care and journeys: dumps of eight shapes with everything that goes wrong between people and brands,
# against a second, plain computation of every table; the same bytes for any threads. Where R is
# there, its survival package says the same of the first response time.
. "$(dirname "$0")/lib.sh"
tables="response conversations hours replies chances outcomes journey transitions touchpoints people comparison"
seeds="1 2"
[ "$SANITIZED" = 0 ] || seeds=3
for shape in twcs stream telegram play inbox instagram archive mixed; do
    for seed in $seeds; do
        dump=$work/$shape$seed
        "$PYTHON" "$root/tests/cli/care_dump.py" $shape $seed "$dump"
        cd "$dump"
        inputs=$(ls -d -- *.csv *.jsonl result.json messages your_instagram_activity 2>/dev/null || true)
        for threads in 1 2 4; do
            [ $seed != 2 ] || [ $threads = 1 ] || continue
            [ "$SANITIZED" = 0 ] || [ $threads = 1 ] || continue
            # shellcheck disable=SC2086
            expect 0 run -q --no-report -j $threads -c config.json -o "$work/$threads.h5" $inputs
            [ $threads = 1 ] || same "$work/1.h5" "$work/$threads.h5" "$shape with $threads threads"
        done
        mkdir "$dump/tables"
        for table in $tables; do
            expect 0 export "$work/1.h5" $table --format jsonl
            cp "$out" "$dump/tables/$table.jsonl"
        done
        expect 0 export "$work/1.h5" posts --format jsonl
        "$PYTHON" "$root/tests/cli/care_oracle.py" $shape "$dump" "$out" "$dump/tables" "$dump/waits" ||
            fail "$shape $seed: the tables differ from what a second program counts"
        case $shape in
        # what was said in private is shown nowhere, unless it is asked for
        inbox) grep -q '"text":"..*"' "$out" && fail 'words of private messages in posts' ;;
        esac
        rm -rf "$work"/?.h5*
    done
done

cd "$work/inbox${seeds%% *}"
expect 0 run -q --no-report --private -c config.json -o "$work/all.h5" messages
expect 0 export "$work/all.h5" posts --format jsonl
grep -q '"text":"..*"' "$out" || fail 'private messages that were asked for have no words'
sed 's/"authors": "plain"/"authors": "plain", "private": "off"/' config.json >off.json
expect 0 run -q --no-report -c off.json -o "$work/off.h5" messages
expect 0 export "$work/off.h5" posts --format jsonl
[ ! -s "$out" ] || fail 'private messages were read although that is off'

command -v Rscript >/dev/null && Rscript -e 'library(survival)' 2>/dev/null || { echo "no R with survival here"; exit 0; }
# the call that the report prints
cat >"$work/check.R" <<'END'
library(survival)
d <- read.table(commandArgs(TRUE)[1], col.names = c("t", "e"))
q <- quantile(survfit(Surv(t, e) ~ 1, data = d, conf.type = "log-log"), c(0.5, 0.75, 0.9), conf.int = TRUE)
cat(q$quantile, q$lower[1], q$upper[1], "\n")
END
for shape in twcs stream telegram play inbox mixed; do
    dump=$work/${shape}${seeds%% *}
    Rscript "$work/check.R" "$dump/waits" >"$work/r" || fail "R cannot read the waits"
    "$PYTHON" - "$dump/tables/response.jsonl" "$work/r" <<'END' || fail "$shape: R says otherwise"
import json, sys
row = next(d for d in map(json.loads, open(sys.argv[1])) if (d["brand"], d["account"], d["channel"], d["period"]) == ("norvia", "all", "all", "all"))
want = open(sys.argv[2]).read().split()
names = ["frt_median_s", "frt_p75_s", "frt_p90_s", "frt_median_low_s", "frt_median_high_s"]
for name, value in zip(names, want):
    got = row[name]
    # where the curve stands at the share until the end, R goes on to the last censoring
    if (value == "NA") != (got is None) or (got is not None and abs(got - float(value)) > 1e-6):
        sys.exit("%s: %s, R says %s" % (name, got, value))
END
done
