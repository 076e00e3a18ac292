#include "stages/common/when.h"

#include <string.h>

int64_t civil_days(int64_t year, unsigned month, unsigned day) {
    year -= month <= 2;
    int64_t era = floor_div(year, 400);
    unsigned year_of_era = (unsigned)(year - era * 400);
    unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int64_t)day_of_era - 719468;
}

struct civil civil_from_seconds(int64_t seconds) {
    int64_t days = floor_div(seconds, SECONDS_PER_DAY);
    unsigned rest = (unsigned)(seconds - days * SECONDS_PER_DAY);
    int64_t shifted = days + 719468;
    int64_t era = floor_div(shifted, 146097);
    unsigned doe = (unsigned)(shifted - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    struct civil civil = {.day = doy - (153 * mp + 2) / 5 + 1, .month = mp < 10 ? mp + 3 : mp - 9};
    civil.year = (int64_t)yoe + era * 400 + (civil.month <= 2);
    civil.hour = rest / 3600;
    civil.minute = rest / 60 % 60;
    civil.second = rest % 60;
    civil.weekday = (unsigned)(days + 3 - floor_div(days + 3, 7) * 7);
    return civil;
}

static void put_digits(char *out, unsigned value, int digits) {
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
}

void when_iso(int64_t seconds, char out[ISO_SIZE]) {
    static const int64_t first = INT64_C(-62167219200), last = INT64_C(253402300799);
    seconds = seconds < first ? first : seconds > last ? last : seconds;
    struct civil civil = civil_from_seconds(seconds);
    memcpy(out, "0000-00-00T00:00:00Z", 21);
    put_digits(out, (unsigned)civil.year, 4);
    put_digits(out + 5, civil.month, 2);
    put_digits(out + 8, civil.day, 2);
    put_digits(out + 11, civil.hour, 2);
    put_digits(out + 14, civil.minute, 2);
    put_digits(out + 17, civil.second, 2);
}
