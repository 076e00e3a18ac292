#include "stages/decode/post_time.h"

#include "stages/common/hash.h"
#include "stages/common/num.h"

/* Earlier moments are no times of posts but what programs write for none. */
static const int64_t FIRST_US = INT64_C(631152000) * US_PER_S; /* 1990-01-01 */
static const int64_t QUARTER_US = 900 * US_PER_S;
enum { ZONE_REACH_S = 14 * SECONDS_PER_HOUR, SERIAL_FIRST = 32874, SERIAL_LAST = 73050 };

/* One value of a time field, as it was read. */
struct candidate {
    struct moment moment;
    enum reject_reason reason; /* REJECT_NONE: it can be used */
    bool local;                /* it states no zone, and neither does its column */
};

/* ---- names ---- */

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* "GMT+2" is not UTC. */
static bool no_offset(struct span name, size_t at) {
    while (at < name.len && name.at[at] == ' ')
        at++;
    if (at + 1 >= name.len || (name.at[at] != '+' && name.at[at] != '-'))
        return true;
    for (at++; at < name.len && name.at[at] != ')'; at++)
        if (name.at[at] >= '1' && name.at[at] <= '9')
            return false;
    return true;
}

bool time_name_is_utc(struct span name) {
    for (size_t i = 0; i + 3 <= name.len; i++) {
        char word[4] = {name.at[i] | 0x20, name.at[i + 1] | 0x20, name.at[i + 2] | 0x20, 0};
        if (strcmp(word, "utc") != 0 && strcmp(word, "gmt") != 0)
            continue;
        bool begins = i == 0 || !is_letter(name.at[i - 1]) ||
                      (name.at[i] <= 'Z' && name.at[i - 1] >= 'a'); /* createdUtc */
        bool ends = i + 3 == name.len || !is_letter(name.at[i + 3]) ||
                    (name.at[i + 2] >= 'a' && name.at[i + 3] <= 'Z'); /* utcTime */
        bool glued = i + 3 == name.len && i > 3;                      /* createdutc */
        if (((begins && ends) || glued) && no_offset(name, i + 3))
            return true;
    }
    return false;
}

void time_rows(struct row *rows, int count) {
    int times = 0;
    for (int i = 0; i < count; i++) {
        if (rows[i].field != FIELD_TIME)
            continue;
        if (time_name_is_utc(span_of(rows[i].path)))
            rows[i].convert = CONVERT_UTC;
        rows[i].field = (uint8_t)(FIELD_TIME + (times < TIME_FIELDS ? times : TIME_FIELDS - 1));
        times++;
    }
}

/* ---- one value ---- */

static bool has_text(const struct value *value) {
    return value->type == VALUE_STRING || value->type == VALUE_NUMBER;
}

/* A decimal comma, as spreadsheets of most of Europe write it, as a point. */
static struct span with_point(struct span text, char copy[24]) {
    const char *comma = text.len < 24 ? memchr(text.at, ',', text.len) : NULL;
    if (!comma)
        return text;
    memcpy(copy, text.at, text.len);
    copy[comma - text.at] = '.';
    return (struct span){copy, text.len};
}

/* Days since 1899-12-30 to the second; whole days are dates. */
static bool read_serial(struct span text, struct moment *out) {
    int64_t micro_days;
    char copy[24];
    if (!num_scaled(with_point(text, copy), 6, &micro_days) ||
        micro_days < SERIAL_FIRST * INT64_C(1000000) ||
        micro_days >= SERIAL_LAST * INT64_C(1000000))
        return false;
    int64_t days = micro_days / 1000000, rest = micro_days % 1000000;
    int64_t second = (rest * 86400 + 500000) / 1000000;
    *out = (struct moment){.us = ((days - 25569) * SECONDS_PER_DAY + second) * US_PER_S,
                           .precision = rest ? TIME_EXACT_S : TIME_EXACT_DAY,
                           .naive = true};
    return true;
}

/* A time of day in a field of its own belongs to a date without one, or with a midnight that stands
 * for none, as libraries write it that know no dates alone. */
static struct moment with_clock(struct draft *draft, struct span date, struct moment day) {
    const struct value *clock = &draft->fields[FIELD_CLOCK];
    struct moment moment;
    if (!has_text(clock) || !clock->text.len || clock->text.len > 24)
        return day;
    if (day.midnight && day.naive) {
        const char *gap = memchr(date.at, ' ', date.len), *mark = memchr(date.at, 'T', date.len);
        const char *cut = mark ? mark : gap;
        if (!cut || date.len != (size_t)(cut - date.at) + 9)
            return day;
        date.len = (size_t)(cut - date.at);
    }
    uint8_t most = day.midnight ? TIME_EXACT_DAY : day.precision;
    struct span both = draft_join(draft, date, SPAN_LITERAL(" "), clock->text);
    bool read = both.at && when_read(both, draft->time->rules->order, &moment) == WHEN_READ &&
                moment.precision < most;
    return read ? moment : day;
}

static void learn_text(struct time_evidence *evidence, struct span text) {
    int64_t number;
    int place[3];
    char copy[24];
    if (num_scaled(with_point(text, copy), 0, &number)) {
        evidence->numbers += number > 0;
        evidence->serials += number >= SERIAL_FIRST && number < SERIAL_LAST;
    }
    if (!when_date_places(text, place))
        return;
    evidence->dates++;
    for (int i = 0; i < 3; i++) {
        evidence->over_12[i] += place[i] > 12;
        evidence->over_31[i] += place[i] > 31;
        evidence->seen[i][place[i] / 64 & 1] |= UINT64_C(1) << (place[i] & 63);
    }
}

/* What a round stamp may stand for: a date without a clock, or an hour. */
static uint8_t roundness(const struct moment *moment, const struct zone *zone) {
    if (moment->us % (SECONDS_PER_HOUR * US_PER_S))
        return TIME_EXACT_S;
    if (moment->clocked)
        return moment->midnight ? TIME_EXACT_DAY : TIME_EXACT_HOUR;
    int64_t seconds = floor_div(moment->us, US_PER_S);
    int64_t local = seconds + (zone ? zone_offset(zone, seconds) : 0);
    return seconds % SECONDS_PER_DAY && local % SECONDS_PER_DAY ? TIME_EXACT_HOUR : TIME_EXACT_DAY;
}

static bool shown_twice(const struct zone *zone, int64_t local_s) {
    int64_t utc[2];
    return zone && zone_from_local(zone, local_s, utc) == LOCAL_TWICE;
}

static void learn_moment(struct time_evidence *evidence, const struct moment *moment,
                         const struct zone *zone) {
    if (moment->precision >= TIME_EXACT_HOUR)
        return;
    uint8_t round = roundness(moment, zone);
    int64_t seconds = floor_div(moment->us, US_PER_S);
    evidence->fine++;
    evidence->on_hour += round >= TIME_EXACT_HOUR;
    evidence->at_midnight += round == TIME_EXACT_DAY;
    if (round == TIME_EXACT_DAY && moment->us != evidence->last_midnight_us) {
        evidence->midnights++;
        evidence->last_midnight_us = moment->us;
    }
    evidence->on_first += round == TIME_EXACT_DAY && civil_from_seconds(seconds).day == 1;
    bool twice = moment->naive && shown_twice(zone, seconds);
    if (evidence->last_us != TIME_NONE) {
        bool inside = twice && evidence->last_twice; /* where the clock steps back */
        evidence->rises[inside] += moment->us > evidence->last_us;
        evidence->falls[inside] += moment->us < evidence->last_us;
    }
    evidence->last_us = moment->us;
    evidence->last_twice = twice;
}

static enum reject_reason reason_of(enum when_result result) {
    static const uint8_t reasons[] = {[WHEN_READ] = REJECT_NONE,
                                      [WHEN_NOTHING] = REJECT_NO_TIME,
                                      [WHEN_UNREADABLE] = REJECT_BAD_TIME,
                                      [WHEN_UNORDERED] = REJECT_DATE_ORDER,
                                      [WHEN_RELATIVE] = REJECT_RELATIVE_TIME};
    return (enum reject_reason)reasons[result];
}

static struct candidate read_value(struct draft *draft, const struct value *value,
                                   const struct decode_options *options) {
    const struct time_rules *rules = draft->time->rules;
    struct candidate read = {.reason = REJECT_BAD_TIME};
    if (!has_text(value))
        return read;
    if (draft->time->learn)
        learn_text(draft->time->learn, value->text);
    if (!(rules->serial_days && read_serial(value->text, &read.moment))) {
        read.reason = reason_of(when_read(value->text, rules->order, &read.moment));
        if (read.reason != REJECT_NONE)
            return read;
    }
    read.reason = read.moment.us < FIRST_US ? REJECT_NO_TIME : REJECT_NONE;
    if (read.moment.precision == TIME_EXACT_DAY || read.moment.midnight)
        read.moment = with_clock(draft, value->text, read.moment);
    if (value->convert == CONVERT_UTC)
        read.moment.naive = false;
    read.local = read.moment.naive;
    if (draft->time->learn && read.reason == REJECT_NONE)
        learn_moment(draft->time->learn, &read.moment, options->zone);
    if (read.moment.precision < TIME_EXACT_HOUR && rules->round_stamp >= TIME_EXACT_HOUR) {
        uint8_t round = roundness(&read.moment, options->zone);
        if (round == TIME_EXACT_DAY)
            read.moment.precision = rules->round_stamp;
        else if (round == TIME_EXACT_HOUR && rules->round_stamp == TIME_EXACT_HOUR)
            read.moment.precision = TIME_EXACT_HOUR;
    }
    return read;
}

/* ---- of several values ---- */

static int64_t length_us(const struct moment *moment) {
    static const int64_t seconds[] = {[TIME_EXACT_US] = 1,
                                      [TIME_EXACT_MS] = 1,
                                      [TIME_EXACT_S] = 1,
                                      [TIME_EXACT_MINUTE] = 60,
                                      [TIME_EXACT_HOUR] = SECONDS_PER_HOUR,
                                      [TIME_EXACT_DAY] = SECONDS_PER_DAY,
                                      [TIME_EXACT_MONTH] = 31 * SECONDS_PER_DAY};
    return seconds[moment->precision] * US_PER_S;
}

/* Whether `other` can be the moment that `first` tells, within its precision; where only one of
 * them has a zone, in some zone. */
static bool same_moment(const struct candidate *first, const struct candidate *other) {
    int64_t length = length_us(&first->moment), ahead = other->moment.us - first->moment.us;
    if (first->local == other->local)
        return ahead > -US_PER_S && ahead < length;
    int64_t reach = ZONE_REACH_S * US_PER_S;
    if (ahead < -reach || ahead > length + reach)
        return false;
    int64_t off = ahead - floor_div(ahead, QUARTER_US) * QUARTER_US; /* zones differ by quarters */
    return length >= QUARTER_US || off <= length || off >= QUARTER_US - US_PER_S;
}

static bool tells_more(const struct candidate *first, const struct candidate *other) {
    if (first->local != other->local)
        return first->local && other->moment.precision <= first->moment.precision;
    return other->moment.precision < first->moment.precision;
}

/* The best reason to name: a time that wants a zone can be had by naming one. */
static enum reject_reason worse(enum reject_reason a, enum reject_reason b) {
    return a == REJECT_NO_TIME || b == REJECT_DATE_ORDER ? b : a;
}

static struct candidate choose(struct draft *draft, const struct decode_options *options) {
    struct candidate best = {.reason = REJECT_NO_TIME};
    for (int i = 0; i < TIME_FIELDS; i++) {
        const struct value *value = &draft->fields[FIELD_TIME + i];
        if (value->type == VALUE_ABSENT)
            continue;
        struct candidate read = read_value(draft, value, options);
        if (read.reason != REJECT_NONE) {
            if (best.reason != REJECT_NONE)
                best.reason = worse(best.reason, read.reason);
            continue;
        }
        if (best.reason != REJECT_NONE || (same_moment(&best, &read) && tells_more(&best, &read)))
            best = read;
        if (!best.local && best.moment.precision <= TIME_EXACT_S)
            break;
    }
    return best;
}

/* ---- local clocks ---- */

static void note(struct time_reader *reader, enum repair repair) {
    if (reader->repairs)
        reader->repairs[repair]++;
}

/* The hour that the clock shows twice: of rows in time order those before the step are the earlier,
 * those behind it the later, from either end; else the earlier. */
static bool is_later(struct time_reader *reader, int64_t local_s, bool was_inside) {
    int order = reader->rules->row_order;
    if (order == 0)
        return false;
    if (!was_inside)
        return order < 0;
    if (order > 0 && local_s < reader->last_local_s)
        return true;
    if (order < 0 && local_s > reader->last_local_s)
        return false;
    return reader->later;
}

static int64_t from_local(struct time_reader *reader, const struct zone *zone, int64_t local_s,
                          bool clocked) {
    int64_t utc[2];
    enum local_clock shown = zone_from_local(zone, local_s, utc);
    int64_t second = utc[0];
    if (clocked && shown == LOCAL_TWICE) {
        bool inside = reader->last_local_s != TIME_NONE &&
                      shown_twice(zone, reader->last_local_s) &&
                      reader->last_local_s / SECONDS_PER_DAY == local_s / SECONDS_PER_DAY;
        reader->later = is_later(reader, local_s, inside);
        second = utc[reader->later];
        note(reader, REPAIR_REPEATED_HOUR);
    } else if (clocked && shown == LOCAL_SKIPPED) {
        second = utc[1];
        note(reader, REPAIR_SKIPPED_HOUR);
    }
    if (clocked)
        reader->last_local_s = local_s;
    return second;
}

enum reject_reason time_fill(struct draft *draft, const struct decode_options *options) {
    struct post *post = draft->post;
    post->created_at_us = TIME_NONE;
    post->time_source = TIME_FROM_FIELD;
    post->time_precision = TIME_EXACT_US;
    post->spread_s = 0;
    struct candidate read = choose(draft, options);
    if (read.reason != REJECT_NONE)
        return read.reason;
    if (read.local) {
        if (!options->zone)
            return REJECT_NO_ZONE;
        int64_t seconds = floor_div(read.moment.us, US_PER_S);
        int64_t fraction = read.moment.us - seconds * US_PER_S;
        bool clocked = read.moment.precision <= TIME_EXACT_HOUR;
        read.moment.us =
            from_local(draft->time, options->zone, seconds, clocked) * US_PER_S + fraction;
        post->time_source = TIME_FROM_NAIVE_LOCAL;
    }
    post->created_at_us = read.moment.us;
    post->time_precision = read.moment.precision;
    return REJECT_NONE;
}

/* ---- rough times ---- */

/* Seconds from the beginning of the hour, day or month that the post states to its end. */
static int64_t stated_length(const struct post *post, const struct zone *zone) {
    bool local = post->time_source == TIME_FROM_NAIVE_LOCAL && zone;
    int64_t from = floor_div(post->created_at_us, US_PER_S);
    if (post->time_precision == TIME_EXACT_HOUR)
        return SECONDS_PER_HOUR;
    int64_t clock = from + (local ? zone_offset(zone, from) : 0);
    int64_t days = floor_div(clock, SECONDS_PER_DAY) + 1;
    if (post->time_precision == TIME_EXACT_MONTH) {
        struct civil civil = civil_from_seconds(clock);
        days = civil_days(civil.year + (civil.month == 12), civil.month % 12 + 1, 1);
    }
    if (!local)
        return post->time_precision == TIME_EXACT_DAY ? SECONDS_PER_DAY
                                                      : days * SECONDS_PER_DAY - from;
    return zone_to_utc(zone, days * SECONDS_PER_DAY) - from;
}

void time_spread(struct draft *draft, const struct decode_options *options) {
    struct post *post = draft->post;
    if (post->time_precision < TIME_EXACT_HOUR || post->spread_s || draft->about)
        return;
    int64_t length = stated_length(post, options->zone);
    char count[32] = "";
    if (!post->id.len) /* equal posts must not meet at one moment */
        memcpy(count, &(uint64_t){++draft->time->unnamed}, sizeof(uint64_t));
    const struct span parts[] = {
        post->id, post->author_id, post->text, {count, post->id.len ? 0 : sizeof(uint64_t)}};
    uint64_t hash = hash_stable_join(parts, 4);
    post->spread_s = length > 0 ? (int32_t)(hash % (uint64_t)length) : 0;
    post->created_at_us += post->spread_s * US_PER_S;
    note(draft->time, REPAIR_ROUGH_TIME);
}

/* ---- what the head of a member proves ---- */

void time_evidence_init(struct time_evidence *evidence) {
    *evidence = (struct time_evidence){.last_us = TIME_NONE, .last_midnight_us = TIME_NONE};
}

static int distinct(const struct time_evidence *evidence, int place) {
    return __builtin_popcountll(evidence->seen[place][0]) +
           __builtin_popcountll(evidence->seen[place][1]);
}

/* 23-03-01, 23-03-02, ...: the first number stays while the last one runs. */
static bool year_first(const struct time_evidence *evidence) {
    return !evidence->over_31[2] && !evidence->over_12[1] &&
           (evidence->over_31[0] == evidence->dates ||
            distinct(evidence, 2) >= 3 * distinct(evidence, 0));
}

static enum date_order proved_order(const struct time_evidence *evidence) {
    if (!evidence->dates)
        return DATE_ORDER_UNKNOWN;
    if (year_first(evidence))
        return DATE_YEAR_FIRST;
    bool day = evidence->over_12[0] > 0, month = evidence->over_12[1] > 0;
    if (day == month)
        return DATE_ORDER_UNKNOWN; /* none, or both orders are there */
    return day ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
}

/* One post in 86,400 is written at midnight to the second, and of those on the full hour one in 24:
 * where there are many more they are dates without a clock. */
static uint8_t round_stamp(const struct time_evidence *evidence) {
    bool hours = evidence->fine >= 10 && evidence->on_hour == evidence->fine;
    if (hours && evidence->at_midnight * 2 < evidence->fine)
        return TIME_EXACT_HOUR;
    /* many at one midnight may be a dense dump that begins there */
    if (evidence->midnights < 2 && evidence->at_midnight < evidence->fine)
        return TIME_EXACT_S;
    bool some = evidence->at_midnight >= 3 && evidence->at_midnight * 100 >= evidence->fine;
    bool many = evidence->at_midnight >= 2 && evidence->at_midnight * 20 >= evidence->fine;
    if (!(some || many) || evidence->at_midnight * 6 < evidence->on_hour)
        return TIME_EXACT_S;
    bool months = evidence->on_first == evidence->fine && evidence->fine >= 10;
    return months ? TIME_EXACT_MONTH : TIME_EXACT_DAY;
}

/* Within the hour that the clock shows twice it steps once; it counts only where all lies in it. */
static int8_t row_order(const struct time_evidence *evidence) {
    const uint32_t *rises = evidence->rises, *falls = evidence->falls;
    if (rises[0] + falls[0])
        return (int8_t)(!falls[0] - !rises[0]);
    if (rises[1] && falls[1] <= 1 && rises[1] > falls[1])
        return 1;
    return falls[1] && rises[1] <= 1 && falls[1] > rises[1] ? -1 : 0;
}

struct time_rules time_rules_of(const struct time_evidence *evidence, enum date_order order) {
    return (struct time_rules){
        .order = order == DATE_ORDER_UNKNOWN ? proved_order(evidence) : order,
        .serial_days = evidence->serials && evidence->serials == evidence->numbers,
        .round_stamp = round_stamp(evidence),
        .row_order = row_order(evidence)};
}

bool time_evidence_open(const struct time_evidence *evidence) {
    bool unordered = evidence->dates && !evidence->over_12[0] && !evidence->over_12[1];
    return unordered || evidence->serials;
}
