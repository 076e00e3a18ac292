#!/bin/sh
# Builds burza with warnings as errors and sanitizers as well as for release, and runs every test
# that guards a commit. Ends with the closing lines of ctest. Long fuzzing, benchmarks, quality runs and
# archives of uncommon tools are scripts of their own: tests/fuzz/run.sh, tests/bench/run.sh,
# tests/quality/run.sh, tests/cluster/run.sh, tests/cli/containers.sh --rare.
set -eu
cd "$(dirname "$0")/.."

sh pipeline/setup.sh

cmake --preset dev >/dev/null
cmake --build --preset dev
cmake --preset release >/dev/null
cmake --build --preset release

jobs=$(nproc 2>/dev/null || echo 2)
echo "== release build"
ctest --preset release -j "$jobs"
echo "== development build: AddressSanitizer and UndefinedBehaviorSanitizer"
ctest --preset dev -j "$jobs"
