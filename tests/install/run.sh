#!/bin/sh
# Installation on bare Debian systems: a tier of its own, as root, with debootstrap; half an hour and 3 GB
# in $BARE_DIR (default: /var/tmp/burza-bare) for each suite.
#
# usage: run.sh [SUITE [PART]...]      SUITE: bookworm (Debian 12, the default) or trixie (Debian 13)
#
# demo    the README's first command
# user    the same by a user without rights, then cmake --install --prefix ~/.local
# deb     cpack -G DEB; the package is installed and run in another bare system
# cross   built for arm64 without running anything of it, then run under qemu-user
# tests   the README's second command
#
# Each audit of the demo must hold the same as the first. Ends with 0, or 1 with what failed.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
suite=${1:-bookworm}
[ $# -eq 0 ] || shift
folder=${BARE_DIR:-/var/tmp/burza-bare}
[ "$(id -u)" -eq 0 ] && command -v debootstrap >/dev/null || { echo "needs root and debootstrap" >&2; exit 1; }
mkdir -p "$folder"
failed=

mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) {print $i; exit}}'
}

# system NAME: a copy of the suite as debootstrap leaves it, kept between runs
system() {
    pristine=$folder/$suite.pristine
    if [ ! -e "$pristine/etc/.whole" ]; then
        rm -rf "$pristine"
        debootstrap --variant=minbase --include=ca-certificates "$suite" "$pristine" "$(mirror)" \
            >"$folder/debootstrap.log" 2>&1 || { tail -5 "$folder/debootstrap.log" >&2; exit 1; }
        cp /etc/resolv.conf /etc/hosts "$pristine/etc/" 2>/dev/null || true
        cp -n /etc/apt/apt.conf.d/* "$pristine/etc/apt/apt.conf.d/" 2>/dev/null || true
        touch "$pristine/etc/.whole"
    fi
    [ -e "$folder/$suite.$1" ] || cp -a "$pristine" "$folder/$suite.$1"
}

unmount() {
    for name in $(ls "$folder"); do
        umount -l "$folder/$name/proc" "$folder/$name/dev" 2>/dev/null || true
    done
}
trap unmount EXIT

# inside NAME USER COMMAND: runs it there, with nothing of this machine's environment but its proxies
inside() {
    at=$folder/$suite.$1
    mountpoint -q "$at/proc" || mount -t proc proc "$at/proc"
    mountpoint -q "$at/dev" || mount --bind /dev "$at/dev"
    # shellcheck disable=SC2046
    env -i HOME="$([ "$2" = root ] && echo /root || echo "/srv/$2")" TERM=dumb LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        $(env | grep -iE '^(http|https|no)_proxy=' || true) \
        chroot --userspec="$2" "$at" sh -ec "$3" </dev/null
}

# sources NAME FOLDER: what is committed, below FOLDER/burza there
sources() {
    to=$folder/$suite.$1$2/burza
    rm -rf "$to"
    mkdir -p "$to"
    git -C "$root" archive HEAD | tar -x -C "$to"
}

# The tables of an audit, one after the other, as the first system's burza tells them.
demo_run='burza run -q -c datasets/demo/brands.json -o demo.h5 datasets/demo/*.tar datasets/demo/*.zst datasets/demo/*.csv.gz'
same_demo() { # NAME PATH
    [ -e "$folder/$suite.demo.h5" ] || { cp "$folder/$suite.$1$2" "$folder/$suite.demo.h5"; return 0; }
    /usr/bin/python3 "$root/tests/cli/same_audit.py" "$folder/$suite.demo.h5" "$folder/$suite.$1$2"
}

part_demo() {
    system build
    sources build /opt
    inside build root 'cd /opt/burza && sh pipeline/demo.sh >demo.log 2>&1 || { tail -30 demo.log; exit 1; }
        tail -1 demo.log | grep -q "on the PATH: cmake --install build/release --prefix"'
    rm -f "$folder/$suite.demo.h5"
    same_demo build /opt/burza/results/demo.h5
}

# needs the libraries that part_demo installed, and nothing else: apt-get is out of the way
part_user() {
    inside build root 'id -u ala >/dev/null 2>&1 || useradd -m -d /srv/ala ala'
    sources build /srv/ala
    inside build root 'chown -R ala /srv/ala; chmod 700 /usr/bin/apt-get'
    code=0
    inside build ala 'cd ~/burza
        sh pipeline/demo.sh >demo.log 2>&1 || { tail -30 demo.log; exit 1; }
        touch before
        eval "$(tail -1 demo.log | sed "s/^[^:]*: //")" >install.log 2>&1 || { cat install.log; exit 1; }
        [ "$(command -v burza)" = "$HOME/.local/bin/burza" ]
        burza version
        DESTDIR=$HOME/stage cmake --install build/release >install.log 2>&1
        [ -x "$HOME/stage/usr/local/bin/burza" ]' || code=$?
    inside build root 'chmod 755 /usr/bin/apt-get'
    [ $code -eq 0 ] || return $code
    same_demo build /srv/ala/burza/results/demo.h5
}

part_deb() {
    # cpack asks file which files are programs
    inside build root 'apt-get install -q -y --no-install-recommends file >/dev/null
        cd /opt/burza && (cd build/release && cpack -G DEB >cpack.log 2>&1 || { cat cpack.log; exit 1; })
        cp build/release/burza_*.deb /opt/burza.deb; dpkg-deb --info /opt/burza.deb | grep -E "Depends|Version|Arch"'
    rm -rf "$folder/$suite.clean"
    system clean
    cp "$folder/$suite.build/opt/burza.deb" "$folder/$suite.clean/opt/"
    sources clean /opt
    inside clean root "apt-get update -q >/dev/null
        apt-get install -q -y --no-install-recommends /opt/burza.deb >/var/tmp/apt.log 2>&1 || { tail -20 /var/tmp/apt.log; exit 1; }
        if command -v cc; then exit 1; fi
        cd /opt/burza && $demo_run
        dpkg -L burza | grep -qx /usr/share/bash-completion/completions/burza
        burza verify demo.h5
        apt-get remove -q -y burza >/dev/null
        [ ! -e /usr/bin/burza ]"
    same_demo clean /opt/burza/demo.h5
}

# Nothing of arm64 can run in this system until all is built.
part_cross() {
    system cross
    sources cross /opt
    inside cross root 'cd /opt/burza
        dpkg --add-architecture arm64
        apt-get update -q >/dev/null
        foreign= native=
        for package in $(sh pipeline/setup.sh --apt); do
            case $package in lib*-dev) foreign="$foreign $package:arm64" ;; *) native="$native $package" ;; esac
        done
        # not every library can be there for both: only what the generators need is
        apt-get install -q -y --no-install-recommends $native libutf8proc-dev libssl-dev \
            crossbuild-essential-arm64 $foreign >apt.log 2>&1 || { tail -20 apt.log; exit 1; }
        { cmake --preset arm64 && cmake --build --preset arm64 --target burza; } >build.log 2>&1 ||
            { tail -30 build.log; exit 1; }
        DESTDIR=/opt/stage cmake --install build/arm64 >/dev/null
        [ -s /opt/stage/usr/local/share/doc/burza/README.md ]
        apt-get install -q -y --no-install-recommends qemu-user-static libgomp1:arm64 libstdc++6:arm64 file >>apt.log 2>&1
        file /opt/stage/usr/local/bin/burza | grep -q aarch64
        printf "#!/bin/sh\nexec qemu-aarch64-static /opt/stage/usr/local/bin/burza \"\$@\"\n" >/usr/bin/burza
        chmod +x /usr/bin/burza'
    for made in score/lexicon.pl.bin score/lexicon.en.bin text/forms.bin; do
        cmp "$folder/$suite.cross/opt/burza/build/arm64/$made" "$folder/$suite.build/opt/burza/build/release/$made"
    done
    inside cross root "cd /opt/burza && $demo_run"
    same_demo cross /opt/burza/demo.h5
}

part_tests() {
    inside build root 'cd /opt/burza && { sh tests/run.sh >tests.log 2>&1 || { grep -E "\*\*\*|tests passed" tests.log; exit 1; }; }
        grep "tests passed" tests.log'
}

# each part by a shell of its own, which ends at the first command that fails
if [ "${1-}" = --part ]; then
    "part_$2"
    exit 0
fi
for part in ${*:-demo user deb cross tests}; do
    if sh "$0" "$suite" --part "$part"; then
        echo "$suite $part: passed"
    else
        echo "$suite $part: FAILED"
        failed="$failed $part"
    fi
done
[ -z "$failed" ]
