/* Any bytes into the report: what comes out must be UTF-8 without anything that opens a tag, ends
 * an attribute, hides or turns text. */
#include "stages/report/escape.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Decodes one code point of valid UTF-8; aborts on anything else. */
static uint32_t take(const unsigned char **at, const unsigned char *end) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = *(*at)++;
    size_t more = lead < 0x80 ? 0 : lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    uint32_t c = more == 0 ? lead : lead & (0x3Fu >> more);
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || (size_t)(end - *at) < more)
        abort();
    for (size_t i = 0; i < more; i++) {
        if ((**at & 0xC0) != 0x80)
            abort();
        c = c << 6 | (*(*at)++ & 0x3F);
    }
    if (c < least[more + 1] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        abort();
    return c;
}

static void check_text(struct span text) {
    if (!text.len)
        return;
    const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;
    while (at < end) {
        uint32_t c = take(&at, end);
        if (c == '<' || c == '>' || c == '"' || c == '\'' || (c < 0x20 && c != '\n'))
            abort();
        if ((c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
            (c >= 0x2060 && c <= 0x2069) || c == 0x200B || c == 0xFEFF)
            abort();
    }
}

static void check_url(struct span url) {
    for (size_t i = 0; i < url.len; i++)
        if (url.at[i] <= 0x20 || url.at[i] >= 0x7F || strchr("<>\"'", url.at[i]))
            abort();
    if ((url.at[0] | 0x20) != 'h')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span input = {(const char *)data, size};
    struct buf out;
    buf_init(&out, 16 << 20);
    escape_text(&out, input);
    if (!out.failed)
        check_text(buf_as_span(&out));
    buf_clear(&out);
    if (escape_url_allowed(input)) {
        escape_url(&out, input);
        if (!out.failed)
            check_url(buf_as_span(&out));
    }
    buf_release(&out);
    return 0;
}
