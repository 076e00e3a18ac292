# measures.sh: a function for each selection of run.sh. Sourced by it.

# KIND, and as what DuckDB reads it: gzip, zstd and plain, in turn.
measure_kind() {
  dump_inputs "$1"
  for round in $(seq "$rounds"); do
    run_burza "$1.gz" burza "$folder/$1.jsonl.gz"
    floor "$1.gz" igzip -dc "$folder/$1.jsonl.gz"
    duckdb "$1.gz" "$2" "$folder/$1.jsonl.gz"
    run_burza "$1.zst" burza "$folder/$1.jsonl.zst"
    floor "$1.zst" zstd -qdc "$folder/$1.jsonl.zst"
    duckdb "$1.zst" "$2" "$folder/$1.jsonl.zst"
    run_burza "$1.plain" burza "$folder/$1.jsonl"
    floor "$1.plain" cat "$folder/$1.jsonl"
    duckdb "$1.plain" "$2" "$folder/$1.jsonl"
  done
}

# What real dumps have: originals inside, escapes, thousands of channels.
measure_real() {
  measure_kind stream tweets
  measure_kind forum reddit
}

measure_dumps() {
  measure_kind tweets tweets
  measure_kind reddit reddit
  for kind in csv brandcsv; do
    plain_input $kind csv
    for round in $(seq "$rounds"); do
      run_burza $kind burza "$folder/$kind.csv"
      floor $kind cat "$folder/$kind.csv"
      duckdb $kind csv "$folder/$kind.csv"
    done
  done
}

# Against an earlier version: processor time of one thread, then instructions, which are the same in
# every round.
measure_earlier() {
  plain_input forum jsonl
  plain_input stream jsonl
  plain_input brandcsv csv
  for round in $(seq "$rounds"); do
    for input in forum.jsonl stream.jsonl brandcsv.csv; do
      run_burza "one-thread.${input%.*}" burza "$folder/$input" -j1
      run_earlier "one-thread.${input%.*}" "$folder/$input" -j1
    done
  done
  command -v valgrind >/dev/null || { say "valgrind is missing: no instructions"; return 0; }
  round=1
  for kind in forum stream; do
    few_input $kind
    instructions "scan.$kind" burza "$burza" "$folder/$kind-few.jsonl" scan
    instructions "scan.$kind" earlier "$earlier" "$folder/$kind-few.jsonl" scan
  done
  head -n 1 "$folder/stream-few.jsonl" >"$folder/one.jsonl"
  instructions start burza "$burza" "$folder/one.jsonl" all
  instructions start earlier "$earlier" "$folder/one.jsonl" all
}

measure_archive() {
  archive_input
  for round in $(seq "$rounds"); do
    run_burza tar.bz2 burza "$folder/tweets.tar"
    floor tar.bz2 sh -c "tar -xOf '$folder/tweets.tar' | bzip2 -dc"
  done
}

# The peers time scoring alone, and say texts and seconds. Burza's runs are whole processes.
score_peer() { # TOOL
  [ "$peers" ] || return 0
  once texts-few "$1" node "$folder/peers/sentiment_texts.js" "$1" "$folder/texts-few.txt"
  [ ! -s "$folder/out" ] || awk -v row="scoring,$1,$round" '{ print row "," $2 ",,,," $1 }' "$folder/out" >>"$runs"
}

measure_texts() {
  texts_input
  for round in $(seq "$rounds"); do
    once texts burza "$burza" score "$folder/texts.txt"
    once texts burza-1-thread "$burza" score -j1 "$folder/texts.txt"
    counted=$(wc -l <"$folder/texts.txt") once scoring burza "$burza" score -j1 "$folder/texts.txt"
    score_peer sentiment
    score_peer vader
  done
}

measure_growth() {
  for part in 4 2 1; do
    plain_part reddit $part
    zstd_of "$folder/reddit-$part.jsonl"
  done
  for round in $(seq "$rounds"); do
    for part in 4 2 1; do
      run_burza growth-1/$part burza "$folder/reddit-$part.jsonl.zst"
    done
  done
}

# One thread and two, by packing.
measure_threads() {
  plain_input brandcsv csv
  archive_input
  packed_inputs
  for round in $(seq "$rounds"); do
    for threads in 1 2; do
      run_burza threads-brandcsv burza-$threads "$folder/brandcsv.csv" -j$threads
      run_burza threads-tar.bz2 burza-$threads "$folder/tweets.tar" -j$threads
      for input in "$folder"/packed-*; do
        kind=${input##*/packed-}
        run_burza "threads-${kind%%.*}" burza-$threads "$input" -j$threads
      done
    done
  done
}

measure_brands() {
  plain_part reddit 4
  for round in $(seq "$rounds"); do
    for count in 1 10 100 1000; do
      brand_list $count
      brands=$folder/brands-$count.json run_burza brands burza-$count "$folder/reddit-4.jsonl"
    done
  done
}

# Audits are kept until the end: ext4 looks for up to five minutes at every inode that was freed before it
# makes a new one, so thousands of shards that a round removes would make the next one's dearer.
measure_folder() {
  folder_input
  rm -rf "$folder/audits" && mkdir "$folder/audits"
  for round in $(seq "$rounds"); do
    for input in small small.tar; do
      once "${input/small/folder}" burza "$burza" run -q -j1 -c "$brands" \
        -o "$folder/audits/$input-$round.h5" "$folder/$input"
    done
  done
  rm -rf "$folder/audits"
}

# A study alone, of shards that were scanned before; the first of its four exports once more, for
# what a mention costs beyond what every study does.
measure_study() {
  study_inputs
  rm -rf "$folder"/study-*.h5*
  study_scan 1 && study_scan 4 || { say "study: the scan failed"; return 0; }
  for round in $(seq "$rounds"); do
    study_of 1 study-quarter
    study_of 4 study
    study_of 1 study-memory-quarter --memory 700M
    study_of 4 study-memory --memory 700M
  done
}

study_scan() { # EXPORTS
  "$burza" scan -q -c "$brands" -o "$folder/study-$1.h5" $(study_files "$1") >"$folder/out" 2>&1
}

study_of() { # EXPORTS CASE OPTION...
  local audit=$folder/study-$1.h5 case=$2 counted
  counted=$(study_mentions "$1")
  shift 2
  rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
  once "$case" burza "$burza" study -q -j2 "$audit" -o "$folder/audit.h5" "$@"
}

# Ten times the size through a pipe, never on disk. The peak is burza's, not the generator's.
measure_stream() {
  local peak
  round=1
  for kind in stream forum; do
    rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
    once "pipe.$kind" all sh -c "'$generate' bench --kind $kind --bytes $((size * 10)) --seed 4 \
      --templates '$root/datasets/templates' |
      /usr/bin/time -o '$folder/stream' -f '%e,%U,%S,%M' '$burza' scan -q -c '$brands' -o '$folder/audit.h5' -"
    peak=$(tail -n 1 "$folder/stream")
    echo "pipe.$kind,burza,$round,$peak," >>"$runs"
    say "stream, $kind: burza took ${peak##*,} kB at most"
  done
}
