#include "stages/care/proportion.h"

#include <math.h>

struct proportion proportion_wilson(int64_t x, int64_t n) {
    if (n <= 0)
        return (struct proportion){NAN, NAN, NAN};
    const double z = NORMAL_975, size = (double)n, share = (double)x / size;
    double scale = 1 + z * z / size, middle = share + z * z / (2 * size);
    double half = z * sqrt(share * (1 - share) / size + z * z / (4 * size * size));
    return (struct proportion){.share = share,
                               .low = x == 0 ? 0 : (middle - half) / scale,
                               .high = x == n ? 1 : (middle + half) / scale};
}

struct proportion proportion_difference(int64_t x1, int64_t n1, int64_t x2, int64_t n2) {
    struct proportion a = proportion_wilson(x1, n1), b = proportion_wilson(x2, n2);
    double difference = a.share - b.share;
    return (struct proportion){.share = difference,
                               .low = difference - hypot(a.share - a.low, b.high - b.share),
                               .high = difference + hypot(a.high - a.share, b.share - b.low)};
}
