#!/bin/sh
# Makes what the report sends anew: library.min.js, the modules of d3 that its script uses, from npm packages
# of pinned versions, as one file with their licence; and asking.min.js and style.min.css, its own
# script and style sheet without comments and blanks. Needs node and npm. Usage: build.sh [FOLDER] (default: stages/report/web).
# The parts of d3 that move, mix colours and format are left out (still.js): nothing in the report moves.
set -eu
cd "$(dirname "$0")"
npm ci --silent --no-audit --no-fund
to=${1:-../web}
{
    printf '/* d3'
    for module in array brush scale selection; do
        printf ', %s %s' "$module" "$(node -p "require('./node_modules/d3-$module/package.json').version")"
    done
    printf '\n'
    sed 's/^/ * /; s/ *$//' node_modules/d3-selection/LICENSE
    printf ' */\n'
    npx esbuild entry.js --bundle --minify --format=iife --global-name=d3 --target=es2020 \
        --legal-comments=none --log-level=warning \
        --alias:d3-transition=./still.js --alias:d3-interpolate=./still.js \
        --alias:d3-format=./still.js
} >"$to/library.new"
mv "$to/library.new" "$to/library.min.js"
for own in asking.js style.css; do
    npx esbuild "$own" --minify --target=es2020,chrome120,firefox120,safari17 --log-level=error >"$to/$own.new"
    mv "$to/$own.new" "$to/${own%.*}.min.${own##*.}"
done
