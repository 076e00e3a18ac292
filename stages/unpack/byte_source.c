#include "stages/unpack/byte_source.h"

#include <isa-l/crc.h>
#include <stdlib.h>

#define SOURCE_FEED_BUFFER (256 * 1024)

/* Ends the source for good; the message begins with its subject. */
static void source_end(struct source *source, enum status status, const struct fault *why) {
    source->ended = status;
    source->reason = *why;
    if (status == STATUS_SKIP)
        fault_set(&source->ended_fault, status, EXIT_PARTIAL, "\"%s\": %.300s",
                  source->subject.text, why->text);
    else
        source->ended_fault = *why;
    if (status == STATUS_SKIP && source->damage)
        damage_note(source->damage, source->ended_fault.text);
}

/* Notes the first loss; what comes behind it may still be read. */
static void source_lose(struct source *source, const struct fault *why) {
    if (!source->lost)
        source->reason = *why;
    source->lost = true;
}

/* Bytes of the file that stand behind what was decoded. */
static uint64_t source_bytes_in(const struct source *source) {
    while (source->below)
        source = source->below;
    return source->share.bytes ? source->share.bytes : source->feed->taken;
}

static uint64_t source_bytes_before(const struct source *source) {
    while (source->below)
        source = source->below;
    return source->share.before;
}

static enum status source_account(struct source *source, struct span bytes, struct fault *fault) {
    source->decoded += bytes.len;
    source->only_zeros = source->only_zeros && span_is_zeros(bytes);
    if (source->check.set && bytes.len)
        source->crc = crc32_gzip_refl(source->crc, (const unsigned char *)bytes.at, bytes.len);
    enum status status = budget_check_ratio(source->budget, source_bytes_in(source),
                                            source_bytes_before(source) + source->decoded, fault);
    if (status == STATUS_OK && !source->inner)
        status = budget_charge_output(source->budget, bytes.len, fault);
    if (status == STATUS_OK && source->check.set && source->decoded > source->check.size)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "holds more than the %llu bytes that its archive says",
                         (unsigned long long)source->check.size);
    return status;
}

/* What is wrong at a clean end; STATUS_END when nothing is. */
static enum status source_check_end(const struct source *source, struct fault *fault) {
    if (source->only_zeros && source->decoded)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "not an archive, nothing but zeros");
    if (!source->check.set || source->lost)
        return STATUS_END;
    if (source->decoded != source->check.size)
        return fault_set(
            fault, STATUS_SKIP, EXIT_PARTIAL, "holds %llu bytes, not %llu as its archive says",
            (unsigned long long)source->decoded, (unsigned long long)source->check.size);
    if (source->crc != source->check.crc)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "does not match its checksum");
    return STATUS_END;
}

/* Joining */

/* Can records be read again behind a loss? Where each has a line of its own, yes; a document of
 * many lines would be misread. */
static bool source_has_lines(const struct source *source) {
    const char *head = source->head;
    size_t at = 0, len = source->head_len;
    while (at < len && (head[at] == ' ' || head[at] == '\n' || head[at] == '\r'))
        at++;
    if (at == len)
        return true;
    if (head[at] == '[' || head[at] == '<' || memchr(head, 0, len < 4 ? len : 4) ||
        (unsigned char)head[at] >= 0xFE)
        return false;
    const char *end = memchr(head + at, '\n', len - at);
    while (end && end > head + at && (end[-1] == '\r' || end[-1] == ' '))
        end--;
    return head[at] != '{' || !end || end[-1] == '}';
}

/* The first line, if it may be the header of a table, as far as it is looked at. */
static struct span source_header(const struct source *source) {
    const char *end = memchr(source->head, '\n', source->head_len);
    size_t len = end ? (size_t)(end - source->head) + 1 : 0;
    bool table = len && source->head[0] != '{' && source->head[0] != '[';
    return (struct span){source->head, !table ? 0 : len < HELD_BYTES ? len : HELD_BYTES};
}

/* How the first bytes behind a seam are joined. `{` behind `}` is no place inside a JSON record,
 * except in a string of it, and the header of a table begins a line; between other bytes a record
 * may go on, as bgzip cuts them. */
static void source_join(struct source *source, struct span next) {
    struct span header = source_header(source);
    bool object = next.at[0] == '{';
    bool torn =
        source->seam == SEAM_RESUMED_BLOCK || (source->seam == SEAM_RESUMED_MEMBER && !object);
    bool lost = source->seam != SEAM_MEMBER;
    bool whole = (source->last == '}' && object) || (header.len && span_equal(next, header));
    source->to_line_end = source->to_line_end || torn;
    source->headless = source->headless || (lost && !source->any);
    source->held_len = source->held_at = 0;
    if (source->any && source->last != '\n' && (lost || whole))
        source->held[source->held_len++] = '\n';
    memcpy(source->held + source->held_len, next.at, next.len);
    source->held_len += next.len;
    source->seam = SEAM_NONE;
}

/* Passes over the rest of a line whose beginning was lost; how many bytes stay. */
static size_t source_drop_torn(struct source *source, char *at, size_t len) {
    if (source->to_line_end) {
        const char *end = memchr(at, '\n', len);
        if (!end)
            return 0;
        size_t drop = (size_t)(end - at) + 1;
        len -= drop;
        memmove(at, at + drop, len);
        source->to_line_end = false;
    }
    if (len && source->headless) {
        source->headless = false;
        if (at[0] != '{') {
            source_end(source, STATUS_SKIP, &source->reason);
            return 0;
        }
    }
    return len;
}

/* The first bytes behind a seam: one, or as many as the header has when they may be it. */
static enum status source_cross_seam(struct source *source, struct fault *why) {
    struct codec_stream *decoder = source->decoder;
    char behind[HELD_BYTES];
    size_t want = source->last == '\n' ? 1 : source_header(source).len, len = 0;
    enum status status = STATUS_OK;
    do {
        size_t got = 0;
        status = decoder->read(decoder, behind + len, (want ? want : 1) - len, &got, why);
        len += got;
    } while (status == STATUS_OK && len < want && len && decoder->seam == SEAM_NONE);
    struct fault limit = {0};
    enum status limited = source_account(source, (struct span){behind, len}, &limit);
    if (len)
        source_join(source, (struct span){behind, len});
    if (limited != STATUS_OK) {
        *why = limit;
        return limited;
    }
    return status;
}

/* One read of the decoder; its bytes go to `to`, or to `held` when they are behind a seam. */
static enum status source_step(struct source *source, char *to, size_t cap, size_t *got,
                               struct fault *why) {
    struct codec_stream *decoder = source->decoder;
    if (decoder->seam != SEAM_NONE && !source->inner)
        source->seam = decoder->seam;
    decoder->seam = SEAM_NONE;
    if (source->seam != SEAM_NONE)
        return source_cross_seam(source, why);
    struct fault limit = {0};
    enum status status = decoder->read(decoder, to, cap, got, why);
    enum status limited = source_account(source, (struct span){to, *got}, &limit);
    if (limited != STATUS_OK)
        *why = limit;
    return limited != STATUS_OK ? limited : status;
}

static size_t source_take_held(struct source *source, char *to, size_t cap) {
    size_t left = source->held_len - source->held_at, len = left < cap ? left : cap;
    memcpy(to, source->held + source->held_at, len);
    source->held_at += len;
    return len;
}

/* A loss in the first bytes of a tar: what is behind it is found by its headers, not by its lines.
 * When the first header is hurt, too, only the name says what it would be. */
static bool source_begins_tar(const struct source *source) {
    struct span head = {source->head, source->head_len};
    return sniff(head).shape == SHAPE_TAR || (source->named_tar && !span_starts(head, "{"));
}

/* Decodes until `cap` bytes are there or the source ends. */
static size_t source_decode(struct source *source, char *to, size_t cap) {
    size_t len = 0;
    while (len < cap && source->ended == STATUS_OK) {
        struct fault why = {0};
        enum status status = STATUS_OK;
        size_t got = 0;
        if (source->held_at < source->held_len)
            got = source_take_held(source, to + len, cap - len);
        else
            status = source_step(source, to + len, cap - len, &got, &why);
        if (got && (source->to_line_end || source->headless))
            got = source_drop_torn(source, to + len, got);
        len += got;
        if (to == source->head)
            source->head_len = len;
        if (got) {
            source->any = true;
            source->last = to[len - 1];
        }
        if (status == STATUS_END)
            status = source_check_end(source, &why);
        if (status == STATUS_OK || source->ended != STATUS_OK)
            continue;
        if (status == STATUS_REJECT || status == STATUS_SKIP)
            source_lose(source, &why);
        if (to == source->head && status == STATUS_REJECT)
            source->ends_at_loss = source_begins_tar(source);
        source->more_behind = status == STATUS_REJECT && source->ends_at_loss;
        if (status == STATUS_REJECT && !source->ends_at_loss &&
            (source->inner || source_has_lines(source)))
            continue;
        if (source->lost && status != STATUS_FATAL)
            source_end(source, STATUS_SKIP, &source->reason);
        else
            source_end(source, status, &why);
    }
    return len;
}

/* Opening */

static enum status source_open(struct source **out, const struct source_setup *setup,
                               struct source *below, struct fault *fault) {
    struct source *source = calloc(1, sizeof *source);
    struct fault why = {0};
    if (!source)
        return fault_memory(fault);
    source->feed = setup->feed;
    source->codec = setup->codec;
    source->inner = setup->inner;
    source->budget = setup->budget;
    source->damage = setup->damage;
    source->share = setup->share;
    source->check = setup->check;
    source->only_zeros = true;
    source->ended = STATUS_OK;
    source->subject = label_subject(setup->input_label, setup->member_label);
    source->named_tar =
        name_is_packed_tar(*setup->member_label ? setup->member_label : setup->input_label);
    enum status status = STATUS_OK;
    if (below) {
        status = source_feed_init(&source->below_feed, below, &why);
        source->feed = &source->below_feed.feed;
    }
    if (status == STATUS_OK)
        status = codec_open(&source->decoder, setup->codec, source->feed,
                            setup->budget->limits.zstd_window_log, &why);
    if (status != STATUS_OK) {
        source_end(source, status, &why);
        *fault = source->ended_fault;
        source_free(source);
        return status;
    }
    source->below = below;
    source->head_len = source_decode(source, source->head, sizeof source->head);
    source->content = sniff((struct span){source->head, source->head_len});
    if (source->ends_at_loss) {
        if (source->content.shape != SHAPE_TAR)
            source->head_len = 0; /* of a header that was hurt itself */
        source->content = (struct sniffed){CODEC_NONE, SHAPE_TAR, NULL};
    }
    *out = source;
    return STATUS_OK;
}

enum status source_begin(struct source **out, const struct source_setup *setup,
                         struct fault *fault) {
    struct source_setup next = *setup;
    enum status status = source_open(out, setup, NULL, fault);
    while (status == STATUS_OK && (*out)->content.codec != CODEC_NONE && next.codecs_left-- > 0) {
        struct source *below = *out;
        below->inner = true;
        next.codec = below->content.codec;
        next.check.set = false;
        status = source_open(out, &next, below, fault);
        if (status != STATUS_OK)
            source_free(below);
    }
    if (status != STATUS_OK)
        *out = NULL;
    return status;
}

enum status source_refuse(const struct source *source, struct fault *fault) {
    const struct sniffed *content = &source->content;
    if (sniffed_is_plain(*content))
        return STATUS_OK;
    if (content->foreign)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "\"%s\": %s", source->subject.text,
                         content->foreign);
    if (content->codec != CODEC_NONE)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "\"%s\": nested compression refused (%s inside two others); decompress it "
                         "once and run again",
                         source->subject.text, codec_name(content->codec));
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                     "\"%s\": nested archive refused (%s inside); unpack it first",
                     source->subject.text, shape_name(content->shape));
}

void source_free(struct source *source) {
    if (!source)
        return;
    codec_close(source->decoder);
    source_feed_release(&source->below_feed);
    source_free(source->below);
    free(source->packed);
    free(source);
}

enum status source_read(struct source *source, char *to, size_t cap, size_t *got,
                        struct fault *fault) {
    size_t len = source->head_len - source->head_at;
    if (len > cap)
        len = cap;
    memcpy(to, source->head + source->head_at, len);
    source->head_at += len;
    len += source_decode(source, to + len, cap - len);
    source->given += len;
    *got = len;
    if (len || !cap)
        return STATUS_OK;
    if (fault)
        *fault = source->ended_fault;
    return source->ended;
}

/* Packed members */

static const char packed_magic[16] = "\0burza packed";

void packed_begin(struct buf *packed, const struct packed_head *head) {
    struct packed_head whole = *head;
    memcpy(whole.magic, packed_magic, sizeof packed_magic);
    buf_add(packed, &whole, sizeof whole);
}

static struct packed_head packed_head_of(struct span *packed) {
    struct packed_head head = {.codec = sniff(*packed).codec, .codecs_left = 1};
    if (packed->len < sizeof head || memcmp(packed->at, packed_magic, sizeof packed_magic) != 0)
        return head;
    memcpy(&head, packed->at, sizeof head);
    if ((unsigned)head.codec >= CODECS || head.codecs_left > 2)
        return (struct packed_head){.codec = CODEC_NONE};
    *packed = (struct span){packed->at + sizeof head, packed->len - sizeof head};
    return head;
}

/* Opens what is in memory; the feed must live as long as the source, so it moves into it. */
static enum status open_span(struct source **out, struct span bytes, struct source_setup setup,
                             struct fault *fault) {
    struct span_feed *feed = malloc(sizeof *feed);
    *out = NULL;
    if (!feed)
        return fault_memory(fault);
    span_feed_init(feed, bytes);
    setup.feed = &feed->feed;
    enum status status = source_begin(out, &setup, fault);
    if (status != STATUS_OK) {
        free(feed);
        return status;
    }
    (*out)->packed = feed;
    return STATUS_OK;
}

enum status source_open_inner(struct source **out, struct span packed, const char *label,
                              const struct source_setup *setup, struct fault *fault) {
    struct source_setup inner = *setup;
    packed_head_of(&packed);
    inner.inner = true;
    inner.damage = NULL;
    inner.member_label = label;
    return open_span(out, packed, inner, fault);
}

enum status source_open_packed(struct source **out, struct span packed, const char *label,
                               struct budget *budget, struct fault *fault) {
    struct fault unused;
    if (!fault)
        fault = &unused;
    struct packed_head head = packed_head_of(&packed);
    struct source_setup setup = {
        .codec = head.codec,
        .codecs_left = head.codecs_left,
        .share = head.share,
        .check = head.check,
        .budget = budget,
        .input_label = "",
        .member_label = label,
    };
    enum status status = open_span(out, packed, setup, fault);
    if (status == STATUS_OK)
        status = source_refuse(*out, fault);
    if (status != STATUS_OK) {
        source_close(*out);
        *out = NULL;
    }
    return status;
}

void source_close(struct source *source) {
    if (source && !source->owned_by_input)
        source_free(source);
}

bool source_resume(struct source *source) {
    if (!source->more_behind)
        return false;
    source->more_behind = false;
    source->ended = STATUS_OK;
    return true;
}

int source_codecs(const struct source *source) {
    int codecs = 0;
    for (; source; source = source->below)
        codecs += source->codec != CODEC_NONE && source->codec < CODEC_DEFLATE;
    return codecs;
}

static enum status source_feed_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct source_feed *self = (struct source_feed *)feed;
    size_t got;
    enum status status = source_read(self->source, self->buffer, SOURCE_FEED_BUFFER, &got, fault);
    if (status == STATUS_SKIP) /* the layer above names the subject */
        *fault = self->source->reason;
    *chunk = (struct span){self->buffer, got};
    return status;
}

enum status source_feed_init(struct source_feed *feed, struct source *source, struct fault *fault) {
    feed_init(&feed->feed, source_feed_next);
    feed->source = source;
    feed->buffer = malloc(SOURCE_FEED_BUFFER);
    return feed->buffer ? STATUS_OK : fault_memory(fault);
}

void source_feed_release(struct source_feed *feed) {
    free(feed->buffer);
    feed->buffer = NULL;
}
