#!/bin/sh
# HDF5 1.10.8 (Debian 12) and 1.14.5 (Debian 13): opening a file cuts it, though nothing is written.
#
# A file opened with H5F_ACC_RDWR and closed again is cut at the end that its superblock states. What stands
# behind that (a signature, a digest, a trailer of another tool) is gone, without an error, and so is what
# makes the file verifiable. pandas.HDFStore, h5py's mode "a", rhdf5's H5Fopen and hdf5r's H5File$new open
# so unless told otherwise. Read-only use leaves the file alone. A superblock (version 0) whose end is
# stated behind the trailer keeps it; HDF5 then takes the trailer for its own space and never touches it.
set -eu
. "$(dirname "$0")/pinned.inc"
hdf5=h/hdf5
unpack bookworm $hdf5/libhdf5-103-1_1.10.8+repack1-1_amd64.deb 25d7c1c734f054b8f3f94f2d4e12484462b058ebc81ced239d2abe97a301ab23
unpack trixie $hdf5/libhdf5-310_1.14.5+repack-3_amd64.deb 6432421c16e7ebfd4c29d8d7b5ee00196c2ebb357bd97c1de6e6d7940edc9f7e

cat >"$work/program.py" <<'END'
import ctypes, os, sys
I = ctypes.c_int64
path, library = sys.argv[1:]
try:
    h5 = ctypes.CDLL(library)
except OSError as missing:
    print("skipped:", missing)
    sys.exit(77)
h5.H5Fcreate.restype = h5.H5Fopen.restype = I
h5.H5open()
TRAILER = b"trailer of 24 bytes....\n"

def after(mode, stated_behind):
    """Bytes of the trailer that are left when the file was opened and closed."""
    h5.H5Fclose(I(h5.H5Fcreate(path.encode(), ctypes.c_uint(2), I(0), I(0))))  # H5F_ACC_TRUNC
    size = os.path.getsize(path)
    with open(path, "r+b") as file:
        if stated_behind:
            file.seek(40)  # superblock of version 0: the end-of-file address
            assert int.from_bytes(file.read(8), "little") == size
            file.seek(40)
            file.write((size + len(TRAILER)).to_bytes(8, "little"))
        file.seek(size)
        file.write(TRAILER)
    opened = I(h5.H5Fopen(path.encode(), ctypes.c_uint(mode), I(0)))
    assert opened.value >= 0 and h5.H5Fclose(opened) == 0
    with open(path, "rb") as file:
        return len(file.read()[size:])

print("opened for reading:", after(0, False), "of 24 bytes left")
print("opened for writing:", after(1, False), "of 24 bytes left")
print("opened for writing, end stated behind them:", after(1, True), "of 24 bytes left")
END

cat >"$work/expected" <<'END'
opened for reading: 24 of 24 bytes left
opened for writing: 0 of 24 bytes left
opened for writing, end stated behind them: 24 of 24 bytes left
END
for system in bookworm trixie; do
    if [ $system = bookworm ]; then library=libhdf5_serial.so.103; else library=libhdf5_serial.so.310; fi
    with $system "$work/file.h5" $library >"$work/seen" || { code=$?; cat "$work/seen"; exit $code; }
    sed "s/^/$system: /" "$work/seen"
    diff "$work/expected" "$work/seen" || changed 'see the lines above'
done
echo 'holds: HDF5 1.10.8 and 1.14.5 cut what stands behind the end of a file that is opened for writing'
