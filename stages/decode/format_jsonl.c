/* Any JSON objects whose keys have usual names: see mapping.c. The bid is made there. */
#include "stages/decode/format.h"

const struct format format_jsonl = {
    .name = "jsonl",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_OTHER,
    .text_required = true,
};
