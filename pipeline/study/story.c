/* One or two plain sentences per event, English and Polish, that state counted facts only. */
#include "pipeline/study/study.h"

#include <math.h>
#include <stdio.h>

enum { LISTED_TERMS = 6 };

static void local_time(const struct study *study, int64_t second, bool polish, struct buf *out) {
    static const char *const en[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
    static const char *const pl[] = {"stycznia", "lutego",       "marca",     "kwietnia",
                                     "maja",     "czerwca",      "lipca",     "sierpnia",
                                     "września", "października", "listopada", "grudnia"};
    struct civil c = civil_from_seconds(second + zone_offset(&study->config->zone, second));
    buf_format(out, "%u %s %lld%s %02u:%02u", c.day, (polish ? pl : en)[c.month - 1],
               (long long)c.year, polish ? "," : "", c.hour, c.minute);
}

/* "1 234", grouped by narrow no-break spaces as in the report. */
static void grouped(int64_t number, struct buf *out) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)(number < 0 ? -number : number));
    if (number < 0)
        buf_text(out, "-");
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_text(out, "\xE2\x80\xAF");
        buf_char(out, digits[i]);
    }
}

/* One decimal, with the language's decimal mark. */
static void decimal(double number, bool polish, struct buf *out) {
    long tenths = lround(number * 10);
    buf_format(out, "%ld%s%ld", tenths / 10, polish ? "," : ".", tenths % 10);
}

static const char *kind_word(const struct episode_row *row, bool polish) {
    bool flood = strcmp(row->kind, "flood") == 0, crisis = strcmp(row->kind, "crisis") == 0;
    if (polish)
        return crisis ? "Kryzys" : flood ? "Zalew wpisów" : "Wzrost zainteresowania";
    return crisis ? "Crisis" : flood ? "Flood" : "Burst";
}

static void list_terms(const struct term_row *terms, size_t count, struct buf *out) {
    for (size_t i = 0; i < count && i < LISTED_TERMS; i++)
        buf_format(out, "%s%s%s", i ? ", " : "", strcmp(terms[i].kind, "hashtag") == 0 ? "#" : "",
                   terms[i].term);
}

/* "twitter" of "twitter +0.0 h, reddit +3.1 h". */
static struct span first_channel(const struct episode_row *row) {
    return (struct span){row->channels, strcspn(row->channels, " ")};
}

static void english(const struct study *study, const struct episode_row *row, const char *name,
                    const struct term_row *terms, size_t count, struct buf *out) {
    buf_format(out, "%s: from ", kind_word(row, false));
    local_time(study, row->onset, false, out);
    buf_text(out, " to ");
    local_time(study, row->end, false, out);
    buf_format(out, " (%s) %s was mentioned ", study->config->timezone, name);
    grouped(row->mentions, out);
    buf_text(out, " times, where ");
    grouped(lround(row->expected), out);
    buf_text(out, " were expected; the busiest hour had ");
    decimal(row->ratio, false, out);
    buf_text(out, " times its usual number. ");
    decimal(100 * row->negative_share, false, out);
    buf_text(out, "% of the mentions were negative, ");
    decimal(100 * row->negative_share_before, false, out);
    buf_text(out, "% in the four weeks before.");
    if (row->channels[0]) {
        buf_text(out, " It rose first on ");
        buf_span(out, first_channel(row));
        buf_text(out, ".");
    }
    if (count) {
        buf_text(out, " Words that set it apart: ");
        list_terms(terms, count, out);
        buf_text(out, ".");
    }
}

/* Polish plural of "wzmianka" after a number: 1 wzmianka, 2-4 wzmianki, 5 wzmianek. */
static const char *mentions_pl(int64_t n) {
    int64_t unit = n % 10, tens = n % 100;
    if (n == 1)
        return "wzmianka";
    return unit >= 2 && unit <= 4 && !(tens >= 12 && tens <= 14) ? "wzmianki" : "wzmianek";
}

static void polish(const struct study *study, const struct episode_row *row, const char *name,
                   const struct term_row *terms, size_t count, struct buf *out) {
    buf_format(out, "%s: od ", kind_word(row, true));
    local_time(study, row->onset, true, out);
    buf_text(out, " do ");
    local_time(study, row->end, true, out);
    buf_format(out, " (%s) naliczono ", study->config->timezone);
    grouped(row->mentions, out);
    buf_format(out, " %s o marce %s, a spodziewano się ", mentions_pl(row->mentions), name);
    grouped(lround(row->expected), out);
    buf_text(out, "; w najgorętszej godzinie było ich ");
    decimal(row->ratio, true, out);
    buf_text(out, " raza tyle co zwykle. Negatywnych było ");
    decimal(100 * row->negative_share, true, out);
    buf_text(out, "%, a w poprzednich czterech tygodniach ");
    decimal(100 * row->negative_share_before, true, out);
    buf_text(out, "%.");
    if (row->channels[0]) {
        buf_text(out, " Najpierw wzrost było widać w kanale ");
        buf_span(out, first_channel(row));
        buf_text(out, ".");
    }
    if (count) {
        buf_text(out, " Wyróżniające słowa: ");
        list_terms(terms, count, out);
        buf_text(out, ".");
    }
}

static const char *brand_name(const struct study *study, const struct episode_row *row) {
    for (size_t i = 0; i < study->config->brand_count; i++)
        if (strcmp(study->config->brands[i].id, row->brand) == 0)
            return study->config->brands[i].name;
    return row->brand;
}

void event_story(const struct study *study, const struct term_row *terms, size_t term_count,
                 struct episode_row *row) {
    struct buf text;
    buf_init(&text, 65536);
    list_terms(terms, term_count, &text);
    ROW_SET(row, terms, buf_as_span(&text));
    buf_clear(&text);
    english(study, row, brand_name(study, row), terms, term_count, &text);
    ROW_SET(row, summary_en, buf_as_span(&text));
    buf_clear(&text);
    polish(study, row, brand_name(study, row), terms, term_count, &text);
    ROW_SET(row, summary_pl, buf_as_span(&text));
    buf_release(&text);
}
