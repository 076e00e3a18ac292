#!/bin/sh
# Where results cannot be written: 73 when nothing can be made, 74 when the disk is full, and never a
# part of a result.
. "$(dirname "$0")/lib.sh"
cd "$work"
# HDF5 keeps what it could not write when a file is closed on a full disk
export LSAN_OPTIONS="suppressions=$root/tests/cli/disk.lsan:print_suppressions=0"
rc=$demo/RC_2023-03_04.zst
csv=$demo/listening_export.csv.gz
expect 0 run -q -c "$brands" -o whole.h5 "$rc"

# nothing_half FOLDER: an audit, shard or report that is there is a whole one
nothing_half() {
    no_leftovers "$1"
    find "$1" -name '*.h5' -type f >files
    while read -r file; do
        expect 0 verify "$file"
    done <files
    find "$1" -name '*.html' -type f >files
    while read -r file; do
        [ "$(tail -c 8 "$file")" = '</html>' ] || fail "$file is cut"
    done <files
}

# -- standard output is full
for arguments in "help" "help man" "run --help" "version" "export whole.h5 hourly" \
    "export whole.h5 posts --format jsonl" "inspect $rc" "inspect --format json $rc" \
    "verify whole.h5" "query --explain norvia" "lexicon show dobry" "evaluate $goldens/labelled.tsv" \
    "study whole.h5" "score $goldens/score.txt" "detect $goldens/series.csv"; do
    code=0
    # shellcheck disable=SC2086
    "$BURZA" $arguments >/dev/full 2>"$err" || code=$?
    [ "$code" -eq 74 ] || fail "$arguments to a full disk ended with $code, not 74"
    [ -s "$err" ] || fail "$arguments to a full disk: no message"
done

# -- a closed pipe is no crash
{
    code=0
    "$BURZA" export whole.h5 posts 2>"$err" || code=$?
    echo $code >pipe.code
} | head -1 >/dev/null
code=$(cat pipe.code)
case $code in 0 | 74 | 141) ;; *) fail "export into a closed pipe ended with $code" ;; esac

# -- no right to write (root may do anything, so only for others), no folder, a file in the way
if [ "$(id -u)" -ne 0 ]; then
    mkdir sealed
    chmod 555 sealed
    expect 73 run -c "$brands" -o sealed/a.h5 "$rc"
    chmod 755 sealed
fi
mkdir taken
: >taken/a.h5.parts
expect 73 run -c "$brands" -o taken/a.h5 "$rc"
mkdir -p taken/b.h5
expect 73 run -q -c "$brands" -o taken/b.h5 "$rc"
no_leftovers taken
expect 73 report whole.h5 -o taken/b.h5
expect 73 report whole.h5 -o missing/report.html

# -- files may not grow beyond a limit: everything up to it, in steps
for blocks in 1 8 64 256 512 1024; do
    rm -rf limited
    mkdir limited
    code=0
    (ulimit -f $blocks && exec "$BURZA" run -q -c "$brands" -o limited/a.h5 "$rc" "$csv") \
        >"$out" 2>"$err" || code=$?
    [ "$code" -eq 74 ] || [ "$code" -eq 0 ] || fail "files of $blocks blocks: exit code $code"
    ! grep -q HDF5-DIAG "$err" || fail "files of $blocks blocks: the library's own messages are shown"
    nothing_half limited
done
[ "$code" -ne 0 ] || echo 'the largest limit was large enough'

# -- a small disk
if [ "$(id -u)" -eq 0 ] && mkdir small && mount -t tmpfs -o size=400k none small 2>/dev/null; then
    trap 'umount -l "$work/small" 2>/dev/null || true; rm -rf "$work"' EXIT
    expect 74 run -q -c "$brands" -o small/a.h5 "$rc"
    said 'No space left on device'
    nothing_half small
    mount -o remount,size=50m none small
    expect 0 run -q -c "$brands" -o small/a.h5 "$rc"
    same whole.h5 small/a.h5 'after room was made'
    # an audit that is there stays when its successor does not fit
    before=$(cksum <small/a.h5)
    dd if=/dev/zero of=small/ballast bs=1k 2>/dev/null || true
    burza study -q --false-alarms 9 small/a.h5
    [ "$code" -eq 73 ] || [ "$code" -eq 74 ] || fail "study on a full disk ended with $code"
    said 'No space left on device'
    [ "$(cksum <small/a.h5)" = "$before" ] || fail 'the old audit is gone'
    nothing_half small
    umount small 2>/dev/null || umount -l small
    # no file or folder can be made, whichever it is: as when no byte fits
    code=74
    names=1
    while [ "$code" -eq 74 ]; do
        [ $names -lt 40 ] || fail 'a share takes more than 40 files and folders'
        mount -t tmpfs -o size=50m,nr_inodes=$names none small
        burza scan -q --share 1/2 -c "$brands" -o small/s.h5 "$rc"
        [ "$code" -eq 0 ] || said 'No space left on device'
        nothing_half small
        umount small 2>/dev/null || umount -l small
        names=$((names + 1))
    done
    [ "$code" -eq 0 ] || fail "a scan without room for $names names ended with $code"
    [ $names -gt 5 ] || fail 'the limit of names does nothing'
else
    echo 'no right to mount: the test of a small disk was left out'
fi
