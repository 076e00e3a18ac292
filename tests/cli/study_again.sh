#!/bin/sh
# Studies into other files, with several sensitivities in one go; copies; clean; pipes that nobody fills.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"
rc=$demo/RC_2023-03_04.zst
expect 0 run -q -c "$brands" -o a.h5 "$rc"
cp a.h5 a.kept
expect 0 study -q a.h5 -o b.h5
same a.h5 b.h5
expect 0 study -q a.h5 --false-alarms 0.1,20 -o c.h5
expect 0 study -q a.h5 --false-alarms 20
same a.h5 c-20.h5
! cmp -s c-0.1.h5 c-20.h5 || fail 'two sensitivities gave one audit'
[ ! -e c.h5 ] && [ ! -e c.h5.parts ] || fail 'an audit that nobody asked for'
expect 0 study -q a.h5
same a.kept a.h5
expect 64 study -q a.h5 --false-alarms 0.1,x -o d.h5
echo mine >mine.h5
expect 73 study -q a.h5 -o mine.h5

# a copy finds its shards, or is told what it needs
cp a.h5 copy.h5
expect 66 study -q copy.h5
said 'copy.h5.parts'
cp -r a.h5.parts copy.h5.parts
expect 0 study -q copy.h5
same a.h5 copy.h5

# clean removes what is burza's; the audit still knows what it held
echo note >copy.h5.parts/note.txt
expect 2 clean copy.h5
said 'not burza'
[ "$(ls copy.h5.parts | tr '\n' ' ')" = 'lock note.txt ' ] || fail "left: $(ls copy.h5.parts)"
expect 0 clean -q a.h5
[ ! -e a.h5.parts ] || fail 'the folder is still there'
expect 66 clean a.h5
expect 0 verify a.h5
expect 73 run -q -c "$brands" -o a.h5 "$demo/listening_export.csv.gz"
said RC_2023-03_04.zst
expect 0 run -q -c "$brands" -o a.h5 "$rc"
same a.kept a.h5

# nobody writes into these pipes
mkfifo pipe
for command in "run -q -b n=norvia -o pipe $rc" "run -q -c pipe -o p.h5 $rc" "report pipe" "verify pipe" \
    "run -q -b n=norvia --mapping pipe -o p.h5 $rc" "export pipe inputs" "study pipe"; do
    code=0
    # shellcheck disable=SC2086
    timeout -k 1 20 "$BURZA" $command >"$out" 2>"$err" || code=$?
    case $code in 65 | 66 | 74) ;; *) fail "$command: exit code $code" ;; esac
done

# an interrupt is obeyed while standard input waits
mkfifo slow
for signal in INT:130 TERM:143; do
    "$PYTHON" - "${signal%:*}" "$BURZA" slow <<'PY' >code || fail 'interrupting a wait'
import os, signal, subprocess, sys, time
slow = os.open(sys.argv[3], os.O_RDWR)
run = subprocess.Popen([sys.argv[2], "run", "-q", "-b", "n=norvia", "-o", "w.h5", "-"],
                       stdin=slow, stderr=subprocess.DEVNULL)
while not os.path.exists("w.h5.parts/settings.json"):
    time.sleep(0.02)
time.sleep(0.3)
run.send_signal(getattr(signal, "SIG" + sys.argv[1]))
print(run.wait(timeout=20))
PY
    [ "$(cat code)" = "${signal#*:}" ] || fail "SIG${signal%:*} while standard input waits: $(cat code)"
    rm -rf w.h5*
done
