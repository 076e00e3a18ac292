/* What stands in the page as data: base64, and the digests by which the page's policy knows its own
 * style and script. */
#include "stages/common/digest.h"
#include "stages/report/page.h"

void put_base64(struct buf *out, struct span bytes) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)bytes.at;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        unsigned group = (unsigned)at[i] << 16 | (left > 1 ? (unsigned)at[i + 1] << 8 : 0) |
                         (left > 2 ? at[i + 2] : 0);
        buf_char(out, letters[group >> 18]);
        buf_char(out, letters[group >> 12 & 63]);
        buf_char(out, left > 1 ? letters[group >> 6 & 63] : '=');
        buf_char(out, left > 2 ? letters[group & 63] : '=');
    }
}

void put_source_hash(struct buf *out, struct span bytes) {
    unsigned char digest[DIGEST_SIZE];
    digest_of(bytes, digest);
    buf_text(out, "'sha256-");
    put_base64(out, (struct span){(const char *)digest, DIGEST_SIZE});
    buf_text(out, "'");
}

void put_json_text(struct page *page, struct span text) {
    buf_char(page->out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        /* '<' could end the block, a backslash or a quote the text */
        if (c < 0x20 || strchr("\"\\<>&", c))
            buf_format(page->out, "\\u%04x", c);
        else
            buf_char(page->out, (char)c);
    }
    buf_char(page->out, '"');
}
