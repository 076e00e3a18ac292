#!/bin/sh
# burza methods: every figure it tells is the audit's, quality is told only where it was measured, and the
# recorded figures of quality are those of results/quality.
. "$(dirname "$0")/lib.sh"
cd "$work"
set_inputs
# shellcheck disable=SC2086
expect 0 run -q --no-report -c "$brands" -o a.h5 $inputs
expect 64 methods
expect 64 methods a.h5 --lang de
said 'en or pl'
expect 66 methods nothing.h5

told() { # NAME TEXT: on one line, as words
    tr -s ' \n' '  ' <"$1" | grep -qF -- "$2" || { cat "$1" >&2; fail "$1 does not say \"$2\""; }
}
untold() {
    ! tr -s ' \n' '  ' <"$1" | grep -qF -- "$2" || fail "$1 says \"$2\""
}
expect 0 methods a.h5
cp "$out" en
expect 0 methods a.h5 --lang en
same en "$out"
expect 0 methods a.h5 --lang pl
cp "$out" pl
expect 0 export a.h5 brands --format jsonl
cp "$out" brands.jsonl
expect 0 export a.h5 inputs --format jsonl
cp "$out" inputs.jsonl
expect 0 export a.h5 crises --format jsonl
crises=$(wc -l <"$out")
expect 0 export a.h5 bursts --format jsonl
bursts=$(wc -l <"$out")
expect 0 export a.h5 mood_turns --format jsonl
others=$((bursts + $(wc -l <"$out")))
"$PYTHON" - "$root" en pl <<'EOF_CHECK' || fail 'another figure'
import json, re, sys
root = sys.argv[1]
en, pl = (" ".join(open(name, encoding="utf-8").read().split()) for name in sys.argv[2:])
load = lambda name: [json.loads(line) for line in open(name, encoding="utf-8")]
inputs, brands = load("inputs.jsonl"), load("brands.jsonl")
posts, records = sum(i["posts"] for i in inputs), sum(i["records"] for i in inputs)
for text in (en, pl):
    for number in (len(inputs), posts, records, *(b["mentions"] for b in brands)):
        assert re.search(rf"(?<!\d){number}(?!\d)", text), number
    for brand in brands:
        assert brand["name"] in text and " ".join(brand["query"].split()) in text, brand["name"]
assert f"{brands[0]['mentions']} mentions" in en and f"liczba wzmianek: {brands[0]['mentions']}" in pl
# measured quality: recorded with the models, and in the pages of results/quality
page = open(f"{root}/results/quality/sentiment.md", encoding="utf-8").read()
for language, word in (("pl", "Polish"), ("en", "English")):
    model = json.load(open(f"{root}/lexicons/models/{language}.json"))
    for score in model["cross_validation"]["scores"]:
        if score["domain"] in ("brand", "own", "tweets"):
            recall = f"{score['macro_recall']:.3f}"
            assert f"{recall} on {score['posts']} {word}" in en, (language, score)
            assert f"{recall.replace('.', ',')} dla {score['posts']} " in pl, (language, score)
            assert recall in page, (language, score)
figures = json.load(open(f"{root}/results/quality/figures.json"))
names = {("pl", "brand"): "Polish brand posts", ("pl", "own"): "Polish own posts", ("pl", "tweets"): "Polish tweets",
         ("en", "brand"): "English brand posts", ("en", "own"): "English own posts",
         ("en", "tweets"): "English tweets (TweetEval"}
for language, scores in figures["rules"].items():
    for score in scores:
        row = next(line for line in page.splitlines() if line.startswith("| " + names[language, score["domain"]]))
        assert row.split("|")[2].strip() == f"{score['macro_recall']:.3f}", row
detection = open(f"{root}/results/quality/detection.md", encoding="utf-8").read()
found = re.search(r"found at x4 \| 28/28 \| add (\d+), (\d+); times (\d+), (\d+)", detection)
assert sum(map(int, found.groups())) == figures["detection"]["found"]
assert f"mean {figures['detection']['false_alarms_per_30_days']:.2f} |" in detection
assert f"mean {figures['detection']['interval_holds']:.2f};" in detection
assert f", {figures['detection']['onset_median_minutes']} over all" in detection
EOF_CHECK
told en "Found were $crises crises and $others other episodes"
told en 'keyed pseudonyms'
told en 'Europe/Warsaw'
told en "$("$BURZA" version)"
seal=$(tail -c 65 a.h5)
told en "$seal"
told pl "$seal"
untold pl 'Autorzy są podani'
awk 'length > 100' en | grep -v '^[0-9a-f]*[,.;]*$' | grep . && fail 'a line is too long'

# other settings, other words
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia jest okropna\n2,2023-03-01T01:00:00Z,b,dobra norvia\n' >posts.csv
echo '{"brands":[{"id":"n","name":"Nor","query":"norvia","inflect":false,"context":"thread"}],
    "engine":"rules","bucket":900,"privacy":{"authors":"plain"},"detection":{"false_alarms_per_month":2}}' >c.json
expect 0 run -q --no-report -c c.json -o b.h5 posts.csv
expect 0 methods b.h5
cp "$out" other
told other 'rules engine'
told other '0.762 on 400 Polish posts about brands'
untold other 'English posts'
told other 'without inflected forms'
told other 'nor are replies'
told other 'every 900 seconds'
told other 'at 2.00 false alarms'
told other 'named by their handles'
untold other 'PolEmo'

# lexicons whose quality nobody measured
printf 'lemma\tvalence\tpos\tnote\nnorwiczy\t-500\tadj\t\n' >own.tsv
expect 0 run -q --no-report -b n=norvia --lexicon own.tsv -o c.h5 posts.csv
expect 0 methods c.h5
cp "$out" lexicon
told lexicon 'other lexicons than those whose quality was measured'
untold lexicon 'mean recall'

# a name with control characters does nothing in a terminal
printf '{"brands":[{"id":"n","name":"N\\u202eor","query":"norvia"}]}' >hostile.json
expect 0 run -q --no-report -c hostile.json -o d.h5 posts.csv
expect 0 methods d.h5
! grep -q "$(printf '\342\200\256')" "$out" || fail 'a bidi control'
"$PYTHON" -c 'import tarfile, sys; tarfile.open(sys.argv[1]).extractall()' "$root/tests/golden/audit_0.1.0.tar.gz"
expect 0 methods thread.h5
cp "$out" old
told old 'burza 0.1.0'
