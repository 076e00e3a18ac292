#!/bin/sh
# libarchive 3.6.2 (Debian 12) and 3.7.4 (Debian 13): the gzip filter checks nothing.
#
# A gzip file ends with the CRC-32 and the length of what it holds. libarchive reads past both: with a
# wrong CRC-32, with a wrong length, and with a flipped letter of the text inside it gives all bytes and a
# clean end (OK), where Python's gzip module says that the check failed. Text after the last gzip member
# is dropped without a word. The bzip2 and xz filters do report a wrong check (FATAL). So a damaged .gz
# dump read through libarchive's filters passes for whole.
set -eu
. "$(dirname "$0")/pinned.inc"
unpack bookworm liba/libarchive/libarchive13_3.6.2-1+deb12u4_amd64.deb ceacf45baae5fdf1ff9b80d9871c17a029c864c928af7620e456454d90c987f3
unpack trixie liba/libarchive/libarchive13t64_3.7.4-4+deb13u1_amd64.deb 12e06195a899e8db371803ed70111fc7302573d3ed84e967d3d48ef2d543ace8

cat >"$work/program.py" <<'END'
import bz2, ctypes, gzip, lzma, sys
try:
    la = ctypes.CDLL("libarchive.so.13")
except OSError as missing:
    print("skipped:", missing)
    sys.exit(77)
la.archive_read_new.restype = ctypes.c_void_p
la.archive_read_data.restype = ctypes.c_ssize_t
TEXT = b'{"id": 1}\n' * 5

def read(data):
    """What libarchive makes of one compressed file: bytes and how it ended."""
    handle, entry = ctypes.c_void_p(la.archive_read_new()), ctypes.c_void_p()
    la.archive_read_support_filter_all(handle)
    la.archive_read_support_format_raw(handle)
    out, room = b"", ctypes.create_string_buffer(4096)
    code = la.archive_read_open_memory(handle, data, ctypes.c_size_t(len(data)))
    code = code or la.archive_read_next_header(handle, ctypes.byref(entry))
    while code == 0:
        code = la.archive_read_data(handle, room, ctypes.c_size_t(4096))
        if code <= 0:
            break
        out, code = out + room.raw[:code], 0
    kind = "the text" if out == TEXT else "another text" if out else "nothing"
    return f"{kind}, {'OK' if code == 0 else 'FATAL' if code == -30 else code}"

def by_gzip_module(data):
    try:
        return "OK" if gzip.decompress(data) == TEXT else "another text"
    except OSError:
        return "refused"

def flipped(data, at):
    data = bytearray(data)
    data[at] ^= 1
    return bytes(data)

plain, stored = gzip.compress(TEXT, mtime=0), gzip.compress(TEXT, 0, mtime=0)
print("libarchive", la.archive_version_number())
for name, data in (("whole", plain), ("wrong CRC-32", flipped(plain, -8)), ("wrong length", flipped(plain, -4)),
                   ("flipped letter", flipped(stored, stored.index(b"id"))), ("text after it", plain + TEXT)):
    print(f"gzip, {name}: {read(data)} (gzip module: {by_gzip_module(data)})")
print("bzip2, wrong CRC-32:", read(flipped(bz2.compress(TEXT), 10)))
xz = lzma.compress(TEXT, check=lzma.CHECK_CRC64)
index = (int.from_bytes(xz[-8:-4], "little") + 1) * 4  # its size; between the checksum and the footer of 12
print("xz, wrong CRC-64:", read(flipped(xz, -(12 + index + 8))))
END

cat >"$work/expected" <<'END'
gzip, whole: the text, OK (gzip module: OK)
gzip, wrong CRC-32: the text, OK (gzip module: refused)
gzip, wrong length: the text, OK (gzip module: refused)
gzip, flipped letter: another text, OK (gzip module: refused)
gzip, text after it: the text, OK (gzip module: refused)
bzip2, wrong CRC-32: nothing, FATAL
xz, wrong CRC-64: nothing, FATAL
END
for folder in bookworm trixie; do
    with "$folder" >"$work/seen" || { code=$?; cat "$work/seen"; exit $code; }
    cat "$work/seen"
    tail -n +2 "$work/seen" | diff "$work/expected" - || changed 'see the lines above'
done
echo 'holds: 3.6.2 and 3.7.4 read a gzip file to a clean end whatever its CRC-32 and length say'
