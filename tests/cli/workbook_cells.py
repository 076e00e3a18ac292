#!/usr/bin/env python3
"""workbook_cells.py BOOK.xlsx FOLDER KIND TABLE...: reads a workbook with nothing but zipfile and an XML
parser, and compares its sheets, cell by cell and type by type, with TABLE.jsonl in the folder.

KIND: en or pl (a whole audit), only (one table), hostile, without (an audit that keeps no posts).
"""
import json
import re
import sys
import zipfile
from datetime import datetime, timedelta
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
book = zipfile.ZipFile(sys.argv[1])
folder, kind, tables = sys.argv[2], sys.argv[3], sys.argv[4:]
assert book.testzip() is None
assert all(entry.date_time[:3] == (1980, 1, 1) for entry in book.infolist()), "a clock in the zip"


def part(name):
    return ElementTree.fromstring(book.read(name))


names = [sheet.get("name") for sheet in part("xl/workbook.xml").iter(MAIN + "sheet")]
shared = ["".join(t.text or "" for t in item.iter(MAIN + "t"))
          for item in part("xl/sharedStrings.xml").iter(MAIN + "si")] if "xl/sharedStrings.xml" in book.namelist() else []
styles = part("xl/styles.xml")
codes = {int(f.get("numFmtId")): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
formats = [codes.get(int(xf.get("numFmtId")), "") for xf in styles.find(MAIN + "cellXfs")]


def number_of(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def unescape(text):  # as ECMA-376 has control characters
    return re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code.group(1), 16)), text)


def cells_of(name):
    """Rows of (value, format): a text, or a number with its format."""
    root, rows = part(f"xl/worksheets/sheet{names.index(name) + 1}.xml"), []
    assert not list(root.iter(MAIN + "f")), "a formula"
    for row in root.iter(MAIN + "row"):
        cells = {}
        for cell in row.iter(MAIN + "c"):
            at = number_of(re.match("[A-Z]+", cell.get("r")).group())
            value = cell.find(MAIN + "v")
            if cell.get("t") == "inlineStr":
                cells[at] = (unescape("".join(t.text or "" for t in cell.iter(MAIN + "t"))), None)
            elif cell.get("t") == "s":
                cells[at] = (unescape(shared[int(value.text)]), None)
            elif value is not None:
                cells[at] = (float(value.text), formats[int(cell.get("s") or 0)])
        rows.append((int(row.get("r")) - 1, cells))
    return rows, root


def date(cell):
    assert "yyyy" in cell[1], cell
    return datetime(1899, 12, 30) + timedelta(seconds=round(cell[0] * 86400))


def same_cell(key, cell, row):
    value = row.get(key)
    if key.endswith("_utc"):
        want = row[key[:-4]]
        assert (cell is None) == (want is None), (key, cell, want)
        assert want is None or date(cell) == datetime(1970, 1, 1) + timedelta(seconds=want), (key, cell, want)
    elif key + "_iso" in row or (key == "time" and "time_local" in row):
        assert (cell is None) == (value is None), (key, cell, value)
        if "time_local" in row and key == "time":
            assert date(cell) == datetime.fromisoformat(row["time_local"]).replace(tzinfo=None), (cell, row)
    elif key in ("day", "month"):
        assert date(cell).strftime("%Y-%m-%d").startswith(value), (key, cell, value)
    elif value is None or value == "":
        assert cell is None, (key, cell)
    elif isinstance(value, str):
        assert isinstance(cell[0], str), (key, cell, "a text is a number")
        if kind != "hostile":
            assert cell[0] == value, (key, cell[0], value)
    else:
        assert isinstance(cell[0], float) and abs(cell[0] - value) <= 1e-12 * abs(value), (key, cell, value)


def compare(name, rows, want):
    heads = [rows[0][1][i][0] for i in sorted(rows[0][1])]
    expected = [key for key in want[0] if not key.endswith("_iso") and key != "time_local"] if want else heads
    assert [key for key in heads if not (want and key.endswith("_utc"))] == expected, (name, heads, expected)
    assert len(rows) - 1 == len(want), (name, len(rows), len(want))
    for (_, cells), row in zip(rows[1:], want):
        for i, key in enumerate(heads):
            same_cell(key, cells.get(i), row)


def table(name):
    with open(f"{folder}/{name}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if kind in ("en", "pl"):
    assert names[:4] == ["summary", "charts", "monthly", "top_posts"], names
    for name in tables:
        if name == "posts":
            continue
        rows, root = cells_of(name)
        compare(name, rows, table(name))
        assert root.find(f".//{MAIN}pane").get("ySplit") == "1", "the head is not frozen"
        assert root.find(MAIN + "autoFilter") is not None, "no filters"
    posts = {}
    for row in table("posts"):
        posts[row["id"], row["brand"]] = row
    rows, root = cells_of("top_posts")
    heads = [rows[0][1][i][0] for i in sorted(rows[0][1])]
    count, moved = {}, {}
    for _, cells in rows[1:]:
        values = {key: cells.get(i) for i, key in enumerate(heads)}
        row = posts[values["id"][0], values["brand"][0]]
        assert row["role"] == "mention"
        for key in heads:
            same_cell(key, values[key], row)
        brand, engagement = row["brand"], sum(row[key] or 0 for key in ("likes", "replies", "reposts"))
        assert engagement <= moved.get(brand, engagement), "not in order"
        moved[brand], count[brand] = engagement, count.get(brand, 0) + 1
    for brand, number in count.items():
        everything = [sum(row[key] or 0 for key in ("likes", "replies", "reposts"))
                      for row in posts.values() if row["brand"] == brand and row["role"] == "mention"]
        assert number == min(100, len(everything)), (brand, number)
        assert sum(e > moved[brand] for e in everything) <= number, brand
    charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
    answers = any(row["account"] == row["channel"] == row["period"] == "all" and row["km_1h"] is not None
                  for row in table("response"))
    assert len(charts) == 4 + answers, charts
    titles = " ".join(book.read(name).decode() for name in charts)
    for word in {"en": ("Mentions", "Negative share", "Share of voice", "Answered within", "People who came"),
                 "pl": ("Wzmianki", "Udział negatywnych", "Udział w głosie", "Odpowiedź w ciągu", "Osoby")}[kind]:
        assert word in titles or (not answers and word in ("Answered within", "Odpowiedź w ciągu")), word
    data, _ = cells_of("chart_data")
    references = re.findall(r"<c:f>chart_data!\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$(\d+))?</c:f>", titles)
    filled = {(at, column) for at, cells in data for column in cells}
    assert references
    for column, first, last in references:  # every range has values
        assert any((at, number_of(column)) in filled for at in range(int(first) - 1, int(last or first))), (column, first)
    summary = " ".join(str(cell[0]) for _, cells in cells_of("summary")[0] for cell in cells.values())
    assert ("Crises" if kind == "en" else "Kryzysy") in summary and "Europe/Warsaw" in summary, summary
elif kind == "only":
    assert names == tables, names
    for name in tables:
        compare(name, cells_of(name)[0], table(name))
elif kind == "hostile":
    rows, root = cells_of("top_posts")
    heads = [rows[0][1][i][0] for i in sorted(rows[0][1])]
    texts = [cells[heads.index("text")][0] for _, cells in rows[1:]]
    assert any(text.startswith("=HYPERLINK") for text in texts) and any(text.startswith("@SUM") for text in texts)
    assert max(len(text.encode("utf-16-le")) // 2 for text in texts) <= 32767
    assert any("_x0041_ _X0041_ _x004_ _x0041__x0042_" in text for text in texts), texts
    ids = {cells[heads.index("id")][0] for _, cells in rows[1:]}
    assert all(isinstance(identity, str) for identity in ids), ids
    links = book.read(f"xl/worksheets/_rels/sheet{names.index('top_posts') + 1}.xml.rels").decode()
    assert links.count("https://example.com/") == 7 and "javascript" not in links, links
elif kind == "without":
    assert "top_posts" not in names and "summary" in names, names
    summary = " ".join(str(cell[0]) for _, cells in cells_of("summary")[0] for cell in cells.values())
    assert "keep none" in summary, summary
else:
    sys.exit("unknown: " + kind)
