/* Any table with a header whose columns have usual names: see mapping.c. The bid is made there. */
#include "stages/decode/format.h"

const struct format format_csv = {
    .name = "csv",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .text_required = true,
};
