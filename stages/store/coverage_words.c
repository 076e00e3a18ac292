#include "stages/store/coverage_words.h"

#include "stages/common/wording.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_number(struct buf *out, int64_t number) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)number);
    wording_digits(out, digits, (size_t)len);
}

/* Why it is known that minutes are missing, once each. */
static void put_reasons(const struct coverage_row *rows, size_t from, size_t to, bool polish,
                        struct buf *out) {
    static const char *const words[][3] = {
        {"files", "by the names of its files", "według nazw plików"},
        {"names", "by the days and months that its files are named after",
         "według dni i miesięcy w nazwach plików"},
        {"silence", "by silence where 25 posts or more were usual",
         "według ciszy tam, gdzie zwykle jest 25 wpisów lub więcej"}};
    const char *before = " (";
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        bool any = false;
        for (size_t i = from; i < to; i++)
            any |= rows[i].minutes_there < rows[i].minutes &&
                   strncmp(rows[i].known_by, words[w][0], sizeof rows[i].known_by) == 0;
        if (any)
            buf_format(out, "%s%s", before, words[w][polish ? 2 : 1]);
        before = any ? "; " : before;
    }
    if (strcmp(before, "; ") == 0)
        buf_char(out, ')');
}

bool coverage_words(const struct coverage_row *rows, size_t count, size_t *at, bool polish,
                    struct buf *out) {
    size_t from = *at;
    int64_t minutes = 0, there = 0;
    if (from >= count)
        return false;
    const struct coverage_row *first = &rows[from];
    for (; *at < count && strncmp(rows[*at].source, first->source, sizeof first->source) == 0;
         ++*at) {
        minutes += rows[*at].minutes;
        there += rows[*at].minutes_there;
    }
    const char *behind = "";
    if (there < minutes) {
        buf_format(out, polish ? "%.16s: w archiwum brakuje " : "%.16s: the archive lacks ",
                   first->source);
        put_number(out, minutes - there);
        buf_text(out, polish ? " z " : " of ");
        put_number(out, minutes);
        buf_text(out, polish ? " minut" : " minutes");
        put_reasons(rows, from, *at, polish, out);
        buf_text(out, polish ? "; co się wtedy działo, nie wiadomo, to nie cisza."
                             : "; what happened then is unknown, not quiet.");
        behind = " ";
    }
    if (isfinite(first->sampling))
        buf_format(out,
                   polish
                       ? "%s%.16s: próbka %g%% wszystkich wpisów (identyfikatory wyłącznie z jej "
                         "milisekund); liczby dotyczą próbki i nie są przemnożone."
                       : "%s%.16s: a sample of %g %% of all posts (all ids are of its "
                         "milliseconds); counts are those of the sample, not multiplied.",
                   behind, first->source, first->sampling * 100);
    return true;
}
