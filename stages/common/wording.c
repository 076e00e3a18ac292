#include "stages/common/wording.h"

const char *wording_month(bool polish, unsigned month) {
    static const char *const names[2][12] = {
        {"January", "February", "March", "April", "May", "June", "July", "August", "September",
         "October", "November", "December"},
        {"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
         "września", "października", "listopada", "grudnia"},
    };
    return names[polish][(month - 1) % 12];
}

const char *wording_plural_pl(int64_t n, const char *one, const char *few, const char *many) {
    int64_t tens = n % 100, ones = n % 10;
    if (n == 1)
        return one;
    return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? few : many;
}

void wording_digits(struct buf *out, const char *digits, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_text(out, "\xE2\x80\xAF");
        buf_char(out, digits[i]);
    }
}
