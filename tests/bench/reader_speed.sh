#!/bin/sh
# MB/s of every reader: of each sample a larger file is made by repeating its records with other ids,
# and read by `burza inspect`; what counts is the processor time of the program alone.
#
# reader_speed.sh [PROGRAM [MB [NAME...]]]: a table in Markdown on standard output. PROGRAM: build/release/burza,
# MB: of each file, 16; NAME: only samples whose path holds one of these. Files are made below TMPDIR and
# removed again.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$root/build/release/burza}
megabytes=${2:-16}
[ $# -ge 2 ] && shift 2 || set --
work=$(mktemp -d "${TMPDIR:-/tmp}/burza-readers.XXXXXX")
trap 'rm -rf "$work"' EXIT
"${PYTHON:-/usr/bin/python3}" "$root/tests/bench/reader_speed.py" "$program" "$megabytes" \
    "$root/datasets/samples" "$work" "$@"
