#!/bin/sh
# pipeline/setup.sh on systems of other kinds: which packages it names for each manager, and that it ends
# with 1 when it installed nothing. The systems are a PATH with a few tools and stand-ins of the managers.
. "$(dirname "$0")/lib.sh"
cd "$work"
mkdir tools
for tool in sh sed awk sort head paste printf cat env; do
    ln -s "$(command -v $tool)" tools/$tool 2>/dev/null || true
done

system() { # FOLDER MANAGER...: a system with nothing but these
    mkdir "$1"
    cp -P tools/* "$1"
    folder=$1
    shift
    for manager; do
        printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\n' "$manager" "$work" >"$folder/$manager"
        chmod +x "$folder/$manager"
    done
    : >calls
}
setup() { # FOLDER ARGUMENT...
    path=$1
    shift
    code=0
    env -i PATH="$work/$path" BURZA_HUNSPELL_PL= sh "$root/pipeline/setup.sh" "$@" >"$out" 2>"$err" || code=$?
}

for row in 'dnf|dnf install|gcc-c++ ninja-build jansson-devel isa-l-devel cld2-devel bzip2-devel xz-devel' \
    'zypper|zypper install|gcc-c++ ninja libjansson-devel libisal-devel cld2-devel libbz2-devel' \
    'conda|conda install -c conda-forge|cxx-compiler ninja jansson isa-l liblzma-devel libutf8proc' \
    'spack|spack install|ninja jansson isa-l hdf5+hl utf8proc'; do
    manager=${row%%|*} rest=${row#*|}
    system with.$manager $manager
    setup with.$manager --no-tests
    [ $code -eq 1 ] || fail "$manager: ended with $code though nothing was installed"
    [ ! -s calls ] || fail "$manager was called: $(cat calls)"
    said 'Nothing was installed'
    line=$(grep -F -- "${rest%%|*} " "$err") || fail "$manager: no command"
    for package in ${rest#*|}; do
        case "$line " in *" $package "*) ;; *) fail "$manager: $package is not in: $line" ;; esac
    done
    case $line in *h5py*) fail "$manager: packages of tests with --no-tests" ;; esac
    [ "$(grep -c ' install ' "$err")" -eq 1 ] || fail "$manager: others are named too"
done
setup with.conda
grep -q 'conda install .* universal-ctags .* fish' "$err" || fail 'packages of tests'
grep -q 'no package for: .*cld2' "$err" || fail 'conda: what has no package'
said 'github.com/CLD2Owners/cld2'

system bare
setup bare
[ $code -eq 1 ] || fail "no manager at all: $code"
for manager in 'apt-get install' 'dnf install' 'zypper install' 'conda install' 'spack install'; do
    said "$manager"
done

# Debian without rights says what an administrator types
system user apt-get
printf '#!/bin/sh\necho 1000\n' >user/id
chmod +x user/id
setup user --no-tests
[ $code -eq 1 ] || fail "no rights: $code"
[ ! -s calls ] || fail "apt-get without rights: $(cat calls)"
said 'apt-get install build-essential cmake'

# as root it installs; when that did not help it says so
system debian apt-get
printf '#!/bin/sh\necho 0\n' >debian/id
chmod +x debian/id
setup debian --no-tests
grep -q 'apt-get install .*libarchive-dev .*libcld2-dev' calls || fail "apt-get: $(cat calls)"
[ $code -eq 1 ] || fail "packages that are still missing: $code"
said 'still missing'

# nothing is missing: nothing is called, nothing is said
system whole apt-get
printf '#!/bin/sh\n' >whole/yes
chmod +x whole/yes
for tool in cc c++ ninja pkg-config h5cc; do
    ln -s yes whole/$tool
done
printf '#!/bin/sh\necho cmake version 3.25.0\n' >whole/cmake
chmod +x whole/cmake
: >pl_PL.aff
if [ -e /usr/share/zoneinfo/Europe/Warsaw ]; then
    code=0
    env -i PATH="$work/whole" BURZA_HUNSPELL_PL="$work/pl_PL" sh "$root/pipeline/setup.sh" --no-tests \
        >"$out" 2>"$err" || code=$?
    [ $code -eq 0 ] || fail "all is there: $code"
    [ ! -s calls ] && [ ! -s "$out" ] || fail "all is there: $(cat calls "$out")"
    printf '#!/bin/sh\necho cmake version 3.18.4\n' >whole/cmake
    setup whole --no-tests
    grep -qx 'apt-get install .* cmake' calls || fail "an old CMake will do: $(cat calls)"
fi
