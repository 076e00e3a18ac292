#!/bin/sh
# From nothing to the report: installs what is missing, builds burza, runs it on datasets/demo, and
# leaves results/demo.h5 and results/demo.html.
set -eu
cd "$(dirname "$0")/.."

sh pipeline/setup.sh --no-tests
cmake --preset release >/dev/null
cmake --build --preset release --target burza

mkdir -p results
rm -rf results/demo.h5 results/demo.h5.parts results/demo.html
echo
build/release/burza run -c datasets/demo/brands.json -o results/demo.h5 \
    datasets/demo/*.tar datasets/demo/*.zst datasets/demo/*.csv.gz
echo
echo "The audit is results/demo.h5, its report results/demo.html (open it in a browser)."
