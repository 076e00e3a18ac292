/* Any XML whose elements have children or attributes of usual names: see mapping.c. The bid is made
 * there. */
#include "stages/decode/format.h"

const struct format format_xml = {
    .name = "xml",
    .shape = SHAPE_XML,
    .platform = PLATFORM_OTHER,
    .text_required = true,
};
