/* How every figure is defined, and what made this audit: settings, versions, digests. */
#include "stages/report/page.h"

enum { SHORT_VALUE = 120, DIGESTS_SHOWN = 300 };

enum status method_write(struct page *page, struct fault *fault) {
    (void)fault;
    put(page, "<dl class=\"definitions\">\n");
    put(page, tr(page, report_definitions_en, report_definitions_pl));
    put(page, "</dl>\n");
    return STATUS_OK;
}

enum status provenance_write(struct page *page, struct fault *fault) {
    const struct input_row *inputs = page->audit->tables[TABLE_INPUTS].rows;
    size_t input_count = page->audit->tables[TABLE_INPUTS].count;
    (void)fault;
    put(page, "<p class=\"note\">");
    put(page,
        tr(page, "The same inputs, settings and lexicons give the same audit again, byte by byte.",
           "Te same pliki, ustawienia i słowniki dają ponownie ten sam audyt, bajt w bajt."));
    put(page, "</p>\n<dl class=\"provenance\">\n");
    for (size_t i = 0; i < page->audit->provenance_count; i++) {
        const struct provenance_entry *entry = &page->audit->provenance[i];
        struct span value = span_of(entry->text);
        bool lengthy = value.len > SHORT_VALUE;
        put(page, "<dt>");
        put_field(page, entry->name);
        if (lengthy)
            buf_format(page->out, "</dt><dd><details><summary>%s</summary><pre>",
                       tr(page, "show", "pokaż"));
        else
            put(page, "</dt><dd><code>");
        put_text(page, value);
        put(page, lengthy ? "</pre></details></dd>\n" : "</code></dd>\n");
    }
    buf_format(page->out, "</dl>\n<h3>%s</h3>\n<dl class=\"provenance\">\n",
               tr(page, "SHA-256 of the files", "SHA-256 plików"));
    for (size_t i = 0; i < input_count && i < DIGESTS_SHOWN; i++) {
        put(page, "<dt><bdi>");
        put_field(page, inputs[i].input);
        put(page, "</bdi></dt><dd><code>");
        if (inputs[i].sha256[0])
            put_field(page, inputs[i].sha256);
        else
            put(page, DASH);
        put(page, "</code></dd>\n");
    }
    put(page, "</dl>\n");
    return STATUS_OK;
}
