#!/bin/sh
# Submits an audit to Slurm: the array of scans; with --conversations, for brands whose conversations are
# followed, the roots and the array once more; then the study. Prints the job of the study.
#
# usage: slurm-audit.sh [--conversations] TASKS LIST CONFIG.json AUDIT.h5 [SBATCH-OPTION]...
#        SBATCH-OPTIONs are of all jobs: --partition=..., --account=...
# BURZA, BURZA_OPTIONS: see scan-slurm.sh. STUDY_MEM: memory of the study (default 8G), which keeps below it.
# shellcheck disable=SC2086 # $after is an option or nothing
set -eu
here=$(cd "$(dirname "$0")" && pwd)
passes=1
if [ "${1-}" = --conversations ]; then
    passes=2
    shift
fi
[ $# -ge 4 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
tasks=$1 list=$2 config=$3 audit=$4
shift 4
burza=${BURZA:-burza}
after=''
pass=1
while [ $pass -le $passes ]; do
    # a task that fails does not keep the study from naming it
    job=$(BURZA_LIST=$list BURZA_CONFIG=$config BURZA_AUDIT=$audit sbatch --parsable --export=ALL \
        --array="1-$tasks" $after "$@" "$here/scan-slurm.sh")
    after="--dependency=afterany:${job%%;*}"
    if [ $pass -lt $passes ]; then
        job=$(sbatch --parsable --job-name=burza-roots --output=burza-roots.log --mem="${STUDY_MEM:-8G}" $after "$@" \
            --wrap "'$burza' roots '$audit'")
        after="--dependency=afterany:${job%%;*}"
    fi
    pass=$((pass + 1))
done
memory=${STUDY_MEM:-8G}
case $memory in *[0-9]) memory=${memory}M ;; esac # as Slurm reads it
job=$(sbatch --parsable --job-name=burza-study --output=burza-study.log --mem="$memory" $after "$@" \
    --wrap "'$burza' study --memory $memory '$audit' && '$burza' report '$audit'")
echo "${job%%;*}"
