#!/bin/sh
# Completion for bash, zsh and fish: commands, options, values of options, words that commands know.
. "$(dirname "$0")/lib.sh"
cd "$work"
for shell in bash zsh fish; do
    expect 0 help completion $shell
    cp "$out" completion.$shell
done
expect 0 help completion
same completion.bash "$out"
expect 64 help completion tcsh
said 'bash, zsh or fish'
touch dump.csv audit.h5

# candidates SHELL WORD...: what completes the last word of "burza WORD...", sorted, on one line
candidates() {
    shell=$1
    shift
    case $shell in
    bash)
        bash -c '. ./completion.bash
            COMP_WORDS=(burza)
            for word in "$@"; do
                # as bash cuts words
                case $word in
                --*=*) COMP_WORDS+=("${word%%=*}" "=" ${word#*=}) ;;
                *) COMP_WORDS+=("$word") ;;
                esac
            done
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _burza
            printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
        ;;
    fish)
        fish --no-config -c 'source completion.fish; complete -C "burza $argv[1]"' "$*" | cut -f1 |
            sed 's/^--[a-z-]*=//'
        ;;
    esac | sort | tr '\n' ' ' | sed 's/ $//'
}

check() { # WANTED SHELL WORD...
    wanted=$1
    shift
    got=$(candidates "$@")
    [ "$got" = "$wanted" ] || fail "$*: \"$got\", not \"$wanted\""
}
holds() { # WANTED SHELL WORD...
    wanted=$1
    shift
    case " $(candidates "$@") " in *" $wanted "*) ;; *) fail "$*: no $wanted" ;; esac
}

expect 0 --help
commands=$(sed -n 's/^  burza \([a-z]*\) .*/\1/p' "$out" | sort | tr '\n' ' ' | sed 's/ $//')
tables=$("$BURZA" export --help | sed -n '/^TABLE: /,/^$/p' | sed 's/.*: //' | tr -s ' \n' '\n\n' |
    sed '/^$/d' | sort | tr '\n' ' ' | sed 's/ $//')
[ "$(echo "$tables" | wc -w)" -ge 11 ] || fail "too few tables: $tables"

for shell in bash fish; do
    command -v $shell >/dev/null 2>&1 || { echo "no $shell here"; continue; }
    check "$commands" $shell ''
    check 'scan score' $shell sc
    check 'csv jsonl table xlsx' $shell export audit.h5 crises --format ''
    check 'jsonl tsv' $shell score --format ''
    check 'json text' $shell inspect --format ''
    check 'auto' $shell evaluate --lang a
    check 'en pl' $shell report audit.h5 --lang ''
    check 'en pl' $shell report audit.h5 --lang=
    check 'hybrid rules' $shell run --engine ''
    holds Europe/Warsaw $shell run --tz Europe/
    holds hackernews $shell run --input-format hacker
    check "$tables" $shell export audit.h5 ''
    holds audit.h5 $shell export ''
    holds dump.csv $shell run -c ''
    check '--engine' $shell run --eng
    check 'check show' $shell lexicon ''
    holds queries $shell help ''
    # every option of every command, and none of another
    for command in $commands; do
        options=$("$BURZA" "$command" --help | sed -n 's/^  .*--\([a-z-]*\).*/--\1/p' | sort | tr '\n' ' ' | sed 's/ $//')
        check "$options" $shell "$command" --
    done
done

# zsh's own functions need a terminal: what they are asked for is what is checked
if command -v zsh >/dev/null 2>&1; then
    zsh -n completion.zsh || fail 'the completion of zsh is no script'
    asked() { # WORD...
        zsh -f -c '_arguments() { print -rl -- "$@" }
            _describe() { print -rl -- "${(@P)2}" }
            words=(burza "$@")
            CURRENT=$#words
            . ./completion.zsh' zsh "$@"
    }
    asked '' | sed 's/:.*//' | sort | tr '\n' ' ' | sed 's/ $//' >named
    [ "$(cat named)" = "$commands" ] || fail "zsh completes commands: $(cat named)"
    asked export audit.h5 '' >export
    grep -qF -- ':F:(csv jsonl xlsx table)' export || fail 'zsh: --format of export'
    grep -qxF -- '1:FILE:_files' export || fail 'zsh: the audit of export'
    grep -q -- '^\*:TABLE:(.*crises.*posts)$' export || fail 'zsh: tables of export'
    asked run '' >run
    grep -q -- '^--engine=\[.*\]:E:(hybrid rules)$' run || fail 'zsh: --engine of run'
    grep -q -- '^-c+\[.*\]:FILE:_files$' run || fail 'zsh: -c of run'
    grep -q -- '^\*-b+\[.*\]:ID=QUERY:$' run || fail 'zsh: -b may be given often'
    grep -q -- '^--tz=\[.*\]:ZONE:_burza_zones$' run || fail 'zsh: zones'
    for command in $commands; do
        asked "$command" '' >asked
        for option in $("$BURZA" "$command" --help | sed -n 's/^  .*--\([a-z-]*\).*/--\1/p'); do
            grep -qE -- "^\*?$option(=)?\[" asked || fail "zsh: no $option of $command"
        done
    done
fi
