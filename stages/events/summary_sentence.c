#include "stages/events/events.h"

#include "stages/common/wording.h"

#include <math.h>
#include <stdio.h>

enum { LISTED_TERMS = 6 };

static void local_time(const struct zone *zone, int64_t second, bool polish, struct buf *out) {
    struct civil c = civil_from_seconds(second + zone_offset(zone, second));
    buf_format(out, "%u %s %lld%s %02u:%02u", c.day, wording_month(polish, c.month),
               (long long)c.year, polish ? "," : "", c.hour, c.minute);
}

static void grouped(int64_t number, struct buf *out) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)(number < 0 ? -number : number));
    if (number < 0)
        buf_text(out, "-");
    wording_digits(out, digits, (size_t)len);
}

/* One decimal, with the language's decimal mark. */
static void decimal(double number, bool polish, struct buf *out) {
    long tenths = lround(number * 10);
    buf_format(out, "%ld%s%ld", tenths / 10, polish ? "," : ".", tenths % 10);
}

static const char *kind_word(enum episode_kind kind, bool polish) {
    switch (kind) {
    case KIND_CRISIS:
        return polish ? "Kryzys" : "Crisis";
    case KIND_FLOOD:
        return polish ? "Zalew wpisów" : "Flood";
    default:
        return polish ? "Wzrost zainteresowania" : "Burst";
    }
}

void summary_terms(const struct term_list *terms, struct buf *out) {
    for (size_t i = 0; i < terms->count && i < LISTED_TERMS; i++)
        buf_format(out, "%s%s%s", i ? ", " : "",
                   strcmp(terms->at[i].kind, "hashtag") == 0 ? "#" : "", terms->at[i].text);
}

static void english(const struct summary *s, struct buf *out) {
    const struct episode_facts *facts = &s->event->facts;
    buf_format(out, "%s: from ", kind_word(s->event->verdict.kind, false));
    local_time(s->zone, s->event->onset_s, false, out);
    buf_text(out, " to ");
    local_time(s->zone, s->event->end_s, false, out);
    buf_format(out, " (%s) %s was mentioned ", s->zone_name, s->brand);
    grouped(facts->mentions, out);
    buf_text(out, " times, where ");
    grouped(lround(facts->expected), out);
    buf_text(out, " were expected; the busiest hour had ");
    decimal(facts->ratio, false, out);
    buf_text(out, " times its usual number. ");
    decimal(100 * s->statistics->negative_share, false, out);
    buf_text(out, "% of the mentions were negative, ");
    decimal(100 * s->statistics->negative_share_before, false, out);
    buf_text(out, "% in the four weeks before.");
    if (s->first_channel[0])
        buf_format(out, " It rose first on %s.", s->first_channel);
    if (s->terms->count) {
        buf_text(out, " Words that set it apart: ");
        summary_terms(s->terms, out);
        buf_text(out, ".");
    }
}

static void polish(const struct summary *s, struct buf *out) {
    const struct episode_facts *facts = &s->event->facts;
    buf_format(out, "%s: od ", kind_word(s->event->verdict.kind, true));
    local_time(s->zone, s->event->onset_s, true, out);
    buf_text(out, " do ");
    local_time(s->zone, s->event->end_s, true, out);
    buf_format(out, " (%s) naliczono ", s->zone_name);
    grouped(facts->mentions, out);
    buf_format(out, " %s o marce %s, a spodziewano się ",
               wording_plural_pl(facts->mentions, "wzmianka", "wzmianki", "wzmianek"), s->brand);
    grouped(lround(facts->expected), out);
    buf_text(out, "; w najgorętszej godzinie było ich ");
    decimal(facts->ratio, true, out);
    buf_text(out, " raza tyle co zwykle. Negatywnych było ");
    decimal(100 * s->statistics->negative_share, true, out);
    buf_text(out, "%, a w poprzednich czterech tygodniach ");
    decimal(100 * s->statistics->negative_share_before, true, out);
    buf_text(out, "%.");
    if (s->first_channel[0])
        buf_format(out, " Najpierw wzrost było widać w kanale %s.", s->first_channel);
    if (s->terms->count) {
        buf_text(out, " Wyróżniające słowa: ");
        summary_terms(s->terms, out);
        buf_text(out, ".");
    }
}

void summary_sentence(const struct summary *summary, bool in_polish, struct buf *out) {
    (in_polish ? polish : english)(summary, out);
}
