# inputs.sh: what run.sh measures on. Sourced by it; uses $folder, $size, $generate, $burza, $root, $say.
# Everything is made by the seeded generator and kept in $folder, so a second run finds it there.

make() { # KIND BYTES [SEED]: a dump on standard output
  "$generate" bench --kind "$1" --bytes "$2" --seed "${3:-3}" --templates "$root/datasets/templates"
}

# Moves a whole new file into place, so that an interrupted run leaves no half of one; none is empty.
put() { cat >"$1.part" && [ -s "$1.part" ] && mv "$1.part" "$1"; }

# The export about the brands alone is a quarter of the size: it is all mentions.
plain_input() { # KIND EXTENSION
  local bytes=$size
  [ "$1" = brandcsv ] && bytes=$((size / 4))
  [ -e "$folder/$1.$2" ] || make "$1" "$bytes" | put "$folder/$1.$2"
  cat "$folder/$1.$2" >/dev/null
}

zstd_of() { [ -e "$1.zst" ] || zstd -q -3 -c "$1" | put "$1.zst"; }

dump_inputs() { # KIND
  local plain=$folder/$1.jsonl
  plain_input "$1" jsonl
  [ -e "$plain.gz" ] || gzip -6 -c "$plain" | put "$plain.gz"
  zstd_of "$plain"
  cat "$plain" "$plain.gz" "$plain.zst" >/dev/null
}

# What callgrind is to look at: 30 MB, or the size where that is less.
few_input() { # KIND
  local file=$folder/$1-few.jsonl
  [ -e "$file" ] || make "$1" $((size < 30000000 ? size : 30000000)) | put "$file"
}

# One part in PART of a kind.
plain_part() { # KIND PART
  local file=$folder/$1-$2.jsonl
  [ -e "$file" ] || make "$1" $((size / $2)) | put "$file"
  cat "$file" >/dev/null
}

# A month of minutes as archive.org packs it: 1,440 members, each compressed for itself. A quarter
# of the size, because bzip2 is slow.
archive_input() {
  local tar=$folder/tweets.tar minutes=$folder/minutes
  [ -e "$tar" ] && return
  rm -rf "$minutes" && mkdir "$minutes"
  make tweets $((size / 4)) | put "$folder/minutes.jsonl"
  (cd "$minutes" && split -n l/1440 -d -a 4 --additional-suffix=.json "$folder/minutes.jsonl")
  find "$minutes" -type f -print0 | xargs -0 -n 90 -P "$(nproc)" bzip2 -1
  tar -C "$minutes" --sort=name -cf "$tar.part" . && mv "$tar.part" "$tar"
  rm -rf "$minutes" "$folder/minutes.jsonl"
}

# A quarter of the size in each packing that several threads can take apart, with the field's packer
# where there is one. Streams, blocks and frames hold as much as pbzip2, xz -T and pzstd give them.
packed_inputs() {
  local plain=$folder/stream-4.jsonl packed=$folder/packed
  plain_part stream 4
  in_pieces() { split -C "$1" --filter="$2" "$plain"; }
  [ -e "$packed-bz2-streams.jsonl.bz2" ] || in_pieces 900000 'bzip2 -9c' | put "$packed-bz2-streams.jsonl.bz2"
  [ -e "$packed-bz2-one.jsonl.bz2" ] || bzip2 -9c "$plain" | put "$packed-bz2-one.jsonl.bz2"
  [ -e "$packed-xz-blocks.jsonl.xz" ] || xz -2 -T2 --block-size=4MiB -c "$plain" | put "$packed-xz-blocks.jsonl.xz"
  [ -e "$packed-zst-frames.jsonl.zst" ] || in_pieces 4000000 'zstd -q -3 -c' | put "$packed-zst-frames.jsonl.zst"
  [ -e "$packed-bgzip.jsonl.gz" ] || bgzip -c "$plain" 2>/dev/null | put "$packed-bgzip.jsonl.gz" ||
    say "bgzip is missing (Debian: tabix): its row is left out"
}

# 4,000 files of six tweets each, whatever the size, and their tar.
folder_input() {
  local small=$folder/small
  [ -e "$small.tar" ] && return
  rm -rf "$small" && mkdir "$small"
  { make stream 150000000 2>/dev/null || true; } | head -n 24000 >"$folder/small.jsonl"
  (cd "$small" && split -l 6 -d -a 4 --additional-suffix=.jsonl "$folder/small.jsonl" tweets-)
  tar -C "$folder" --sort=name -cf "$small.tar.part" small && mv "$small.tar.part" "$small.tar"
  rm "$folder/small.jsonl"
}

# Four exports about the brands alone, of one span of time, half of the size in all.
study_inputs() {
  local seed
  for seed in 1 2 3 4; do
    [ -e "$folder/study-$seed.csv" ] || make brandcsv $((size / 8)) "$seed" | put "$folder/study-$seed.csv"
  done
}

study_files() { # EXPORTS
  local seed
  for seed in $(seq "$1"); do echo "$folder/study-$seed.csv"; done
}

# How many mentions a study of them holds, by what it says.
study_mentions() { # EXPORTS
  rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
  [ -e "$folder/study-$1.count" ] ||
    "$burza" study --json "$folder/study-$1.h5" -o "$folder/audit.h5" 2>/dev/null |
    python3 -c 'import json, sys; print(sum(brand["mentions"] for brand in json.load(sys.stdin)["brands"]))' |
    put "$folder/study-$1.count"
  cat "$folder/study-$1.count"
}

# Texts of Reddit comments: 200,000 for burza, the first 10,000 of them for the slow ones.
texts_input() {
  [ -e "$folder/texts.txt" ] && return
  plain_part reddit 4
  grep -oP '"body":"\K([^"\\]|\\.)*' "$folder/reddit-4.jsonl" 2>/dev/null | sed 's/\\[nrt]/ /g; s/\\\(.\)/\1/g' |
    { head -n 200000; cat >/dev/null; } | put "$folder/texts.txt"
  head -n 10000 "$folder/texts.txt" >"$folder/texts-few.txt"
}

# A configuration with COUNT brands: the three that posts are about, and made-up names.
brand_list() { # COUNT
  awk -v count="$1" 'BEGIN {
    split("norvia kurierex łąkowianka", real, " ")
    split("ba co di fu ga ho ji ku la mo ni pu ra so ti wu", syllable, " ")
    printf "{\"brands\": ["
    for (i = 1; i <= count; i++) {
      name = real[i]
      for (n = i * 2654435761 % 4294967296; i > 3 && length(name) < 8; n = int(n / 16))
        name = name syllable[n % 16 + 1]
      printf "%s\n {\"id\": \"b%d\", \"name\": \"%s\", \"query\": \"%s\"}", (i > 1 ? "," : ""), i,
             name, name
    }
    print "],\n \"timezone\": \"Europe/Warsaw\"}"
  }' >"$folder/brands-$1.json"
}

# The npm packages that burza is compared with, as package.json pins them. False without.
prepare_peers() {
  command -v node >/dev/null && command -v npm >/dev/null || return 1
  cp "$root"/tests/bench/peers/* "$folder/peers/"
  [ -d "$folder/peers/node_modules" ] ||
    (cd "$folder/peers" && npm install --no-audit --no-fund --no-package-lock --silent >/dev/null 2>&1)
}
