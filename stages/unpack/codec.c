/* Opens the right codec, and reads what is not compressed. */
#include "stages/unpack/codec.h"

#include <stdlib.h>

/* How far back a search begins before the place where damage was noticed. */
#define SEARCH_BACK (256 * 1024)

enum status codec_open(struct codec_stream **out, enum codec codec, struct feed *feed,
                       int zstd_window_log, struct fault *fault) {
    *out = NULL;
    switch (codec) {
    case CODEC_GZIP:
        return gzip_open(out, feed, fault);
    case CODEC_ZSTD:
        return zstd_open(out, feed, zstd_window_log, fault);
    case CODEC_BZIP2:
        return bzip2_open(out, feed, fault);
    case CODEC_XZ:
        return xz_open(out, feed, fault);
    case CODEC_LZ4:
        return lz4_open(out, feed, fault);
    case CODEC_DEFLATE:
        return deflate_open(out, feed, fault);
    case CODEC_DEFLATE64:
        return deflate64_open(out, feed, fault);
    case CODEC_LZMA:
        return lzma_open(out, feed, fault);
    case CODEC_PPMD:
        return ppmd_open(out, feed, fault);
    case CODEC_NONE:
    case CODECS:
        break;
    }
    return plain_open(out, feed, fault);
}

void codec_close(struct codec_stream *stream) {
    if (stream)
        stream->close(stream);
}

enum status codec_damage(struct fault *fault, const char *codec, const char *what) {
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the %s data %s", codec, what);
}

static enum status search_member(struct codec_stream *stream, struct intake *intake,
                                 const struct codec_member *member) {
    struct fault unused = {0};
    if (++stream->losses > LOSSES_MAX)
        return STATUS_SKIP;
    enum status status = intake_search(intake, member->want, member->begins, &unused);
    if (status == STATUS_FATAL)
        return status;
    stream->seam = SEAM_RESUMED_MEMBER;
    return status == STATUS_OK ? STATUS_REJECT : STATUS_SKIP;
}

enum status codec_next_member(struct codec_stream *stream, struct intake *intake,
                              const struct codec_member *member, struct fault *fault) {
    enum status status = intake_gather(intake, member->want, fault);
    if (status != STATUS_OK)
        return status;
    bool padded = !member->begins(intake);
    if (padded) {
        status = intake_skip_zeros(intake, fault);
        if (status == STATUS_OK)
            status = intake_gather(intake, member->want, fault);
    }
    if (status != STATUS_OK)
        return status;
    if (!padded || (member->zeros_between && member->begins(intake))) {
        stream->seam = SEAM_MEMBER;
        return STATUS_OK;
    }
    codec_damage(fault, member->codec, "is followed by bytes that are not part of it");
    return search_member(stream, intake, member);
}

enum status codec_resume(struct codec_stream *stream, struct intake *intake,
                         const struct codec_member *member, uint64_t begin, struct fault *fault) {
    uint64_t back = intake->at > SEARCH_BACK ? intake->at - SEARCH_BACK : 0;
    struct fault unused; /* `fault` says what was damaged, whatever is found */
    (void)fault;
    intake_rewind(intake, begin + 1 > back ? begin + 1 : back);
    if (intake->at <= begin) { /* the codec used nothing before it gave up */
        if (intake_fill(intake, &unused) != STATUS_OK)
            return STATUS_SKIP;
        intake_skip(intake, 1);
    }
    return search_member(stream, intake, member);
}

/* plain: the bytes as they are */
struct plain {
    struct codec_stream stream;
    struct span rest;
};

static enum status plain_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                              struct fault *fault) {
    struct plain *plain = (struct plain *)stream;
    *got = 0;
    if (!plain->rest.len) {
        enum status status = feed_take_to(stream->feed, to, cap, &plain->rest, fault);
        if (status != STATUS_OK)
            return status;
    }
    *got = plain->rest.len < cap ? plain->rest.len : cap;
    if (plain->rest.at != to)
        memcpy(to, plain->rest.at, *got);
    plain->rest = (struct span){plain->rest.at + *got, plain->rest.len - *got};
    return STATUS_OK;
}

static void plain_close(struct codec_stream *stream) {
    free(stream);
}

enum status plain_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct plain *plain = calloc(1, sizeof *plain);
    if (!plain)
        return fault_memory(fault);
    plain->stream = (struct codec_stream){.feed = feed, .read = plain_read, .close = plain_close};
    *out = &plain->stream;
    return STATUS_OK;
}
