/* The table journey: how far people came. */
#include "stages/journey/journey.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BEFORE_S = 28 * SECONDS_PER_DAY, AFTER_S = 30 * SECONDS_PER_DAY };

/* What a person did in the period. */
enum deed {
    DEED_POSTED = 1,
    DEED_ASKED = 2,
    DEED_ACTED_LATER = 4, /* acted or spoke for the brand after asking */
    DEED_ACTED = 8,
    DEED_ADVOCATED = 16, /* unasked, unpaid */
    DEED_WARNED = 32,
};
struct deeds {
    uint8_t bits, highest; /* enum deed; enum path_state */
};

static bool in_campaign(const struct care *care, const struct care_post *post) {
    const struct care_settings *settings = care->input.settings;
    if (!settings->campaign_count)
        return false;
    struct span text = mention_table_string(care->input.mentions, post->row, STRING_TEXT);
    for (size_t i = 0; i < settings->campaign_count; i++) {
        size_t len = strlen(settings->campaigns[i]);
        for (size_t at = 0; at + len <= text.len; at++) {
            if (text.at[at] != '#' || strncasecmp(text.at + at, settings->campaigns[i], len) != 0)
                continue;
            unsigned char next = at + len < text.len ? (unsigned char)text.at[at + len] : ' ';
            bool goes_on = (next | 0x20) >= 'a' ? (next | 0x20) <= 'z' || next >= 0x80
                                                : next >= '0' && next <= '9';
            if (!goes_on && next != '_')
                return true;
        }
    }
    return false;
}

static void add_post(const struct care *care, const struct care_post *post, struct deeds *deeds) {
    enum path_state state = care_path_state(care, post);
    deeds->bits |= DEED_POSTED;
    if (state == PATH_DETRACTOR)
        deeds->bits |= DEED_WARNED;
    else if (state > deeds->highest)
        deeds->highest = (uint8_t)state;
    if ((state == PATH_ACT || state == PATH_ADVOCATE) && deeds->bits & DEED_ASKED)
        deeds->bits |= DEED_ACTED_LATER;
    if (state == PATH_ASK)
        deeds->bits |= DEED_ASKED;
    if (state == PATH_ACT)
        deeds->bits |= DEED_ACTED;
    if (state == PATH_ADVOCATE && post->class != CLASS_REPOST && post->class != CLASS_REPLY &&
        post->class != CLASS_PRIVATE && !in_campaign(care, post))
        deeds->bits |= DEED_ADVOCATED;
}

static void count_deeds(const struct deeds *deeds, size_t persons, struct journey_row *row) {
    int32_t *reach[] = {&row->reach_aware, &row->reach_appeal, &row->reach_ask, &row->reach_act,
                        &row->reach_advocate};
    int32_t *all[] = {&row->authors, &row->asked,     &row->asked_then_acted,
                      &row->actors,  &row->advocates, &row->detractors};
    for (int i = 0; i < 5; i++)
        *reach[i] = 0;
    for (int i = 0; i < 6; i++)
        *all[i] = 0;
    for (size_t person = 0; person < persons; person++) {
        uint8_t bits = deeds[person].bits;
        row->authors += (bits & DEED_POSTED) != 0;
        row->asked += (bits & DEED_ASKED) != 0;
        row->asked_then_acted += (bits & DEED_ACTED_LATER) != 0;
        row->actors += (bits & DEED_ACTED) != 0;
        row->advocates += (bits & DEED_ADVOCATED) != 0;
        row->detractors += (bits & DEED_WARNED) != 0;
        for (int state = PATH_AWARE; state <= deeds[person].highest; state++)
            ++*reach[state - PATH_AWARE];
    }
}

static void put_steps(const struct care *care, struct journey_row *row) {
    const int32_t reach[] = {row->reach_aware, row->reach_appeal, row->reach_ask, row->reach_act,
                             row->reach_advocate};
    double *step[] = {&row->step_appeal, &row->step_ask, &row->step_act, &row->step_advocate};
    double least = INFINITY;
    for (int i = 0; i < 4; i++) {
        *step[i] = care_share(care, reach[i + 1], reach[i]).share;
        if (*step[i] < least) {
            least = *step[i];
            ROW_SET(row, bottleneck, span_of(path_state_name((enum path_state)(PATH_APPEAL + i))));
        }
    }
}

static void put_shares(const struct care *care, struct journey_row *row) {
    struct proportion share = care_share(care, row->asked_then_acted, row->asked);
    row->ask_conversion = share.share;
    row->ask_conversion_low = share.low;
    row->ask_conversion_high = share.high;
    share = care_share(care, row->actors, row->authors);
    row->spar = share.share;
    row->spar_low = share.low;
    row->spar_high = share.high;
    share = care_share(care, row->advocates, row->authors);
    row->sbar = share.share;
    row->sbar_low = share.low;
    row->sbar_high = share.high;
    care_note_few(care, row->note, sizeof row->note, row->authors);
}

/* Left out: channels of which only the answers are there. */
static void note_left_out(const struct care *care, struct journey_row *row) {
    char name[32], code[48];
    for (size_t i = 0; i < CARE_CHANNELS; i++) {
        if (!care->channels[i].posts || care->channels[i].basis != BASIS_REPLIES)
            continue;
        care_channel_name(i, name);
        snprintf(code, sizeof code, "without:%s", name);
        care_note(row->note, sizeof row->note, code);
    }
}

static bool add_period(const struct journey *journey, struct audit *audit, struct deeds *deeds,
                       const char *period, int64_t from_s, int64_t to_s) {
    const struct care *care = journey->input.care;
    struct journey_row *row = care_row(care, audit, TABLE_JOURNEY);
    struct care_range range = care_posts_in(care, from_s, to_s);
    if (!row)
        return false;
    ROW_SET(row, period, span_of(period));
    note_left_out(care, row);
    if (!journey->known) {
        care_note(row->note, sizeof row->note, "parents_missing");
        return true;
    }
    memset(deeds, 0, care->author_count * sizeof *deeds);
    for (size_t i = range.first; i < range.last; i++) {
        const struct care_post *post = &care->posts[i];
        if (care_on_path(post) && post->author &&
            care->channels[post->channel].basis != BASIS_REPLIES)
            add_post(care, post, &deeds[journey->person[post->author]]);
    }
    count_deeds(deeds, care->author_count, row);
    put_steps(care, row);
    put_shares(care, row);
    return true;
}

enum status journey_periods(const struct journey *journey, struct audit *audit,
                            struct fault *fault) {
    const struct care *care = journey->input.care;
    struct deeds *deeds = malloc((care->author_count + 1) * sizeof *deeds);
    bool ok = deeds && add_period(journey, audit, deeds, "all", INT64_MIN, INT64_MAX);
    for (size_t i = 0; ok && i < care->input.crisis_count; i++) {
        const struct care_crisis *crisis = &care->input.crises[i];
        const struct {
            const char *name;
            int64_t from_s, to_s;
        } periods[] = {{"before", crisis->onset_s - BEFORE_S, crisis->onset_s},
                       {"during", crisis->onset_s, crisis->end_s},
                       {"after", crisis->end_s, crisis->end_s + AFTER_S}};
        for (int k = 0; ok && k < 3; k++) {
            char name[32];
            snprintf(name, sizeof name, "%s:%zu", periods[k].name, i + 1);
            ok = add_period(journey, audit, deeds, name, periods[k].from_s, periods[k].to_s);
        }
    }
    free(deeds);
    return ok ? STATUS_OK : fault_memory(fault);
}
