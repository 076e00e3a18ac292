#!/bin/sh
# slurm-status.sh JOB: running, success or failed, as Snakemake's cluster-status asks for. A job that squeue
# knows no longer is looked for in the accounting, where there is one, and with scontrol.
state=$(squeue -h -j "$1" -o %T 2>/dev/null | head -1)
[ -n "$state" ] || state=$(scontrol -o show job "$1" 2>/dev/null | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' | head -1)
[ -n "$state" ] || state=$(sacct -n -X -j "$1" -o State 2>/dev/null | awk 'NR == 1 { print $1 }')
case $state in
COMPLETED) echo success ;;
PENDING | RUNNING | REQUEUED | REQUEUE_HOLD | REQUEUE_FED | CONFIGURING | COMPLETING | SUSPENDED | RESIZING | \
    PREEMPTED | SIGNALING | STAGE_OUT | STOPPED) echo running ;;
*) echo failed ;;
esac
