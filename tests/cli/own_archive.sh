# Whose archive it is says its account.js: beside the files, or in the zip that holds all.
. "$(dirname "$0")/lib.sh"
cd "$work"
cp -r "$samples/x_archive/data" . && chmod -R u+w data
echo '{"brands": [{"id": "all", "query": "lang:pl OR lang:en OR lang:other"}], "privacy": {"authors": "plain"}}' >c.json

# owner_of FILE: the authors of its posts
owner_of() {
    rm -rf a.h5 a.h5.parts
    "$BURZA" run -q --no-report -c c.json -o a.h5 "$1" 2>"$err" || [ $? = 2 ] || fail "$1"
    "$BURZA" export a.h5 posts --format jsonl | grep -o '"author":"[^"]*"' | sort -u | tr -d '\n'
}
pack() { "$PYTHON" -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", int(sys.argv[2])) as file:
    for name in sys.argv[3:]: file.write(name)' "$@"; }

[ "$(owner_of data/tweets.js)" = '"author":"norvia_pl"' ] || fail "account.js beside the file"
for method in 0 8; do
    pack whole.zip $method data/tweets.js data/account.js data/deleted-tweets.js
    [ "$(owner_of whole.zip)" = '"author":"norvia_pl"' ] || fail "account.js in the zip ($method)"
done
pack without.zip 8 data/tweets.js
[ "$(owner_of without.zip)" = '"author":"account-owner"' ] || fail "nothing says whose archive it is"
echo 'window.YTD.account.part0 = [ {"account" : ' >data/account.js
pack broken.zip 8 data/tweets.js data/account.js
[ "$(owner_of broken.zip)" = '"author":"account-owner"' ] || fail "a broken account.js"
