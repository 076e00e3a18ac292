/* LZMA without a file format of its own, as zip and 7z hold it, by liblzma. The data may or may not
 * say where it ends: who opened it knows how long it is. */
#include "stages/unpack/codec.h"

#include <lzma.h>
#include <stdlib.h>

struct lzma_raw {
    struct codec_stream stream;
    struct intake in;
    lzma_stream library;
    lzma_filter filters[2];
    bool ended;
};

static enum status lzma_raw_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                                 struct fault *fault) {
    struct lzma_raw *raw = (struct lzma_raw *)stream;
    lzma_stream *library = &raw->library;
    *got = 0;
    if (raw->ended)
        return STATUS_END;
    enum status status = intake_fill(&raw->in, fault);
    if (status != STATUS_OK && status != STATUS_END)
        return status;
    size_t len = status == STATUS_OK ? raw->in.now.len : 0;
    library->next_in = (const uint8_t *)raw->in.now.at;
    library->avail_in = len;
    library->next_out = (uint8_t *)to;
    library->avail_out = cap;
    lzma_ret result = lzma_code(library, LZMA_RUN);
    *got = cap - library->avail_out;
    intake_skip(&raw->in, len - library->avail_in);
    raw->ended = result == LZMA_STREAM_END || (status == STATUS_END && *got == 0);
    if (result == LZMA_MEM_ERROR)
        return fault_memory(fault);
    if (result == LZMA_OK || result == LZMA_BUF_ERROR || raw->ended)
        return raw->ended ? STATUS_END : STATUS_OK;
    return codec_damage(fault, "lzma", "is damaged");
}

static void lzma_raw_close(struct codec_stream *stream) {
    struct lzma_raw *raw = (struct lzma_raw *)stream;
    lzma_end(&raw->library);
    free(raw->filters[0].options);
    free(raw);
}

/* Two bytes of version, two that say how many of properties follow (APPNOTE 5.8.8). */
static enum status lzma_begin(struct lzma_raw *raw, struct fault *fault) {
    enum status status = intake_gather(&raw->in, 9, fault);
    const unsigned char *at = (const unsigned char *)raw->in.now.at;
    if (status == STATUS_FATAL)
        return status;
    if (status != STATUS_OK || raw->in.now.len < 9 || at[2] != 5 || at[3] != 0)
        return codec_damage(fault, "lzma", "has a damaged header");
    raw->filters[0].id = LZMA_FILTER_LZMA1;
    raw->filters[1].id = LZMA_VLI_UNKNOWN;
    if (lzma_properties_decode(&raw->filters[0], NULL, at + 4, 5) != LZMA_OK)
        return codec_damage(fault, "lzma", "has a damaged header");
    intake_skip(&raw->in, 9);
    return lzma_raw_decoder(&raw->library, raw->filters) == LZMA_OK ? STATUS_OK
                                                                    : fault_memory(fault);
}

enum status lzma_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct lzma_raw *raw = calloc(1, sizeof *raw);
    if (!raw)
        return fault_memory(fault);
    raw->stream =
        (struct codec_stream){.feed = feed, .read = lzma_raw_read, .close = lzma_raw_close};
    raw->library = (lzma_stream)LZMA_STREAM_INIT;
    intake_init(&raw->in, feed);
    enum status status = lzma_begin(raw, fault);
    if (status != STATUS_OK) {
        lzma_raw_close(&raw->stream);
        return status;
    }
    *out = &raw->stream;
    return STATUS_OK;
}
