#!/bin/sh
# What passing troubles ended is not done: limits, memory, reads that fail. The same command, with what
# the message advises, reads the input again, and then all is as it would have been at once.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$PYTHON" - <<'PY'
import gzip, io, tarfile, zipfile
def csv(first, last):
    rows = ["id,created_at,author,text\n"]
    for n in range(first, last):
        rows.append("%d,2023-03-%02dT%02d:00:00Z,user%d,norvia awaria %d\n" % (n, n % 28 + 1, n % 24, n % 90, n))
    return "".join(rows).encode()
open("plain.csv", "wb").write(csv(0, 3000))
open("zero.csv.gz", "wb").write(gzip.compress(csv(0, 3000) + b"9,2023-03-01T00:00:00Z,a," + b"x" * 90000000 + b"\n", mtime=0))
with tarfile.open("many.tar", "w") as tar:
    for i in range(20):
        data = csv(i * 100, i * 100 + 100)
        info = tarfile.TarInfo("part%02d.csv" % i)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
with zipfile.ZipFile("many.zip", "w", zipfile.ZIP_DEFLATED) as zip:
    for i in range(20):
        zip.writestr("part%02d.csv" % i, csv(i * 100, i * 100 + 100))
PY
# again INPUT OPTIONS...: a run that the options end, then one without them
again() {
    input=$1
    shift
    rm -rf a.h5 a.html a.h5.parts whole.h5 whole.html whole.h5.parts
    expect 0 run -q --max-ratio 0 -b norvia=norvia -o whole.h5 "$input" plain.csv
    expect 2 run -q --max-ratio 0 -b norvia=norvia -o a.h5 "$@" "$input" plain.csv
    said 'is read again'
    ! cmp -s whole.h5 a.h5 || fail "$input: $* ended nothing"
    expect 2 study -q a.h5
    said 'is read again'
    expect 2 run -q --max-ratio 0 -b norvia=norvia -o a.h5 "$@" "$input" plain.csv
    expect 0 run -q --max-ratio 0 -b norvia=norvia -o a.h5 "$input" plain.csv
    same whole.h5 a.h5 "$input, after $*"
}
again many.tar --max-members 7
again many.zip --max-members 7
again many.tar --max-output 30000
again many.zip --max-output 30000
again plain.csv --max-output 30000
again zero.csv.gz --max-ratio 10
if command -v zstd >/dev/null 2>&1; then
    cat plain.csv | zstd -q --long=24 >window.csv.zst # from a pipe: the window is not cut to the size
    again window.csv.zst --zstd-window 12
fi
# context passes, too
printf '{"brands":[{"id":"norvia","query":"norvia","context":"thread"}]}' >thread.json
for name in many.tar; do
    rm -rf a.h5* whole.h5*
    expect 0 run -q -c thread.json -o whole.h5 $name
    expect 2 run -q -c thread.json -o a.h5 --max-members 3 $name
    expect 0 run -q -c thread.json -o a.h5 $name
    same whole.h5 a.h5 'with context'
done
# standard input that a limit ended is not kept beside the whole one
rm -rf a.h5* whole.h5*
"$BURZA" run -q -b norvia=norvia -o whole.h5 - <plain.csv || fail 'standard input'
"$BURZA" run -q -b norvia=norvia -o a.h5 --max-output 5000 - <plain.csv 2>"$err" && fail 'a limit on standard input'
"$BURZA" run -q -b norvia=norvia -o a.h5 - <plain.csv || fail 'standard input again'
same whole.h5 a.h5 'standard input again'

[ "$SANITIZED" = 0 ] || exit 0
# -- too little memory ends the run with 70; with enough of it all is there
if command -v zstd >/dev/null 2>&1 && command -v prlimit >/dev/null 2>&1; then
    cat plain.csv | zstd -q --long=29 >large.zst
    rm -rf a.h5* whole.h5*
    expect 0 run -q -b norvia=norvia -o whole.h5 plain.csv
    for megabytes in 100 200 300 400 600 800 1000; do
        rm -rf a.h5*
        code=0
        prlimit --as=$((megabytes * 1000000)) "$BURZA" run -q -j 2 -b norvia=norvia -o a.h5 large.zst \
            many.zip plain.csv >"$out" 2>"$err" || code=$?
        case $code in
        0 | 70 | 1 | 127) ;; # 1: a thread could not be started; 127: the loader
        *) fail "with $megabytes MB: exit code $code" ;;
        esac
        echo "$megabytes MB: $code"
        expect 0 run -q -b norvia=norvia -o a.h5 large.zst many.zip plain.csv
        [ -e all.h5 ] || cp a.h5 all.h5
        same all.h5 a.h5 "after a run with $megabytes MB"
    done
fi

# -- a read that fails once: 74, and the next run reads it again
command -v strace >/dev/null 2>&1 && strace -o /dev/null true 2>/dev/null || exit 0
rm -rf a.h5* whole.h5*
expect 0 run -q -b norvia=norvia -o whole.h5 plain.csv many.tar many.zip
for name in plain.csv many.tar many.zip; do
    for call in read pread64; do
        rm -rf a.h5*
        code=0
        strace -f -qq -o /dev/null -P "$work/$name" -e trace=$call -e "inject=$call:error=EIO:when=1" \
            "$BURZA" run -q -j 1 -b norvia=norvia -o a.h5 "$work/plain.csv" "$work/many.tar" \
            "$work/many.zip" >"$out" 2>"$err" || code=$?
        if [ $code -eq 0 ]; then # not called
            same whole.h5 a.h5 "$call of $name"
            continue
        fi
        [ $code -eq 74 ] || fail "a $call of $name failed: exit code $code"
        said "$name"
        expect 0 run -q -b norvia=norvia -o a.h5 plain.csv many.tar many.zip
        same whole.h5 a.h5 "after a failed $call of $name"
    done
done
