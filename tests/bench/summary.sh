#!/usr/bin/env bash
# Targets, medians and ratios of the runs that run.sh wrote, as tables. The targets are in targets.txt.
#
#   tests/bench/summary.sh RUNS.csv FOLDER-OF-INPUTS
set -euo pipefail
export LC_ALL=C
runs=$1 folder=$2
targets=$(dirname "$0")/targets.txt

bytes() { [ -e "$1" ] && stat -c %s "$1" || echo 0; }
lines() { [ -e "$1" ] && wc -l <"$1" || echo 0; }

# case,bytes unpacked,records
counts=$(
  for kind in tweets reddit stream forum; do
    for form in gz zst plain; do
      echo "$kind.$form,$(bytes "$folder/$kind.jsonl"),$(lines "$folder/$kind.jsonl")"
    done
  done
  for kind in csv brandcsv; do
    echo "$kind,$(bytes "$folder/$kind.csv"),$(lines "$folder/$kind.csv")"
  done
  echo "texts,$(bytes "$folder/texts.txt"),$(lines "$folder/texts.txt")"
  echo "texts-few,$(bytes "$folder/texts-few.txt"),$(lines "$folder/texts-few.txt")"
)

awk -F, -v counts="$counts" -v targets="$targets" '
function median(key, column,    n, i, j, v, t) {
  n = split(values[key, column], v, " ")
  for (i = 2; i <= n; i++)
    for (j = i; j > 1 && v[j] + 0 < v[j - 1] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
  return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
function ratio(a, b) { return a > 0 && b > 0 ? sprintf("%.2f", a / b) : "-" }
function wall(key) { return key in seen ? median(key, 4) : 0 }
function processor(key) { return key in seen ? median(key, 5) + median(key, 6) : 0 }
function peak(key) { return key in seen ? median(key, 7) / 1024 : 0 }
function counted(key) { return key in seen ? median(key, 8) : 0 }
# By two points: what a study takes whatever it holds is not multiplied.
function line_at(x, x1, y1, x2, y2) { return x1 > x2 && x2 > 0 ? y2 + (y1 - y2) / (x1 - x2) * (x - x2) : 0 }
function quotient(a, b) { return a > 0 && b > 0 ? a / b : 0 }
function figure(what,    f, a, b) {
  split(what, f, " "); a = f[2] SUBSEP f[3]; b = f[4] SUBSEP f[5]
  note = ""
  if (f[1] ~ /-at$/ && counted(a)) note = sprintf(", from %.2f million", counted(a) / 1e6)
  if (f[1] == "wall") return quotient(wall(a), wall(b))
  if (f[1] == "processor") return quotient(processor(a), processor(b))
  if (f[1] == "count") return quotient(counted(a), counted(b))
  if (f[1] == "each") return quotient(quotient(wall(a), counted(a)), quotient(wall(b), counted(b)))
  if (f[1] == "peak") return peak(a)
  if (f[1] == "seconds-at") return line_at(1e7, counted(a), wall(a), counted(b), wall(b))
  if (f[1] == "peak-at") return line_at(1e7, counted(a), peak(a), counted(b), peak(b))
  # Of a ceiling nothing is known before it is met.
  if (f[1] == "ceiling-at" && peak(a) && peak(b) <= f[6]) { note = note ", which never met the ceiling"; open = 1 }
  if (f[1] == "ceiling-at") return peak(a)
  print "summary.sh: no figure is called " f[1] >"/dev/stderr"; exit 1
}
function better(value, sense, limit) { return sense == ">=" ? value >= limit : value <= limit }
function print_targets(    line, t, value, shown, verdict) {
  print "## Targets\n"
  print "| target | wanted | goal | measured | reached |"
  print "|---|---|---|---|---|"
  while ((getline line < targets) > 0) {
    if (line ~ /^#/) continue
    split(line, t, "|"); open = 0
    value = figure(t[5])
    shown = verdict = ""
    if (value > 0) {
      shown = sprintf(value < 20 ? "%.2f%s" : "%.0f%s", value, note)
      verdict = open ? "open" : t[4] != "" && better(value, t[2], t[4]) ? "yes, the goal" : better(value, t[2], t[3]) ? "yes" : "**no**"
    }
    printf "| %s | %s %s | %s | %s | %s |\n", t[1], t[2], t[3], t[4] == "" ? "-" : t[4],
      shown == "" ? "-" : shown, shown == "" ? "not measured: wants " t[6] : verdict
  }
  print "\nA study of 10 million mentions is a line through two studies, of which \"from\" says the mentions of the greater and the other has a quarter; its memory with --memory is the greater one'"'"'s.\n"
}
BEGIN {
  n = split(counts, line, "\n")
  for (i = 1; i <= n; i++) { split(line[i], c, ","); size[c[1]] = c[2]; records[c[1]] = c[3] }
}
NR > 1 {
  key = $1 SUBSEP $2
  if (!(key in seen)) { seen[key] = 1; order[++keys] = key }
  if (!($1 in known)) { known[$1] = 1; cases[++case_count] = $1 }
  for (i = 4; i <= 8; i++) values[key, i] = values[key, i] " " $i
}
END {
  print_targets()
  print "## Whole `burza run` against DuckDB'"'"'s count and the floor\n"
  print "Wall seconds; the last three columns are seconds of processor time, which other load on the machine disturbs less. DuckDB only counts mentions and authors per brand and hour (the SQL is in tests/bench/peers/duckdb_count.js); the floor only decompresses or copies (igzip, zstd, cat, bzip2 on one core).\n"
  print "| input | burza s | MB/s | posts/s | peak MB | DuckDB s | peak MB | DuckDB / burza | floor s | burza / floor | processor: burza | DuckDB | floor |"
  print "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
  for (i = 1; i <= case_count; i++) {
    case_name = cases[i]; b = case_name SUBSEP "burza"; d = case_name SUBSEP "duckdb"; f = case_name SUBSEP "floor"
    if (!(b in seen) || !(f in seen)) continue
    s = wall(b)
    printf "| %s | %.2f | %s | %s | %.0f | %s | %s | %s | %.2f | %s | %.2f | %s | %.2f |\n", case_name, s,
      size[case_name] ? sprintf("%.0f", size[case_name] / s / 1e6) : "-",
      records[case_name] ? sprintf("%.0f", records[case_name] / s) : "-", median(b, 7) / 1024,
      d in seen ? sprintf("%.2f", wall(d)) : "-", d in seen ? sprintf("%.0f", median(d, 7) / 1024) : "-",
      ratio(wall(d), s), wall(f), ratio(s, wall(f)), processor(b),
      d in seen ? sprintf("%.2f", processor(d)) : "-", processor(f)
  }
  print "\n## All runs: medians\n"
  print "| case | tool | wall s | processor s | peak MB | records/s |"
  print "|---|---|---|---|---|---|"
  for (i = 1; i <= keys; i++) {
    split(order[i], k, SUBSEP); key = order[i]; s = wall(key)
    if (!s) continue # instructions
    printf "| %s | %s | %.2f | %.2f | %.0f | %s |\n", k[1], k[2], s, processor(key),
      median(key, 7) / 1024, (records[k[1]] && s > 0 ? sprintf("%.0f", records[k[1]] / s) : "-")
  }
}' "$runs"
