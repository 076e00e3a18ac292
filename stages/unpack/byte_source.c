#include "stages/unpack/byte_source.h"

#include <stdlib.h>

#define SOURCE_FEED_BUFFER (256 * 1024)

/* Ends the source for good; the message begins with its subject. */
static void source_end(struct source *source, enum status status, const struct fault *why) {
    source->ended = status;
    if (status == STATUS_SKIP)
        fault_set(&source->ended_fault, status, EXIT_PARTIAL, "\"%s\": %.300s",
                  source->subject.text, why->text);
    else
        source->ended_fault = *why;
    if (status == STATUS_SKIP && source->damage)
        damage_note(source->damage, source->ended_fault.text);
}

static enum status source_account(struct source *source, struct span bytes, struct fault *fault) {
    source->decoded += bytes.len;
    source->only_zeros = source->only_zeros && span_is_zeros(bytes);
    enum status status =
        budget_check_ratio(source->budget, source->feed->taken, source->decoded, fault);
    if (status == STATUS_OK && !source->outer)
        status = budget_charge_output(source->budget, bytes.len, fault);
    return status;
}

/* Decodes until `cap` bytes are there or the source ends. */
static size_t source_decode(struct source *source, char *to, size_t cap) {
    size_t len = 0;
    while (len < cap && source->ended == STATUS_OK) {
        struct fault why = {0};
        size_t got = 0;
        enum status status =
            source->decoder->read(source->decoder, to + len, cap - len, &got, &why);
        struct fault limit = {0};
        enum status limited = source_account(source, (struct span){to + len, got}, &limit);
        len += got;
        if (limited != STATUS_OK) {
            source_end(source, limited, &limit);
        } else if (status == STATUS_END && source->only_zeros && source->decoded) {
            fault_set(&why, STATUS_SKIP, EXIT_PARTIAL, "not an archive, nothing but zeros");
            source_end(source, STATUS_SKIP, &why);
        } else if (status != STATUS_OK) {
            source_end(source, status, &why);
        }
    }
    return len;
}

enum status source_begin(struct source **out, const struct source_setup *setup,
                         struct fault *fault) {
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        return fault_memory(fault);
    source->feed = setup->feed;
    source->budget = setup->budget;
    source->damage = setup->damage;
    source->only_zeros = true;
    source->ended = STATUS_OK;
    source->subject = label_subject(setup->input_label, setup->member_label);
    struct fault why = {0};
    enum status status = codec_open(&source->decoder, setup->codec, setup->feed,
                                    setup->budget->limits.zstd_window_log, &why);
    if (status != STATUS_OK) {
        source_end(source, status, &why);
        *fault = source->ended_fault;
        source_free(source);
        return status;
    }
    source->head_len = source_decode(source, source->head, sizeof source->head);
    source->inner = sniff((struct span){source->head, source->head_len});
    *out = source;
    return STATUS_OK;
}

enum status source_refuse_nested(const struct source *source, struct fault *fault) {
    const struct sniffed *inner = &source->inner;
    if (sniffed_is_plain(*inner))
        return STATUS_OK;
    if (inner->codec != CODEC_NONE)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "\"%s\": nested compression refused (%s inside); decompress it once "
                         "and run again",
                         source->subject.text, codec_name(inner->codec));
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                     "\"%s\": nested archive refused (%s inside); unpack it first",
                     source->subject.text,
                     inner->foreign ? inner->foreign : shape_name(inner->shape));
}

void source_free(struct source *source) {
    if (!source)
        return;
    codec_close(source->decoder);
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

enum status source_open_packed(struct source **out, struct span packed, const char *label,
                               struct budget *budget, struct fault *fault) {
    struct fault unused;
    struct source *source = NULL;
    *out = NULL;
    if (!fault)
        fault = &unused;
    /* the feed must live as long as the source, so it moves into it once that exists */
    struct span_feed *feed = malloc(sizeof *feed);
    if (!feed)
        return fault_memory(fault);
    span_feed_init(feed, packed);
    struct source_setup setup = {
        .codec = sniff(packed).codec,
        .feed = &feed->feed,
        .budget = budget,
        .input_label = "",
        .member_label = label,
    };
    enum status status = source_begin(&source, &setup, fault);
    if (status == STATUS_OK)
        status = source_refuse_nested(source, fault);
    if (status != STATUS_OK) {
        source_free(source);
        free(feed);
        return status;
    }
    source->packed = feed;
    *out = source;
    return STATUS_OK;
}

void source_close(struct source *source) {
    if (!source || source->owned_by_input)
        return;
    struct span_feed *feed = source->packed;
    source_free(source);
    free(feed);
}

static enum status source_feed_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct source_feed *self = (struct source_feed *)feed;
    size_t got;
    enum status status = source_read(self->source, self->buffer, SOURCE_FEED_BUFFER, &got, fault);
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
