#!/bin/sh
# libxlsxwriter 1.1.4 (Debian 12): texts that look like a code of a cell are read as another text.
#
# In an XLSX file _x0041_ within a text stands for the character A (ECMA-376, ST_Xstring), and a text that
# holds these seven signs itself must write the first as _x005F_. worksheet_write_string() writes control
# characters as such codes, as it must, but leaves the literal signs as they are. So "part _x0041_" is
# written as it is, and a reader that follows the standard shows "part A", without an error anywhere.
# Python's XlsxWriter, whose port it is, writes the code.
set -eu
. "$(dirname "$0")/pinned.inc"
unpack bookworm libx/libxlsxwriter/libxlsxwriter4_1.1.4-2+b1_amd64.deb 0276ebbb5bc104d2de0d8f7599508f262a79f0ca9475480e373b9f4dd37e4841

cat >"$work/program.py" <<'END'
import ctypes, re, sys, zipfile
try:
    lib = ctypes.CDLL("libxlsxwriter.so.4")
except OSError as missing:
    print("skipped:", missing)
    sys.exit(77)
lib.workbook_new.restype = lib.workbook_add_worksheet.restype = ctypes.c_void_p
TEXTS = [b"part _x0041_", b"bell \x07"]
book = ctypes.c_void_p(lib.workbook_new(sys.argv[1].encode()))
sheet = ctypes.c_void_p(lib.workbook_add_worksheet(book, None))
for row, text in enumerate(TEXTS):
    assert lib.worksheet_write_string(sheet, ctypes.c_uint32(row), ctypes.c_uint16(0), text, None) == 0
assert lib.workbook_close(book) == 0
shared = zipfile.ZipFile(sys.argv[1]).read("xl/sharedStrings.xml").decode()
for written in re.findall("<t[^>]*>([^<]*)</t>", shared):
    read = re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code.group(1), 16)), written)
    print(f"written {written!r}, read {read!r}")
END

cat >"$work/expected" <<'END'
written 'part _x0041_', read 'part A'
written 'bell _x0007_', read 'bell \x07'
END
with bookworm "$work/book.xlsx" >"$work/seen" || { code=$?; cat "$work/seen"; exit $code; }
cat "$work/seen"
diff "$work/expected" "$work/seen" || changed 'see the lines above'
echo 'holds: libxlsxwriter 1.1.4 writes "_x0041_" so that it is read as "A"'
