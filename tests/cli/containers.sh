#!/bin/sh
# Archives as people's tools write them, whole and hurt: how many posts must come out of each, the exit
# code, and what the note must say. Everything is made here out of 300 posts.
#
# usage: tests/cli/containers.sh [--rare]
#        --rare: those whose tools few machines have (pigz, bgzip, pbzip2, lzip, brotli, cpio, ar,
#        genisoimage, lz4 ...); a recipe whose tool is missing is left out, and counted
. "$(dirname "$0")/lib.sh"
rare=0
[ "${1-}" = --rare ] && rare=1
for tool in gzip bzip2 xz zstd zip tar 7z; do
    command -v $tool >/dev/null 2>&1 || skip "no $tool here"
done
cd "$work"

"$PYTHON" - <<'PY'
import os
words = "awaria super dramat dziękuję paczka kurier nigdy więcej polecam obsługa".split()
lines = []
for i in range(300):
    text = " ".join(words[(i * 7 + k * (i % 11 + 1)) % 10] + str(i * k % 97) for k in range(25))
    lines.append('{"id":"%d","created_utc":%d,"author":"u%d","subreddit":"demo","body":"%s"}\n'
                 % (1000 + i, 1677628800 + i * 60, i % 37, text))
data = [line.encode() for line in lines]
open("p.jsonl", "wb").write(b"".join(data))
os.makedirs("d/2022/03")
os.makedirs("many")
for n in range(3):
    part = b"".join(data[n * 100:n * 100 + 100])
    open("abc"[n] + ".jsonl", "wb").write(part)
    open("d/2022/03/%02d.json" % n, "wb").write(part)
for n in range(30):
    open("many/%02d.json" % n, "wb").write(b"".join(data[n * 10:n * 10 + 10]))
PY
for pair in gz:gzip bz2:bzip2 xz:xz zst:zstd; do
    extension=${pair%%:*}
    mkdir -p "d$extension/2022/03"
    for n in 00 01 02; do
        ${pair##*:} -c d/2022/03/$n.json >"d$extension/2022/03/$n.json.$extension"
    done
done

# flip FILE OUT SHARE: one bit at that share of the file; cut FILE OUT SHARE: its beginning
flip() {
    "$PYTHON" -c 'import sys
d = bytearray(open(sys.argv[1], "rb").read()); d[int(len(d) * float(sys.argv[3]))] ^= 8
open(sys.argv[2], "wb").write(d)' "$@"
}
cut_at() {
    "$PYTHON" -c 'import sys
d = open(sys.argv[1], "rb").read(); open(sys.argv[2], "wb").write(d[:int(len(d) * float(sys.argv[3]))])' "$@"
}

passed=0
left_out=0
# recipe LOW HIGH CODE SAYS FILE COMMAND: what COMMAND makes as FILE
recipe() {
    for tool in $needs; do
        command -v "$tool" >/dev/null 2>&1 && continue
        left_out=$((left_out + 1))
        return 0
    done
    eval "$6" >log 2>&1 </dev/null || { cat log >&2; fail "cannot make $5: $6"; }
    burza inspect --format json "$5"
    "$PYTHON" - "$out" "$1" "$2" "$code" "$3" "$4" "$5" ${7-} <<'PY' || fail "$5, made by: $6"
import json, re, sys
out, low, high, code, want, says, name = sys.argv[1:8]
inputs = json.load(open(out, encoding="utf-8"))["inputs"]
posts = sum(one["posts"] for one in inputs)
note = " ".join(one["note"] for one in inputs).replace(name, "")
assert int(low) <= posts <= int(high), f"{posts} posts, not {low} to {high}: {note}"
assert want in ("any", code), f"exit code {code}, not {want}: {note}"
assert re.search(says, note), f"the note is {note!r}, and does not say {says!r}"
assert want != "0" or not note or "link" in note, f"a note without a reason: {note}"
if sys.argv[8:] == ["refused"]:
    assert not any(one["damaged"] for one in inputs), f"called damaged: {note}"
PY
    passed=$((passed + 1))
}
whole() { recipe 300 300 0 '' "$@"; }
hurt() { recipe "$1" "$2" 2 "$3" "$4" "$5"; }
# not read, and not called damaged
refused() { recipe 0 0 2 "$1" "$2" "$3" refused; }

common() {
    # gzip
    whole members.gz '{ gzip -c a.jsonl; gzip -1 -c b.jsonl; gzip -c c.jsonl; } >members.gz'
    whole glued.gz 'for f in a b c; do head -c -1 $f.jsonl | gzip -c; done >glued.gz'
    whole padded.gz '{ gzip -c p.jsonl; head -c 8192 /dev/zero; } >padded.gz'
    whole rsync.gz 'gzip --rsyncable -c p.jsonl >rsync.gz'
    whole hollow.gz '{ gzip -c </dev/null; gzip -c p.jsonl; gzip -c </dev/null; } >hollow.gz'
    whole plain.gz 'cp p.jsonl plain.gz'
    whole twice.gz 'gzip -c p.jsonl | gzip -c >twice.gz'
    hurt 300 300 'not part' trailing.gz '{ gzip -c p.jsonl; echo trailing; } >trailing.gz'
    hurt 300 300 'not part' gap.gz '{ gzip -c a.jsonl; head -c 512 /dev/zero; gzip -c b.jsonl; gzip -c c.jsonl; } >gap.gz'
    hurt 200 300 'checksum|damaged' flip.gz 'flip members.gz flip.gz .5'
    hurt 100 299 'cut short' cut.gz 'cut_at members.gz cut.gz .6'
    hurt 0 0 'empty' empty.gz ': >empty.gz'
    recipe 0 0 0 '' nothing.gz 'gzip -c </dev/null >nothing.gz'
    # bzip2
    whole streams.bz2 '{ bzip2 -1 -c a.jsonl; bzip2 -c </dev/null; bzip2 -c b.jsonl; bzip2 -5 -c c.jsonl; } >streams.bz2'
    whole padded.bz2 '{ bzip2 -c p.jsonl; head -c 512 /dev/zero; } >padded.bz2'
    hurt 300 300 'not part' trailing.bz2 '{ bzip2 -c p.jsonl; echo trailing; } >trailing.bz2'
    hurt 200 200 'damaged' first.bz2 'flip streams.bz2 first.bz2 .2'
    hurt 200 200 'damaged' last.bz2 'flip streams.bz2 last.bz2 .9'
    hurt 200 200 'cut short' cut.bz2 'cut_at streams.bz2 cut.bz2 .9'
    # xz
    whole streams.xz '{ xz -c a.jsonl; head -c 8 /dev/zero; xz -0 -C crc32 -c b.jsonl; xz -C sha256 -c c.jsonl; head -c 4 /dev/zero; } >streams.xz'
    whole filters.xz 'xz --x86 --delta=dist=4 --lzma2=preset=6 -c p.jsonl >filters.xz'
    whole blocks.xz 'xz --block-size=8192 -c p.jsonl >blocks.xz'
    whole large.xz 'xz --lzma2=preset=1,dict=64MiB -C none -c p.jsonl >large.xz'
    hurt 300 300 'not part' trailing.xz '{ xz -c p.jsonl; echo trailing; } >trailing.xz'
    hurt 230 300 'damaged' flip.xz 'flip blocks.xz flip.xz .2'
    hurt 100 299 'cut short' cut.xz 'cut_at blocks.xz cut.xz .6'
    refused 'lzma files are not read' alone.lzma 'xz --format=lzma -c p.jsonl >alone.lzma'
    # zstd
    whole frames.zst '{ zstd -qc a.jsonl; zstd -qc </dev/null; zstd -q --ultra -20 -c b.jsonl; zstd -qc c.jsonl; } >frames.zst'
    whole long.zst 'zstd -q --long=31 -c <p.jsonl >long.zst'
    whole skippable.zst '{ printf "\132\052\115\030\004\0\0\0note"; zstd -qc p.jsonl; } >skippable.zst'
    hurt 300 300 'not part' trailing.zst '{ zstd -qc p.jsonl; echo trailing; } >trailing.zst'
    hurt 200 300 'damaged|checksum' flip.zst 'flip frames.zst flip.zst .5'
    hurt 0 299 'dictionary|damaged' patch.zst 'zstd -q --patch-from=a.jsonl -c p.jsonl >patch.zst'
    # tar
    for format in gnu oldgnu pax ustar v7; do
        whole $format.tar "tar --format=$format -cf $format.tar -C d ."
    done
    for codec in gzip bzip2 xz zstd; do
        whole whole.tar.$codec "tar -I $codec -cf whole.tar.$codec -C d ."
    done
    whole label.tar 'tar -V "a label" -cf label.tar -C d .'
    whole two.tar 'tar -cf one.tar -C d/2022/03 00.json; tar -cf rest.tar -C d/2022/03 01.json 02.json; cat one.tar rest.tar >two.tar'
    whole incremental.tar 'rm -f snar; tar --listed-incremental=snar -cf incremental.tar d'
    whole sparse.tar 'cp d/2022/03/00.json s.json; truncate -s +300000 s.json; tar -S -cf sparse.tar s.json -C d/2022/03 01.json 02.json'
    recipe 300 300 0 'symbolic link' links.tar 'mkdir -p sl; cp p.jsonl sl/a.json; ln -sf a.json sl/z.json; tar -cf links.tar sl'
    recipe 300 300 0 'hard link' hard.tar 'mkdir -p hl; cp p.jsonl hl/a.json; ln -f hl/a.json hl/b.json; tar -cf hard.tar hl'
    whole clutter.tar 'mkdir -p cl; cp d/2022/03/*.json cl; printf "\0\0\0\1Bud1" >cl/.DS_Store; echo "[.ShellClassInfo]" >cl/desktop.ini; printf "\0\5\26\7" >cl/._00.json; tar -cf clutter.tar cl'
    hurt 200 200 'header' header.tar 'tar -cf q.tar -C d/2022/03 00.json 01.json 02.json; sed "s|01\.json|11.json|" q.tar >header.tar'
    hurt 200 200 'header' header.tar.gz 'gzip -c header.tar >header.tar.gz'
    hurt 100 299 'cut short|end mark' cut.tar 'cut_at gnu.tar cut.tar .6'
    hurt 50 299 'cut short' cut.tar.gz 'cut_at whole.tar.gzip cut.tar.gz .6'
    hurt 240 299 'damaged' behind.tar.xz 'tar -cf m.tar many; xz --block-size=8192 -c m.tar >m.xz; flip m.xz behind.tar.xz .3'
    recipe 298 300 2 'volume' volumes 'mkdir -p volumes; rm -f volumes/*; tar -M -L 60 -cf volumes/1 -f volumes/2 -f volumes/3 d/2022/03/*.json'
    # containers and codecs in each other
    for codec in gz bz2 xz zst; do
        whole of-$codec.tar "tar -cf of-$codec.tar -C d$codec ."
        whole of-$codec.tar.gz "tar -czf of-$codec.tar.gz -C d$codec ."
        whole of-$codec.zip "rm -f of-$codec.zip; (cd d$codec && zip -qr ../of-$codec.zip .)"
        whole of-$codec.7z "rm -f of-$codec.7z; 7z a of-$codec.7z ./d$codec"
    done
    whole zip-in.tar 'tar -cf zip-in.tar of-bz2.zip'
    whole tar-in.tar 'tar -cf tar-in.tar of-gz.tar'
    whole tar-in.zip 'rm -f tar-in.zip; zip -q tar-in.zip of-bz2.tar'
    whole tgz-in.zip 'rm -f tgz-in.zip; tar -czf day.tar.gz d; zip -q tgz-in.zip day.tar.gz'
    whole 7z-in.zip 'rm -f 7z-in.zip; zip -q 7z-in.zip of-xz.7z'
    whole zip-in.7z 'rm -f zip-in.7z; 7z a zip-in.7z of-gz.zip'
    whole zip.gz 'gzip -c of-bz2.zip >zip.gz'
    refused 'nested archive refused' three.zip 'rm -f three.zip; zip -q three.zip tar-in.zip'
    refused 'nested compression refused' thrice.gz 'gzip -c twice.gz >thrice.gz'
    # zip
    for method in Copy Deflate Deflate64 BZip2 LZMA PPMd; do
        whole $method.zip "rm -f $method.zip; 7z a -tzip -mm=$method $method.zip ./d"
        whole $method.7z "rm -f $method.7z; 7z a -m0=$method $method.7z ./d"
    done
    whole streamed.zip 'cat p.jsonl | zip -q - - >streamed.zip'
    whole stored.zip 'cat p.jsonl | zip -q0 - - >stored.zip'
    whole zip64.zip 'rm -f zip64.zip; zip -q -fz zip64.zip a.jsonl b.jsonl c.jsonl'
    whole comment.zip 'rm -f comment.zip; zip -q comment.zip a.jsonl b.jsonl c.jsonl; printf "PK\005\006 not the end\n" | zip -qz comment.zip'
    whole before.zip 'rm -f s.zip; zip -q s.zip a.jsonl b.jsonl c.jsonl; { head -c 70000 /dev/zero; cat s.zip; } >before.zip'
    whole pk00.zip '{ printf PK00; cat s.zip; } >pk00.zip; zip -qA pk00.zip'
    whole gap.zip 'rm -f gap.zip; zip -q gap.zip p.jsonl a.jsonl b.jsonl c.jsonl; zip -qd gap.zip p.jsonl'
    whole python.zip "$PYTHON -m zipfile -c python.zip d"
    whole folders.zip "$PYTHON -c 'import zipfile
z = zipfile.ZipFile(\"folders.zip\", \"w\", 8)
z.writestr(\"data\\\\\", b\"\")
for f in \"abc\": z.write(f + \".jsonl\", \"data\\\\\" + f + \".json\")
z.close()'"
    hurt 300 300 'central directory' nodirectory.zip 'head -c -100 s.zip >nodirectory.zip'
    hurt 100 299 'central directory' cut.zip 'cut_at s.zip cut.zip .6'
    hurt 200 300 'checksum|damaged|archive says' flip.zip 'flip s.zip flip.zip .45'
    recipe 200 200 2 'encrypted' part.zip 'rm -f part.zip; zip -q part.zip a.jsonl b.jsonl; zip -q -P secret part.zip c.jsonl'
    refused 'encrypted' aes.zip 'rm -f aes.zip; 7z a -tzip -mem=AES256 -psecret aes.zip ./d'
    refused 'split' split.zip 'rm -f split.z*; zip -q0 -s 64k split.zip a.jsonl b.jsonl c.jsonl'
    refused 'split' split.z01 :
    # 7z
    whole solid.7z 'rm -f solid.7z; 7z a solid.7z ./d'
    whole bcj2.7z 'rm -f bcj2.7z; 7z a -m0=BCJ2 -m1=LZMA:d20 -m2=LZMA:d16 -m3=LZMA:d16 -mb0:1 -mb0s1:2 -mb0s2:3 bcj2.7z ./d'
    whole filter.7z 'rm -f filter.7z; 7z a -m0=BCJ -m1=LZMA filter.7z ./d'
    whole delta.7z 'rm -f delta.7z; 7z a -m0=Delta:4 -m1=LZMA2 delta.7z ./d'
    hurt 200 299 'damaged|checksum' each.7z 'rm -f q.7z; 7z a -ms=off q.7z ./d; flip q.7z each.7z .2'
    refused 'encrypted' aes.7z 'rm -f aes.7z; 7z a -psecret aes.7z ./d'
    refused 'encrypted' header.7z 'rm -f header.7z; 7z a -psecret -mhe header.7z ./d'
    refused 'split' vol.7z.001 'rm -f vol.7z.*; 7z a -v5k vol.7z ./d'
    refused 'split' vol.7z.002 :
    # documents of an office suite are zips; parts cut by hand have no mark
    refused 'CSV' text.docx "$PYTHON -c 'import zipfile
z = zipfile.ZipFile(\"text.docx\", \"w\", 8)
for name in (\"word/document.xml\", \"[Content_Types].xml\"): z.writestr(name, \"<a/>\")
z.close()'"
    refused 'CSV' of-text.zip 'rm -f of-text.zip; zip -q of-text.zip text.docx'
    refused 'split' part.tar.002 'tail -c 3000 whole.tar.gzip >part.tar.002'
    refused 'binary' part.ab 'tail -c 3000 whole.tar.gzip >part.ab'
    refused 'wim' one.wim 'rm -f one.wim; 7z a -twim one.wim ./d'
    # folders
    recipe 300 300 0 'link' linked 'mkdir -p linked far; cp c.jsonl far; cp a.jsonl b.jsonl linked; ln -sfn ../far linked/2022'
    recipe 300 300 0 '' loop 'mkdir -p loop; cp p.jsonl loop; ln -sfn ../loop loop/again'
}

uncommon() {
    needs=pigz
    whole pigz.gz 'pigz -i -p 2 -b 32 -c p.jsonl >pigz.gz'
    whole pigz.zip 'pigz -K -c p.jsonl >pigz.zip'
    refused 'zlib' pigz.zz 'pigz -z -c p.jsonl >pigz.zz'
    needs=bgzip
    whole bgzip.gz 'bgzip -c p.jsonl >bgzip.gz'
    hurt 210 300 'damaged|checksum' torn.tar.gz 'tar -c many | bgzip -c >m.gz; flip m.gz torn.tar.gz .1'
    needs=igzip
    whole igzip.gz 'igzip -c p.jsonl >igzip.gz'
    needs=zopfli
    whole zopfli.gz 'zopfli --i1 -c p.jsonl >zopfli.gz'
    needs=dictzip
    whole dictzip.gz 'cp p.jsonl dz; dictzip -k dz; mv dz.dz dictzip.gz'
    needs=pbzip2
    whole pbzip2.bz2 'pbzip2 -b1 -p2 -1 -c p.jsonl >pbzip2.bz2'
    needs=lbzip2
    whole lbzip2.bz2 'lbzip2 -n2 -1 -c p.jsonl >lbzip2.bz2'
    needs=pzstd
    whole pzstd.zst 'pzstd -q -p 2 -1 -c p.jsonl >pzstd.zst'
    needs=lz4
    for size in 4 5 6 7; do
        whole b$size.lz4 "lz4 -q -B$size -BD -c p.jsonl >b$size.lz4"
    done
    whole legacy.lz4 'lz4 -q -l -c p.jsonl >legacy.lz4'
    whole frames.lz4 '{ lz4 -q -l -c a.jsonl; lz4 -q -c b.jsonl; lz4 -q --no-frame-crc -c c.jsonl; } >frames.lz4'
    whole skippable.lz4 '{ printf "\120\052\115\030\004\0\0\0note"; lz4 -q -c p.jsonl; } >skippable.lz4'
    hurt 300 300 'not part' trailing.lz4 '{ lz4 -q -c p.jsonl; echo trailing; } >trailing.lz4'
    hurt 0 299 'lz4' dictionary.lz4 'lz4 -q -BD -D a.jsonl -c p.jsonl >dictionary.lz4'
    hurt 200 300 'damaged|checksum' flip.lz4 '{ lz4 -qc a.jsonl; lz4 -qc b.jsonl; lz4 -qc c.jsonl; } >q.lz4; flip q.lz4 flip.lz4 .5'
    needs=lzip
    refused 'lzip' one.lz 'lzip -c p.jsonl >one.lz'
    needs=lzop
    refused 'lzop' one.lzo 'lzop -c p.jsonl >one.lzo'
    needs=compress
    refused 'compress' one.Z 'compress -c p.jsonl >one.Z'
    needs=brotli
    refused 'brotli' one.br 'brotli -c p.jsonl >one.br'
    needs=cpio
    refused 'cpio' newc.cpio 'ls ?.jsonl | cpio -o -H newc --quiet >newc.cpio'
    refused 'cpio' newc.cpio.gz 'gzip -kc newc.cpio >newc.cpio.gz'
    refused 'cpio' bin.cpio 'ls ?.jsonl | cpio -o -H bin --quiet >bin.cpio'
    refused 'cpio' odc.cpio 'ls ?.jsonl | cpio -o -H odc --quiet >odc.cpio'
    needs=ar
    refused '\bar archives' three.a 'rm -f three.a; ar rc three.a a.jsonl b.jsonl c.jsonl'
    needs=genisoimage
    refused 'iso' one.iso 'genisoimage -quiet -J -r -o one.iso d'
    hurt 0 0 'iso' one.iso.gz 'gzip -kc one.iso >one.iso.gz'
    refused 'iso' udf.iso 'genisoimage -quiet -udf -o udf.iso d'
    needs=shar
    refused 'shar' one.shar 'shar -q a.jsonl b.jsonl c.jsonl >one.shar'
    needs=bsdtar
    whole bsdtar.tar 'bsdtar --format=pax -cf bsdtar.tar -C d .'
    needs=7zz
    whole xz.zip 'rm -f xz.zip; 7zz a -tzip -mm=xz xz.zip ./d'
    whole arm64.7z 'rm -f arm64.7z; 7zz a -m0=ARM64 -m1=LZMA2 arm64.7z ./d'
}

needs=
if [ $rare = 1 ]; then
    uncommon
    echo "$passed archives, $left_out left out for want of their tools"
else
    common
    echo "$passed archives"
fi
