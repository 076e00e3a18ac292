/* How every figure is defined, what made this audit (settings, versions, digests), and how to cite
 * the report. */
#include "stages/report/page.h"

enum { SHORT_VALUE = 120, DIGESTS_SHOWN = 300 };

static void put_settings(struct page *page) {
    const struct input_row *inputs = page->audit->tables[TABLE_INPUTS].rows;
    size_t input_count = page->audit->tables[TABLE_INPUTS].count;
    buf_format(page->out, "<h3 id=\"settings\">%s</h3>\n<p class=\"note\">",
               tr(page, "Settings and provenance", "Ustawienia i pochodzenie"));
    put(page,
        tr(page, "The same inputs, settings and lexicons give the same audit again, byte by byte.",
           "Te same pliki, ustawienia i słowniki dają ponownie ten sam audyt, bajt w bajt."));
    put(page, "</p>\n<dl class=\"provenance\">\n");
    for (size_t i = 0; i < page->audit->provenance_count; i++) {
        const struct provenance_entry *entry = &page->audit->provenance[i];
        struct span value = span_of(entry->text);
        bool lengthy = value.len > SHORT_VALUE;
        put(page, "<dt><code>");
        put_field(page, entry->name);
        if (lengthy)
            buf_format(page->out, "</code></dt><dd><details><summary>%s</summary><pre>",
                       tr(page, "show", "pokaż"));
        else
            put(page, "</code></dt><dd><code>");
        put_text(page, value);
        put(page, lengthy ? "</pre></details></dd>\n" : "</code></dd>\n");
    }
    buf_format(page->out,
               "</dl>\n<details class=\"digests\"><summary>%s</summary><dl class=\"provenance\">\n",
               tr(page, "SHA-256 of the files", "SHA-256 plików"));
    bool trees = false;
    for (size_t i = 0; i < input_count && i < DIGESTS_SHOWN; i++) {
        put(page, "<dt><bdi>");
        put_field(page, inputs[i].input);
        put(page, "</bdi></dt><dd><code>");
        bool tree = digest_kind_of(inputs[i].digest) == DIGEST_TREE;
        trees |= tree;
        if (inputs[i].sha256[0])
            put_field(page, inputs[i].sha256);
        else
            put(page, DASH);
        buf_format(page->out, "</code>%s</dd>\n", tree ? " sha256-tree-1MiB" : "");
    }
    put(page, "</dl>\n");
    if (trees)
        buf_format(page->out,
                   "<p>%s <code>split -b 1M --filter=sha256sum FILE | cut -c1-64 | "
                   "sha256sum</code></p>\n",
                   tr(page, "sha256sum gives these digests; those named sha256-tree-1MiB, this:",
                      "Skróty te podaje sha256sum, a oznaczone sha256-tree-1MiB to polecenie:"));
    put(page, "</details>\n");
}

enum status method_write(struct page *page, struct fault *fault) {
    (void)fault;
    put(page, "<p class=\"intro\">");
    put(page,
        tr(page,
           "Posts that match a brand\xE2\x80\x99s query are its mentions. Each is scored for "
           "sentiment "
           "by lexicons, rules and a small model. A baseline learns the brand\xE2\x80\x99s usual "
           "rhythm "
           "of hours and weekdays; stretches with far more mentions or criticism than that are "
           "events, told apart by who and what drives them. All is counted from the files that "
           "were read: nothing is estimated from elsewhere, and nothing is written by a language "
           "model.",
           "Wpisy pasujące do zapytania o markę to jej wzmianki. Wydźwięk każdej oceniają "
           "słowniki, "
           "reguły i mały model. Poziom oczekiwany wynika ze zwykłego dla marki rytmu godzin i dni "
           "tygodnia; okresy, w których wzmianek lub krytyki jest znacznie więcej, to zdarzenia, "
           "rozróżniane po tym, kto i co je napędza. Wszystko policzono z odczytanych plików: "
           "niczego nie oszacowano z innych źródeł i niczego nie napisał model językowy."));
    put(page, "</p>\n<dl class=\"definitions\">\n");
    put(page, tr(page, report_definitions_en, report_definitions_pl));
    put(page, "</dl>\n");
    put_settings(page);
    return STATUS_OK;
}

/* ---- cite ---- */

static void put_title(struct page *page) {
    const char *title = page->options->title;
    size_t named = 0;
    if (title && *title) {
        put_text(page, span_of(title));
        return;
    }
    put(page, tr(page, "Reputation audit", "Audyt reputacji"));
    for (size_t i = 0; i < page->brand_count && named < 5; i++)
        if (page->brands[i].shown) {
            put(page, named++ ? ", " : ": ");
            put_text(page, page_brand_name(page, i));
        }
    if (page->shown_count > 5)
        put(page, tr(page, " and others", " i inne"));
}

static void put_years(struct page *page) {
    int64_t from = page_local(page, page->from_s).year;
    int64_t to = page_local(page, page->to_s - 1).year;
    buf_format(page->out, "%lld", (long long)to);
    (void)from;
}

static const char *or_none(const char *text) {
    return text ? text : "";
}

enum status cite_write(struct page *page, struct fault *fault) {
    const char *seal = or_none(page->options->seal), *author = or_none(page->options->author);
    (void)fault;
    buf_format(page->out, "<h3>%s</h3>\n<p class=\"cite\">",
               tr(page, "Plain text", "Zwykły tekst"));
    put_text(page, span_of(*author ? author : "burza"));
    put(page, ". ");
    put_title(page);
    put(page, ". ");
    if (page->to_s > page->from_s) {
        put_iso_date(page, page->from_s);
        put(page, tr(page, " to ", " do "));
        put_iso_date(page, page->to_s - 1);
        put(page, ". ");
    }
    put_text(page, span_of(audit_noted(page->audit, "program")));
    if (*seal)
        buf_format(page->out, tr(page, ". Seal of the audit: %s", ". Pieczęć audytu: %s"), seal);
    buf_format(page->out,
               ".</p>\n<h3>BibTeX</h3>\n<pre class=\"cite\">@techreport{burza-%.12s,\n  title = {",
               *seal ? seal : "audit");
    put_title(page);
    put(page, "},\n  author = {");
    put_text(page, span_of(*author ? author : "burza"));
    put(page, "},\n  year = {");
    if (page->to_s > page->from_s)
        put_years(page);
    put(page, "},\n  type = {");
    put(page, tr(page, "Reputation audit", "Audyt reputacji"));
    put(page, "},\n  note = {");
    put_text(page, span_of(audit_noted(page->audit, "program")));
    if (*seal)
        buf_format(page->out, "; SHA-256 %s", seal);
    put(page, "}\n}</pre>\n<p class=\"note\">");
    put(page,
        tr(page,
           "The year is that of the last post. Each figure has an address of its own: its "
           "number in the title is a link. ",
           "Rok jest rokiem ostatniego wpisu. Każdy rysunek ma swój adres: jego numer w tytule "
           "jest odnośnikiem. "));
    if (*seal) {
        put(page, tr(page, "The seal of the audit is ", "Pieczęć audytu to "));
        buf_format(page->out, "<code class=\"seal\">%s</code>", seal);
        put(page, tr(page, "; <code>burza verify</code> checks it.",
                     "; sprawdza ją polecenie <code>burza verify</code>."));
    }
    put(page, "</p>\n");
    return STATUS_OK;
}
