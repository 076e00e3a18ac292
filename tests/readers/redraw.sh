#!/bin/sh
# redraw.sh python|R: runs the recipes of results/README.md, each on its own. They must draw a picture and
# print the figures that burza export gives.
. "$(dirname "$0")/../cli/lib.sh"
[ "$SANITIZED" = 0 ] || skip "other programs read the same files as in the other build"
cd "$work"
export HOME="$work"
case $1 in
python)
    for module in pandas tables xarray h5netcdf matplotlib; do
        "$PYTHON" -c "import $module" 2>/dev/null || skip "$PYTHON has no $module"
    done
    language=Python runs=$PYTHON ;;
R)
    command -v Rscript >/dev/null 2>&1 || skip 'there is no Rscript'
    Rscript -e 'library(rhdf5); png(tempfile()); plot(1); dev.off()' >/dev/null 2>&1 || skip 'R has no rhdf5, or draws no PNG'
    language=R runs=Rscript ;;
esac
set_inputs
# shellcheck disable=SC2086
expect 0 run -q --no-report -c "$brands" -o demo.h5 $inputs
for table in crises hourly response journey transitions; do
    expect 0 export demo.h5 $table --format jsonl
    cp "$out" $table.jsonl
done
for chapter in 'Crisis chart' 'Response curve' Journey; do
    "$PYTHON" - "$root/results/README.md" "$chapter" $language >recipe <<'EOF_RECIPE' || fail "no recipe: $chapter, $language"
import re, sys
page = open(sys.argv[1], encoding="utf-8").read()
part = page.split(f"\n## {sys.argv[2]}\n")[1].split("\n## ")[0]
block = re.search(rf"\n{sys.argv[3]}:\n\n((?:    .*\n|\n)+)", part + "\n").group(1)
print("\n".join(line[4:] for line in block.split("\n")))
EOF_RECIPE
    "$runs" recipe >printed 2>complaints || { cat complaints >&2; fail "$chapter in $language ends with an error"; }
    "$PYTHON" "$root/tests/readers/redraw_figures.py" "$chapter" printed || { cat printed >&2; fail "$chapter in $language shows something else"; }
done
