#!/bin/sh
# Audits on a real scheduler: a Slurm of four nodes on this machine, and the shipped scripts. Whatever
# happens to tasks and nodes, the audit has the bytes of one run, or says what is missing. A tier of its
# own (minutes): tests/cluster/run.sh. PBS and Grid Engine scripts run with the variables that these
# schedulers set, since Debian has neither.
. "$(dirname "$0")/../cli/lib.sh"
for tool in slurmctld slurmd sbatch munged; do
    PATH=$PATH:/usr/sbin command -v $tool >/dev/null 2>&1 ||
        skip "no $tool (apt-get install --no-install-recommends slurmctld slurmd slurm-client munge)"
done
. "$root/tests/cluster/loopback.sh"
scripts=$root/pipeline/cluster
chmod 755 "$work"
cd "$work"
trap 'status=$?; loopback_down; [ $status -eq 0 ] || [ $status -eq 77 ] || echo "ended with $status" >&2
    rm -rf "$work"; exit $status' EXIT
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
echo '{"brands":[{"id":"norvia","query":"norvia","context":"thread"}]}' >burza.json
find "$PWD/dumps" -type f >list
"$BURZA" run -q --damaged-ok --no-report -c burza.json -o whole.h5 dumps 2>"$err" || fail 'one run'

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
# submit SCRIPT OPTION...: an array of one pass
submit() {
    BURZA_LIST=list BURZA_CONFIG=burza.json BURZA_AUDIT=$audit sbatch --parsable --mem=100 "$@" "$scripts/scan-slurm.sh"
}

# -- the shipped way: array, roots, array, study, report
sh "$scripts/slurm-audit.sh" --conversations 6 list burza.json "$PWD/shipped.h5" --mem=500 >job || fail 'slurm-audit.sh'
wait_for "$(cat job)" 120
[ -e shipped.h5 ] || { cat burza-*.log >&2; fail 'no audit'; }
same whole.h5 shipped.h5 'array, roots, array, study'
[ -s shipped.html ] || fail 'no report'
echo 'array, roots, array, study: the bytes of one run'

# -- one task left out is named, and only it is needed
audit=$PWD/part.h5
wait_for "$(submit --array=1-2,4-6 --export=ALL,BURZA_SHARES=6)" 60
"$BURZA" study -q "$audit" 2>"$err" && fail 'a share that never ran was not noticed'
said 'never ran: share 3;'
wait_for "$(submit --array=3 --export=ALL,BURZA_SHARES=6)" 60
"$BURZA" roots -q "$audit" 2>"$err" || fail 'roots'
wait_for "$(submit --array=1-6)" 60
rm -f "$audit"
"$BURZA" study -q --strict "$audit" 2>"$err" || fail 'the study after the missing share'
same whole.h5 "$audit" 'a task that came later'
echo 'a task left out: named, then the bytes of one run'

# -- larger dumps, so that tasks can be met while they run
for i in 1 2 3 4; do "$GENERATE" bench --kind tweets --bytes 250000000 >"dumps/big$i.jsonl"; done
find "$PWD/dumps" -type f >list
echo '{"brands":[{"id":"norvia","query":"norvia"}]}' >burza.json
"$BURZA" run -q --damaged-ok --no-report -c burza.json -o whole.h5 @list 2>"$err" || fail 'one run'
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
audit=$PWD/lost.h5
job=$(submit --array=1-4)
running "$job"
node=$(squeue -h -t running -j "$job" -o %N | head -1)
loopback_kill "$node"
sleep 1
loopback_start "$node"
wait_for "$job" 120
"$BURZA" study -q --strict "$audit" 2>"$err" || fail 'the study after a lost node'
same whole.h5 "$audit" 'a lost node'
echo 'a lost node: the bytes of one run'

# -- preempted by a partition of higher priority, then run out of time twice
audit=$PWD/late.h5
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
"$BURZA" study -q --strict "$audit" 2>"$err" || fail 'the study after USR1'
same whole.h5 "$audit" 'preempted, and out of time'
echo 'preempted, and out of time twice: the bytes of one run'

# -- PBS and Grid Engine
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
    "$BURZA" study -q --strict "$audit" 2>"$err" || fail "the study after $script"
    same whole.h5 "$audit" "$script"
    echo "scan-$script.sh: the bytes of one run"
done

# -- Snakemake
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
