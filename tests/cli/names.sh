#!/bin/sh
# burza help names: its queries for names that are also words, on posts that mean the name or the word.
. "$(dirname "$0")/lib.sh"
posts=$root/tests/unit/data/precise_posts.tsv
cd "$work"

burza help names
cp "$out" page.md
found=0 taken=0 asked=0
for name in play orange plus lot era apple amazon shell gap boots next target; do
    # the indented lines below "**Name**"
    query=$(awk -v name="$name" '
        /^\*\*/ { inside = tolower($0) ~ "^[*][*]" name "[*][*]" }
        inside && /^    / { printf "%s ", $0 }' page.md)
    [ "$query" ] || fail "the page has no query for $name"
    grep "^$name	" "$posts" | cut -f3 >texts
    burza query "$query" <texts
    [ "$code" -eq 0 ] || fail "the query for $name ended with $code"
    grep "^$name	" "$posts" | cut -f2 | paste - "$out" >marked
    found=$((found + $(grep -c '^1	+' marked || true)))
    taken=$((taken + $(grep -c '^0	+' marked || true)))
    asked=$((asked + $(grep -c '^1' marked)))
done
echo "found $found of $asked, taken wrongly $taken of $asked"
[ "$asked" -ge 90 ] || fail "only $asked posts name a brand"
[ "$found" -ge $((asked * 93 / 100)) ] || fail "found only $found of $asked"
[ "$taken" -le $((asked * 7 / 100)) ] || fail "took $taken of $asked wrongly"
