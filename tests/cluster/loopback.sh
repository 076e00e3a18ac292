# A Slurm cluster of this machine alone, for tests; sourced. munged, slurmctld and a slurmd for each node run
# on 127.0.0.1 below one folder, without systemd; only what was started is stopped.
#
# loopback_up FOLDER NODES CPUS   starts it, and waits until all nodes are idle
# loopback_kill NODE              a node is lost: its slurmd and all that runs on it are killed
# loopback_start NODE             and comes back
# loopback_down
PATH=$PATH:/usr/sbin:/sbin

# Ports in a row that nobody listens on.
loopback_ports() {
    "$PYTHON" - "$1" <<'PY'
import random, socket, sys
count = int(sys.argv[1])
while True:
    first = random.randrange(17000, 29000)
    try:
        for port in range(first, first + count):
            with socket.socket() as s:
                s.bind(("127.0.0.1", port))
        print(first)
        break
    except OSError:
        pass
PY
}

loopback_configure() {
    nodes=$1 cpus=$2 host=$(hostname -s) me=$(id -un)
    port=$(loopback_ports $((nodes + 1)))
    mkdir -p "$cluster/state" "$cluster/log" "$cluster/munge" "$cluster/jobs"
    chmod 700 "$cluster/state" "$cluster/log"
    chmod 755 "$cluster/munge"
    (umask 077 && head -c 1024 /dev/urandom >"$cluster/key")
    cat >"$SLURM_CONF" <<END
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
AuthInfo=socket=$cluster/munge/socket,cred_expire=5
CredType=cred/munge
SlurmctldPort=$port
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool-%n
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd-%n.pid
SlurmctldLogFile=$cluster/log/slurmctld
SlurmdLogFile=$cluster/log/slurmd-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MailProg=/bin/true
MpiDefault=none
MinJobAge=3600
KillWait=5
SlurmdTimeout=10
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + nodes))] CPUs=$cpus RealMemory=16000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10
END
    i=1
    while [ "$i" -le "$nodes" ]; do
        mkdir -p "$cluster/spool-n$i"
        i=$((i + 1))
    done
}

loopback_start() {
    slurmd -N "$1" -f "$SLURM_CONF"
}

loopback_up() {
    cluster=$1 count=$2
    SLURM_CONF=$cluster/slurm.conf
    export SLURM_CONF
    loopback_configure "$count" "$3"
    munged --key-file="$cluster/key" --socket="$cluster/munge/socket" --pid-file="$cluster/munge/pid" \
        --log-file="$cluster/log/munged" --seed-file="$cluster/seed" || return 1
    slurmctld -f "$SLURM_CONF" || return 1
    i=1
    while [ "$i" -le "$count" ]; do
        loopback_start "n$i" || return 1
        i=$((i + 1))
    done
    tries=0
    until [ "$(sinfo -h -p all -t idle -o %D 2>/dev/null)" = "$count" ]; do
        tries=$((tries + 1))
        [ $tries -lt 150 ] || return 1
        sleep 0.2
    done
}

# The processes that run on a node have its name in their environment.
loopback_of() {
    for environment in /proc/[0-9]*/environ; do
        { tr '\0' '\n' <"$environment"; } 2>/dev/null | grep -qx "SLURM_CONF=$SLURM_CONF" || continue
        { tr '\0' '\n' <"$environment"; } 2>/dev/null | grep -qx "SLURMD_NODENAME=$1" || continue
        pid=${environment#/proc/}
        pid=${pid%/environ}
        echo "$pid"
        ps -o ppid= -p "$pid" | tr -d ' '
    done | sort -un | while read -r pid; do
        [ "$pid" -gt 1 ] && [ "$pid" != $$ ] && echo "$pid"
    done
}

loopback_kill() {
    daemon=$(cat "$cluster/slurmd-$1.pid")
    kill -KILL "$daemon" 2>/dev/null || true
    for pid in $(loopback_of "$1"); do kill -KILL "$pid" 2>/dev/null || true; done
}

loopback_down() {
    [ -n "${cluster-}" ] || return 0
    scancel -u "$(id -un)" 2>/dev/null || true
    sleep 1
    for file in "$cluster"/slurmd-*.pid "$cluster/slurmctld.pid" "$cluster/munge/pid"; do
        [ -s "$file" ] && kill "$(cat "$file")" 2>/dev/null || true
    done
    sleep 1
    for file in "$cluster"/slurmd-*.pid "$cluster/slurmctld.pid" "$cluster/munge/pid"; do
        [ -s "$file" ] && kill -KILL "$(cat "$file")" 2>/dev/null || true
    done
}
