#!/bin/bash
#SBATCH --job-name=burza-scan
#SBATCH --array=1-100
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@60
#SBATCH --output=burza-scan-%a.log
# A share of a scan as a task of a Slurm array. What #SBATCH says can be said on sbatch's command line, too;
# slurm-audit.sh submits all steps of an audit.
#
# BURZA_LIST    file with the paths of all dumps, a line each
# BURZA_CONFIG  configuration (burza init writes one)
# BURZA_AUDIT   the audit to be written; its shares lie in $BURZA_AUDIT.parts
# BURZA_SHARES  how many shares, when the array is only a part of them (--array=3,7); else not set
# BURZA         the program (default: burza)
# BURZA_OPTIONS more options of burza scan
set -u
told=0
# USR1 comes a minute before the time limit, TERM when the task is preempted or cancelled
trap 'told=1; kill -USR1 "$scan" 2>/dev/null' USR1
trap 'kill -TERM "$scan" 2>/dev/null' TERM
# shellcheck disable=SC2086
"${BURZA:-burza}" scan --share "${BURZA_SHARES:-auto}" --damaged-ok -c "$BURZA_CONFIG" \
    -o "$BURZA_AUDIT" ${BURZA_OPTIONS-} "@$BURZA_LIST" &
scan=$!
code=0
# a signal ends a wait before the scan ends
while kill -0 "$scan" 2>/dev/null; do
    wait "$scan"
    code=$?
done
# out of time: the same task goes on behind its checkpoint
if [ $told = 1 ] && [ "$code" -ne 0 ]; then
    scontrol requeue "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}"
fi
exit "$code"
