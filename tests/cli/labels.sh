#!/bin/sh
# Files and folders that private exports name after people: the audit, its report and exports show
# pseudonyms for these parts, notes on damaged members too; --authors plain shows the names.
. "$(dirname "$0")/lib.sh"
cd "$work"

thread() { # FOLDER NAME SECOND
    mkdir -p "dump/$1"
    cat >"dump/$1/message_1.json" <<EOF
{"participants":[{"name":"$2"},{"name":"Norvia"}],"messages":[
{"sender_name":"Norvia","timestamp_ms":${3}9000,"content":"sprawdzamy","type":"Generic"},
{"sender_name":"$2","timestamp_ms":${3}1000,"content":"norvia nie działa","type":"Generic"}],
"title":"$2","thread_path":"$1"}
EOF
}
thread messages/inbox/janekkowalski_123 'Janek Kowalski' 176311156
thread messages/archived_threads/anna.nowak_9 'Anna Nowak' 176321156
thread messages/e2ee_cutover/zosiamazur_77 'Zosia Mazur' 176331156
printf '07.10.2026, 18:02 - Ewa Lis: norvia nie działa\n07.10.2026, 18:03 - Ja: też\n' \
    >'dump/Czat WhatsApp z Ewa Lis.txt'
cp 'dump/Czat WhatsApp z Ewa Lis.txt' 'dump/WhatsApp Chat with Ewa Lis.txt'
printf '07.10.2026, 19:02 - Ola Bąk: norvia w porządku\n' >'dump/WhatsApp-Chat mit Ola Bąk.txt'
mkdir -p zipped/messages/inbox/piotrwilk_5
printf '{"participants":[{"name":"Piotr Wilk"}],"messages":[{"sender_name":"Piotr' \
    >zipped/messages/inbox/piotrwilk_5/message_1.json
(cd zipped && tar cf ../dump/page.tar messages)
names='kowalski|nowak|mazur|ewa lis|bąk|wilk'

expect 0 run -q --damaged-ok --private --tz Europe/Warsaw -b norvia=norvia -o p.h5 dump
expect 0 export p.h5 inputs --format jsonl
cp "$out" inputs
[ "$(grep -c . inputs)" -eq 7 ] || fail "$(cat inputs)"
[ "$(sed 's/.*"input":"\([^"]*\)".*/\1/' inputs | sort -u | wc -l)" -eq 7 ] ||
    fail 'two files have one label'
grep -q '"input":"messages/inbox/u[a-z0-9]*/message_1.json"' inputs || fail "$(cat inputs)"
grep -q '"input":"Czat WhatsApp z u[a-z0-9]*.txt"' inputs || fail "$(cat inputs)"
for table in inputs rejects posts authors brands conversations replies people coverage; do
    expect 0 export p.h5 $table --format jsonl
    grep -aiE "$names" "$out" && fail "$table names people"
done
grep -aiE "$names" p.html && fail 'the report names people'
strings -n 3 p.h5 >strings 2>/dev/null || tr -c '[:print:]' '\n' <p.h5 >strings
grep -aiE 'kowalski|nowak|mazur|ewa lis|wilk' strings && fail 'the audit names people'
expect 0 summary p.h5
grep -aiE "$names" "$out" && fail 'the summary names people'

# the same files again, when only the audit is left
rm -r p.h5.parts
expect 0 run -q --damaged-ok --private --tz Europe/Warsaw -b norvia=norvia -o p.h5 dump

cat >plain.json <<'EOF'
{"brands": [{"id": "norvia", "query": "norvia"}], "timezone": "Europe/Warsaw",
 "privacy": {"authors": "plain", "private": "on"}}
EOF
expect 0 run -q --damaged-ok --tz Europe/Warsaw -c plain.json -o plain.h5 dump
expect 0 export plain.h5 inputs
grep -q 'inbox/janekkowalski_123' "$out" || fail 'plain does not show the names'
