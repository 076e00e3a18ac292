#!/bin/sh
# cmake --install: into a prefix of one's own, and below DESTDIR; what is installed works from there.
# Fresh builds, packages and bare systems: tests/install/run.sh.
. "$(dirname "$0")/lib.sh"
command -v cmake >/dev/null 2>&1 || skip 'no cmake'
build=$(dirname "$BURZA")
cd "$work"
files='bin/burza share/man/man1/burza.1 share/bash-completion/completions/burza
    share/zsh/site-functions/_burza share/fish/vendor_completions.d/burza.fish
    share/doc/burza/README.md share/doc/burza/CITATION.cff share/doc/burza/copyright'

complete_at() {
    for file in $files; do
        [ -s "$1/$file" ] || fail "$2: no $file"
    done
}

# a user without rights: nothing is written but below the prefix
cmake --install "$build" --prefix "$work/home/.local" >install.log 2>&1 ||
    { cat install.log >&2; fail 'cmake --install --prefix'; }
complete_at home/.local prefix
[ -z "$(find home -newer install.log -type f -not -path 'home/.local/*')" ] || fail 'written beside the prefix'

DESTDIR=$work/stage cmake --install "$build" --prefix /opt/burza >install.log 2>&1 ||
    { cat install.log >&2; fail 'DESTDIR'; }
complete_at stage/opt/burza DESTDIR

# the program alone is enough: lexicons, models and help are in it
mkdir elsewhere
cp home/.local/bin/burza elsewhere/burza
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,Norvia\n' >posts.csv
(cd elsewhere && env -i PATH=/nowhere ./burza run -q -b norvia=norvia -o a.h5 ../posts.csv) ||
    fail 'the installed program'
[ -s elsewhere/a.html ] || fail 'no report'
"$BURZA" help man >man
same man home/.local/share/man/man1/burza.1
for shell in bash zsh fish; do
    "$BURZA" help completion $shell >completion.$shell
    same completion.$shell "$build/burza.$shell"
done

# the man page and the completions belong to the program: whoever builds it alone has them
if command -v ninja >/dev/null 2>&1 && [ -f "$build/build.ninja" ]; then
    for file in burza.1 burza.bash burza.zsh burza.fish; do
        ninja -C "$build" -t query $file 2>/dev/null | grep -q LINKER ||
            fail "$file is not made when burza is linked"
    done
fi
