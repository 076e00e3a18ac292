#!/bin/sh
# Programs that open an audit for reading and writing and change nothing leave its seal; those that
# change it lose it, and burza says what to do.
. "$(dirname "$0")/../cli/lib.sh"
[ "$SANITIZED" = 0 ] || skip "other programs read the same files as in the other build"
cd "$work"
export HOME="$work"
expect 0 run -q --no-report -c "$brands" -o whole.h5 "$demo/RS_2023-03_04.zst"
tried=0

# opened NAME COMMAND...: must leave a.h5 as it is
opened() {
    name=$1
    shift
    cp whole.h5 a.h5
    "$@" >/dev/null 2>complaints || { cat complaints >&2; fail "$name cannot open the audit"; }
    same whole.h5 a.h5 "$name changed it"
    expect 0 verify a.h5
    tried=$((tried + 1))
}
python_opens() { # MODULE STATEMENT
    "$PYTHON" -c "import $1" 2>/dev/null || { echo "$1 is missing: skipped"; return 0; }
    opened "$1" "$PYTHON" -c "import $1
$2"
}
python_opens h5py 'h5py.File("a.h5", "a").close()'
python_opens h5py 'h5py.File("a.h5", "r+").close()'
python_opens tables 'tables.open_file("a.h5", "a").close()'
if "$PYTHON" -c 'import tables' 2>/dev/null; then
    python_opens pandas 'pandas.HDFStore("a.h5").close()'
fi
for package in hdf5r rhdf5; do
    if ! command -v Rscript >/dev/null 2>&1 || ! Rscript -e "library($package)" >/dev/null 2>&1; then
        echo "R's $package is missing: skipped"
    elif [ $package = hdf5r ]; then
        opened hdf5r Rscript -e 'hdf5r::H5File$new("a.h5")$close_all()'
    else
        opened rhdf5 Rscript -e 'rhdf5::H5Fclose(rhdf5::H5Fopen("a.h5"))'
    fi
done
if command -v h5clear >/dev/null 2>&1; then
    opened h5clear h5clear -s a.h5
fi
[ $tried -gt 0 ] || skip 'nothing is here that opens HDF5 files for writing'

if "$PYTHON" -c 'import h5py' 2>/dev/null; then
    cp whole.h5 a.h5
    "$PYTHON" -c 'import h5py; h5py.File("a.h5", "r+")["tables/brands"].attrs["mentions"] = "x"'
    expect 65 verify a.h5
    cp whole.h5 a.h5
    "$PYTHON" -c 'import h5py; h5py.File("a.h5", "r+")["mine"] = list(range(100))'
    expect 65 verify a.h5
    said 'make it again with burza study'
fi
if command -v h5repack >/dev/null 2>&1; then
    rm -f a.h5
    h5repack whole.h5 a.h5
    expect 65 verify a.h5
    said h5repack
fi
