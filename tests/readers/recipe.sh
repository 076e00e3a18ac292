#!/bin/sh
# recipe.sh READER: runs the recipe of `burza help hdf5` for one reader. The figures that it prints must be
# those of burza export, and the audit must be unchanged.
#
# H5WASM  the folder that has node_modules/h5wasm (default: npm's global one)
. "$(dirname "$0")/../cli/lib.sh"
[ "$SANITIZED" = 0 ] || skip "other programs read the same files as in the other build"
cd "$work"
reader=$1
export HOME="$work" # nothing of whoever runs the test decides
expect 0 help hdf5
"$PYTHON" - "$reader" "$out" >recipe <<'EOF_RECIPE' || fail "burza help hdf5 has no recipe for $reader"
import sys
reader, page = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
part = page.split(f"\n## {reader}\n")[1].split("\n## ")[0]
lines = [line[4:] for line in part.split("\n") if line.startswith("    ")]
assert lines
print("\n".join(lines))
EOF_RECIPE

has() {
    command -v "$1" >/dev/null 2>&1 || skip "there is no $1"
}
has_module() {
    "$PYTHON" -c "import $1" 2>/dev/null || skip "$PYTHON has no $1"
}
has_package() {
    has Rscript
    Rscript -e "library($1)" >/dev/null 2>&1 || skip "R has no $1"
}
case $reader in
xarray) has_module xarray ; has_module h5netcdf ; runs="$PYTHON recipe" shows=totals ;;
pandas) has_module pandas ; has_module tables ; runs="$PYTHON recipe" shows=crises ;;
h5py) has_module h5py ; runs="$PYTHON recipe" shows=texts ;;
rhdf5 | hdf5r) has_package "$reader" ; runs="Rscript recipe" shows='totals crises' ;;
Octave)
    has octave
    octave -q --no-gui --eval 'pkg load netcdf' >/dev/null 2>&1 || skip 'Octave has no package netcdf'
    runs="octave -q --no-gui recipe" shows='sums start' ;;
ncdump) has ncdump ; runs="sh -e recipe" shows='start' ;;
NCO) has ncks ; runs="sh -e recipe" shows=sums ;;
CDO) has ncks ; has cdo ; runs="sh -e recipe" shows=sums ;;
h5wasm)
    has node
    modules=${H5WASM:-$(npm root -g 2>/dev/null | sed 's|/node_modules$||')}
    [ -d "$modules/node_modules/h5wasm" ] || skip 'there is no h5wasm (H5WASM names the folder of node_modules)'
    ln -s "$modules/node_modules" node_modules
    mv recipe recipe.mjs
    runs="node recipe.mjs" shows=totals ;;
esac

set_inputs
# shellcheck disable=SC2086
expect 0 run -q --no-report -c "$brands" -o audit.h5 $inputs
cp audit.h5 whole
$runs >printed 2>complaints || { cat complaints >&2; fail "the recipe for $reader ends with an error"; }
same whole audit.h5 "$reader changed the audit"
expect 0 verify audit.h5

for table in brands crises daily posts; do
    expect 0 export audit.h5 $table --format jsonl
    cp "$out" $table.jsonl
done
# shellcheck disable=SC2086
"$PYTHON" "$root/tests/readers/recipe_figures.py" printed $shows || { cat printed >&2; fail "$reader shows something else"; }

# no crisis is the usual case: a table without rows
case $reader in pandas | rhdf5 | hdf5r | h5wasm)
    expect 0 run -q --no-report --replace -b nobody=nosuchbrandanywhere -o audit.h5 "$demo/RS_2023-03_04.zst"
    $runs >printed 2>complaints || { cat complaints >&2; fail "the recipe for $reader wants a crisis"; } ;;
esac
