#!/bin/sh
# rhdf5 2.42.0 (Debian 12): a table without rows cannot be read when one of its columns is a 64-bit integer.
#
# h5read() of a compound dataset with no row gives a data.frame of no row, unless a member is an integer of
# 64 bits: then it stops with "H5Identifier not valid" (bit64conversion changes nothing). So a table of
# events is read whenever something happened, and fails when nothing did. With doubles, exact below 2^53,
# both are read. With a row, larger values than 2^31 become NA, with a warning, unless bit64conversion asks
# for doubles.
set -eu
. "$(dirname "$0")/pinned.inc"
command -v Rscript >/dev/null 2>&1 || skip 'needs R'
/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip 'needs h5py'
unpack r r/r-bioc-rhdf5/r-bioc-rhdf5_2.42.0+dfsg-1_amd64.deb 51a858dd1a32684c8aceea6368e0284a02c94a19ed904b7ee658c6f1e5e37bd7
unpack r r/r-bioc-rhdf5filters/r-bioc-rhdf5filters_1.10.0+dfsg-1_amd64.deb 82d2e547412fc832272c2278a425516f53cbdc16dc4da40d64fbe8aa720630f5

/usr/bin/python3 - "$work/tables.h5" <<'END'
import h5py, numpy, sys
with h5py.File(sys.argv[1], "w") as file:
    for name, kind in (("integers", "<i8"), ("doubles", "<f8")):
        columns = [("when", kind), ("mentions", "<i4")]
        file.create_dataset("no_row/" + name, (0,), columns, maxshape=(None,), chunks=(1,))
        file["one_row/" + name] = numpy.array([(3000000000, 7)], columns)
END
cat >"$work/read.R" <<'END'
arguments <- commandArgs(TRUE)
.libPaths(c(arguments[2], .libPaths()))
if (!suppressWarnings(require(rhdf5, quietly = TRUE))) quit(status = 77)
for (table in c("no_row/integers", "no_row/doubles", "one_row/integers", "one_row/doubles"))
  for (conversion in c("int", "double")) {
    read <- try(suppressWarnings(h5read(arguments[1], table, bit64conversion = conversion)), silent = TRUE)
    cat(table, conversion, if (inherits(read, "try-error")) "error" else paste(nrow(read), "rows", paste(read$when, collapse = "")), "\n")
  }
END
Rscript "$work/read.R" "$work/tables.h5" "$work/r/usr/lib/R/site-library" >"$work/seen" 2>"$work/log" ||
    { code=$?; cat "$work/log"; [ $code = 77 ] && skip 'this R cannot load the package'; exit $code; }
cat "$work/seen"
cat >"$work/expected" <<'END'
no_row/integers int error
no_row/integers double error
no_row/doubles int 0 rows
no_row/doubles double 0 rows
one_row/integers int 1 rows NA
one_row/integers double 1 rows 3e+09
one_row/doubles int 1 rows 3e+09
one_row/doubles double 1 rows 3e+09
END
sed 's/ *$//' "$work/seen" | diff "$work/expected" - || changed 'see the lines above'
echo 'holds: rhdf5 2.42.0 reads no table without rows that has a 64-bit integer'
