#!/bin/sh
# Opens reports in Chromium and asks them what a reader would: run.sh [BURZA [SHOTS]]
# BURZA: the program (default build/release/burza). SHOTS: a folder for screenshots.
# Needs node, npm and Chromium; pdftotext for the check of printed pages. Skips without them. The packages
# are those of package-lock.json.
set -eu
cd "$(dirname "$0")/../.."
burza=$(realpath "${1:-build/release/burza}")
shots=${2:-}
browser=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
for tool in node npm python3; do
    command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
[ -n "$browser" ] || { echo "1..0 # SKIP Chromium is not installed"; exit 0; }
if [ ! -d tests/browser/node_modules ]; then
    npm ci --prefix tests/browser --silent --no-audit --no-fund ||
        { echo "1..0 # SKIP the packages of tests/browser cannot be had"; exit 0; }
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in ten_years forty nothing one_day; do
    mkdir "$work/$kind"
    python3 tests/browser/make_dumps.py $kind "$work/$kind"
    "$burza" run -q --no-report -c "$work/$kind/brands.json" -o "$work/$kind.h5" "$work/$kind/posts.jsonl"
    "$burza" report -q "$work/$kind.h5"
done
python3 - "$work" <<'END'
import json, sys
config = json.load(open("datasets/demo/brands.json"))
config["report"] = {"title": "Spring & <parcels>", "client": "Norvia SA", "author": "A. Nowak"}
json.dump(config, open(sys.argv[1] + "/demo.json", "w"))
END
"$burza" run -q --no-report -c "$work/demo.json" -o "$work/demo.h5" datasets/demo/*.tar datasets/demo/*.zst \
    datasets/demo/*.csv.gz
"$burza" report -q "$work/demo.h5"
"$burza" report -q "$work/demo.h5" --lang pl -o "$work/demo-pl.html"
"$burza" report -q "$work/demo.h5" --brand kurierex
"$burza" report -q "$work/forty.h5" --lang pl -o "$work/forty-pl.html"
# what is embedded is what the build script makes
mkdir "$work/web"
if sh stages/report/script/build.sh "$work/web"; then
    for file in library.min.js asking.min.js style.min.css; do
        cmp "$work/web/$file" "stages/report/web/$file" || { echo "Bail out! run stages/report/script/build.sh"; exit 1; }
    done
fi
CHROMIUM=$browser node tests/browser/checks.mjs "$work" "$shots"
