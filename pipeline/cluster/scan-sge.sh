#!/bin/bash
#$ -N burza-scan
#$ -t 1-100
#$ -pe smp 4
#$ -l h_vmem=512M,h_rt=04:00:00,s_rt=03:59:00
#$ -cwd -V -r y -j y -notify
# A share of a scan as a task of a Grid Engine array. Ahead of the limit the engine sends USR1, and the task
# leaves a checkpoint and ends with 143; 99 makes the engine run it again. Then the study:
#
#   qsub -v BURZA_LIST=list,BURZA_CONFIG=burza.json,BURZA_AUDIT=audit.h5 scan-sge.sh
#   qsub -hold_jid burza-scan -cwd -b y -l h_vmem=8G burza study audit.h5
#
# BURZA_SHARES for an array that is only a part (-t 3-7); the other variables: see scan-slurm.sh.
told=0
trap 'told=1; kill -USR1 "$scan" 2>/dev/null' USR1 USR2
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
[ $told = 0 ] || [ "$code" = 0 ] || exit 99
exit "$code"
