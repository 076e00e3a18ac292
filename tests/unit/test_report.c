/* The report: numbers and moments as people read them, escaping, a page that no text from a dump
 * can change, and thin charts. */
#include "report_sample.h"
#include "stages/report/chart.h"
#include "stages/report/page.h"
#include "tap.h"

static const char *const payloads[] = {
#include "report_payloads.h"
};
enum { PAYLOADS = sizeof payloads / sizeof *payloads };

static void check_escape(const char *input, size_t len, const char *want) {
    struct buf out;
    buf_init(&out, 1 << 20);
    escape_text(&out, (struct span){input, len});
    buf_char(&out, 0);
    CHECK_STR(out.at, want);
    buf_release(&out);
}

static void test_escape(void) {
    check_escape("a<b>&\"'", 7, "a&lt;b&gt;&amp;&quot;&#39;");
    check_escape("x\xE2\x80\xAEy", 5, "x[U+202E]y");
    check_escape("\xE2\x80\x8B\xEF\xBB\xBF", 6, "[U+200B][U+FEFF]");
    check_escape("a\0b", 3, "a[U+0000]b");
    check_escape("a\tb\nc\x1B[31m", 10, "a b\nc[U+001B][31m");
    check_escape("\xFF\xC0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    check_escape("\xE3\x85\xA4\xF3\xA0\x81\xA7", 7, "[U+3164][U+E0067]");
    /* the joiner of a family stays, one between letters does not */
    check_escape("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", 11,
                 "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7");
    check_escape("a\xE2\x80\x8D"
                 "b",
                 5, "a[U+200D]b");
    check_escape("za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87", 10, "za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87");
}

static void test_urls(void) {
    CHECK(escape_url_allowed(span_of("https://example.org/a")));
    CHECK(escape_url_allowed(span_of("HTTP://example.org")));
    CHECK(!escape_url_allowed(span_of("javascript:alert(1)")));
    CHECK(!escape_url_allowed(span_of("java\nscript:alert(1)")));
    CHECK(!escape_url_allowed(span_of("https://a b")));
    CHECK(!escape_url_allowed(span_of("http://")));
    CHECK(!escape_url_allowed(span_of("//example.org")));
    CHECK(!escape_url_allowed(span_of("data:text/html,x")));
    CHECK(!escape_url_allowed(span_of("")));
    struct buf out;
    buf_init(&out, 1000);
    escape_url(&out, span_of("https://e.org/?a=\"><b>&c='\xC5\xBC"));
    CHECK_SPAN(buf_as_span(&out), "https://e.org/?a=%22%3E%3Cb%3E&amp;c=%27%C5%BC");
    buf_release(&out);
}

/* ---- figures ---- */

static struct page figure_page(struct buf *out, bool polish) {
    static struct audit audit;
    static struct report_options options;
    buf_clear(out);
    return (struct page){.out = out, .audit = &audit, .options = &options, .polish = polish};
}

static void test_numbers(void) {
    struct buf out;
    buf_init(&out, 1000);
    struct page page = figure_page(&out, false);
    put_count(&page, 1234567);
    CHECK_SPAN(buf_as_span(&out), "1" THIN "234" THIN "567");
    buf_clear(&out);
    put_count(&page, INT64_MIN);
    CHECK_SPAN(buf_as_span(&out),
               "\xE2\x88\x92"
               "9" THIN "223" THIN "372" THIN "036" THIN "854" THIN "775" THIN "808");
    buf_clear(&out);
    put_percent(&page, 0.1234);
    put_percent(&page, NAN);
    CHECK_SPAN(buf_as_span(&out), "12.3%" DASH);
    buf_clear(&out);
    put_signed(&page, -0.004, 2);
    CHECK_SPAN(buf_as_span(&out), "0.00");
    page = figure_page(&out, true);
    put_signed(&page, -1234.5, 1);
    put(&page, " ");
    put_signed(&page, 0.5, 2);
    CHECK_SPAN(buf_as_span(&out), "\xE2\x88\x92"
                                  "1" THIN "234,5 +0,50");
    buf_clear(&out);
    put_decimal(&page, INFINITY, 1);
    put_decimal(&page, 1e300, 1);
    CHECK_SPAN(buf_as_span(&out), DASH DASH);
    buf_release(&out);
}

static void test_moments(void) {
    struct buf out;
    struct zone zone;
    struct fault fault = {0};
    buf_init(&out, 1000);
    if (!CHECK(zone_open(&zone, "Europe/Warsaw", &fault) == STATUS_OK))
        return;
    struct page page = figure_page(&out, true);
    page.zone = &zone;
    put_moment(&page, 1678876800);
    CHECK_SPAN(buf_as_span(&out),
               "<time datetime=\"2023-03-15T10:40:00Z\">15 marca 2023, 11:40</time>");
    page = figure_page(&out, false);
    put_moment(&page, 1678876800);
    put_moment(&page, -1);
    put_moment(&page, INT64_MAX);
    put_moment(&page, INT64_MIN);
    CHECK_SPAN(buf_as_span(&out), "<time datetime=\"2023-03-15T10:40:00Z\">15 March 2023, "
                                  "10:40</time>" DASH DASH DASH);
    buf_clear(&out);
    put_duration(&page, 42 * 3600);
    put(&page, "|");
    put_duration(&page, 3 * 86400 + 7200);
    put(&page, "|");
    put_duration(&page, 2400);
    put(&page, "|");
    put_duration(&page, -1);
    CHECK_SPAN(buf_as_span(&out), "42" THIN "h|3" THIN "days 2" THIN "h|40" THIN "min|" DASH);
    zone_release(&zone);
    buf_release(&out);
}

static void test_plurals(void) {
    static const int64_t numbers[] = {0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 112, 123};
    static const char *const want[] = {"many", "one",  "few", "few",  "many", "many", "many",
                                       "many", "many", "few", "many", "many", "many", "few"};
    struct buf out;
    buf_init(&out, 10);
    struct page page = figure_page(&out, true);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        CHECK_STR(tr_plural(&page, numbers[i], "", "", "one", "few", "many"), want[i]);
    page.polish = false;
    CHECK_STR(tr_plural(&page, 1, "one", "many", "", "", ""), "one");
    CHECK_STR(tr_plural(&page, 0, "one", "many", "", "", ""), "many");
    buf_release(&out);
}

/* ---- the page ---- */

static bool render(const char *hostile, enum report_language language, struct buf *out) {
    struct audit audit;
    struct fault fault = {0};
    struct report_options options = {.language = language,
                                     .seal = "9f86d081884c7d659a2feaa0c55ad015",
                                     .title = hostile,
                                     .client = hostile,
                                     .author = hostile};
    bool ok =
        sample_audit(&audit, hostile) && report_write(&audit, &options, out, &fault) == STATUS_OK;
    audit_release(&audit);
    return ok;
}

static enum status write_plain(const struct audit *audit, enum report_language language,
                               struct buf *out, struct fault *fault) {
    struct report_options options = {.language = language};
    return report_write(audit, &options, out, fault);
}

/* Keeps the tags and the names of their attributes, and drops text, values and what stands in
 * scripts. False when the page is not made of well-formed tags with quoted values. */
static bool skeleton(struct span page, struct buf *out) {
    for (size_t i = 0; i < page.len;) {
        if (page.at[i++] != '<')
            continue;
        if (page.len - i > 6 && memcmp(page.at + i, "script", 6) == 0) {
            const char *end = memmem(page.at + i, page.len - i, "</script>", 9);
            if (!end)
                return false;
            buf_text(out, "<script>");
            i = (size_t)(end - page.at) + 9;
            continue;
        }
        buf_char(out, '<');
        for (bool quoted = false;; i++) {
            if (i == page.len || (!quoted && page.at[i] == '<'))
                return false;
            if (page.at[i] == '"')
                quoted = !quoted;
            else if (!quoted && page.at[i] == '>')
                break;
            else if (!quoted)
                buf_char(out, page.at[i]);
        }
        buf_char(out, '>');
    }
    return !out->failed;
}

static bool has(const struct buf *page, const char *needle) {
    return memmem(page->at, page->len, needle, strlen(needle)) != NULL;
}

/* "[U+202E]" and its like may stand in the page, the characters themselves may not. */
static bool has_bidi(const struct buf *page) {
    for (size_t i = 0; i + 2 < page->len; i++) {
        const unsigned char *at = (const unsigned char *)page->at + i;
        if (at[0] == 0xE2 && ((at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE) ||
                              (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9)))
            return true;
    }
    return false;
}

static void check_payload(int number, const struct buf *plain_skeleton) {
    struct buf page, bones;
    buf_init(&page, REPORT_MAX_BYTES);
    buf_init(&bones, REPORT_MAX_BYTES);
    char what[160];
    bool rendered = render(payloads[number], number % 2 ? REPORT_PL : REPORT_EN, &page);
    bool ok = rendered && skeleton(buf_as_span(&page), &bones) &&
              span_equal(buf_as_span(&bones), buf_as_span(plain_skeleton)) && !has_bidi(&page);
    snprintf(what, sizeof what, "payload %d leaves the tree of elements as it was", number);
    tap_result(ok, __FILE__, __LINE__, what);
    buf_release(&page);
    buf_release(&bones);
}

/* The whole tree is the same as with the text "x", for every payload in every place. */
static void test_payloads(void) {
    struct buf page, bones[2];
    buf_init(&page, REPORT_MAX_BYTES);
    for (int language = 0; language < 2; language++) {
        buf_init(&bones[language], REPORT_MAX_BYTES);
        buf_clear(&page);
        CHECK(render("x", (enum report_language)language, &page));
        CHECK(skeleton(buf_as_span(&page), &bones[language]));
        CHECK(!has(&page, "javascript:"));
    }
    CHECK(PAYLOADS >= 100);
    for (int i = 0; i < PAYLOADS; i++)
        check_payload(i, &bones[i % 2]);
    buf_release(&bones[0]);
    buf_release(&bones[1]);
    buf_release(&page);
}

static void test_content(void) {
    struct buf page, again;
    buf_init(&page, REPORT_MAX_BYTES);
    buf_init(&again, REPORT_MAX_BYTES);
    CHECK(render(NULL, REPORT_PL, &page) && render(NULL, REPORT_PL, &again));
    CHECK(span_equal(buf_as_span(&page), buf_as_span(&again)));
    CHECK(has(&page, "default-src 'none'"));
    CHECK(has(&page, "Wykryto <strong>2 kryzysy.</strong>"));
    CHECK(has(&page, "rel=\"noopener noreferrer nofollow\" "
                     "href=\"https://example.org/status/1?a=1&amp;b=2\""));
    CHECK(has(&page, "<blockquote lang=\"en\"><bdi>So my Norvia"));
    CHECK(has(&page, "class=\"uncovered\""));
    CHECK(!has(&page, ">nan") && !has(&page, ">-nan") && !has(&page, ">inf"));
    CHECK(has(&page, "<td class=\"num opt\">3" THIN "120</td>"));
    CHECK(page.len < 400000);
    buf_release(&page);
    buf_init(&page, 20000);
    CHECK(!render(NULL, REPORT_EN, &page));
    buf_release(&page);
    buf_release(&again);
}

static void test_empty(void) {
    struct audit audit;
    struct buf page;
    struct fault fault = {0};
    audit_init(&audit);
    buf_init(&page, REPORT_MAX_BYTES);
    CHECK(write_plain(&audit, REPORT_EN, &page, &fault) == STATUS_OK);
    CHECK(has(&page, "No crisis was found."));
    CHECK(names_add(&audit.brands, SPAN_LITERAL("a")));
    buf_clear(&page);
    CHECK(write_plain(&audit, REPORT_PL, &page, &fault) == STATUS_OK);
    CHECK(has(&page, "Nikt nie wspomniał"));
    CHECK(has(&page, "nic nie pasuje do zapytania o\xC2\xA0markę"));
    CHECK(has(&page, "nic nie wiadomo"));
    CHECK(!has(&page, "Nie wykryto"));
    CHECK(has(&page, "<dd>" DASH "</dd><dt>kryzysów"));
    buf_release(&page);
    audit_release(&audit);
}

/* ---- what the page is made of ---- */

static void check_bound(const char *input, const char *want) {
    struct buf page;
    buf_init(&page, 1000);
    buf_text(&page, input);
    bind_words(&page);
    CHECK_SPAN(buf_as_span(&page), want);
    buf_release(&page);
}

static void test_bind_words(void) {
    check_bound("<p>w kraju i za granic\xC4\x85</p>",
                "<p>w\xC2\xA0kraju i\xC2\xA0za granic\xC4\x85</p>");
    check_bound("A w o (z tego)", "A\xC2\xA0w\xC2\xA0o\xC2\xA0(z\xC2\xA0tego)");
    check_bound("sta\xC5\x82"
                "a w\ntym",
                "sta\xC5\x82"
                "a w\xC2\xA0tym");
    check_bound("<b title=\"a b\">u nas</b><code>a b</code>",
                "<b title=\"a b\">u\xC2\xA0nas</b><code>a b</code>");
    check_bound("<pre>i o</pre><script>a i b</script>", "<pre>i o</pre><script>a i b</script>");
    check_bound("oko x y", "oko x y");
}

static void test_embedding(void) {
    static const char *const want[][2] = {
        {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}};
    struct buf out;
    buf_init(&out, 1000);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        buf_clear(&out);
        put_base64(&out, span_of(want[i][0]));
        CHECK_SPAN(buf_as_span(&out), want[i][1]);
    }
    buf_clear(&out);
    put_source_hash(&out, span_of("abc"));
    CHECK_SPAN(buf_as_span(&out), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
    buf_release(&out);
}

static void test_small_figures(void) {
    struct buf out;
    buf_init(&out, 1000);
    struct page page = figure_page(&out, true);
    put_path(&page, "M* *h*z", 1.0, -2.25, 0.04);
    CHECK_SPAN(buf_as_span(&out), "M1 -2.3h0z");
    buf_clear(&out);
    put_share_limits(&page, 5, 10);
    CHECK_SPAN(buf_as_span(&out), "50,0% <small>(23,7" DASH "76,3%)</small>");
    buf_clear(&out);
    put_share_limits(&page, 0, 0);
    CHECK_SPAN(buf_as_span(&out), DASH);
    buf_clear(&out);
    put_cut(&page, span_of("\xC5\x81\xC4\x85kowianka"), 3);
    CHECK_SPAN(buf_as_span(&out), "\xC5\x81\xC4\x85k\xE2\x80\xA6");
    buf_clear(&out);
    put_json_text(&page, span_of("a\"b\\\\</script>&\n"));
    CHECK_SPAN(buf_as_span(&out), "\"a\\u0022b\\u005c\\u005c\\u003c/script\\u003e\\u0026\\u000a\"");
    buf_clear(&out);
    put_topic_counts(&page, span_of("outage 41, billing 7"));
    CHECK_SPAN(buf_as_span(&out), "awaria 41, rachunki 7");
    buf_release(&out);
}

static size_t count_of(const struct buf *page, const char *needle) {
    size_t count = 0;
    for (size_t i = 0; i + strlen(needle) <= page->len; i++)
        count += memcmp(page->at + i, needle, strlen(needle)) == 0;
    return count;
}

/* Every address within the page is there, and once. */
static void check_addresses(const struct buf *page) {
    char id[128], wanted[160];
    size_t missing = 0, links = 0;
    for (size_t i = 0; i + 8 < page->len; i++) {
        if (memcmp(page->at + i, "href=\"#", 7) != 0)
            continue;
        size_t len = strcspn(page->at + i + 7, "\"");
        snprintf(id, sizeof id, "%.*s", (int)len, page->at + i + 7);
        snprintf(wanted, sizeof wanted, "id=\"%s\"", id);
        links++;
        missing += count_of(page, wanted) != 1;
    }
    CHECK(links > 30);
    CHECK_INT(missing, 0);
}

static void test_structure(void) {
    struct buf page;
    buf_init(&page, REPORT_MAX_BYTES);
    CHECK(render(NULL, REPORT_EN, &page));
    buf_char(&page, 0);
    check_addresses(&page);
    CHECK_INT(count_of(&page, "<nav"), 1);
    CHECK_INT(count_of(&page, "<main"), 1);
    CHECK_INT(count_of(&page, " style="), 0);
    CHECK(!has(&page, "unsafe-inline") && has(&page, "script-src 'sha256-"));
    CHECK_INT(count_of(&page, "<script type=\"application/json\" id=\"d"), SAMPLE_BRANDS);
    /* each figure is drawn for wide and narrow screens and has its table */
    CHECK(count_of(&page, "<figure") >= 8);
    CHECK_INT(count_of(&page, "<svg class=\"chart wide\""), count_of(&page, "<figure"));
    CHECK_INT(count_of(&page, "<svg class=\"chart narrow\""), count_of(&page, "<figure"));
    CHECK(count_of(&page, "As a table") >= count_of(&page, "<figure"));
    CHECK_INT(count_of(&page, "</figure>"), count_of(&page, "<figure"));
    /* the seal, whole and in the head; why there is no care and no journey */
    CHECK(has(&page, "<code>9f86d081884c</code>") && has(&page, "@techreport{burza-9f86d081884c"));
    CHECK(has(&page, "How the brands answer is not known") && has(&page, "no journey to draw"));
    buf_release(&page);
}

static void test_options(void) {
    struct audit audit;
    struct buf page;
    struct fault fault = {0};
    struct report_options options = {.brand = "kurierex",
                                     .title = "Wiosna & lato",
                                     .client = "Klient <1>",
                                     .author = "A. Autor"};
    buf_init(&page, REPORT_MAX_BYTES);
    CHECK(sample_audit(&audit, NULL));
    CHECK(report_write(&audit, &options, &page, &fault) == STATUS_OK);
    CHECK(has(&page, "<h1><bdi>Wiosna &amp; lato</bdi></h1>"));
    CHECK(has(&page, "Klient &lt;1&gt;") && has(&page, "A. Autor"));
    CHECK(has(&page, "id=\"b1\"") && !has(&page, "id=\"b0\"") && !has(&page, "id=\"e0-0\""));
    options.brand = "nobody";
    buf_clear(&page);
    CHECK(report_write(&audit, &options, &page, &fault) == STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_USAGE);
    buf_release(&page);
    audit_release(&audit);
}

/* What decided a score is marked inside the text, nothing else is. */
static void test_marks(void) {
    struct audit audit;
    struct buf page;
    struct fault fault = {0};
    struct report_options options = {.language = REPORT_EN};
    buf_init(&page, REPORT_MAX_BYTES);
    CHECK(sample_audit(&audit, NULL));
    audit.evidence_marks = calloc(audit.tables[TABLE_EVIDENCE].count, sizeof *audit.evidence_marks);
    for (uint32_t i = 0; i < audit.tables[TABLE_EVIDENCE].count; i++) {
        const struct evidence_row *row =
            (const struct evidence_row *)audit.tables[TABLE_EVIDENCE].rows + i;
        if (strcmp(row->language, "en") == 0)
            audit.evidence_marks[audit.evidence_mark_count++] = (struct evidence_mark){i, 3, 5};
    }
    CHECK(report_write(&audit, &options, &page, &fault) == STATUS_OK);
    CHECK(has(&page, "So <mark>my</mark> Norvia account details"));
    CHECK_INT(count_of(&page, "<mark>") + count_of(&page, "<mark class=\"pos\">"),
              count_of(&page, "lang=\"en\"><bdi>So "));
    buf_release(&page);
    audit_release(&audit);
}

/* A turn of mood says that the number of mentions did not change, and calls it no crisis. */
static void test_stories(void) {
    struct buf out;
    struct brand_view view = {.brand = 0};
    struct audit audit;
    struct report_options options = {.language = REPORT_EN};
    struct episode_row row = {.onset = SAMPLE_START,
                              .duration_s = 7200,
                              .mentions = 133,
                              .expected = 133,
                              .ratio = 1,
                              .negative_share = 0.346,
                              .negative_share_before = 0.181,
                              .channels = "reddit/Polska +0.5 h, twitter"};
    struct event_view turn = {.row = &row, .kind = EVENT_TURN, .number = 1};
    struct event_view crisis = {.row = &row, .kind = EVENT_CRISIS, .number = 1};
    buf_init(&out, 10000);
    CHECK(sample_audit(&audit, NULL));
    struct page page = {.out = &out, .audit = &audit, .options = &options, .brand_count = 3};
    story_write(&page, &view, &turn);
    CHECK(has(&out, "no more than one would expect, but 34.6% of the mentions were negative, "
                    "before 18.1%"));
    CHECK(!has(&out, "times its usual"));
    buf_clear(&out);
    story_write(&page, &view, &crisis);
    CHECK(has(&out, "was mentioned 133 times, where 133 are usual"));
    CHECK(has(&out, "It rose first on <bdi>Reddit / Polska</bdi>"));
    buf_release(&out);
    audit_release(&audit);
}

/* A brand with `mentions` in the first of so many hours. */
static void check_quiet(int hours, int mentions, enum report_language language,
                        const char *sentence) {
    struct audit audit;
    struct buf page;
    struct fault fault = {0};
    audit_init(&audit);
    buf_init(&page, REPORT_MAX_BYTES);
    struct grid *grid = &audit.grids[GRID_HOURLY];
    grid->times = (size_t)hours;
    grid->edges_s = calloc((size_t)hours + 1, sizeof *grid->edges_s);
    grid->points = calloc((size_t)hours, sizeof *grid->points);
    if (!CHECK(grid->edges_s && grid->points && names_add(&audit.brands, SPAN_LITERAL("a")) &&
               names_add(&audit.brand_names, SPAN_LITERAL("a"))))
        return;
    for (int i = 0; i <= hours; i++)
        grid->edges_s[i] = SAMPLE_START + i * INT64_C(3600);
    grid->points[0].mentions = grid->points[0].neutral = mentions;
    CHECK(write_plain(&audit, language, &page, &fault) == STATUS_OK);
    bool calm = strstr(sentence, "was found") != NULL;
    CHECK(has(&page, sentence));
    CHECK(has(&page, "No crisis was found") == calm);
    CHECK(!has(&page, "Nie wykryto"));
    buf_release(&page);
    audit_release(&audit);
}

static void test_quiet(void) {
    check_quiet(5, 500, REPORT_EN,
                "too little time to tell a crisis from a usual day: 5" THIN
                "h of posts, and a baseline needs 60");
    check_quiet(59, 500, REPORT_PL, "Za mało czasu");
    check_quiet(100, 9, REPORT_EN, "too few mentions for a crisis to be detected");
    check_quiet(100, 9, REPORT_PL, "Za mało wzmianek");
    check_quiet(100, 0, REPORT_EN, "nothing matches the query of the brand");
    check_quiet(100, 10, REPORT_EN, "No crisis was found.");
}

/* A spike of one hour in ten years is as high in the thinned series, with its own negative
 * mentions: those of the next hour would make a share that nobody measured. */
static void test_thinning(void) {
    enum { HOURS = 87600 };
    struct audit audit;
    struct chart_series series;
    audit_init(&audit);
    struct grid *grid = &audit.grids[GRID_HOURLY];
    grid->times = HOURS;
    grid->edges_s = calloc(HOURS + 1, sizeof *grid->edges_s);
    grid->points = calloc(HOURS, sizeof *grid->points);
    if (!CHECK(grid->edges_s && grid->points))
        return;
    for (int i = 0; i <= HOURS; i++)
        grid->edges_s[i] = i * INT64_C(3600);
    grid->points[54321].mentions = 777;
    grid->points[54321].negative = 99;
    grid->points[54322].mentions = grid->points[54322].negative = 200;
    struct page page = {.audit = &audit, .brand_count = 1};
    CHECK(chart_series_build(&series, &page, GRID_HOURLY, 0, 0, HOURS * INT64_C(3600),
                             REPORT_POINTS));
    double mentions = 0, negative = 0;
    for (size_t i = 0; i < series.count; i++) {
        mentions = series.buckets[i].mentions > mentions ? series.buckets[i].mentions : mentions;
        negative = series.buckets[i].negative > negative ? series.buckets[i].negative : negative;
    }
    CHECK(series.count <= REPORT_POINTS && series.count > REPORT_POINTS / 2);
    CHECK_INT(mentions, 777);
    CHECK_INT(negative, 99);
    CHECK_INT(series.buckets[series.count - 1].to_s, HOURS * INT64_C(3600));
    chart_series_release(&series);
    audit_release(&audit);
}

static void test_scale(void) {
    static const double largest[] = {0, 1, 3, 7, 40, 99, 100, 101, 6543, 2e9};
    for (size_t i = 0; i < sizeof largest / sizeof *largest; i++) {
        struct chart chart = {.top = 0, .height = 100};
        chart_scale(&chart, largest[i]);
        CHECK(chart.max >= largest[i] && chart.max > 0 && chart.step > 0);
        CHECK(chart.max / chart.step <= 5 && floor(chart.step) == chart.step);
    }
}

int main(void) {
    test_escape();
    test_urls();
    test_numbers();
    test_moments();
    test_plurals();
    test_bind_words();
    test_embedding();
    test_small_figures();
    test_content();
    test_structure();
    test_options();
    test_stories();
    test_marks();
    test_empty();
    test_quiet();
    test_thinning();
    test_scale();
    test_payloads();
    return tap_done();
}
