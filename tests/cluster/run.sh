#!/bin/sh
# Audits on a real scheduler: a Slurm of four nodes on this machine, and the shipped scripts. Whatever
# happens to tasks and nodes, the audit has the bytes of one run, or says what is missing. A tier of its
# own (minutes): tests/cluster/run.sh. PBS and Grid Engine scripts run with the variables that these
# schedulers set, since Debian has neither.
#
# LONG    1: also 1,000 tasks and time limits of Slurm's own (whole minutes)
# CASES   only these, by the names of the functions below: CASES='full_disk twice'
. "$(dirname "$0")/../cli/lib.sh"
for tool in slurmctld slurmd sbatch munged; do
    PATH=$PATH:/usr/sbin command -v $tool >/dev/null 2>&1 ||
        skip "no $tool (apt-get install --no-install-recommends slurmctld slurmd slurm-client munge)"
done
. "$root/tests/cluster/loopback.sh"
scripts=$root/pipeline/cluster
chmod 755 "$work"
cd "$work"
trap 'status=$?; loopback_down; umount -l "$work/small" 2>/dev/null || true; [ $status -eq 0 ] || [ $status -eq 77 ] || echo "ended with $status" >&2
    rm -rf "$work"; exit $status' EXIT
trap 'exit 143' HUP INT TERM
export BURZA

# -- dumps of many sizes, with conversations across files; one run says what is right
mkdir dumps
i=0
for kind in tweets reddit csv tweets; do
    i=$((i + 1))
    "$GENERATE" bench --kind $kind --bytes $((i * 12000000)) >"dumps/$i.$kind" 2>/dev/null || rm -f "dumps/$i.$kind"
done
"$PYTHON" - <<'PY'
import json
number = 5000
for k in range(8):
    with open("dumps/talk%d.jsonl" % k, "w") as out:
        for i in range(200):
            number += 1
            post = {"id_str": str(number), "created_at": "Tue Mar 28 %02d:%02d:00 +0000 2023" % (8 + i // 60, i % 60),
                    "text": "norvia stoi" if i % 4 == 0 else "u mnie też", "user": {"id_str": str(i % 50), "screen_name": "u%d" % (i % 50)}}
            if i % 4:
                post["in_reply_to_status_id_str"] = str(5001 + (number * 11) % 1600)
            out.write(json.dumps(post) + "\n")
PY
echo '{"brands":[{"id":"norvia","query":"norvia","context":"thread"}]}' >thread.json
echo '{"brands":[{"id":"norvia","query":"norvia"}]}' >burza.json
find "$PWD/dumps" -type f >list
one_run() { # CONFIG LIST AUDIT: what is right
    "$BURZA" run -q --damaged-ok --no-report -c "$1" -o "$3" "@$2" 2>"$err" || fail 'one run'
}
one_run thread.json list thread.h5
one_run burza.json list whole.h5

loopback_up "$work/slurm" 4 4 || { tail -5 "$work"/slurm/log/* >&2; skip 'Slurm does not start here'; }

# wait_for JOB SECONDS: until it is over
wait_for() {
    left=$(($2 * 5))
    while [ -n "$(squeue -h -j "$1" 2>/dev/null)" ]; do
        left=$((left - 1))
        [ $left -gt 0 ] || { squeue >&2; tail -n 3 ./*.log >&2; fail "job $1 is not over after $2 s"; }
        sleep 0.2
    done
}
state() {
    scontrol -o show job "$1" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' | sort -u | tr '\n' ' '
}
# submit OPTION...: an array of one pass of $audit
config=burza.json list=list
submit() {
    BURZA_LIST=$list BURZA_CONFIG=$config BURZA_AUDIT=$audit sbatch --parsable --mem=100 "$@" "$scripts/scan-slurm.sh"
}
# ended JOB: the exit codes of its tasks, a line each, and how often each
ended() {
    scontrol -o show job "$1" | sed -n 's/.* ExitCode=\([0-9]*\):.*/\1/p' | sort -n | uniq -c |
        while read -r count code; do printf '%s times %s, ' "$count" "$code"; done
}
# study_is WHOLE WHAT: the audit of all shares is complete and has the bytes of one run
study_is() {
    "$BURZA" study -q --strict "$audit" 2>"$err" || fail "the study: $2"
    same "$1" "$audit" "$2"
}

# -- the shipped way: array, roots, array, study, report
shipped() {
    sh "$scripts/slurm-audit.sh" --conversations 6 list thread.json "$PWD/shipped.h5" --mem=500 >job || fail 'slurm-audit.sh'
    wait_for "$(cat job)" 120
    [ -e shipped.h5 ] || { cat burza-*.log >&2; fail 'no audit'; }
    same thread.h5 shipped.h5 'array, roots, array, study'
    [ -s shipped.html ] || fail 'no report'
    echo 'array, roots, array, study: the bytes of one run'
}

# -- one task left out is named, and only it is needed
left_out() {
    audit=$PWD/part.h5 config=thread.json
    wait_for "$(submit --array=1-2,4-6 --export=ALL,BURZA_SHARES=6)" 60
    "$BURZA" study -q "$audit" 2>"$err" && fail 'a share that never ran was not noticed'
    said 'never ran: share 3;'
    wait_for "$(submit --array=3 --export=ALL,BURZA_SHARES=6)" 60
    "$BURZA" roots -q "$audit" 2>"$err" || fail 'roots'
    wait_for "$(submit --array=1-6)" 60
    rm -f "$audit"
    study_is thread.h5 'a task that came later'
    config=burza.json
    echo 'a task left out: named, then the bytes of one run'
}

# -- a disk that fills: tasks end with 74 and a message, what is there is sound, room is all they need
full_disk() {
    for room in size=1m size=50m,nr_inodes=22; do
        mkdir -p small
        if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o $room none small 2>/dev/null; then
            echo 'no right to mount: an array on a full disk was left out'
            return
        fi
        audit=$PWD/small/full.h5
        rm -f burza-scan-*.log
        job=$(submit --array=1-4 --cpus-per-task=1)
        wait_for "$job" 120
        codes=$(ended "$job")
        case $codes in '4 times 74, ' | *' times 0, '*' times 74, ') ;; *) fail "$room: tasks ended: $codes" ;; esac
        failed=$(grep -l 'No space left on device' burza-scan-*.log | wc -l)
        [ "$failed" = "$(echo "$codes" | sed -n 's/.*\([0-9]\) times 74.*/\1/p')" ] || fail "$room: $codes but $failed messages"
        no_leftovers small
        find small -name '*.h5' >sound
        while read -r file; do "$BURZA" verify "$file" >/dev/null 2>"$err" || fail "$file is not sound"; done <sound
        "$PYTHON" -c 'import json, sys; json.load(open(sys.argv[1]))' "$audit.parts/manifest.json" || fail 'the manifest'
        code=0
        "$BURZA" study -q --strict "$audit" 2>"$err" || code=$?
        case $code in 66 | 74) ;; *) fail "the study of unfinished shares ended with $code" ;; esac
        [ ! -e "$audit" ] || fail "an audit of unfinished shares"
        mount -o remount,size=50m,nr_inodes=0 none small 2>/dev/null ||
            mount -o remount,size=50m,nr_inodes=9999 none small || fail 'no room'
        job=$(submit --array=1-4 --cpus-per-task=1)
        wait_for "$job" 120
        [ "$(ended "$job")" = '4 times 0, ' ] || fail "after room was made: $(ended "$job")"
        study_is whole.h5 'a full disk'
        echo "a full disk ($room: $codes$(wc -l <sound) sound shards), then room: the bytes of one run"
        umount small || umount -l small
    done
}

# A burza that stops when it has begun to scan its share, until the file "go" is there or it is told to end.
# HOLD: how often a task is started so; after that it runs through.
cat >held <<'END'
#!/bin/sh
"$REAL" "$@" &
scan=$!
told=0
trap 'told=1; kill -CONT $scan; kill -USR1 $scan' USR1
trap 'told=1; kill -CONT $scan; kill -TERM $scan' TERM
share=$(printf 'share-%05d' "$SLURM_ARRAY_TASK_ID")
if [ "${SLURM_RESTART_COUNT:-0}" -lt "$HOLD" ]; then
    until [ -s "$BURZA_AUDIT.parts/$share/lock" ]; do :; done
    [ -z "${WORKS-}" ] || sleep "$WORKS"
    [ $told = 1 ] || kill -STOP $scan 2>/dev/null
    : >"$BURZA_AUDIT.held-$SLURM_ARRAY_TASK_ID-${SLURM_RESTART_COUNT:-0}"
    until [ -e go ] || [ $told = 1 ]; do sleep 0.1; done
    kill -CONT $scan 2>/dev/null
fi
code=0
while kill -0 $scan 2>/dev/null; do
    wait $scan
    code=$?
done
exit $code
END
chmod 755 held
export REAL="$BURZA"

# -- two tasks on one share: one scans, the other ends with 75; and one input twice in the list
twice() {
    audit=$PWD/twice.h5
    rm -f go burza-scan-*.log
    first=$(HOLD=1 BURZA=$PWD/held submit --array=1-4 --cpus-per-task=1)
    tries=0
    until [ "$(find . -maxdepth 1 -name 'twice.h5.held-*' | wc -l)" = 4 ]; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || fail 'the first tasks do not run'
        sleep 0.1
    done
    rm -f burza-scan-*.log
    second=$(submit --array=1-4 --cpus-per-task=1)
    wait_for "$second" 60
    [ "$(ended "$second")" = '4 times 75, ' ] || fail "the second tasks: $(ended "$second")"
    [ "$(grep -l 'another run (process [0-9]* on ' burza-scan-*.log | wc -l)" = 4 ] || fail 'who holds the share is not said'
    code=0
    "$BURZA" study -q --strict "$audit" 2>"$err" || code=$?
    [ $code -eq 66 ] || fail "the study while tasks run ended with $code"
    : >go
    wait_for "$first" 60
    [ "$(ended "$first")" = '4 times 0, ' ] || fail "the first tasks: $(ended "$first")"
    study_is whole.h5 'two tasks on a share'
    # nobody waits for anybody
    audit=$PWD/race.h5
    first=$(submit --array=1-4 --cpus-per-task=1)
    second=$(submit --array=1-4 --cpus-per-task=1)
    wait_for "$first" 60
    wait_for "$second" 60
    case "$(ended "$first")$(ended "$second")" in
        '4 times 0, 4 times 0, ' | *' times 0, '*' times 75, '* | *'4 times 75, ') ;;
        *) fail "two arrays at once: $(ended "$first")$(ended "$second")" ;;
    esac
    study_is whole.h5 'two arrays at once'
    echo "two tasks on a share: 75 while it is held, at once $(ended "$first")and $(ended "$second")the bytes of one run"
    mkdir -p copy
    cp dumps/1.tweets dumps/talk1.jsonl copy
    find "$PWD/dumps" "$PWD/copy" -type f ! -name 'big*' >copies
    one_run burza.json copies copies.h5
    list=copies audit=$PWD/copied.h5
    wait_for "$(submit --array=1-4 --cpus-per-task=1)" 60
    study_is copies.h5 'an input and its copy in two shares'
    for file in whole copies; do "$BURZA" export $file.h5 posts --format jsonl | grep -c . >$file.count; done
    same whole.count copies.count 'a copy counts again'
    list=list
    echo "an input and its copy in two shares: $(cat copies.count) posts, each once"
}

# -- nodes with other processors: kernels of simdjson, glibc and OpenSSL chosen for less than there is
cat >levelled <<'END'
#!/bin/sh
x86=$([ "$(uname -m)" = x86_64 ] && echo 1)
case $SLURMD_NODENAME in
    n2) export SIMDJSON_FORCE_IMPLEMENTATION=${x86:+westmere} GLIBC_TUNABLES=${x86:+glibc.cpu.hwcaps=-AVX2,-FMA} ;;
    n3) export SIMDJSON_FORCE_IMPLEMENTATION=fallback OPENSSL_ia32cap=~0x200000200000000:~0x20000020 \
        GLIBC_TUNABLES=${x86:+glibc.cpu.hwcaps=-AVX2,-FMA,-AVX,-SSE4_2,-SSSE3,-BMI2,-ERMS,-FSRM} ;;
esac
[ -n "${SIMDJSON_FORCE_IMPLEMENTATION-}" ] || unset SIMDJSON_FORCE_IMPLEMENTATION
echo "$SLURMD_NODENAME: ${SIMDJSON_FORCE_IMPLEMENTATION:-all it has} ${GLIBC_TUNABLES-}" >>levels
exec "$REAL" "$@"
END
chmod 755 levelled
mixed_processors() {
    code=0
    SIMDJSON_FORCE_IMPLEMENTATION=none "$BURZA" inspect dumps/1.tweets >"$out" 2>"$err" || code=$?
    [ $code -ne 0 ] || fail 'the choice of kernels cannot be forced'
    cp list mixed
    find "$demo" -type f ! -name '*.json' ! -name '*.md' >>mixed
    one_run burza.json mixed mixed.h5
    list=mixed audit=$PWD/levels.h5
    for node in 1 2 3 4; do
        job=$(BURZA=$PWD/levelled submit --array=$node -w n$node --export=ALL,BURZA_SHARES=4)
    done
    wait_for "$job" 60
    sleep 1
    for node in 1 2 3; do
        rm -f "$audit"
        wait_for "$(sbatch --parsable -w n$node --mem=100 --output=study.log --wrap "'$PWD/levelled' study -q --strict '$audit'")" 60
        same mixed.h5 "$audit" "scanned on mixed processors, studied on n$node"
    done
    [ "$(sort -u levels | wc -l)" -ge 3 ] || fail "too few levels: $(cat levels)"
    sort -u levels
    list=list
    echo 'mixed processors: the bytes of one run'
}

# -- larger dumps, so that tasks can be met while they run
need_big() {
    [ ! -e big.h5 ] || return 0
    for i in 1 2 3 4; do "$GENERATE" bench --kind tweets --bytes 250000000 >"dumps/big$i.jsonl"; done
    find "$PWD/dumps" -type f >biglist
    one_run burza.json biglist big.h5
}
running() { # until a task writes shards
    tries=0
    until [ -n "$(squeue -h -t running -j "$1" 2>/dev/null)" ] &&
        [ -e "$audit.parts/share-00001/settings.json" ]; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || fail 'no task runs'
        sleep 0.1
    done
}

# -- a node is lost while it scans: Slurm starts its tasks elsewhere
lost_node() {
    need_big
    audit=$PWD/lost.h5 list=biglist
    job=$(submit --array=1-4)
    running "$job"
    node=$(squeue -h -t running -j "$job" -o %N | head -1)
    loopback_kill "$node"
    sleep 1
    loopback_start "$node"
    wait_for "$job" 120
    study_is big.h5 'a lost node'
    list=list
    echo 'a lost node: the bytes of one run'
}

# -- preempted by a partition of higher priority, then run out of time twice
preempted() {
    need_big
    audit=$PWD/late.h5 list=biglist
    job=$(submit --array=1-4)
    running "$job"
    wait_for "$(sbatch --parsable --array=1-8 -p urgent --mem=100 --output=/dev/null --wrap 'sleep 1')" 60
    for task in $(squeue -h -t running -r -j "$job" -o %i); do
        scancel --signal=USR1 --batch "$task" 2>/dev/null || true
    done
    sleep 2
    for task in $(squeue -h -t running -r -j "$job" -o %i); do
        scancel --signal=USR1 --batch "$task" 2>/dev/null || true
    done
    wait_for "$job" 120
    study_is big.h5 'preempted, and out of time'
    list=list
    echo 'preempted, and out of time twice: the bytes of one run'
}

# -- PBS and Grid Engine
pbs_and_sge() {
    for script in pbs sge; do
        audit=$PWD/$script.h5
        for task in 1 2 3; do
            if [ $script = pbs ]; then
                set -- PBS_ARRAY_INDEX=$task BURZA_SHARES=3 PBS_O_WORKDIR="$PWD"
            else
                set -- SGE_TASK_ID=$task SGE_TASK_FIRST=1 SGE_TASK_LAST=3 SGE_TASK_STEPSIZE=1 NSLOTS=2
            fi
            env -u SLURM_CONF BURZA_LIST=list BURZA_CONFIG=burza.json BURZA_AUDIT="$audit" "$@" \
                bash "$scripts/scan-$script.sh" >"$out" 2>"$err" || fail "scan-$script.sh, task $task"
            said "share $task of 3"
        done
        study_is whole.h5 "$script"
        echo "scan-$script.sh: the bytes of one run"
    done
}

# -- Snakemake
workflow() {
    if command -v snakemake >/dev/null 2>&1; then
        export HOME="$work/home"
        mkdir -p "$HOME"
        snakemake --quiet --snakefile "$scripts/snakemake/Snakefile" --profile "$scripts/snakemake" --latency-wait 5 \
            --config list=list brands=burza.json audit=snake.h5 shares=3 burza="$BURZA" \
            --default-resources mem_mb=100 --set-threads first=2 >"$out" 2>&1 || { tail -20 "$out" >&2; fail 'snakemake'; }
        same whole.h5 snake.h5 'Snakemake'
        [ "$("$scripts/snakemake/slurm-status.sh" 999999)" = failed ] || fail 'a job that nobody knows'
        echo 'Snakemake: the bytes of one run'
    else
        echo 'no snakemake: its profile was not tried'
    fi
}

# -- Slurm's own time limit (minutes): with a notice the task goes on twice, without one the array is given again
time_limit() {
    need_big
    list=biglist
    rm -f go burza-scan-*.log
    audit=$PWD/limit.h5
    noticed=$(HOLD=2 WORKS=0.2 BURZA=$PWD/held submit --array=1-2 --cpus-per-task=1 --time=1 --signal=B:USR1@20)
    audit=$PWD/hard.h5
    hard=$(HOLD=1 WORKS=0.2 BURZA=$PWD/held submit --array=1-2 --cpus-per-task=1 --time=1 --signal=B:CONT@1 --output=hard-%a.log)
    wait_for "$hard" 200
    [ "$(state "$hard")" = 'TIMEOUT ' ] || fail "without a notice: $(state "$hard")"
    grep -q 'DUE TO TIME LIMIT' hard-1.log || fail 'no time limit'
    code=0
    "$BURZA" study -q --strict "$audit" 2>"$err" || code=$?
    [ $code -eq 66 ] || fail "the study after a time limit ended with $code"
    hard=$(submit --array=1-2 --cpus-per-task=1)
    wait_for "$hard" 60
    study_is big.h5 'a time limit'
    audit=$PWD/limit.h5
    wait_for "$noticed" 400
    [ "$(scontrol -o show job "$noticed" | grep -c ' Restarts=2 ')" = 2 ] || { scontrol show job "$noticed" >&2; fail 'not out of time twice'; }
    [ "$(ended "$noticed")" = '2 times 0, ' ] || fail "after two limits: $(ended "$noticed")"
    study_is big.h5 'two time limits'
    list=list
    echo "Slurm's time limit, once without notice and twice with: the bytes of one run"
}

# measured CPU-SECONDS MB ARGUMENT...: burza's cost, which must be below
measured() {
    "$PYTHON" - "$BURZA" "$@" <<'PY' || fail "burza $* cost too much"
import resource, subprocess, sys
program, seconds, megabytes = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
code = subprocess.run([program] + sys.argv[4:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
print("burza %s: %.1f CPU-seconds, %.0f MB" % (" ".join(sys.argv[4:]), cpu, peak))
sys.exit(code or cpu >= seconds or peak >= megabytes)
PY
}
# tiny FOLDER COUNT: inputs of ten records, four of them mentions
tiny() {
    mkdir "$1"
    "$PYTHON" - "$1" "$2" <<'PY'
import json, sys
for k in range(int(sys.argv[2])):
    with open("%s/%05d.jsonl" % (sys.argv[1], k), "w") as out:
        for n in range(k * 10, k * 10 + 10):
            out.write(json.dumps({"id_str": str(n + 1), "created_at": "Tue Mar 28 %02d:%02d:00 +0000 2023" % (n // 60 % 24, n % 60),
                "text": "norvia stoi %d" % n if n % 3 == 0 else "inne", "user": {"id_str": str(n % 997), "screen_name": "u%d" % (n % 997)}}) + "\n")
PY
    find "$PWD/$1" -type f >"$1.list"
}
# -- ten thousand shards of three shares: what the study costs, with any threads
many_shards() {
    tiny many 10000
    one_run burza.json many.list many.h5
    audit=$PWD/tens.h5
    for share in 1 2 3; do
        "$BURZA" scan -q --share $share/3 -c burza.json -o "$audit" @many.list 2>"$err" || fail "share $share"
    done
    for threads in 1 8; do
        rm -f "$audit"
        measured 15 100 study -q --strict -j $threads "$audit"
        same many.h5 "$audit" "10,000 shards, $threads threads"
    done
    echo '10,000 shards: the bytes of one run'
}
thousand_tasks() {
    tiny thousand 1000
    one_run burza.json thousand.list thousand.h5
    list=thousand.list audit=$PWD/tasks.h5
    job=$(submit --array=1-1000 --cpus-per-task=1 --mem=20 --output=/dev/null)
    wait_for "$job" 3600
    [ "$(ended "$job")" = '1000 times 0, ' ] || fail "the tasks: $(ended "$job")"
    for threads in 1 4; do
        rm -f "$audit"
        measured 15 100 study -q --strict -j $threads "$audit"
        same thousand.h5 "$audit" "1,000 tasks, $threads threads"
    done
    list=list
    echo '1,000 tasks: the bytes of one run'
}
all='shipped left_out full_disk twice mixed_processors lost_node preempted pbs_and_sge many_shards workflow'
[ "${LONG:-0}" = 0 ] || all="$all time_limit thousand_tasks"
for case in ${CASES:-$all}; do
    began=$(date +%s)
    $case
    echo "    ($case: $(($(date +%s) - began)) s)"
done
[ "${LONG:-0}" = 1 ] || echo 'left out without LONG=1: time_limit, thousand_tasks'
