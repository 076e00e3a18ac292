#!/bin/sh
# From nothing to the report: installs what is missing, builds burza, runs it on datasets/demo, and
# leaves results/demo.h5 and results/demo.html.
set -eu
cd "$(dirname "$0")/.."

sh pipeline/setup.sh --no-tests
mkdir -p build results
echo "Building burza (a minute or two; the log is build/demo.log) ..."
if ! { cmake --preset release && cmake --build --preset release --target burza; } >build/demo.log 2>&1
then
    tail -30 build/demo.log
    echo "The build failed; the whole log is build/demo.log." >&2
    exit 1
fi

rm -rf results/demo.h5 results/demo.h5.parts results/demo.html
echo "Auditing datasets/demo ..."
echo
build/release/burza run -c datasets/demo/brands.json -o results/demo.h5 \
    datasets/demo/*.tar datasets/demo/*.zst datasets/demo/*.csv.gz
echo
echo "The audit is results/demo.h5, its report results/demo.html (open it in a browser)."
case ":$PATH:" in *":$HOME/.local/bin:"*) path= ;; *) path=' && export PATH="$HOME/.local/bin:$PATH"' ;; esac
echo "To have burza on the PATH: cmake --install build/release --prefix \"\$HOME/.local\"$path"
