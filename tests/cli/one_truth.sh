#!/bin/sh
# One figure, one truth: what the sentence, the card of the report, the summary on the terminal, the
# tables and the grids say of an event agrees to the digit, in English and in Polish, over several
# stories: share before and during, mentions, expected, peak and its hour, ratio, doubling time,
# duration, the channel that rose first.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"
[ -x "$GENERATE" ] || skip "no generator $GENERATE"
seeds='11 103'
for seed in $seeds; do
    "$GENERATE" story --seed "$seed" story >/dev/null || fail "the generator, seed $seed"
    rm -f a.h5
    rm -rf a.h5.parts
    expect 0 scan -q -c story/brands.json -o a.h5 story/*.tar story/*.zst story/*.gz
    expect 0 study -c story/brands.json a.h5
    cp "$out" told
    for language in en pl; do
        expect 0 report -q --lang $language -o $language.html a.h5
    done
    for table in crises bursts mood_turns hourly spread; do
        expect 0 export a.h5 $table --format jsonl
        cp "$out" $table.jsonl
        expect 0 export a.h5 $table
        cp "$out" $table.csv
    done
    "$PYTHON" "$root/tests/cli/one_truth.py" story/brands.json || fail "seed $seed: two truths"
    rm -rf story
done
