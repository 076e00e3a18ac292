#!/bin/bash
#PBS -N burza-scan
#PBS -J 1-100
#PBS -l select=1:ncpus=4:mem=2gb
#PBS -l walltime=04:00:00
#PBS -r y
#PBS -j oe
# A share of a scan as a task of a PBS array (PBS Professional, OpenPBS; Torque: -t 1-100 for -J). PBS does
# not say how many tasks there are: BURZA_SHARES must. When the time is up PBS sends TERM, and the task leaves
# a checkpoint; submit the same array again to go on, then the study:
#
#   qsub -v BURZA_LIST=list,BURZA_CONFIG=burza.json,BURZA_AUDIT=audit.h5,BURZA_SHARES=100 scan-pbs.sh
#   echo 'cd "$PBS_O_WORKDIR" && burza study --memory 8G audit.h5' | qsub -l select=1:mem=8gb -W depend=afterany:JOB[]
#
# The other variables: see scan-slurm.sh.
cd "${PBS_O_WORKDIR:-.}" || exit 73
# shellcheck disable=SC2086
exec "${BURZA:-burza}" scan --share "$BURZA_SHARES" --damaged-ok -c "$BURZA_CONFIG" -o "$BURZA_AUDIT" \
    ${BURZA_OPTIONS-} "@$BURZA_LIST"
