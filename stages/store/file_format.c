#include "stages/store/file_format.h"

#include "stages/common/num.h"

#include <stdio.h>

static const char attribute_name[] = "burza_format";

void file_format_write(struct h5 *h5, hid_t object) {
    char text[16];
    snprintf(text, sizeof text, "%d", FILE_FORMAT);
    h5_attribute_text(h5, object, attribute_name, text);
}

void file_format_check(struct h5 *h5, hid_t object) {
    char what[160], *text = NULL;
    int64_t number = 0;
    if (h5->failed || H5Aexists(object, attribute_name) <= 0)
        return;
    hid_t attribute = H5Aopen(object, attribute_name, H5P_DEFAULT);
    hid_t type = attribute >= 0 ? H5Aget_type(attribute) : -1;
    if (type < 0 || H5Tis_variable_str(type) <= 0 || H5Aread(attribute, type, &text) < 0 || !text ||
        !num_i64(span_of(text), &number) || number < 1) {
        h5_fail(h5, attribute_name);
    } else if (number > FILE_FORMAT) {
        snprintf(what, sizeof what,
                 "a newer burza wrote it (format %lld; burza " BURZA_VERSION
                 " reads up to %d): use that version",
                 (long long)number, FILE_FORMAT);
        h5_fail(h5, what);
    }
    if (text)
        H5free_memory(text);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
}
