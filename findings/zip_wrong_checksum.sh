#!/bin/sh
# libarchive 3.6.2 (Debian 12) and 3.7.4 (Debian 13): a zip member that does not fit its CRC-32.
#
# archive_read_data_block() gives the last bytes of a deflated member and the complaint about the
# checksum in ONE call: 90 good-looking bytes come with ARCHIVE_WARN from 3.6.2 and with ARCHIVE_FAILED
# from 3.7.4. A reader that stops at FAILED without taking the bytes loses that member whole, and of one of
# 300 000 bytes the last 37 856. Of a stored member all bytes come first (OK), the complaint after them.
# archive_read_data() turns the order round, in both versions: the complaint first, and the bytes only
# if it is called once more. The next member is read as if nothing had been.
set -eu
. "$(dirname "$0")/pinned.inc"
unpack bookworm liba/libarchive/libarchive13_3.6.2-1+deb12u4_amd64.deb ceacf45baae5fdf1ff9b80d9871c17a029c864c928af7620e456454d90c987f3
unpack trixie liba/libarchive/libarchive13t64_3.7.4-4+deb13u1_amd64.deb 12e06195a899e8db371803ed70111fc7302573d3ed84e967d3d48ef2d543ace8

cat >"$work/program.py" <<'END'
import ctypes, io, sys, zipfile
try:
    la = ctypes.CDLL("libarchive.so.13")
except OSError as missing:
    print("skipped:", missing)
    sys.exit(77)
la.archive_read_new.restype = ctypes.c_void_p
la.archive_read_data.restype = ctypes.c_ssize_t
CODES = {0: "OK", 1: "EOF", -20: "WARN", -25: "FAILED", -30: "FATAL"}

def open_zip(method, size):
    """Two members "x" * size; the first one's CRC-32 is wrong in its header and in the directory."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("one", b"x" * size)
        archive.writestr("two", b"x" * size)
    data = bytearray(file.getvalue())
    data[14] ^= 1
    data[data.index(b"PK\1\2") + 16] ^= 1
    held, handle = ctypes.create_string_buffer(bytes(data), len(data)), ctypes.c_void_p(la.archive_read_new())
    la.archive_read_support_format_zip(handle)
    assert la.archive_read_open_memory(handle, held, ctypes.c_size_t(len(data))) == 0
    return held, handle

def blocks(handle):
    at, size, offset, entry = ctypes.c_void_p(), ctypes.c_size_t(), ctypes.c_int64(), ctypes.c_void_p()
    assert la.archive_read_next_header(handle, ctypes.byref(entry)) == 0
    code = 0
    while code == 0:
        code = la.archive_read_data_block(handle, ctypes.byref(at), ctypes.byref(size), ctypes.byref(offset))
        if code or size.value:
            yield f"{CODES[code]} {size.value}"

print("libarchive", la.archive_version_number())
for name, method, size in (("stored", 0, 90), ("deflated", 8, 90), ("deflated", 8, 300000)):
    held, handle = open_zip(method, size)
    print(f"{name} {size}: one {', '.join(blocks(handle))}; two {', '.join(blocks(handle))}")
held, handle = open_zip(8, 90)
entry, room = ctypes.c_void_p(), ctypes.create_string_buffer(1000)
la.archive_read_next_header(handle, ctypes.byref(entry))
calls = [la.archive_read_data(handle, room, ctypes.c_size_t(1000)) for call in range(2)]
print(f"archive_read_data: {CODES[calls[0]]}, then {calls[1]}")
END

same() { # FOLDER VERSION CODE
    printf '%s\n' "libarchive $2" "stored 90: one OK 90, $3 0; two OK 90, EOF 0" \
        "deflated 90: one $3 90; two OK 90, EOF 0" \
        "deflated 300000: one OK 262144, $3 37856; two OK 262144, OK 37856, EOF 0" \
        "archive_read_data: $3, then 90" >"$work/expected"
    with "$1" >"$work/seen" || { code=$?; cat "$work/seen"; exit $code; }
    cat "$work/seen"
    diff "$work/expected" "$work/seen" || changed "libarchive $2 does something else"
}
same bookworm 3006002 WARN
same trixie 3007004 FAILED
echo 'holds: the last bytes of a deflated member come with the complaint, as WARN in 3.6.2, as FAILED in 3.7.4'
