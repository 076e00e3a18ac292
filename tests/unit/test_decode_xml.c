/* XML: rows of attributes and nested elements, cut anywhere; nothing is expanded, nothing lost. */
#include "decode_cuts.h"

#include "stages/decode/member.h"
#include "stages/decode/xml_record.h"

static void expect(const char *input, const char *format, const char *want) {
    struct decode_options options = options_of(0);
    struct run run;
    if (CHECK_INT(run_decode(&run, span_of(input), "x.xml", &options, 16), STATUS_OK)) {
        CHECK_SPAN(span_of(run.format), format);
        CHECK_SPAN(span_of(run.log.at), want);
        expect_same_for_any_cut(span_of(input), 0, "xml");
        expect_same_for_any_cut(span_of(input), 80, "xml");
    } else {
        printf("# %s\n", run.log.at);
    }
    run_release(&run);
}

static void test_rows(void) {
    expect(
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<posts>\n"
        "  <!-- <row Id=\"0\" /> -->\n"
        "  <row Id=\"1\" CreationDate=\"2014-05-13T23:58:30.457\" Body=\"&lt;p&gt;a > b&#xA;&amp;"
        "amp;\" Score='7'/>\n"
        "  <row Id=\"2\" CreationDate=\"2014-05-13T23:58:30\" Body=\"/>\" OwnerUserId=\"\"></row>\n"
        "  <row Id=\"3\" CreationDate=\"2014-05-13\" />\n"
        "  <row Id=\"4\" CreationDate=\"2014-05-13\" Body=\"&undefined;\" />\n"
        "  <row Id=\"5\" Id=\"6\" CreationDate=\"2014-05-13\" Body=\"twice\" />\n"
        "</posts>\n",
        "xml",
        "other original 2014-05-13T23:58:30Z.457000 source=2 id=1 likes=7 text=a > b &\n"
        "other original 2014-05-13T23:58:30Z.000000 source=2 id=2 text=/>\n"
        "reject no_text\nreject syntax\nreject syntax\n");
}

static void test_elements(void) {
    expect(
        "<?xml version='1.0'?><!DOCTYPE d [ <!ELEMENT d ANY> ]>"
        "<d xmlns:dsq=\"http://disqus.com\"><thread dsq:id=\"9\"><title>t</title></thread>"
        "<post dsq:id=\"1\"><id>a1</id><message><![CDATA[<p>one</p> ]]]]><![CDATA[>]]></message>"
        "<createdAt>2023-03-05T10:00:00Z</createdAt><author><username>ola</username></author>"
        "<meta><id>inner</id></meta></post>"
        "<post><id/><message>two \xFF</message><createdAt>2023-03-05T10:00:00Z</createdAt></post>"
        "</d><!-- end -->",
        "xml",
        "reject no_time\n"
        "other original 2023-03-05T10:00:00Z.000000 id=a1 author_id=ola author=ola text=one|]]>\n"
        "other original 2023-03-05T10:00:00Z.000000 id=hb8ba4aac8ff9c4f2 text=two \xEF\xBF\xBD\n");
    /* one level further down, cut off in the last record */
    expect("<rss><channel><title>c</title><item><title>t</title><pubDate>2023-03-05</pubDate>"
           "<description>d</description></item><item><title>u",
           "xml",
           "reject not_a_post\n"
           "other original 2023-03-05T00:00:00Z.000000 source=2 id=haf720b839673f088 "
           "text=t||d\nreject syntax\n");
}

/* Entities of a document are unknown in its records: a billion laughs stay unheard. */
static void test_bomb(void) {
    struct decode_options options = options_of(0);
    struct run run;
    static const char bomb[] =
        "<!DOCTYPE b [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
        "<b><row Id=\"1\" CreationDate=\"2023-03-05\" Text=\"x\"/>"
        "<row Id=\"2\" CreationDate=\"2023-03-05\" Text=\"&b;\"/></b>";
    CHECK_INT(run_decode(&run, span_of(bomb), "x", &options, 1000), STATUS_OK);
    CHECK_INT(run.posts, 1);
    CHECK_INT(run.by_reason[REJECT_SYNTAX], 1);
    run_release(&run);
    struct xml_record *reader = xml_record_new();
    static const char inside[] = "<!DOCTYPE r [<!ENTITY a \"ha\">]><r>&a;</r>";
    CHECK(xml_record_as_json(reader, span_of(inside)) == NULL);
    xml_record_free(reader);
}

static void test_limits(void) {
    struct decode_options options = options_of(4000);
    struct buf input;
    struct run run;
    buf_init(&input, 1 << 24);
    buf_text(&input,
             "<p><row Id=\"1\" CreationDate=\"2023-03-05\" Text=\"x\"/><row Id=\"2\" Text=\"");
    for (int i = 0; i < 100000; i++)
        buf_text(&input, "long > ");
    buf_text(&input, "\"/><row>");
    for (int i = 0; i < 100; i++)
        buf_text(&input, "<a>");
    for (int i = 0; i < 100; i++)
        buf_text(&input, "</a>");
    buf_text(&input, "</row><!-- ");
    for (int i = 0; i < 100000; i++)
        buf_text(&input, "a comment without end or -> ");
    buf_text(&input, "--><row Id=\"3\" CreationDate=\"2023-03-05\" Text=\"y\"/></p>");
    CHECK_INT(run_decode(&run, buf_as_span(&input), "x", &options, 3000), STATUS_OK);
    CHECK_INT(run.posts, 2);
    CHECK_INT(run.by_reason[REJECT_TOO_LONG], 1);
    CHECK_INT(run.by_reason[REJECT_TOO_DEEP], 1);
    CHECK_INT(run.rejects, 2);
    CHECK(run.largest_pending < 16000);
    run_release(&run);
    buf_release(&input);
}

static void test_encodings(void) {
    expect("<?xml version=\"1.0\" encoding=\"windows-1250\"?><p><row Id=\"1\" "
           "CreationDate=\"2023-03-05\" Text=\"za\xBF\xF3\xB3\xE6\"/></p>",
           "xml",
           "other original 2023-03-05T00:00:00Z.000000 source=2 id=1 "
           "text=za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87\n");
    struct decode_options options = options_of(0);
    struct run run;
    static const char row[] = "\xFE\xFF<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<p>"
                              "<row Id=\"1\" CreationDate=\"2023-03-05\" Text=\"za\x7C";
    static const char rest[] = "\"/></p>";
    char wide[300] = "\xFE\xFF";
    size_t len = 2;
    for (const char *at = row + 2; *at; at++, len += 2)
        wide[len + 1] = *at;
    wide[len - 2] = 1; /* U+017C */
    for (const char *at = rest; *at; at++, len += 2)
        wide[len + 1] = *at;
    CHECK_INT(run_decode(&run, (struct span){wide, len}, "x", &options, 100), STATUS_OK);
    CHECK_INT(run.posts, 1);
    CHECK(strstr(run.log.at, "text=za\xC5\xBC\n") != NULL);
    CHECK_INT(run.repairs[REPAIR_ENCODING], 0);
    run_release(&run);
    CHECK_INT(run_decode(&run, SPAN_LITERAL("<p><q/></p>"), "x", &options, 100), STATUS_SKIP);
    CHECK(strstr(run.log.at, "XML, but of no known format") != NULL);
    run_release(&run);
}

int main(void) {
    struct fault fault;
    CHECK_INT(zone_open(&utc, "UTC", &fault), STATUS_OK);
    test_rows();
    test_elements();
    test_bomb();
    test_limits();
    test_encodings();
    zone_release(&utc);
    return tap_done();
}
