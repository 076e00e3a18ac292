/* Where a value of a JSON text stands: for any bytes and any path an answer within the text. The
 * input is the path, a line feed, and the text. */
#include "pipeline/config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[300];
    const uint8_t *end = memchr(data, '\n', size);
    size_t len = end ? (size_t)(end - data) : 0;
    if (!end || len >= sizeof path)
        return 0;
    memcpy(path, data, len);
    path[len] = 0;
    struct span text = {(const char *)end + 1, size - len - 1};
    int lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    int line = json_line(text, path);
    if (line < 0 || line > lines)
        abort();
    return 0;
}
