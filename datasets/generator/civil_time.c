#include "civil_time.h"

/* Days to year, month, day: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms */
struct civil civil_from_epoch(int64_t epoch_s) {
    int64_t days = epoch_s / DAY_S, rest = epoch_s % DAY_S, shifted = days + 719468;
    int64_t era = shifted / 146097, doe = shifted % 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){.year = (int)(yoe + era * 400 + (month <= 2)),
                          .month = month,
                          .day = (int)(doy - (153 * mp + 2) / 5 + 1),
                          .hour = (int)(rest / HOUR_S),
                          .minute = (int)(rest % HOUR_S / 60),
                          .second = (int)(rest % 60),
                          .weekday = (int)((days + 3) % 7)};
}

/* European summer time: last Sunday of March to last Sunday of October, 01:00 UTC */
int64_t warsaw_offset_s(int64_t epoch_s) {
    static const struct {
        int64_t begin_s, end_s;
    } summer[] = {{1648342800, 1667091600}, {1679792400, 1698541200}, {1711846800, 1729990800}};
    for (unsigned i = 0; i < sizeof summer / sizeof *summer; i++)
        if (epoch_s >= summer[i].begin_s && epoch_s < summer[i].end_s)
            return 2 * HOUR_S;
    return HOUR_S;
}

struct civil warsaw_from_epoch(int64_t epoch_s) {
    return civil_from_epoch(epoch_s + warsaw_offset_s(epoch_s));
}

static void add_padded(struct text *text, int number, char after) {
    text_add_char(text, (char)('0' + number / 10));
    text_add_char(text, (char)('0' + number % 10));
    if (after)
        text_add_char(text, after);
}

void text_add_twitter_time(struct text *text, int64_t epoch_s) {
    static const char weekdays[] = "Mon Tue Wed Thu Fri Sat Sun ";
    static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
    struct civil t = civil_from_epoch(epoch_s);
    text_add(text, weekdays + 4 * t.weekday, 4);
    text_add(text, months + 4 * (t.month - 1), 4);
    add_padded(text, t.day, ' ');
    add_padded(text, t.hour, ':');
    add_padded(text, t.minute, ':');
    add_padded(text, t.second, ' ');
    text_add(text, "+0000 ", 6);
    text_add_number(text, (uint64_t)t.year);
}

static void add_iso(struct text *text, struct civil t) {
    text_add_number(text, (uint64_t)t.year);
    text_add_char(text, '-');
    add_padded(text, t.month, '-');
    add_padded(text, t.day, 'T');
    add_padded(text, t.hour, ':');
    add_padded(text, t.minute, ':');
    add_padded(text, t.second, 0);
}

void text_add_iso(struct text *text, int64_t epoch_s) {
    add_iso(text, civil_from_epoch(epoch_s));
    text_add_char(text, 'Z');
}

void text_add_warsaw_iso(struct text *text, int64_t epoch_s) {
    add_iso(text, warsaw_from_epoch(epoch_s));
    text_add_string(text, warsaw_offset_s(epoch_s) == HOUR_S ? "+01:00" : "+02:00");
}
