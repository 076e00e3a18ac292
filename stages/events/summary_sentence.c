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

static void local_day(const struct zone *zone, int64_t second, bool polish, struct buf *out) {
    struct civil c = civil_from_seconds(second + zone_offset(zone, second));
    buf_format(out, "%u %s %lld", c.day, wording_month(polish, c.month), (long long)c.year);
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
    long tenths = lround(fabs(number) * 10);
    buf_format(out, "%s%ld%s%ld", number < 0 && tenths ? "-" : "", tenths / 10, polish ? "," : ".",
               tenths % 10);
}

static const char *kind_word(enum episode_kind kind, bool polish) {
    static const char *const words[KIND_COUNT][2] = {
        [KIND_CRISIS] = {"Crisis", "Kryzys"},
        [KIND_BURST] = {"Burst", "Wzrost zainteresowania"},
        [KIND_FLOOD] = {"Flood", "Zalew wpisów"},
        [KIND_MOOD_TURN] = {"Turn of mood", "Zmiana nastroju"},
        [KIND_SLOW_BURN] = {"Slow burn", "Powolny wzrost krytyki"}};
    return words[kind][polish];
}

static void percent(double share, bool polish, struct buf *out) {
    decimal(100 * share, polish, out);
    buf_text(out, "%");
}

void summary_terms(const struct term_list *terms, struct buf *out) {
    for (size_t i = 0; i < terms->count && i < LISTED_TERMS; i++)
        buf_format(out, "%s%s%s", i ? ", " : "",
                   strcmp(terms->at[i].kind, "hashtag") == 0 ? "#" : "", terms->at[i].text);
}

/* "from 3 March 2023 10:00 to ... (zone)"; of a slow burn the days, and how sure the first is. */
static void put_times(const struct summary *s, bool polish, struct buf *out) {
    const struct event *event = s->event;
    bool days = event->verdict.kind == KIND_SLOW_BURN;
    void (*moment)(const struct zone *, int64_t, bool, struct buf *) =
        days ? local_day : local_time;
    buf_text(out, polish ? ": od " : ": from ");
    moment(s->zone, event->onset_s, polish, out);
    buf_text(out, polish ? " do " : " to ");
    moment(s->zone, days ? event->end_s - 1 : event->end_s, polish, out);
    if (days && event->onset_low_s < event->onset_high_s - 2 * SECONDS_PER_DAY) {
        buf_text(out, polish ? ", początek na 90% między " : ", onset at 90% between ");
        moment(s->zone, event->onset_low_s, polish, out);
        buf_text(out, polish ? " a " : " and ");
        moment(s->zone, event->onset_high_s - 1, polish, out);
    }
}

static void put_mentions(const struct summary *s, bool polish, struct buf *out) {
    const struct episode_facts *facts = &s->event->facts;
    if (polish) {
        buf_format(out, " (%s) naliczono ", s->zone_name);
        grouped(facts->mentions, out);
        buf_format(out, " %s o marce %s, a spodziewano się ",
                   wording_plural_pl(facts->mentions, "wzmianka", "wzmianki", "wzmianek"),
                   s->brand);
    } else {
        buf_format(out, " (%s) %s was mentioned ", s->zone_name, s->brand);
        grouped(facts->mentions, out);
        buf_text(out, facts->mentions == 1 ? " time, where " : " times, where ");
    }
    grouped(lround(facts->expected), out);
    if (!polish)
        buf_text(out, lround(facts->expected) == 1 ? " was expected" : " were expected");
}

/* The share during and before; of a rise of the share it is the whole point. */
static void put_shares(const struct summary *s, bool polish, struct buf *out) {
    const struct episode_facts *facts = &s->event->facts;
    double before = s->statistics->negative_share_before;
    bool known = facts->before_mentions > 0;
    if (facts->share_only) {
        bool grew = facts->excess > 0.25 * facts->expected;
        buf_text(out, polish ? (grew ? ". Negatywnych było "
                                     : ": nie więcej niż zwykle, ale negatywnych było ")
                             : (grew ? ". Of them, " : ": no more than usual, but "));
        percent(s->statistics->negative_share, polish, out);
        buf_text(out, polish ? "" : " were negative");
        if (known) {
            buf_text(out, polish ? " zamiast " : " instead of ");
            percent(before, polish, out);
            buf_text(out, polish ? " z poprzednich czterech tygodni" : " in the four weeks before");
        }
        buf_text(out, ".");
        return;
    }
    buf_text(out, polish ? "; w najgorętszej godzinie było ich " : "; the busiest hour had ");
    decimal(facts->ratio, polish, out);
    buf_text(out, polish ? " raza tyle co zwykle. Negatywnych było " : " times its usual number. ");
    percent(s->statistics->negative_share, polish, out);
    buf_text(out, polish ? "" : " of the mentions were negative");
    if (known) {
        buf_text(out, polish ? ", a w poprzednich czterech tygodniach " : ", ");
        percent(before, polish, out);
        buf_text(out, polish ? "" : " in the four weeks before");
    }
    buf_text(out, ".");
}

void summary_sentence(const struct summary *s, bool polish, struct buf *out) {
    buf_text(out, kind_word(s->event->verdict.kind, polish));
    put_times(s, polish, out);
    put_mentions(s, polish, out);
    put_shares(s, polish, out);
    if (s->missing_minutes > 0) {
        buf_text(out, polish ? " W archiwum brakuje " : " The archive lacks ");
        grouped(s->missing_minutes, out);
        buf_text(out, polish ? " min tego czasu i godziny przedtem."
                             : " min of that time and the hour before.");
    }
    if (s->first_channel[0] && !s->event->facts.share_only)
        buf_format(out,
                   polish ? " Najpierw wzrost było widać w kanale %s." : " It rose first on %s.",
                   s->first_channel);
    if (s->terms->count) {
        buf_text(out, polish ? " Wyróżniające słowa: " : " Words that set it apart: ");
        summary_terms(s->terms, out);
        buf_text(out, ".");
    }
}

void summary_why(const struct event *event, bool polish, struct buf *out) {
    static const char *const moves[][2] = {
        [MOVED_BY_NOTHING] = {"", ""},
        [MOVED_BY_PLATFORMS] = {", raised by three or more platforms",
                                ", podniesiona przez trzy platformy lub więcej"},
        [MOVED_BY_FEW_AUTHORS] = {", lowered by 1: more than half from fewer than five authors",
                                  ", obniżona o 1: ponad połowa od mniej niż pięciu autorów"},
        [MOVED_BY_ONE_TEXT] = {", lowered by 1: more than half from one text",
                               ", obniżona o 1: ponad połowa to jeden tekst"}};
    const struct episode_facts *facts = &event->facts;
    const struct episode_verdict *verdict = &event->verdict;
    double n = (double)facts->mentions, before = (double)facts->before_mentions;
    grouped(facts->negative, out);
    buf_text(out, polish ? " z " : " of ");
    grouped(facts->mentions, out);
    buf_text(out, polish ? " negatywnych (" : " negative (");
    percent(n > 0 ? (double)facts->negative / n : 0, polish, out);
    buf_text(out, polish ? ", wcześniej " : ", before ");
    if (before > 0)
        percent((double)facts->before_negative / before, polish, out);
    else
        buf_text(out, polish ? "nie wiadomo" : "not known");
    buf_text(out, ", z ");
    decimal(verdict->negative_z, polish, out);
    buf_text(out, "), E ");
    grouped(lround(verdict->excess_negative), out);
    buf_text(out, polish ? " negatywnych ponad zwykłe, V " : " more negative than usual, V ");
    decimal(verdict->days_of_criticism, polish, out);
    buf_text(out, polish ? " dnia zwykłych rozmów, R " : " usual days, R ");
    decimal(facts->ratio, polish, out);
    buf_text(out, polish ? " w godzinie szczytu, D " : " in the peak hour, D ");
    decimal(facts->duration_hours, polish, out);
    buf_format(out, polish ? " godz.: skala %d%s" : " h: level %d%s", verdict->severity,
               moves[verdict->moved][polish]);
}
