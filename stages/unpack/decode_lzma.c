/* LZMA without a file format of its own, as zip and 7z hold it, by liblzma. The data may or may not
 * say where it ends: who opened it knows how long it is. */
#include "stages/unpack/codec.h"

#include <lzma.h>
#include <stdlib.h>

struct lzma_raw {
    struct codec_stream stream;
    struct intake in;
    lzma_stream library;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    bool ended;
};

static enum status no_memory(struct fault *fault) {
    return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL,
                     "not enough memory for the dictionary of the lzma data; free memory, or "
                     "decompress it elsewhere");
}

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
        return no_memory(fault);
    if (result == LZMA_OK || result == LZMA_BUF_ERROR || raw->ended)
        return raw->ended ? STATUS_END : STATUS_OK;
    return codec_damage(fault, "lzma", "is damaged");
}

static void lzma_raw_close(struct codec_stream *stream) {
    struct lzma_raw *raw = (struct lzma_raw *)stream;
    lzma_end(&raw->library);
    for (size_t i = 0; raw->filters[i].id != LZMA_VLI_UNKNOWN; i++)
        free(raw->filters[i].options);
    free(raw);
}

static enum status start_library(struct lzma_raw *raw, struct fault *fault) {
    lzma_ret result = lzma_raw_decoder(&raw->library, raw->filters);
    if (result == LZMA_OK)
        return STATUS_OK;
    return result == LZMA_MEM_ERROR ? no_memory(fault)
                                    : codec_damage(fault, "lzma", "has a damaged header");
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
    return start_library(raw, fault);
}

static struct lzma_raw *raw_new(struct feed *feed) {
    struct lzma_raw *raw = calloc(1, sizeof *raw);
    if (!raw)
        return NULL;
    raw->stream =
        (struct codec_stream){.feed = feed, .read = lzma_raw_read, .close = lzma_raw_close};
    raw->library = (lzma_stream)LZMA_STREAM_INIT;
    raw->filters[0].id = LZMA_VLI_UNKNOWN;
    intake_init(&raw->in, feed);
    return raw;
}

enum status lzma_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct lzma_raw *raw = raw_new(feed);
    if (!raw)
        return fault_memory(fault);
    enum status status = lzma_begin(raw, fault);
    if (status != STATUS_OK) {
        lzma_raw_close(&raw->stream);
        return status;
    }
    *out = &raw->stream;
    return STATUS_OK;
}

/* Filters of 7z */

static const struct {
    uint64_t coder;
    lzma_vli filter;
} filters_of_7z[] = {
    {0x21, LZMA_FILTER_LZMA2},    {0x030101, LZMA_FILTER_LZMA1},
    {0x03, LZMA_FILTER_DELTA},    {0x03030103, LZMA_FILTER_X86},
    {0x04, LZMA_FILTER_X86},      {0x03030205, LZMA_FILTER_POWERPC},
    {0x05, LZMA_FILTER_POWERPC},  {0x03030401, LZMA_FILTER_IA64},
    {0x06, LZMA_FILTER_IA64},     {0x03030501, LZMA_FILTER_ARM},
    {0x07, LZMA_FILTER_ARM},      {0x03030701, LZMA_FILTER_ARMTHUMB},
    {0x08, LZMA_FILTER_ARMTHUMB}, {0x03030805, LZMA_FILTER_SPARC},
    {0x09, LZMA_FILTER_SPARC},
#ifdef LZMA_FILTER_ARM64
    {0x0A, LZMA_FILTER_ARM64},
#endif
#ifdef LZMA_FILTER_RISCV
    {0x0B, LZMA_FILTER_RISCV},
#endif
};

/* LZMA that does not say where it ends must be told, or the filter behind it keeps its last bytes.
 */
static bool tell_size(lzma_filter *filter, uint64_t size) {
#ifdef LZMA_FILTER_LZMA1EXT
    lzma_options_lzma *options = filter->options;
    filter->id = LZMA_FILTER_LZMA1EXT;
    options->ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM;
    options->ext_size_low = (uint32_t)size;
    options->ext_size_high = (uint32_t)(size >> 32);
    return true;
#else
    (void)filter;
    (void)size;
    return false;
#endif
}

/* No match reaches further back than there are bytes. */
static void limit_dictionary(lzma_options_lzma *options, uint64_t size) {
    if (size < LZMA_DICT_SIZE_MIN)
        size = LZMA_DICT_SIZE_MIN;
    if (options->dict_size > size)
        options->dict_size = (uint32_t)size;
}

/* STATUS_END when it is no filter of liblzma. */
static enum status add_filter(struct lzma_raw *raw, size_t at, const struct coder *coder,
                              struct fault *fault) {
    lzma_filter *filter = &raw->filters[at];
    for (size_t i = 0; i < sizeof filters_of_7z / sizeof filters_of_7z[0]; i++) {
        if (filters_of_7z[i].coder != coder->id)
            continue;
        *filter = (lzma_filter){filters_of_7z[i].filter, NULL};
        raw->filters[at + 1].id = LZMA_VLI_UNKNOWN;
        if (lzma_properties_decode(filter, NULL, (const uint8_t *)coder->properties.at,
                                   coder->properties.len) == LZMA_OK)
            return STATUS_OK;
        return codec_damage(fault, "lzma", "has properties that are damaged or not known");
    }
    return STATUS_END;
}

enum status lzma_coders_open(struct codec_stream **out, struct feed *feed,
                             const struct coder *coders, size_t count, uint64_t size,
                             struct fault *fault) {
    struct lzma_raw *raw = raw_new(feed);
    enum status status = STATUS_OK;
    if (!raw)
        return fault_memory(fault);
    if (count > LZMA_FILTERS_MAX)
        status = STATUS_END;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = add_filter(raw, i, &coders[i], fault);
    if (status == STATUS_OK) {
        lzma_filter *last = &raw->filters[count - 1];
        bool lzma1 = last->id == LZMA_FILTER_LZMA1;
        if (lzma1 || last->id == LZMA_FILTER_LZMA2)
            limit_dictionary(last->options, size);
        if ((!lzma1 && last->id != LZMA_FILTER_LZMA2) ||
            (lzma1 && count > 1 && !tell_size(last, size)))
            status = STATUS_END;
    }
    if (status == STATUS_OK)
        status = start_library(raw, fault);
    if (status != STATUS_OK) {
        lzma_raw_close(&raw->stream);
        return status;
    }
    *out = &raw->stream;
    return STATUS_OK;
}
