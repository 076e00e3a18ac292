# Excel workbooks: dates by style, texts in all the ways that programs write them, several sheets,
# and what is not whole.
. "$(dirname "$0")/lib.sh"
cd "$work"

cat >make.py <<'END'
"""usage: make.py: writes workbooks, part by part, as different programs do."""
import zipfile

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
LINKS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
         '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
         '<Relationship Id="rId2" Target="/xl/worksheets/other.xml"/></Relationships>')
STYLES = ('<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy&quot; o &quot;hh:mm"/>'
          '<numFmt numFmtId="165" formatCode="0.0&quot;d&quot;"/></numFmts>'
          '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
          '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/>'
          '<xf numFmtId="14"/></cellXfs></styleSheet>')


def book(name, sheets, strings=(), book_attributes="", prefix="", order=False, styles=STYLES):
    listed = "".join(f'<sheet name="{sheet}" sheetId="{i + 1}" r:id="rId{i + 1}"/>'
                     for i, sheet in enumerate(sheets))
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns:r="r"><workbookPr {book_attributes}/>'
                           f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": "<sst>" + "".join(f"<si>{text}</si>" for text in strings) + "</sst>",
    }
    names = ("xl/worksheets/sheet1.xml", "xl/worksheets/other.xml")
    for part, rows in zip(names, sheets.values()):
        text = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
        if prefix:
            text = text.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:").replace(
                f"<{prefix}:/{prefix}:", f"</{prefix}:")
            text = text.replace(f"<{prefix}:worksheet>", f'<{prefix}:worksheet xmlns:{prefix}="m">')
        parts[part] = text
    listed = sorted(parts.items(), reverse=order)
    if order:  # the sheets come before the texts that they use
        listed = [("xl/worksheets/sheet1.xml", parts["xl/worksheets/sheet1.xml"])] + [
            part for part in listed if part[0] != "xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as file:
        for part, text in listed:
            file.writestr(part, HEAD + text)


def row(number, *cells):
    return f'<row r="{number}">' + "".join(cells) + "</row>"


def inline(text, place=""):
    return f'<c{place} t="inlineStr"><is><t>{text}</t></is></c>'


def shared(index, place=""):
    return f'<c{place} t="s"><v>{index}</v></c>'


def number(value, style=0, place=""):
    return f'<c{place} s="{style}"><v>{value}</v></c>'


head = row(1, inline("id"), inline("data"), inline("autor"), inline("treść"), inline("polubienia"))
# 46083.375 is 2026-03-02 09:00; a style of a number that only looks like one of a date
plain = head + "".join(
    row(i + 2, inline(f"p{i}"), number(46083.375 + i / 24, 1 + i % 2), inline("ola"),
        inline(f"Norvia, wpis {i}"), number(3, 3)) for i in range(4))
book("inline.xlsx", {"Wpisy": plain})
book("prefix.xlsx", {"Wpisy": plain}, prefix="x", order=True)
since = plain
for i in range(4):
    since = since.replace(f"<v>{46083.375 + i / 24}</v>", f"<v>{46083.375 + i / 24 - 1462}</v>")
book("since1904.xlsx", {"Wpisy": since}, book_attributes='date1904="1"')
texts = ["<t>id</t>", "<t>data</t>", "<t>autor</t>", "<t>treść</t>",
         "<r><t>Norvia </t></r><r><rPr><b/></rPr><t>nie działa</t></r><rPh><t>norubia</t></rPh>",
         "<t>pierwszy_x000A_drugi _xD83D__xDE00_ \"_xZZZZ_\"</t>"]
rich = (row(3, shared(0, ' r="B3"'), shared(1, ' r="C3"'), shared(2, ' r="D3"'), shared(3, ' r="F3"'))
        + row(4, number(1, 0, ' r="B4"'), '<c r="C4" t="d"><v>2026-03-02T09:00:00</v></c>',
              shared(4, ' r="F4"'))
        + row(7, number(2, 0, ' r="B7"'), number(46083, 4, ' r="C7"'),
              '<c r="D7" t="e"><v>#N/A</v></c>', shared(5, ' r="F7"')))
book("rich.xlsx", {"Wpisy": rich}, texts)
summary = row(1, inline("Data"), inline("Wzmianki")) + row(2, number(46083, 4), number(4))
book("two.xlsx", {"Podsumowanie": summary, "Wpisy": plain})
more = head + "".join(
    row(i + 2, inline(f"q{i}"), number(46084.5, 1), inline("jan"), inline(f"Norvia, drugi {i}"),
        number(0)) for i in range(2))
book("both.xlsx", {"Marzec": plain, "Kwiecień": more})
book("midnight.xlsx", {"Wpisy": plain.replace("<v>46083.375</v>", "<v>46083</v>")})
numbers = "".join(row(i + 1, number(i), number(i * 2)) for i in range(40))
book("odd.xlsx", {"Liczby": numbers, "Wpisy": plain})
book("none.xlsx", {"Liczby": numbers})
with zipfile.ZipFile("text.docx", "w") as file:
    file.writestr("[Content_Types].xml", "<Types/>")
    file.writestr("word/document.xml", "<document/>")
END
"$PYTHON" make.py

# read FILE: the posts of FILE to "$out", times, ids and texts
read_posts() {
    rm -rf a.h5 a.h5.parts
    "$BURZA" run -q --no-report --tz Europe/Warsaw -c all.json -o a.h5 "$1" 2>"$err" || ended=$?
    "$BURZA" export a.h5 posts --format jsonl | "$PYTHON" -c '
import json, sys
for line in sys.stdin:
    post = json.loads(line)
    print(post["time_iso"], post["id"], post["author"] or "-", json.dumps(post["text"], ensure_ascii=False))
' >"$out"
}
cat >all.json <<'END'
{"brands": [{"id": "all", "query": "lang:pl OR lang:en OR lang:other"}],
 "privacy": {"authors": "plain", "text": "keep"}}
END

cat >want <<'END'
2026-03-02T08:00:00Z p0 ola "Norvia, wpis 0"
2026-03-02T09:00:00Z p1 ola "Norvia, wpis 1"
2026-03-02T10:00:00Z p2 ola "Norvia, wpis 2"
2026-03-02T11:00:00Z p3 ola "Norvia, wpis 3"
END
for file in inline.xlsx prefix.xlsx since1904.xlsx two.xlsx; do
    ended=0
    read_posts "$file"
    diff want "$out" || fail "$file"
    [ "$ended" = 0 ] || fail "$file ended with $ended"
done

# a day alone is spread over its hours, midnight in a column of moments is not
ended=0
read_posts midnight.xlsx
grep -q '^2026-03-01T23:00:00Z p0 ' "$out" || fail "midnight: $(cat "$out")"

ended=0
read_posts rich.xlsx
cat >want_rich <<'END'
2026-03-02T08:00:00Z 1 - "Norvia nie działa"
2026-03-02T11:00:00Z 2 - "pierwszy\ndrugi 😀 \"_xZZZZ_\""
END
sed 's/^2026-03-0[12]T[0-9:]*Z 2/2026-03-02T11:00:00Z 2/' "$out" | diff want_rich - || fail rich.xlsx

read_posts both.xlsx
[ "$(grep -c wpis "$out") $(grep -c drugi "$out")" = "4 2" ] || fail "both sheets are read"
"$BURZA" inspect --tz Europe/Warsaw both.xlsx | grep -q "2 members" || fail "a sheet is a member"

# a long sheet that is no table of posts is said, one of a few rows is not
ended=0
read_posts odd.xlsx
diff want "$out" || fail odd.xlsx
[ "$ended" = 2 ] || fail "odd.xlsx ended with $ended"
"$BURZA" inspect --tz Europe/Warsaw odd.xlsx >"$out" || true
grep -q 'Liczby' "$out" || fail "the sheet that was passed over is named"
"$BURZA" inspect none.xlsx >"$out" && fail "none.xlsx: nothing was read"
"$BURZA" inspect text.docx >"$out" && fail "text.docx: nothing was read"
grep -q "office document without sheets" "$out" || fail "text.docx: what it is"

# cut short: all posts, or it is said that some are missing
size=$(wc -c <both.xlsx)
for part in 10 30 50 60 70 80 90 95 99; do
    head -c $((size * part / 100)) both.xlsx >cut.xlsx
    ended=0
    read_posts cut.xlsx
    [ "$ended" != 0 ] || [ "$(wc -l <"$out")" = 6 ] || fail "cut at $part % without a word"
done
[ "$(wc -l <"$out")" = 6 ] || fail "only the directory was cut off"
# within other layers, and more than once the same
zip -q in.zip inline.xlsx 2>/dev/null || "$PYTHON" -m zipfile -c in.zip inline.xlsx
gzip -c inline.xlsx >inline.xlsx.gz
for file in in.zip inline.xlsx.gz; do
    read_posts "$file"
    diff want "$out" || fail "$file"
done
for threads in 1 2 4; do
    "$BURZA" run -q --no-report -j $threads --tz Europe/Warsaw -c all.json -o "t$threads.h5" both.xlsx two.xlsx
done
cmp t1.h5 t2.h5 && cmp t1.h5 t4.h5 || fail "one, two and four threads"
