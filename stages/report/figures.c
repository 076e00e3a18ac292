/* Numbers and moments as they are shown. */
#include "stages/report/page.h"

#include "stages/care/proportion.h"
#include "stages/common/wording.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUS "\xE2\x88\x92"

void put(struct page *page, const char *html) {
    buf_text(page->out, html);
}

void put_text(struct page *page, struct span text) {
    escape_text(page->out, text);
}

void put_cut(struct page *page, struct span text, size_t characters) {
    size_t end = 0;
    for (size_t seen = 0; end < text.len; end++) {
        seen += (text.at[end] & 0xC0) != 0x80;
        if (seen > characters)
            break;
    }
    escape_text(page->out, (struct span){text.at, end});
    if (end < text.len)
        put(page, "\xE2\x80\xA6");
}

void put_count(struct page *page, int64_t count) {
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%" PRId64, count);
    bool negative = count < 0;
    if (negative)
        put(page, MINUS);
    wording_digits(page->out, digits + negative, (size_t)(len - negative));
}

void put_decimal(struct page *page, double value, int digits) {
    char text[64];
    if (!isfinite(value) || fabs(value) > 1e15) {
        put(page, DASH);
        return;
    }
    snprintf(text, sizeof text, "%.*f", digits, value);
    bool zero = strspn(text, "-0.") == strlen(text); /* no minus before a rounded zero */
    const char *at = text + (*text == '-');
    if (*text == '-' && !zero)
        put(page, MINUS);
    size_t whole = strcspn(at, ".");
    wording_digits(page->out, at, whole);
    if (at[whole]) {
        buf_char(page->out, page->polish ? ',' : '.');
        put(page, at + whole + 1);
    }
}

void put_signed(struct page *page, double value, int digits) {
    if (isfinite(value) && value > 0)
        buf_char(page->out, '+');
    put_decimal(page, value, digits);
}

void put_percent(struct page *page, double share) {
    put_decimal(page, share * 100, 1);
    if (isfinite(share))
        buf_char(page->out, '%');
}

void put_share(struct page *page, int64_t part, int64_t whole) {
    put_percent(page, whole > 0 ? (double)part / (double)whole : NAN);
}

void put_bytes(struct page *page, int64_t bytes) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    double value = (double)bytes;
    int unit = 0;
    while (value >= 1000 && unit < 5) {
        value /= 1000;
        unit++;
    }
    put_decimal(page, value, unit && value < 100 ? 1 : 0);
    buf_format(page->out, THIN "%s", units[unit]);
}

void put_duration(struct page *page, int64_t seconds) {
    int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    if (seconds < 0) {
        put(page, DASH);
    } else if (days >= 2) {
        put_count(page, days);
        put(page, tr(page, THIN "days", THIN "dni"));
        if (hours % 24)
            buf_format(page->out, " %d" THIN "h", (int)(hours % 24));
    } else if (hours) {
        buf_format(page->out, "%d" THIN "h", (int)hours);
        if (minutes % 60)
            buf_format(page->out, " %d" THIN "min", (int)(minutes % 60));
    } else {
        buf_format(page->out, "%d" THIN "min", (int)minutes);
    }
}

/* ---- moments ---- */

bool moment_known(int64_t second) {
    return second >= 0 && second < INT64_C(253402300800); /* the year 10000 */
}

struct civil page_local(const struct page *page, int64_t second) {
    return civil_from_seconds(second + (page->zone ? zone_offset(page->zone, second) : 0));
}

static const char *month_short(const struct page *page, unsigned month) {
    static const char *const names[2][12] = {
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
        {"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"}};
    return names[page->polish][(month - 1) % 12];
}

void put_date(struct page *page, int64_t second) {
    if (!moment_known(second)) {
        put(page, DASH);
        return;
    }
    struct civil at = page_local(page, second);
    buf_format(page->out, "%u %s %" PRId64, at.day, wording_month(page->polish, at.month), at.year);
}

void put_iso_date(struct page *page, int64_t second) {
    if (!moment_known(second)) {
        put(page, DASH);
        return;
    }
    struct civil at = page_local(page, second);
    buf_format(page->out, "%04" PRId64 "-%02u-%02u", at.year, at.month, at.day);
}

void put_iso_hour(struct page *page, int64_t second) {
    put_iso_date(page, second);
    buf_char(page->out, ' ');
    put_clock(page, second);
}

void put_clock(struct page *page, int64_t second) {
    struct civil at = page_local(page, second);
    buf_format(page->out, "%02u:%02u", at.hour, at.minute);
}

void put_moment(struct page *page, int64_t second) {
    char iso[ISO_SIZE];
    if (!moment_known(second)) {
        put(page, DASH);
        return;
    }
    when_iso(second, iso);
    buf_format(page->out, "<time datetime=\"%s\">", iso);
    put_date(page, second);
    put(page, ", ");
    put_clock(page, second);
    put(page, "</time>");
}

void put_short_date(struct page *page, int64_t second) {
    struct civil at = page_local(page, second);
    buf_format(page->out, "%u %s", at.day, month_short(page, at.month));
}

void put_short_moment(struct page *page, int64_t second) {
    if (!moment_known(second)) {
        put(page, DASH);
        return;
    }
    put_short_date(page, second);
    put(page, ", ");
    put_clock(page, second);
}

void put_short_range(struct page *page, int64_t from, int64_t to) {
    struct civil a = page_local(page, from), b = page_local(page, to);
    put_short_moment(page, from);
    put(page, DASH);
    if (a.day == b.day && a.month == b.month && a.year == b.year)
        put_clock(page, to);
    else
        put_short_moment(page, to);
}

void put_month(struct page *page, int64_t second) {
    struct civil at = page_local(page, second);
    buf_format(page->out, "%s %" PRId64, month_short(page, at.month), at.year);
}

/* ---- small figures ---- */

void put_channel(struct page *page, struct span platform, struct span part) {
    const char *word = word_platform(platform);
    if (span_is(platform, "other") && part.len) {
        put_text(page, part);
        return;
    }
    if (span_is(platform, "other"))
        word = tr(page, "other sites", "inne miejsca");
    put_text(page, word ? span_of(word) : platform);
    if (part.len) {
        put(page, " / ");
        put_text(page, part);
    }
}

void put_mark(struct page *page, const struct event_view *event) {
    static const char letters[2][EVENT_KINDS] = {{'C', 'B', 'F', 'T'}, {'K', 'W', 'Z', 'N'}};
    buf_format(page->out, "%c%u", letters[page->polish][event->kind], event->number);
}

double net_sentiment(const struct tally_view *tally) {
    int64_t sum = tally->positive + tally->negative;
    return sum > 0 ? (double)(tally->positive - tally->negative) / (double)sum : NAN;
}

void put_path(struct page *page, const char *form, ...) {
    va_list values;
    va_start(values, form);
    for (; *form; form++) {
        if (*form != '*') {
            buf_char(page->out, *form);
            continue;
        }
        long tenths = lround(va_arg(values, double) * 10);
        if (tenths % 10)
            buf_format(page->out, "%s%ld.%ld", tenths < 0 ? "-" : "", labs(tenths) / 10,
                       labs(tenths) % 10);
        else
            buf_format(page->out, "%ld", tenths / 10);
    }
    va_end(values);
}

/* Without inline styles, which the page's policy forbids. */
void put_sentiment_bar(struct page *page, const struct tally_view *tally) {
    static const char *const classes[] = {"neg", "neu", "pos"};
    const int64_t parts[3] = {tally->negative, tally->neutral, tally->positive};
    int64_t whole = tally_scored(tally);
    double x = 0;
    put(page, "<svg class=\"bar\" viewBox=\"0 0 100 10\" aria-hidden=\"true\">");
    for (int i = 0; i < 3; i++) {
        double width = whole > 0 ? 100.0 * (double)parts[i] / (double)whole : 0;
        if (parts[i] > 0) {
            buf_format(page->out, "<path class=\"%s\" d=\"", classes[i]);
            put_path(page, "M* 5h*\"/>", x, width > 1.4 ? width - 0.8 : width);
        }
        x += width;
    }
    put(page, "</svg>");
}

void put_track(struct page *page, double share, const char *class) {
    double width = isfinite(share) ? 100 * (share < 0 ? 0 : share > 1 ? 1 : share) : 0;
    buf_format(
        page->out,
        "<svg class=\"track\" viewBox=\"0 0 100 10\" aria-hidden=\"true\"><path class=\"%s\" d=\"",
        class);
    put_path(page, "M0 5h*\"/></svg>", width);
}

void put_share_limits(struct page *page, int64_t part, int64_t whole) {
    struct proportion p = proportion_wilson(part, whole);
    put_percent(page, p.share);
    if (!isfinite(p.low))
        return;
    put(page, " <small>(");
    put_decimal(page, p.low * 100, 1);
    put(page, DASH);
    put_decimal(page, p.high * 100, 1);
    put(page, "%)</small>");
}

void put_brand_name(struct page *page, const struct brand_view *view) {
    put(page, "<bdi>");
    put_text(page, page_brand_name(page, view->brand));
    put(page, "</bdi>");
}

void put_brand_link(struct page *page, const struct brand_view *view) {
    if (view_detailed(view))
        buf_format(page->out, "<a href=\"#b%zu\">", view->brand);
    put_brand_name(page, view);
    put(page, view_detailed(view) ? "</a>" : "");
}

void put_channel_name(struct page *page, struct span channel) {
    struct span part = page_channel_part(channel);
    struct span platform = {channel.at, part.len ? channel.len - part.len - 1 : channel.len};
    put_channel(page, platform, part);
}

void put_term(struct page *page, const char *id, const char *english, const char *polish) {
    buf_format(page->out, "<a class=\"term\" href=\"#d-%s\">%s</a>", id, tr(page, english, polish));
}
