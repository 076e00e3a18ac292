/* What was read, and what of it could not be used. */
#include "stages/report/page.h"

#include <stdlib.h>

enum { INPUTS_SHOWN = 300 };

static void put_header(struct page *page, const char *const titles[][2], int count,
                       unsigned numbers) {
    put(page, "<div class=\"scroll\"><table class=\"files\"><thead><tr>");
    for (int i = 0; i < count; i++)
        buf_format(page->out, "<th scope=\"col\"%s>%s</th>",
                   numbers >> i & 1 ? " class=\"num\"" : "", titles[i][page->polish]);
    put(page, "</tr></thead><tbody>\n");
}

static void put_number(struct page *page, int64_t number) {
    put(page, "</td><td class=\"num\">");
    put_count(page, number);
}

/* An older audit does not say it. */
static void put_known(struct page *page, int64_t number) {
    if (number >= 0)
        put_number(page, number);
    else
        put(page, "</td><td class=\"num\">" DASH);
}

static void put_input(struct page *page, const struct input_row *row) {
    put(page, "<tr><th scope=\"row\"><bdi>");
    put_field(page, row->input);
    put(page, "</bdi>");
    if (row->note[0]) {
        put(page, "<small><bdi>");
        put_field(page, row->note);
        put(page, "</bdi></small>");
    }
    put(page, "</th><td>");
    put(page, word_input_status(page, FIELD_SPAN(row->status)));
    put(page, "</td><td>");
    put_field(page, row->formats);
    put(page, "<small>");
    bool packed = row->codec[0] && strcmp(row->codec, "none") != 0;
    if (strcmp(row->container, "file") != 0) {
        put_field(page, row->container);
        put(page, packed ? ", " : "");
    }
    if (packed)
        put_field(page, row->codec);
    put(page, "</small></td><td class=\"num\">");
    put_bytes(page, row->bytes);
    put(page, "<small>\xE2\x86\x92" THIN);
    put_bytes(page, row->bytes_out);
    put(page, "</small>");
    put_number(page, row->members);
    if (row->members_skipped > 0) {
        buf_format(page->out, "<small>%s ", tr(page, "skipped", "pominięto"));
        put_count(page, row->members_skipped);
        put(page, "</small>");
    }
    put_number(page, row->records);
    put_number(page, row->posts);
    put_known(page, row->duplicates);
    put_number(page, row->rejects);
    put_number(page, row->mentions);
    put(page, "</td><td class=\"days\">");
    put_iso_date(page, row->first);
    put(page, "<br>");
    put_iso_date(page, row->last);
    put(page, "</td></tr>\n");
}

/* ---- rejects, added up over files ---- */

struct reason {
    const struct reject_row *row;
    int64_t records, files;
};

static int compare_reasons(const void *a, const void *b) {
    const struct reason *x = a, *y = b;
    int order = strncmp(x->row->type, y->row->type, sizeof x->row->type);
    return order ? order : strncmp(x->row->reason, y->row->reason, sizeof x->row->reason);
}

static enum status put_rejects(struct page *page, struct fault *fault) {
    static const char *const titles[][2] = {{"What it was", "Co to było"},
                                            {"Treated as", "Potraktowano jako"},
                                            {"Records", "Rekordy"},
                                            {"Files", "Pliki"}};
    const struct reject_row *rows = page->audit->tables[TABLE_REJECTS].rows;
    size_t count = page->audit->tables[TABLE_REJECTS].count, kept = 0;
    struct reason *reasons = malloc((count + 1) * sizeof *reasons);
    if (!reasons)
        return fault_memory(fault);
    for (size_t i = 0; i < count; i++)
        reasons[i] = (struct reason){&rows[i], rows[i].records, 1};
    qsort(reasons, count, sizeof *reasons, compare_reasons);
    for (size_t i = 0; i < count; i++) {
        if (kept && compare_reasons(&reasons[kept - 1], &reasons[i]) == 0) {
            reasons[kept - 1].records += reasons[i].records;
            reasons[kept - 1].files++;
        } else {
            reasons[kept++] = reasons[i];
        }
    }
    put_header(page, titles, 4, 0xC);
    for (size_t i = 0; i < kept && i < INPUTS_SHOWN; i++) {
        const struct reject_row *row = reasons[i].row;
        const char *polish = word_reject_polish(FIELD_SPAN(row->reason));
        put(page, "<tr><th scope=\"row\">");
        if (page->polish && polish)
            put(page, polish);
        else
            put_field(page, row->meaning);
        put(page, "<small><code>");
        put_field(page, row->reason);
        put(page, "</code></small></th><td>");
        put(page, word_reject_class(page, FIELD_SPAN(row->type)));
        put_number(page, reasons[i].records);
        put_number(page, reasons[i].files);
        put(page, "</td></tr>\n");
    }
    put(page, "</tbody></table></div>\n");
    free(reasons);
    return STATUS_OK;
}

static void put_duplicates_note(struct page *page) {
    const struct input_row *rows = page->audit->tables[TABLE_INPUTS].rows;
    bool any = false;
    for (size_t i = 0; i < page->audit->tables[TABLE_INPUTS].count; i++)
        any |= rows[i].duplicates > 0;
    if (any)
        put(page,
            tr(page,
               "<p class=\"note\">Duplicates are posts about a brand of which another copy was "
               "kept, and all posts of a file that was given twice: they count once. Copies of "
               "other posts are not looked for.</p>\n",
               "<p class=\"note\">Duplikaty to wpisy o marce, których inną kopię zachowano, i "
               "wszystkie wpisy pliku podanego dwa razy: liczą się raz. Kopii innych wpisów nie "
               "szukano.</p>\n"));
}

/* Whether everything that was given could be read, and counts. */
static bool all_whole(const struct page *page) {
    const struct input_row *rows = page->audit->tables[TABLE_INPUTS].rows;
    for (size_t i = 0; i < page->audit->tables[TABLE_INPUTS].count; i++)
        if (strcmp(rows[i].status, "whole") != 0 || rows[i].members_skipped ||
            rows[i].duplicates > 0)
            return false;
    return true;
}

enum status sources_write(struct page *page, struct fault *fault) {
    static const char *const titles[][2] = {
        {"File", "Plik"},
        {"State", "Stan"},
        {"Format", "Format"},
        {"Size", "Rozmiar"},
        {"Members", "Pliki w środku"},
        {"Records", "Rekordy"},
        {"Posts", "Wpisy"},
        {"Duplicates", "Duplikaty"},
        {"No post", "Nie wpisy"},
        {"Mentions", "Wzmianki"},
        {"From, to", "Od, do"},
    };
    const struct input_row *rows = page->audit->tables[TABLE_INPUTS].rows;
    size_t count = page->audit->tables[TABLE_INPUTS].count;
    put_header(page, titles, 11, 0x3F8);
    for (size_t i = 0; i < count && i < INPUTS_SHOWN; i++)
        put_input(page, &rows[i]);
    put(page, "</tbody></table></div>\n");
    if (count > INPUTS_SHOWN)
        put(page, tr(page,
                     "<p class=\"note\">The other files are in the table inputs of the "
                     "audit.</p>\n",
                     "<p class=\"note\">Pozostałe pliki są w tabeli inputs audytu.</p>\n"));
    put_duplicates_note(page);
    buf_format(page->out, "<h3>%s</h3>\n", tr(page, "What was set aside", "Co odłożono"));
    if (page->audit->tables[TABLE_REJECTS].count)
        return put_rejects(page, fault);
    buf_format(page->out, "<p class=\"calm\">%s</p>\n",
               all_whole(page)
                   ? tr(page, "Every record was read as a post; none had to be repaired.",
                        "Każdy rekord odczytano jako wpis; żadnego nie trzeba było naprawiać.")
                   : tr(page, "Of what could be read, every record is a post.",
                        "Z tego, co dało się odczytać, każdy rekord jest wpisem."));
    return STATUS_OK;
}
