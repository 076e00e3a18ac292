/* decode_tool: decodes bytes in memory and prints every record as one line of text, so that tests
 * can compare whole runs. */
#ifndef BURZA_DECODE_TOOL_H
#define BURZA_DECODE_TOOL_H

#include "stages/common/files.h"
#include "stages/decode/decode.h"

#include <stdlib.h>

struct run {
    struct buf log; /* one line per record, then for what is inside it */
    uint64_t posts, rejects, by_reason[REJECT_COUNT], repairs[REPAIR_COUNT];
    size_t largest_pending;
    const char *format;
};

static inline void log_span(struct buf *log, const char *name, struct span span) {
    if (!span.at)
        return;
    buf_format(log, " %s=", name);
    for (size_t i = 0; i < span.len; i++)
        buf_char(log, span.at[i] == '\n' ? '|' : span.at[i]);
}

static inline void log_count(struct buf *log, const char *name, int64_t count) {
    if (count >= 0)
        buf_format(log, " %s=%lld", name, (long long)count);
}

static inline void log_post(struct buf *log, struct decoder *decoder, const struct post *post) {
    char iso[ISO_SIZE];
    int64_t stated_us = post_stated_us(post);
    when_iso(floor_div(stated_us, US_PER_S), iso);
    buf_format(log, "%s %s %s.%06lld", platform_name((enum platform)post->platform),
               post_kind_name((enum post_kind)post->kind), iso,
               (long long)(stated_us - floor_div(stated_us, US_PER_S) * US_PER_S));
    if (post->flags)
        buf_format(log, " flags=%d", post->flags);
    if (post->time_source)
        buf_format(log, " source=%d", post->time_source);
    log_span(log, "id", post->id.len ? post->id : decoder_post_id(decoder, post));
    log_span(log, "author_id", post->author_id);
    log_span(log, "author", post->author_handle);
    log_span(log, "lang", post->language_hint);
    log_span(log, "reply_to", post->reply_to_id);
    log_span(log, "reply_to_author_id", post->reply_to_author_id);
    log_span(log, "reply_to_author", post->reply_to_author_handle);
    if (post->reply_to_time_us != TIME_NONE)
        buf_format(log, " reply_to_time_us=%lld", (long long)post->reply_to_time_us);
    log_span(log, "participants", post->participants);
    log_span(log, "conversation", post->conversation);
    log_span(log, "repost_of", post->repost_of);
    /* others are guessed: test_decode_ids */
    if (!span_starts(post->scope, "file ") && !span_equal(post->scope, post->channel))
        log_span(log, "scope", post->scope);
    log_span(log, "channel", post->channel);
    log_span(log, "country", post->country);
    log_span(log, "url", post->url);
    log_count(log, "likes", post->likes);
    log_count(log, "replies", post->replies);
    log_count(log, "reposts", post->reposts);
    log_count(log, "views", post->views);
    log_count(log, "followers", post->followers);
    log_span(log, "text", post->text);
    buf_char(log, '\n');
}

static inline void log_record(struct run *run, struct decoder *decoder, enum status status,
                              const struct decoded *out) {
    if (status == STATUS_REJECT) {
        run->rejects++;
        run->by_reason[out->reason]++;
        buf_format(&run->log, "reject %s", reject_name(out->reason));
        log_span(&run->log, "id", out->deleted_id);
        buf_char(&run->log, '\n');
    } else {
        run->posts++;
        log_post(&run->log, decoder, &out->post);
    }
    for (size_t i = 0; i < out->more_count; i++) {
        buf_text(&run->log, "+ ");
        log_post(&run->log, decoder, &out->more[i]);
    }
    for (size_t i = 0; i < out->more_reject_count; i++)
        buf_format(&run->log, "+ reject %s\n",
                   reject_name((enum reject_reason)out->more_rejects[i]));
}

/* `block` is copied to memory of exactly its size and padding, so that sanitizers see more. */
static inline void run_block(struct run *run, struct decoder *decoder,
                             const struct decode_member *member, struct span block,
                             const struct decode_place *place) {
    static struct decoded out;
    char *copy = malloc(block.len + BLOCK_PADDING);
    if (!copy)
        abort();
    memcpy(copy, block.at, block.len);
    memset(copy + block.len, '"', BLOCK_PADDING);
    decoder_begin(decoder, member, (struct span){copy, block.len}, place);
    enum status status;
    while ((status = decoder_next(decoder, &out)) != STATUS_END) {
        if (status == STATUS_FATAL)
            abort();
        log_record(run, decoder, status, &out);
    }
    uint64_t repairs[REPAIR_COUNT];
    decoder_repairs(decoder, repairs);
    for (int i = 0; i < REPAIR_COUNT; i++)
        run->repairs[i] += repairs[i];
    free(copy);
}

static inline void run_release(struct run *run) {
    buf_release(&run->log);
}

static inline enum status run_decode_utf8(struct run *run, struct span bytes, const char *label,
                                          const struct decode_options *options, size_t chunk) {
    struct fault fault = {0};
    struct decode_member *member;
    struct decoder *decoder;
    *run = (struct run){0};
    buf_init(&run->log, (size_t)1 << 30);
    struct span head = {bytes.at, bytes.len < 262144 ? bytes.len : 262144};
    enum status status = decode_open(&member, head, label, options, &fault);
    if (status != STATUS_OK) {
        buf_text(&run->log, fault.text);
        buf_char(&run->log, 0);
        return status;
    }
    run->format = decode_format_name(member);
    if (decoder_new(&decoder, options, &fault) != STATUS_OK)
        abort();
    struct framer framer;
    framer_init(&framer, member);
    size_t begin = 0, end = 0;
    while (begin < bytes.len) {
        size_t len =
            framer_cut(&framer, (struct span){bytes.at + begin, end - begin}, end == bytes.len);
        if (len == 0) {
            end = end + chunk < bytes.len ? end + chunk : bytes.len;
            if (end - begin > run->largest_pending)
                run->largest_pending = end - begin;
            continue;
        }
        if (!framer.drop) {
            run_block(run, decoder, member, (struct span){bytes.at + begin, len}, &framer.place);
        }
        begin += len;
    }
    decoder_free(decoder);
    decode_close(member);
    buf_char(&run->log, 0);
    return STATUS_OK;
}

/* Decodes `bytes`, given to the framer `chunk` bytes at a time as a reader would. */
static inline enum status run_decode(struct run *run, struct span bytes, const char *label,
                                     const struct decode_options *options, size_t chunk) {
    struct utf16 utf16;
    utf16_begin(&utf16, bytes, options);
    if (!utf16.on)
        return run_decode_utf8(run, bytes, label, options, chunk);
    struct buf text;
    buf_init(&text, (size_t)1 << 30);
    for (size_t at = 0; at < bytes.len; at += chunk) {
        size_t len = bytes.len - at < chunk ? bytes.len - at : chunk;
        utf16_add(&utf16, (struct span){bytes.at + at, len}, &text);
    }
    enum status status = run_decode_utf8(run, buf_as_span(&text), label, options, chunk);
    buf_release(&text);
    return status;
}

#endif
