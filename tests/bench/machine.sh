# machine.sh: what the figures were measured on. Sourced by run.sh.

load() { cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown; }

machine_begin() { load_begin=$(load) time_begin=$(date -u +%Y-%m-%dT%H:%MZ); }
machine_end() { load_end=$(load); }

field() { lscpu 2>/dev/null | sed -n "s/^$1: *//p" | head -n 1; }
version() { "$@" 2>&1 | head -n 1 || true; }

machine_text() {
  local memory_kb
  memory_kb=$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)
  cat <<TEXT
# burza against its peers, $time_begin

| | |
|---|---|
| machine | $(field 'Model name'), $(nproc) processors, L2 $(field 'L2 cache'), L3 $(field 'L3 cache'), $((memory_kb / 1024 / 1024)) GiB |
| system | $(uname -sr), $(. /etc/os-release && echo "$PRETTY_NAME") |
| load before and after | $load_begin; $load_end |
| burza | $(version "$burza" version), commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown) |
| earlier version | $([ "$earlier" ] && version "$earlier" version || echo none) |
| DuckDB | @duckdb/node-api $(sed -n 's/.*node-api": "\(.*\)",/\1/p' "$root/tests/bench/peers/package.json"), 2 threads, node $(version node --version) |
| floor | $(version igzip --version); $(version zstd --version | sed 's/[*]*//g'); $(version bzip2 --help | sed 's/, .*//') |
| inputs | $size bytes each, unpacked (brandcsv, tar.bz2 and other packings a quarter, studies a half), by datasets/generate --seed 3; page cache warm |
| rounds | $rounds, contenders in turn; medians |

TEXT
}
