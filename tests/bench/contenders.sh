# contenders.sh: who is measured, and how one run is noted. Sourced by run.sh; uses $folder, $runs,
# $round, $brands, $burza, $earlier, $peers, $say.
# A row of $runs is one run; its last column counts what the run was about: instructions, mentions
# of a study, texts that were scored.

# once CASE TOOL COMMAND...: runs it, notes wall and processor seconds and peak memory.
once() {
  local case=$1 tool=$2 code=0
  shift 2
  /usr/bin/time -o "$folder/time" -f '%e,%U,%S,%M' "$@" >"$folder/out" 2>"$folder/err" || code=$?
  if [ $code -ne 0 ]; then
    say "$case, $tool: exit code $code: $(tail -n 1 "$folder/err")"
    return
  fi
  echo "$case,$tool,$round,$(tail -n 1 "$folder/time"),${counted:-}" >>"$runs"
}

run_program() { # PROGRAM CASE TOOL INPUT OPTION...
  local program=$1 case=$2 tool=$3 input=$4
  shift 4
  rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
  once "$case" "$tool" "$program" run -q -c "$brands" -o "$folder/audit.h5" "$@" "$input"
}

run_burza() { run_program "$burza" "$@"; } # CASE TOOL INPUT OPTION...

run_earlier() { # CASE INPUT OPTION...
  local case=$1
  shift
  [ -z "$earlier" ] || run_program "$earlier" "$case" earlier "$@"
}

duckdb() { # CASE KIND INPUT
  [ "$peers" ] || return 0
  once "$1" duckdb node "$folder/peers/duckdb_count.js" "$2" "$3" 2
}

floor() { # CASE COMMAND...
  local case=$1
  shift
  once "$case" floor "$@"
}

# Instructions of a whole run with one thread, or, with PART scan, of its scan without SHA-256, for
# which processors have instructions that callgrind hides.
instructions() { # CASE TOOL PROGRAM INPUT PART
  [ "$3" ] || return 0
  rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
  valgrind --tool=callgrind --callgrind-out-file="$folder/counts" \
    "$3" run -q -j1 -c "$brands" -o "$folder/audit.h5" "$4" >/dev/null 2>"$folder/err" ||
    { say "$1, $2: $(tail -n 1 "$folder/err")"; return 0; }
  callgrind_annotate --inclusive=yes --threshold=100 "$folder/counts" | tr -d , |
    awk -v part="$5" -v row="$1,$2,$round,,,,," '
      /PROGRAM TOTALS/ { all = $1 }
      /:SHA256_Update( |$)/ && !digest { digest = $1 }
      /:scan_inputs( |$)/ && !scan { scan = $1 }
      END { if (part == "scan" ? scan : all) print row (part == "scan" ? scan - digest : all) }' >>"$runs"
}
