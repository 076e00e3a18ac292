/* Configuration files: any bytes are a configuration or a fault that names the file and a line.
 * What was read is written in canonical form, which reads back to the same canonical form. */
#include "pipeline/config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status canonical(struct span text, struct buf *out) {
    struct config config;
    struct fault fault = {0};
    config_init(&config);
    enum status status = config_parse(&config, text, "f.json", &fault);
    if (status != STATUS_OK && strncmp(fault.text, "f.json:", 7) != 0)
        abort();
    if (status == STATUS_OK && config_text(&config, CONFIG_SHOWN, out, &fault) != STATUS_OK)
        abort();
    config_release(&config);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf once, twice;
    buf_init(&once, (size_t)64 << 20);
    buf_init(&twice, (size_t)64 << 20);
    if (canonical((struct span){(const char *)data, size}, &once) == STATUS_OK) {
        if (canonical(buf_as_span(&once), &twice) != STATUS_OK)
            abort();
        if (!span_equal(buf_as_span(&once), buf_as_span(&twice)))
            abort();
    }
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
