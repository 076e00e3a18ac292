#!/bin/sh
# Installs what burza needs to be built and tested: on Debian and Ubuntu through apt (as root or with
# sudo); elsewhere it says what to install. Does nothing when everything is there.
set -eu

packages="build-essential cmake ninja-build pkg-config libarchive-dev libjansson-dev libexpat1-dev libgmime-3.0-dev libutf8proc-dev
libhdf5-dev libdeflate-dev libsimdjson-dev libisal-dev libzstd-dev liblzma-dev libbz2-dev libssl-dev
libcld2-dev hunspell-pl wamerican tzdata"
# The tests also use these; without them some tests are skipped with a message.
test_packages="python3 python3-h5py python3-pandas python3-tables python3-xarray python3-h5netcdf
universal-ctags strace faketime locales zstd bzip2 xz-utils zip p7zip-full unicode-data liblinear-dev"
[ "${1-}" = --no-tests ] && test_packages=

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is no Debian. Install a C17 and C++17 compiler, CMake 3.25, Ninja, pkg-config and the"
    echo "development files of: libarchive jansson expat gmime utf8proc HDF5 (with its high-level library)"
    echo "libdeflate simdjson (3.x) isa-l zstd liblzma bzip2 openssl cld2, the Polish hunspell dictionary,"
    echo "a list of English words (wamerican), tzdata;"
    echo "for the tests also python3 with h5py, pandas and xarray, liblinear and unicode-data."
    exit 0
fi

missing=
for package in $packages $test_packages; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "installing:$missing"
run=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Not root and no sudo: ask an administrator for: apt-get install$missing" >&2
        exit 1
    fi
    run=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -q
# shellcheck disable=SC2086
$run apt-get install -q -y --no-install-recommends $missing
