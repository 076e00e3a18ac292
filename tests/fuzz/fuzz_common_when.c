/* Timestamps: what is accepted lies in 1970..2200 and says the same when printed and read again. */
#include "stages/common/when.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct moment moment, again;
    char iso[ISO_SIZE];
    if (size == 0)
        return 0;
    if (!when_parse((struct span){(const char *)data + 1, size - 1}, data[0] & 1, &moment))
        return 0;
    if (moment.us < 0 || moment.us >= INT64_C(7258118400) * US_PER_S)
        abort();
    when_iso(floor_div(moment.us, US_PER_S), iso);
    if (!when_parse(span_of(iso), false, &again) || again.naive ||
        floor_div(again.us, US_PER_S) != floor_div(moment.us, US_PER_S))
        abort();
    return 0;
}
