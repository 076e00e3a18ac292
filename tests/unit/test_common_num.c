#include "stages/common/num.h"
#include "tap.h"

static int64_t i64(const char *text) {
    int64_t value;
    return num_i64(span_of(text), &value) ? value : -99;
}

static int64_t count(const char *text) {
    int64_t value;
    return num_count(span_of(text), &value) ? value : -99;
}

static int64_t scaled(const char *text, int digits) {
    int64_t value;
    return num_scaled(span_of(text), digits, &value) ? value : -99;
}

/* Small numbers, times, negative ones, all equal; few and many. */
static void check_sort(void) {
    static int64_t numbers[5000];
    static const size_t counts[] = {0, 1, 2, 599, 600, 5000};
    for (int shape = 0; shape < 5; shape++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            uint64_t seed = 7;
            uint64_t sum = 0, sorted_sum = 0;
            bool sorted = true;
            for (size_t i = 0; i < counts[c]; i++) {
                seed = seed * UINT64_C(6364136223846793005) + 1;
                int64_t small = (int64_t)(seed >> 40);
                numbers[i] = shape == 0   ? small % 50
                             : shape == 1 ? INT64_C(1640000000) + small
                             : shape == 2 ? small - 8000000
                             : shape == 3 ? 4
                                          : (int64_t)seed;
                sum += (uint64_t)numbers[i];
            }
            num_sort_i64(numbers, counts[c]);
            for (size_t i = 0; i < counts[c]; i++) {
                sorted_sum += (uint64_t)numbers[i];
                sorted &= i == 0 || numbers[i - 1] <= numbers[i];
            }
            CHECK(sorted && sum == sorted_sum);
        }
}

int main(void) {
    check_sort();
    CHECK_INT(i64("0"), 0);
    CHECK_INT(i64("-12"), -12);
    CHECK_INT(i64("+12"), 12);
    CHECK_INT(i64("9223372036854775807"), INT64_MAX);
    CHECK_INT(i64("9223372036854775808"), -99);
    CHECK_INT(i64(""), -99);
    CHECK_INT(i64("-"), -99);
    CHECK_INT(i64("1a"), -99);
    CHECK_INT(i64(" 1"), -99);
    CHECK_INT(count("1,234"), 1234);
    CHECK_INT(count("1 234 567"), 1234567);
    CHECK_INT(count("1.234"), 1234);
    CHECK_INT(count(" 12.0 "), 12);
    CHECK_INT(count("1e3"), 1000);
    CHECK_INT(count("3.4K"), 3400);
    CHECK_INT(count("2M"), 2000000);
    CHECK_INT(count("12abc"), -99);
    CHECK_INT(count(""), -99);
    CHECK_INT(count("NaN"), -99);
    CHECK_INT(count("1e999"), -99);
    CHECK_INT(scaled("1700000000.25", 6), INT64_C(1700000000250000));
    CHECK_INT(scaled("1.5", 0), 1);
    CHECK_INT(scaled("1.7e9", 0), 1700000000);
    CHECK_INT(scaled("0.000001", 6), 1);
    CHECK_INT(scaled("99999999999999", 6), -99);
    CHECK_INT(scaled(".", 2), -99);
    return tap_done();
}
