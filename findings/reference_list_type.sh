#!/bin/sh
# HDF5 1.10.8 (Debian 12) and 1.14.5 (Debian 13): the same calls, another type in the file.
#
# H5DSattach_scale() gives the dimension scale an attribute REFERENCE_LIST, {object, dimension}. The
# dimension is a signed 32-bit integer from 1.10.8 and an unsigned one from 1.14.5. It is the one byte in
# which the two files differ here: a comparison of checksums or of types calls equal data different.
# Two runs of one version give the same bytes only with H5Pset_obj_track_times() off for each dataset:
# else the file holds the second in which it was made.
set -eu
. "$(dirname "$0")/pinned.inc"
hdf5=h/hdf5
unpack bookworm $hdf5/libhdf5-103-1_1.10.8+repack1-1_amd64.deb 25d7c1c734f054b8f3f94f2d4e12484462b058ebc81ced239d2abe97a301ab23
unpack bookworm $hdf5/libhdf5-hl-100_1.10.8+repack1-1_amd64.deb 537517ed259bb6178454530f9c54ea06279acc9d80c1760572dfb9603d6e747d
unpack trixie $hdf5/libhdf5-310_1.14.5+repack-3_amd64.deb 6432421c16e7ebfd4c29d8d7b5ee00196c2ebb357bd97c1de6e6d7940edc9f7e
unpack trixie $hdf5/libhdf5-hl-310_1.14.5+repack-3_amd64.deb c82d6bd69983bf330fab04d32429100d18209fea458552f410dee77ea5f9f7ba

cat >"$work/program.py" <<'END'
import ctypes, sys
I = ctypes.c_int64
path, times, library, high_level = sys.argv[1:]
try:
    h5, hl = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL), ctypes.CDLL(high_level)
except OSError as missing:
    print("skipped:", missing)
    sys.exit(77)
for name in "H5Fcreate H5Screate_simple H5Dcreate2 H5Aopen H5Aget_type H5Tget_member_type H5Pcreate".split():
    getattr(h5, name).restype = I
h5.H5open()

of_set = I(h5.H5Pcreate(I.in_dll(h5, "H5P_CLS_DATASET_CREATE_ID_g")))
if times == "without":
    h5.H5Pset_obj_track_times(of_set, 0)
file = I(h5.H5Fcreate(path.encode(), ctypes.c_uint(2), I(0), I(0)))  # H5F_ACC_TRUNC

def dataset(name, *extent):
    space = I(h5.H5Screate_simple(len(extent), (ctypes.c_uint64 * len(extent))(*extent), None))
    return I(h5.H5Dcreate2(file, name, I.in_dll(h5, "H5T_IEEE_F64LE_g"), space, I(0), of_set, I(0)))

time, grid = dataset(b"time", 3), dataset(b"grid", 3, 2)
assert hl.H5DSset_scale(time, b"time") == 0 and hl.H5DSattach_scale(grid, time, 0) == 0
attribute = I(h5.H5Aopen(time, b"REFERENCE_LIST", I(0)))
member = I(h5.H5Tget_member_type(I(h5.H5Aget_type(attribute)), 1))
print("signed" if h5.H5Tget_sign(member) else "unsigned", h5.H5Tget_size(member) * 8)
h5.H5close()
END

write() { # SYSTEM FILE TIMES: prints the type of the dimension in REFERENCE_LIST
    if [ "$1" = bookworm ]; then hdf5='103 100'; else hdf5='310 310'; fi
    with "$1" "$work/$2" "$3" "libhdf5_serial.so.${hdf5% *}" "libhdf5_serial_hl.so.${hdf5#* }" >"$work/$1.type" ||
        { code=$?; cat "$work/$1.type"; exit $code; }
}
for system in bookworm trixie; do
    for times in with without; do write $system $system.$times $times; done
    sleep 2
    for times in with without; do
        write $system again $times
        if cmp -s "$work/$system.$times" "$work/again"; then bytes=same; else bytes=other; fi
        echo "$system: $bytes bytes two seconds later, $times times; dimension $(cat "$work/$system.type")"
        case $times:$bytes in with:other | without:same) ;; *) changed "$bytes bytes $times times" ;; esac
    done
done
[ "$(cat "$work/bookworm.type")" = 'signed 32' ] || changed 'the type from 1.10.8'
[ "$(cat "$work/trixie.type")" = 'unsigned 32' ] || changed 'the type from 1.14.5'
differ=$(cmp -l "$work/bookworm.without" "$work/trixie.without" | wc -l)
[ "$differ" -eq 1 ] || changed "$differ bytes differ between the versions"
echo 'holds: REFERENCE_LIST has a signed dimension from 1.10.8, an unsigned one from 1.14.5, one byte apart'
