#!/bin/sh
# Finds out what burza needs to be built and tested and is not there. On Debian and Ubuntu it installs that
# (as root or with sudo); elsewhere it says what to install with dnf, zypper, conda or spack, and ends
# with 1. Libraries of one's own count: pkg-config (PKG_CONFIG_PATH), CPPFLAGS and LDFLAGS find them.
#
# usage: setup.sh [--no-tests]     without what only the tests need
#        setup.sh --readers        also the programs that tests/readers runs (Octave, R, NCO, CDO, ...)
#        setup.sh --apt            prints the Debian packages that building needs, whatever is there
set -eu

# What it is, how to see that it is there (any of the words), and its package for each manager; "-"
# where there is none.
#    checks: cmd:COMMAND  pc:PKG_CONFIG_MODULE  inc:HEADER  file:PATH  py:MODULE  r:PACKAGE
needs() {
    cat <<'TABLE'
C_compiler          cmd:cc cmd:gcc             | build-essential  gcc             gcc              c-compiler    gcc
C++_compiler        cmd:c++ cmd:g++            | build-essential  gcc-c++         gcc-c++          cxx-compiler  gcc
CMake_3.25          cmake:3.25                 | cmake            cmake           cmake            cmake         cmake
Ninja               cmd:ninja cmd:ninja-build  | ninja-build      ninja-build     ninja            ninja         ninja
pkg-config          cmd:pkg-config             | pkg-config       pkgconf         pkg-config       pkg-config    pkgconf
libarchive          pc:libarchive              | libarchive-dev   libarchive-devel  libarchive-devel  libarchive  libarchive
jansson             pc:jansson                 | libjansson-dev   jansson-devel   libjansson-devel jansson       jansson
expat               pc:expat                   | libexpat1-dev    expat-devel     libexpat-devel   expat         expat
gmime               pc:gmime-3.0               | libgmime-3.0-dev gmime30-devel   gmime-devel      -             -
utf8proc            pc:libutf8proc             | libutf8proc-dev  utf8proc-devel  utf8proc-devel   libutf8proc   utf8proc
HDF5                pc:hdf5-serial pc:hdf5 cmd:h5cc | libhdf5-dev hdf5-devel      hdf5-devel       hdf5          hdf5+hl
libxlsxwriter       inc:xlsxwriter.h           | libxlsxwriter-dev libxlsxwriter-devel libxlsxwriter-devel libxlsxwriter libxlsxwriter
libdeflate          pc:libdeflate              | libdeflate-dev   libdeflate-devel  libdeflate-devel  libdeflate  libdeflate
simdjson            pc:simdjson                | libsimdjson-dev  simdjson-devel  simdjson-devel   simdjson      simdjson
isa-l               pc:libisal                 | libisal-dev      isa-l-devel     libisal-devel    isa-l         isa-l
zstd                pc:libzstd                 | libzstd-dev      libzstd-devel   libzstd-devel    zstd          zstd
liblzma             pc:liblzma                 | liblzma-dev      xz-devel        xz-devel         liblzma-devel xz
bzip2               inc:bzlib.h                | libbz2-dev       bzip2-devel     libbz2-devel     bzip2         bzip2
openssl             pc:libcrypto               | libssl-dev       openssl-devel   libopenssl-devel openssl       openssl
cld2                inc:cld2/public/compact_lang_det.h | libcld2-dev cld2-devel   cld2-devel       -             -
Polish_dictionary   dictionary:pl_PL           | hunspell-pl      hunspell-pl     myspell-pl_PL    -             -
English_words       file:/usr/share/dict/american-english file:/usr/local/share/dict/american-english | wamerican - - - -
time_zones          file:/usr/share/zoneinfo/Europe/Warsaw | tzdata tzdata        timezone         tzdata        -
TABLE
    [ "$tests" = 0 ] || cat <<'TABLE'
python3             cmd:python3                | python3          python3         python3          python        python
h5py                py:h5py                    | python3-h5py     python3-h5py    python3-h5py     h5py          py-h5py
pandas              py:pandas                  | python3-pandas   python3-pandas  python3-pandas   pandas        py-pandas
pytables            py:tables                  | python3-tables   python3-tables  python3-tables   pytables      py-tables
xarray              py:xarray                  | python3-xarray   python3-xarray  python3-xarray   xarray        py-xarray
h5netcdf            py:h5netcdf                | python3-h5netcdf python3-h5netcdf  python3-h5netcdf  h5netcdf   py-h5netcdf
ctags               cmd:ctags                  | universal-ctags  ctags           ctags            universal-ctags  universal-ctags
strace              cmd:strace                 | strace           strace          strace           -             strace
faketime            cmd:faketime               | faketime         libfaketime     libfaketime      libfaketime   -
locales             cmd:locale-gen cmd:localedef | locales        glibc-locale-source  glibc-i18ndata  -         -
zstd_program        cmd:zstd                   | zstd             zstd            zstd             zstd          zstd
bzip2_program       cmd:bzip2                  | bzip2            bzip2           bzip2            bzip2         bzip2
xz_program          cmd:xz                     | xz-utils         xz              xz               xz            xz
zip_program         cmd:zip                    | zip              zip             zip              zip           zip
7z_program          cmd:7z                     | p7zip-full       p7zip-plugins   p7zip            p7zip         p7zip
Unicode_tables      file:/usr/share/unicode/auxiliary/GraphemeBreakTest.txt | unicode-data unicode-ucd ucd - -
liblinear           inc:linear.h inc:liblinear/linear.h | liblinear-dev liblinear-devel liblinear-devel liblinear liblinear
bash                cmd:bash                   | bash             bash            bash             bash          bash
zsh                 cmd:zsh                    | zsh              zsh             zsh              zsh           zsh
fish                cmd:fish                   | fish             fish            fish             fish          fish
TABLE
    [ "$readers" = 0 ] || cat <<'TABLE'
netCDF4             py:netCDF4                 | python3-netcdf4  python3-netcdf4 python3-netCDF4  netcdf4       py-netcdf4
matplotlib          py:matplotlib              | python3-matplotlib python3-matplotlib python3-matplotlib matplotlib py-matplotlib
openpyxl            py:openpyxl                | python3-openpyxl python3-openpyxl python3-openpyxl openpyxl     py-openpyxl
rhdf5               r:rhdf5                    | r-bioc-rhdf5     -               -                bioconductor-rhdf5 r-rhdf5
hdf5r               r:hdf5r                    | r-cran-hdf5r     -               -                r-hdf5r       r-hdf5r
Octave              cmd:octave                 | octave           octave          octave           octave        octave
Octave_netcdf       file:/usr/share/octave/packages/netcdf-1.0.16 | octave-netcdf octave-netcdf octave-forge-netcdf - -
ncdump              cmd:ncdump                 | netcdf-bin       netcdf          netcdf           libnetcdf     netcdf-c
NCO                 cmd:ncks                   | nco              nco             nco              nco           nco
CDO                 cmd:cdo                    | cdo              cdo             cdo              cdo           cdo
HDF5_programs       cmd:h5repack               | hdf5-tools       hdf5            hdf5             hdf5          hdf5
Node                cmd:node                   | nodejs           nodejs          nodejs           nodejs        node-js
LibreOffice_Calc    cmd:soffice                | libreoffice-calc-nogui libreoffice-calc libreoffice-calc - -
TABLE
}

python=/usr/bin/python3
[ -x "$python" ] || python=python3

has_header() {
    # shellcheck disable=SC2086
    echo "#include <$1>" | ${CXX:-c++} ${CPPFLAGS-} -x c++ -E - >/dev/null 2>&1
}

new_cmake() {
    version=$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*//p')
    [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$1" "$version" | sort -t. -k1,1n -k2,2n | head -1)" = "$1" ]
}

has_dictionary() {
    for path in "${BURZA_HUNSPELL_PL:-/nowhere}" "/usr/share/hunspell/$1" "/usr/local/share/hunspell/$1" \
        "/usr/share/myspell/dicts/$1"; do
        [ ! -e "$path.aff" ] || return 0
    done
    return 1
}

present() {
    case $1 in
    cmd:*) command -v "${1#*:}" >/dev/null 2>&1 ;;
    pc:*) pkg-config --exists "${1#*:}" 2>/dev/null ;;
    inc:*) has_header "${1#*:}" ;;
    file:*) [ -e "${1#*:}" ] ;;
    py:*) "$python" -c "import importlib.util, sys; sys.exit(not importlib.util.find_spec('${1#*:}'))" 2>/dev/null ;;
    r:*) command -v Rscript >/dev/null 2>&1 && Rscript -e "library(${1#*:})" >/dev/null 2>&1 ;;
    cmake:*) new_cmake "${1#*:}" ;;
    dictionary:*) has_dictionary "${1#*:}" ;;
    esac
}

# missing: the rows of what is not there.
missing() {
    needs | while read -r row; do
        checks=${row%%|*}
        there=0
        # shellcheck disable=SC2086
        set -- $checks
        shift
        for check; do
            if present "$check"; then
                there=1
                break
            fi
        done
        [ $there = 1 ] || echo "$row"
    done
}

# packages COLUMN: of the missing rows, each once; unpackaged COLUMN: what has none.
packages() {
    echo "$rows" | sed 's/.*| *//' | awk -v column="$1" '$column != "-" && !seen[$column]++ {printf " %s", $column}'
}
unpackaged() {
    echo "$rows" | awk -F'|' -v column="$1" '{split($1, name, " "); split($2, package, " ")}
        package[column] == "-" {gsub("_", " ", name[1]); printf "%s%s", comma, name[1]; comma = ", "}'
}

advise() { # MANAGER COLUMN COMMAND
    list=$(packages "$2")
    [ -z "$list" ] || echo "    $3$list" >&2
    none=$(unpackaged "$2")
    [ -z "$none" ] || echo "        ($1 has no package for: $none)" >&2
}

advise_all() { # WHAT_HAPPENED
    echo "burza needs: $(echo "$rows" | sed 's/ .*//; s/_/ /g' | paste -s -d, | sed 's/,/, /g')" >&2
    echo "$1 Install it, for example by:" >&2
    known=0
    for manager in apt-get dnf zypper conda spack; do
        command -v $manager >/dev/null 2>&1 && known=1
    done
    for manager in apt-get dnf zypper conda spack; do
        [ $known = 0 ] || command -v $manager >/dev/null 2>&1 || continue
        case $manager in
        apt-get) advise apt-get 1 'apt-get install' ;;
        dnf) advise dnf 2 'dnf install' ;;
        zypper) advise zypper 3 'zypper install' ;;
        conda) advise conda 4 'conda install -c conda-forge' ;;
        spack) advise spack 5 'spack install' ;;
        esac
    done
    case $rows in *cld2*) echo "cld2 is at https://github.com/CLD2Owners/cld2" >&2 ;; esac
    case $rows in *English_words*)
        echo "The English words are Debian's american-english (wamerican) in /usr/local/share/dict." >&2 ;;
    esac
    case $rows in *Polish_dictionary*)
        echo "The Polish dictionary (pl_PL.aff, pl_PL.dic) is the one of LibreOffice; BURZA_HUNSPELL_PL says where:" >&2
        echo "the path without .aff" >&2 ;;
    esac
}

tests=1 readers=0
[ "${1-}" != --readers ] || readers=1
[ "${1-}" = --no-tests ] || [ "${1-}" = --apt ] && tests=0
if [ "${1-}" = --apt ]; then
    rows=$(needs)
    packages 1
    exit 0
fi
rows=$(missing)
[ -n "$rows" ] || exit 0

run=
if ! command -v apt-get >/dev/null 2>&1; then
    advise_all "Nothing was installed."
    exit 1
elif [ "$(id -u)" -ne 0 ]; then
    run=sudo
    command -v sudo >/dev/null 2>&1 || { advise_all "Nothing was installed."; exit 1; }
fi
list=$(packages 1)
echo "installing:$list"
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -q
# shellcheck disable=SC2086
$run apt-get install -q -y --no-install-recommends $list

tests=0 readers=0
rows=$(missing)
[ -z "$rows" ] || { advise_all "This is still missing."; exit 1; }
