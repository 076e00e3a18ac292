/* Whole members of any format: opened by their look, cut at a size that the input chooses, decoded.
 * Checks what must hold for every post. */
#include "stages/decode/mapping.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

static void check_post(struct decoder *decoder, const struct post *post) {
    check(post->platform < PLATFORM_COUNT && post->kind < POST_KIND_COUNT);
    check(decoder_post_id(decoder, post).len > 0 && post->text.at);
    check(post->created_at_us > 0 && post->likes >= -1 && post->followers >= -1);
    volatile char last = post->text.len ? post->text.at[post->text.len - 1] : 0;
    (void)last;
}

static void decode_block(struct decoder *decoder, const struct decode_member *member,
                         struct span block, const struct decode_place *place) {
    static struct decoded out;
    char *copy = malloc(block.len + BLOCK_PADDING);
    check(copy != NULL);
    memcpy(copy, block.at, block.len);
    memset(copy + block.len, 0, BLOCK_PADDING);
    decoder_begin(decoder, member, (struct span){copy, block.len}, place);
    enum status status;
    while ((status = decoder_next(decoder, &out)) != STATUS_END) {
        check(status == STATUS_OK || status == STATUS_REJECT);
        check(out.offset < block.len);
        bool reject = status == STATUS_REJECT;
        check(reject == (out.reason != REJECT_NONE) && out.reason < REJECT_COUNT);
        if (!reject)
            check_post(decoder, &out.post);
        for (size_t i = 0; i < out.more_count; i++)
            check_post(decoder, &out.more[i]);
        for (size_t i = 0; i < out.more_reject_count; i++)
            check(out.more_rejects[i] > REJECT_NONE && out.more_rejects[i] < REJECT_COUNT);
    }
    free(copy);
}

static void decode_member_of(struct span bytes, size_t chunk, const struct decode_options *options,
                             const struct decode_member *member) {
    struct fault fault;
    struct decoder *decoder;
    struct framer framer;
    check(decoder_new(&decoder, options, &fault) == STATUS_OK);
    framer_init(&framer, member);
    for (size_t begin = 0, end = 0; begin < bytes.len;) {
        struct span pending = {bytes.at + begin, end - begin};
        size_t len = framer_cut(&framer, pending, end == bytes.len);
        check(len <= pending.len && (len > 0 || end < bytes.len));
        if (len == 0) {
            end = bytes.len - end > chunk ? end + chunk : bytes.len;
            continue;
        }
        if (!framer.drop)
            decode_block(decoder, member, (struct span){pending.at, len}, &framer.place);
        begin += len;
    }
    decoder_free(decoder);
}

/* UTF-16 becomes UTF-8, `chunk` bytes at a time. */
static struct span as_utf8(struct span bytes, size_t chunk, const struct decode_options *options,
                           struct buf *text) {
    struct utf16 utf16;
    utf16_begin(&utf16, bytes, options);
    if (!utf16.on)
        return bytes;
    for (size_t at = 0; at < bytes.len; at += chunk)
        utf16_add(&utf16,
                  (struct span){bytes.at + at, bytes.len - at < chunk ? bytes.len - at : chunk},
                  text);
    return buf_as_span(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fault fault;
    struct decode_member *member;
    struct zone utc;
    if (size < 2 || zone_open(&utc, "UTC", &fault) != STATUS_OK)
        return 0;
    struct decode_options options = decode_options_default();
    options.zone = &utc;
    options.max_record_bytes = (size_t)(data[0] + 1) * 16;
    size_t chunk = (size_t)(data[1] & 0x7F) + 1;
    /* half of the inputs: with fields from the scalars around the arrays of a document */
    struct row context[] = {{"name", FIELD_CHANNEL, CONVERT_PLAIN},
                            {"chat.id", FIELD_CONVERSATION, CONVERT_ENTITIES},
                            {NULL, 0, 0}};
    struct mapping mapping = {.context = context, .platform = PLATFORM_COUNT};
    options.mapping = data[1] & 0x80 ? &mapping : NULL;
    struct buf text;
    buf_init(&text, 3 * size + 16);
    struct span bytes = {(const char *)data + 2, size - 2};
    bytes = as_utf8(bytes, chunk, &options, &text);
    if (decode_open(&member, bytes, "fuzz", &options, &fault) == STATUS_OK) {
        decode_member_of(bytes, chunk, &options, member);
        decode_close(member);
    }
    buf_release(&text);
    zone_release(&utc);
    return 0;
}
