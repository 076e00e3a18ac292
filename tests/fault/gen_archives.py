#!/usr/bin/env python3
"""Writes archives made to do harm into a folder, for tests of the whole program.

usage: gen_archives.py FOLDER [--big]

Needs the standard library only. Each file is small; --big adds the bombs that only pay when
decompressed (some MB on disk, GBs inside). The name says what is wrong:
  skip-*   the program must name a reason and exit with 2, reading what can be read
  good-*   the program must read it without complaint
  any-*    either, but quickly and in little memory
"""
import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import tarfile
import zipfile
import zlib

LINES = b"".join(
    b'{"id":"%d","created_utc":%d,"author":"a%d","subreddit":"demo","body":"storm %d"}\n'
    % (i, 1600000000 + i, i % 7, i * 7919 % 10007)
    for i in range(400)
)


def tar_of(members, mode="w", **options):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, **options) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zip_of(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, method)
    return out.getvalue()


def tar_header(name, size_field, kind=b"0"):
    """A ustar header (POSIX 1003.1) with any bytes as its size."""
    block = bytearray(512)
    block[0 : len(name)] = name
    block[100:108] = b"0000644\0"
    block[124:136] = size_field.ljust(12, b"\0")
    block[136:148] = b"00000000000\0"
    block[148:156] = b" " * 8
    block[156:157] = kind
    block[257:265] = b"ustar\00000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def evil_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        def add(name, kind=tarfile.REGTYPE, link="", content=b""):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(content)
            tar.addfile(info, io.BytesIO(content))

        add("../../tmp/escaped.jsonl", content=LINES)
        add("/tmp/absolute.jsonl", content=LINES)
        add("\x1b[31mred\x07.jsonl", content=LINES)
        add("<script>alert(1)</script>.jsonl", content=LINES)
        add("n" * 3000 + ".jsonl", content=LINES)
        add("soft", tarfile.SYMTYPE, "/etc/passwd")
        add("hard", tarfile.LNKTYPE, "/etc/passwd")
        add("fifo", tarfile.FIFOTYPE)
        add("device", tarfile.CHRTYPE)
    return out.getvalue()


def linked_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo("a.jsonl")
        info.size = len(LINES)
        tar.addfile(info, io.BytesIO(LINES))
        for name, kind in ("latest", tarfile.SYMTYPE), ("same", tarfile.LNKTYPE):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "a.jsonl"
            tar.addfile(info)
    return out.getvalue()


def sparse_tar():
    """GNU sparse 1.0 in pax headers: one hole of 5 GiB."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        body = b"1\n5368709120\n0\n".ljust(512, b"\0")
        info = tarfile.TarInfo("hole.jsonl")
        info.size = len(body)
        info.pax_headers = {
            "GNU.sparse.major": "1", "GNU.sparse.minor": "0",
            "GNU.sparse.name": "hole.jsonl", "GNU.sparse.realsize": "5368709120",
        }
        tar.addfile(info, io.BytesIO(body))
        info = tarfile.TarInfo("after.jsonl")
        info.size = len(LINES)
        tar.addfile(info, io.BytesIO(LINES))
    return out.getvalue()


def encrypted_zip(password=b"x"):
    """The traditional cipher of zip (APPNOTE 6.1), one stored member."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    table = []
    for i in range(256):
        value = i
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)

    def step(crc, byte):
        return crc >> 8 ^ table[(crc ^ byte) & 255]

    def update(byte):
        keys[0] = step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = step(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    crc = zlib.crc32(LINES)
    plain = bytes(11) + bytes([crc >> 24]) + LINES
    cipher = bytearray()
    for byte in plain:
        mask = keys[2] | 2
        cipher.append(byte ^ (mask * (mask ^ 1) >> 8 & 255))
        update(byte)
    name = b"secret.jsonl"
    fields = (20, 1, 0, 0, 0x5021, crc, len(cipher), len(LINES), len(name), 0)
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", *fields) + name + bytes(cipher)
    central = (b"PK\1\2" + struct.pack("<H", 20) + struct.pack("<HHHHHIIIHH", *fields)
               + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def lying_zip():
    """The second of three members claims a byte more than it has, in both of its headers."""
    data = bytearray(zip_of([("one.jsonl", LINES), ("two.jsonl", LINES), ("three.jsonl", LINES)]))
    local = data.index(b"PK\3\4", 4)
    central = data.index(b"PK\1\2", data.index(b"PK\1\2") + 4)
    for at in (local + 22, central + 24):
        size, = struct.unpack_from("<I", data, at)
        struct.pack_into("<I", data, at, size + 1)
    return bytes(data)


def overlapping_zip(members=2000, size=1 << 20):
    """Every entry of the central directory points at the same local header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b"a" * size
    body = packer.compress(content) + packer.flush()
    name = b"x.jsonl"
    fields = (20, 0, 8, 0, 0x5021, zlib.crc32(content), len(body), size, len(name), 0)
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", *fields) + name + body
    entry = (b"PK\1\2" + struct.pack("<H", 20) + struct.pack("<HHHHHIIIHH", *fields)
             + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, members, members, len(entry) * members,
                                  len(local), 0)
    return local + entry * members + end


def flipped(data, at):
    out = bytearray(data)
    out[at] ^= 0x10
    return bytes(out)


def small_files():
    packed = gzip.compress(LINES, 9, mtime=0)
    end = bytes(1024)
    body = LINES + bytes(-len(LINES) % 512)
    good_entry = tar_header(b"good.jsonl", b"%011o\0" % len(LINES)) + body
    yield "good-plain.jsonl", LINES
    yield "good-members.gz", packed + packed
    yield "good-padded.gz", packed + bytes(3000)
    yield "good-inner.tar", tar_of([("a.jsonl.gz", packed), ("b.jsonl.bz2", bz2.compress(LINES)),
                                    ("c.jsonl.xz", lzma.compress(LINES)), ("d.jsonl", LINES)])
    yield "good-outer.tar.gz", tar_of([("d.jsonl", LINES)], "w:gz")
    yield "good-inner.zip", zip_of([("a.jsonl.gz", packed), ("d.jsonl", LINES)])
    yield "skip-evil.tar", evil_tar()
    yield "skip-sparse.tar", sparse_tar()
    yield "skip-no-end-mark.tar", good_entry
    yield "skip-negative-size.tar", good_entry + tar_header(b"x", b"\xff" * 12) + body + end
    yield "skip-huge-size.tar", good_entry + tar_header(b"x", b"\x80" + b"\xff" * 11) + body + end
    yield "skip-huge-pax.tar", tar_header(b"x", b"77777777777", b"x") + body + end
    yield "skip-huge-longname.tar", tar_header(b"x", b"77777777777", b"L") + body + end
    yield "skip-cut.gz", packed[: len(packed) // 2]
    yield "skip-cut.tar", tar_of([("d.jsonl", LINES)])[: len(LINES) // 2]
    yield "skip-cut.bz2", bz2.compress(LINES)[:-20]
    yield "skip-cut.xz", lzma.compress(LINES)[:-20]
    yield "skip-flipped.gz", flipped(packed, len(packed) // 2)
    yield "skip-crc.gz", flipped(packed, len(packed) - 8)
    yield "skip-garbage.gz", packed + b"garbage"
    yield "good-twice.gz", gzip.compress(packed, mtime=0)
    yield "good-zip-in.gz", gzip.compress(zip_of([("d.jsonl", LINES)]), mtime=0)
    yield "good-gz-in.tar.gz", tar_of([("d.jsonl.gz", packed)], "w:gz")
    zipped = zip_of([("d.jsonl", LINES)])
    yield "good-zip-in.tar", tar_of([("d.zip", zipped), ("d.jsonl", LINES)])
    yield "skip-thrice.gz", gzip.compress(gzip.compress(packed, mtime=0), mtime=0)
    yield "skip-gz-gz-in.tar.gz", tar_of([("d.gz", gzip.compress(packed, mtime=0))], "w:gz")
    yield "skip-three-zips.zip", zip_of([("b.zip", zip_of([("c.zip", zipped)])), ("d.jsonl", LINES)])
    yield "good-links.tar", linked_tar()
    whole = tar_of([("a.jsonl", LINES), ("b.jsonl", LINES), ("c.jsonl", LINES)])
    yield "skip-header.tar", flipped(whole, whole.index(b"b.jsonl"))
    yield "skip-no-directory.zip", zipped[: zipped.index(b"PK\1\2")]
    yield "skip-split.zip", b"more of a split archive" + zipped[:-18] + b"\1\0\1\0" + zipped[-14:]
    yield "skip-nothing.gz", b""
    yield "skip-brotli.br", bytes(i * i * 7919 >> 5 & 255 for i in range(5000))
    blocks = tar_of([("%d.jsonl" % i, LINES) for i in range(9)])
    stretches = [gzip.compress(blocks[i : i + 9000], mtime=0) for i in range(0, len(blocks), 9000)]
    stretches[7] = flipped(stretches[7], len(stretches[7]) // 2)
    yield "skip-one-stretch.tar.gz", b"".join(stretches)
    yield "skip-encrypted.zip", encrypted_zip()
    yield "skip-lying.zip", lying_zip()
    yield "skip-empty.zip", zip_of([])
    yield "skip-zeros.tar", bytes(100000)
    yield "skip-rar.rar", b"Rar!\x1a\x07\x01\0" + bytes(100)


def write_bomb(path, line=b'{"id":1,"text":"bomb"}\n', size=8 << 30):
    """GBs of one line; most of it is one compressed stretch that is repeated as gzip members."""
    stretch = gzip.compress(line * ((64 << 20) // len(line)), 9, mtime=0)
    with open(path, "wb") as out:
        for _ in range(size // (64 << 20)):
            out.write(stretch)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, content in small_files():
        with open(os.path.join(folder, name), "wb") as out:
            out.write(content)
    if "--big" in sys.argv[2:]:
        write_bomb(os.path.join(folder, "skip-bomb.gz"))
        with open(os.path.join(folder, "any-overlapping.zip"), "wb") as out:
            out.write(overlapping_zip())


if __name__ == "__main__":
    main()
