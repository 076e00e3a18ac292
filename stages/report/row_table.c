#include "stages/report/row_table.h"

#include <math.h>

enum { NOTES_MAX = 24 };

static const struct {
    const char *code, *english, *polish;
} words[] = {
    {"all", "all", "wszystkie"},
    {"none", "none", "brak"},
    {"full", "complete", "pełne"},
    {"replies", "answers only", "tylko odpowiedzi"},
    {"yes", "yes", "tak"},
    {"no", "no", "nie"},
    {"purchase", "wants to buy", "chce kupić"},
    {"question", "question", "pytanie"},
    {"complaint", "complaint", "skarga"},
    {"praise", "praise", "pochwała"},
    {"start", "start", "początek"},
    {"silence", "silence", "cisza"},
    {"aware", "aware", "wie"},
    {"appeal", "appeal", "lubi"},
    {"ask", "ask", "pyta"},
    {"act", "act", "kupuje, używa"},
    {"advocate", "advocate", "poleca"},
    {"detractor", "detractor", "odradza"},
    {"asker", "asker", "pyta"},
    {"amplifier", "amplifier", "ma zasięg"},
    {"act_or_advocate", "act or advocate", "kupuje albo poleca"},
    {"complaint_again", "complains again", "skarży się ponownie"},
};

const char *word_care(const struct page *page, struct span code) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(code, words[i].code))
            return page->polish ? words[i].polish : words[i].english;
    return NULL;
}

void put_wait(struct page *page, double seconds) {
    if (isnan(seconds) || seconds < 0)
        put(page, DASH);
    else if (seconds < 60)
        buf_format(page->out, "%d" THIN "s", (int)seconds);
    else
        put_duration(page, (int64_t)seconds);
}

/* ---- rows ---- */

static const char *row_at(const struct page *page, enum table_id table, size_t index) {
    return (const char *)page->audit->tables[table].rows + index * table_layouts[table].row_size;
}

/* Every table of care begins with its brand. */
static bool is_chosen(const struct row_choice *choice, const char *row) {
    size_t size = table_layouts[choice->table].columns[0].size;
    return (!choice->brand.len ||
            span_equal((struct span){row, strnlen(row, size)}, choice->brand)) &&
           (!choice->wanted || choice->wanted(row));
}

size_t row_table_count(const struct page *page, const struct row_choice *choice) {
    size_t count = 0;
    for (size_t i = 0; i < page->audit->tables[choice->table].count; i++)
        count += is_chosen(choice, row_at(page, choice->table, i));
    return count;
}

static const struct column *column_of(enum table_id table, const char *name) {
    const struct table_layout *layout = &table_layouts[table];
    for (size_t i = 0; i < layout->column_count; i++)
        if (strcmp(layout->columns[i].name, name) == 0)
            return &layout->columns[i];
    return NULL;
}

static void put_number(struct page *page, double value, enum row_format format) {
    switch (format) {
    case ROW_FORMAT_SHARE:
        if (isnan(value))
            put(page, DASH);
        else
            put_percent(page, value);
        break;
    case ROW_FORMAT_WAIT:
        put_wait(page, value);
        break;
    case ROW_FORMAT_COUNT:
        if (isnan(value) || value < 0)
            put(page, DASH);
        else
            put_count(page, (int64_t)value);
        break;
    default:
        if (isnan(value))
            put(page, DASH);
        else
            put_decimal(page, value, 2);
    }
}

static bool is_text(enum row_format format) {
    return format <= ROW_FORMAT_CHANNEL;
}

static void put_brand_of_id(struct page *page, struct span id) {
    for (size_t i = 0; i < page->brand_count; i++)
        if (span_is(id, page->audit->brands.at[i])) {
            put_text(page, page_brand_name(page, i));
            return;
        }
    put_text(page, id);
}

/* "during:2" as words; false when it is no such code. */
static bool put_period_code(struct page *page, struct span code) {
    static const struct {
        const char *prefix, *words[2]; /* English, Polish */
    } phases[] = {{"crisis:", {"crisis ", "kryzys "}},
                  {"before:", {"before crisis ", "przed kryzysem "}},
                  {"during:", {"during crisis ", "w trakcie kryzysu "}},
                  {"after:", {"after crisis ", "po kryzysie "}}};
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        if (span_starts(code, phases[i].prefix)) {
            size_t skip = strlen(phases[i].prefix);
            put(page, phases[i].words[page->polish]);
            put(page, tr(page, "C", "K"));
            put_text(page, (struct span){code.at + skip, code.len - skip});
            return true;
        }
    return false;
}

static void put_cell(struct page *page, const struct row_choice *choice, const char *row,
                     const struct row_column *shown) {
    const struct column *column = column_of(choice->table, shown->name);
    const char *at = row + column->offset;
    int64_t wide;
    int32_t narrow;
    double real;
    switch (column->type) {
    case COLUMN_TEXT: {
        struct span text = {at, strnlen(at, column->size)};
        const char *word = is_text(shown->format) && shown->format >= ROW_FORMAT_WORD
                               ? word_care(page, text)
                               : NULL;
        if (word) {
            put(page, word);
            break;
        }
        put(page, "<bdi>");
        if (shown->format == ROW_FORMAT_BRAND)
            put_brand_of_id(page, text);
        else if (shown->format == ROW_FORMAT_CHANNEL)
            put_channel_name(page, text);
        else if (shown->format == ROW_FORMAT_WORD && put_period_code(page, text))
            ;
        else
            put_text(page, text);
        put(page, "</bdi>");
        break;
    }
    case COLUMN_I64:
        memcpy(&wide, at, sizeof wide);
        put_number(page, (double)wide, shown->format);
        break;
    case COLUMN_I32:
        memcpy(&narrow, at, sizeof narrow);
        put_number(page, narrow, shown->format);
        break;
    case COLUMN_F64:
        memcpy(&real, at, sizeof real);
        put_number(page, real, shown->format);
        break;
    }
}

void row_table_write(struct page *page, const char *title, const struct row_choice *choice,
                     const struct row_column *columns, size_t count) {
    size_t shown = 0;
    if (!row_table_count(page, choice))
        return;
    buf_format(page->out,
               "<div class=\"scroll\"><table class=\"rows\"><caption>%s</caption><thead><tr>",
               title);
    for (size_t i = 0; i < count; i++)
        buf_format(page->out, "<th%s>%s</th>", is_text(columns[i].format) ? " class=\"t\"" : "",
                   columns[i].title[page->polish]);
    put(page, "</tr></thead><tbody>");
    for (size_t i = 0; i < page->audit->tables[choice->table].count; i++) {
        const char *row = row_at(page, choice->table, i);
        if (!is_chosen(choice, row) || (choice->most && shown++ >= choice->most))
            continue;
        put(page, "<tr>");
        for (size_t k = 0; k < count; k++) {
            put(page, !k ? "<th>" : is_text(columns[k].format) ? "<td class=\"t\">" : "<td>");
            put_cell(page, choice, row, &columns[k]);
        }
    }
    put(page, "</tbody></table></div>\n");
}

/* ---- notes ---- */

static void put_few(struct page *page, struct span code) {
    struct span number = {code.at + 2, code.len - 2};
    put(page, tr(page, "Shares, medians and quantiles are given from ",
                 "Udziały, mediany i kwantyle podajemy od "));
    put_text(page, number);
    put(page, tr(page, " cases on; a dash stands where there are fewer.",
                 " przypadków; gdzie jest ich mniej, stoi kreska."));
}

static void put_note(struct page *page, struct span code) {
    static const struct {
        const char *code, *english, *polish;
    } notes[] = {
        {"no_accounts",
         "No account of this brand is named in the configuration, so nobody can say what is an "
         "answer: add \"accounts\": [{\"platform\": \"twitter\", \"handle\": \"...\"}] to the "
         "brand "
         "and run again.",
         "W konfiguracji nie podano żadnego konta tej marki, więc nie wiadomo, co jest "
         "odpowiedzią: "
         "proszę dopisać do marki \"accounts\": [{\"platform\": \"twitter\", \"handle\": \"...\"}] "
         "i uruchomić ponownie."},
        {"no_brand_posts",
         "The archive holds no post by the brand's accounts: they were not collected, so no "
         "response figure can be given (0 % would be wrong).",
         "Archiwum nie zawiera postów z kont marki: nie zostały zebrane, więc nie da się podać "
         "miar odpowiedzi (0 % byłoby nieprawdą)."},
        {"parents_missing",
         "Most posts that the brand answered are not in the archive (a sample, or the brand's own "
         "archive): how long answers took is known, how many messages came is not.",
         "Większości postów, na które marka odpowiedziała, nie ma w archiwum (próbka albo własne "
         "archiwum marki): wiadomo, ile trwały odpowiedzi, ale nie ile było wiadomości."},
        {"parents_partly", "Some posts that the brand answered are missing.",
         "Brakuje części postów, na które marka odpowiedziała."},
        {"gap",
         "The collection has gaps in this time; what was answered after a gap counts as answered, "
         "but not its time.",
         "W tym czasie zbiór ma luki; odpowiedzi po luce liczą się jako odpowiedzi, ale nie ich "
         "czas."},
        {"approximate_time", "Times are exact to the minute only.",
         "Czasy są dokładne tylko do minuty."},
    };
    struct span without = SPAN_LITERAL("without:");
    if (span_starts(code, "n<")) {
        put_few(page, code);
        return;
    }
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (span_is(code, notes[i].code)) {
            put(page, page->polish ? notes[i].polish : notes[i].english);
            return;
        }
    if (span_starts(code, without.at)) {
        put(page, tr(page, "Not in the totals: ", "Poza sumami: "));
        put_channel_name(page, (struct span){code.at + without.len, code.len - without.len});
    } else {
        put_text(page, code);
    }
    put(page, ".");
}

void row_notes_write(struct page *page, const struct row_choice *const *choices, size_t count) {
    struct span seen[NOTES_MAX];
    size_t known = 0;
    for (size_t c = 0; c < count; c++) {
        const struct column *note = column_of(choices[c]->table, "note");
        for (size_t i = 0; i < page->audit->tables[choices[c]->table].count; i++) {
            const char *row = row_at(page, choices[c]->table, i), *at = row + note->offset;
            struct span left = {at, is_chosen(choices[c], row) ? strnlen(at, note->size) : 0};
            while (left.len) {
                const char *end = memchr(left.at, ';', left.len);
                struct span code = {left.at, end ? (size_t)(end - left.at) : left.len};
                size_t skip = end ? code.len + 2 : left.len, k = 0;
                left = skip < left.len ? (struct span){left.at + skip, left.len - skip}
                                       : (struct span){NULL, 0};
                while (k < known && !span_equal(seen[k], code))
                    k++;
                if (k < known || known == NOTES_MAX)
                    continue;
                seen[known++] = code;
                put(page, "<p class=\"note\">");
                put_note(page, code);
                put(page, "</p>\n");
            }
        }
    }
}
