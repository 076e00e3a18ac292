#include "pipeline/scan/record_worker.h"

#include "pipeline/scan/reject_file.h"

#include <stdio.h>
#include <stdlib.h>

_Static_assert(TALLY_REASONS >= REJECT_COUNT, "a tally has room for every reason of a reject");
_Static_assert(TALLY_REPAIRS >= REPAIR_COUNT, "a tally has room for every kind of repair");

void batch_init(struct batch *batch) {
    *batch = (struct batch){0};
    mention_rows_init(&batch->mentions);
    tally_init(&batch->tally);
    reply_links_init(&batch->links);
}

void batch_release(struct batch *batch) {
    mention_rows_release(&batch->mentions);
    tally_release(&batch->tally);
    reply_links_release(&batch->links);
}

void batch_clear(struct batch *batch) {
    struct mention_rows mentions = batch->mentions;
    mention_rows_clear(&mentions);
    tally_release(&batch->tally);
    reply_links_release(&batch->links);
    batch_init(batch);
    batch->mentions = mentions;
}

void batch_note(struct batch *batch, bool damaged, const char *label, const char *text) {
    bool named = strstr(text, label) != NULL; /* most messages name the member themselves */
    batch->damaged |= damaged;
    if (batch->note[0] && !batch->minor)
        return;
    batch->minor = false;
    snprintf(batch->note, sizeof batch->note, "%s%s%s", named ? "" : label, named ? "" : ": ",
             text);
    utf8_sanitize(batch->note);
}

void batch_note_row(struct batch *batch, const char *label, const char *text) {
    if (batch->note[0])
        return;
    batch_note(batch, false, label, text);
    batch->minor = true;
}

void batch_format(struct batch *batch, const char *name) {
    for (int i = 0; i < SEEN_FORMATS; i++) {
        if (batch->formats[i] && strcmp(batch->formats[i], name) == 0)
            return;
        if (!batch->formats[i]) {
            batch->formats[i] = name;
            return;
        }
    }
}

enum status worker_init(struct worker *worker, const struct worker_shared *shared,
                        struct fault *fault) {
    *worker = (struct worker){.shared = shared};
    tokens_init(&worker->tokens);
    tokens_init(&worker->own_tokens);
    buf_init(&worker->own, TEXT_MAX_BYTES);
    buf_init(&worker->channel, 4096);
    struct decode_options decode = decode_options_default();
    block_init(&worker->block, decode.max_record_bytes);
    enum status status = decoder_new(&worker->decoder, &decode, fault);
    if (status == STATUS_OK && shared->queries)
        status = match_scratch_new(&worker->match, shared->queries, fault);
    if (status == STATUS_OK && shared->queries)
        status = score_scratch_new(&worker->score, fault);
    return status;
}

void worker_release(struct worker *worker) {
    decoder_free(worker->decoder);
    match_scratch_free(worker->match);
    score_scratch_free(worker->score);
    tokens_release(&worker->tokens);
    tokens_release(&worker->own_tokens);
    tokens_mask_release(&worker->masked);
    buf_release(&worker->own);
    buf_release(&worker->channel);
    block_release(&worker->block);
}

/* "twitter", "reddit/Polska": at most 100 bytes, cut between characters. */
static struct span channel_name(struct worker *worker, const struct post *post) {
    struct buf *name = &worker->channel;
    struct span channel = post->channel;
    buf_clear(name);
    buf_text(name, platform_name(post->platform));
    /* "facebook.com" inside facebook says nothing more */
    if (channel.len && !platform_has_name((enum platform)post->platform, channel)) {
        if (channel.len > 80) {
            channel.len = 80;
            while (channel.len && ((unsigned char)channel.at[channel.len] & 0xC0) == 0x80)
                channel.len--;
        }
        buf_char(name, '/');
        buf_span(name, channel);
    }
    return buf_as_span(name);
}

/* Of an id of the post's platform, or of its scope where ids count only there. */
static uint64_t id_key(const struct post *post, struct span id) {
    if (!post->scope.len || !id.len)
        return platform_key(post->platform, id);
    struct span fields[3] = {span_of(platform_name(post->platform)), post->scope, id};
    return hash_stable_join(fields, 3);
}

/* Of the words without handles and links, so that copies of a text share it; 0 for short texts. */
static uint64_t words_hash(const struct tokens *tokens) {
    uint64_t hash = 0x9E3779B97F4A7C15ULL;
    uint32_t words = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        bool counts = token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER;
        if (!counts || (token->flags & TOKEN_PART))
            continue;
        hash = (hash ^ token->plain_hash) * 0xFF51AFD7ED558CCDULL;
        hash ^= hash >> 32;
        words++;
    }
    return words >= 4 ? hash : 0;
}

static int32_t clamp(int64_t number) {
    return number < 0 ? -1 : number > INT32_MAX ? INT32_MAX : (int32_t)number;
}

/* What an id is that a post was given: made ids are handed on to the posts inside it. */
static enum id_kind id_kind_of(const struct post *post, struct span id) {
    return !post->id.len || id_is_made(id) ? ID_MADE : post->id_kind;
}

static struct mention make_row(struct worker *worker, const struct post *post) {
    struct span id = decoder_post_id(worker->decoder, post);
    struct span author = post->author_id.len ? post->author_id : post->author_handle;
    struct span to = post->reply_to_author_id;
    return (struct mention){
        .created_at_us = post->created_at_us,
        .id_hash = id_key(post, id),
        .id_kind = id_kind_of(post, id),
        .id_company = post->id_company,
        .author_hash = platform_key(post->platform, author),
        .reply_to_hash = id_key(post, post->reply_to_id),
        .reply_to_time_us = post->reply_to_time_us,
        .conversation_hash = id_key(post, post->conversation),
        .repost_of_hash = id_key(post, post->repost_of),
        .reply_author_hash = to.len ? platform_key(post->platform, to)
                                    : handle_key(post->platform, post->reply_to_author_handle),
        .text_hash = words_hash(&worker->tokens),
        .likes = clamp(post->likes),
        .replies = clamp(post->replies),
        .reposts = clamp(post->reposts),
        .views = clamp(post->views),
        .followers = clamp(post->followers),
        .platform = post->platform,
        .kind = post->kind,
        .flags = post->flags,
        .time_precision = post->time_precision,
        .time_source = post->time_source,
        .spread_s = post->spread_s,
        .vendor_sentiment = post->vendor_sentiment,
        .channel_name = channel_name(worker, post),
        .id = id,
        .author = post->author_handle.len ? post->author_handle : post->author_id,
        .url = post->url,
        .text = worker->tokens.text,
    };
}

/* Reads a post's text. What it quotes is searched, but says neither its language nor its mood; and
 * so do the names of the brands, or their spelling would decide: two brands are measured with the
 * same ruler. */
static enum status read_text(struct worker *worker, struct span text, struct fault *fault) {
    const struct text_place *names;
    enum status status = tokens_read(&worker->tokens, text, fault);
    worker->spoken = &worker->tokens;
    if (status == STATUS_OK && text_own_words(worker->tokens.text, &worker->own)) {
        worker->spoken = &worker->own_tokens;
        status = tokens_read(&worker->own_tokens, buf_as_span(&worker->own), fault);
    }
    if (status != STATUS_OK)
        return status;
    size_t count = query_set_names(worker->shared->queries, worker->match, &worker->tokens, &names);
    if (!count)
        return STATUS_OK;
    status = tokens_mask(worker->spoken, names, count, &worker->masked, fault);
    worker->spoken = &worker->masked;
    return status;
}

/* The same place among the words that are spoken; UINT32_MAX when it is quoted. */
static uint32_t spoken_token(const struct worker *worker, uint32_t token) {
    const struct tokens *spoken = worker->spoken;
    if (spoken == &worker->tokens || token == UINT32_MAX)
        return token;
    uint32_t at = worker->tokens.at[token].at;
    for (uint32_t i = 0; i < spoken->count && spoken->at[i].at <= at; i++)
        if (at < spoken->at[i].at + spoken->at[i].len)
            return i;
    return UINT32_MAX;
}

static void score_row(struct worker *worker, const struct match *match, enum language language,
                      struct mention *row) {
    struct score score = {.label = LABEL_NONE};
    struct score_focus focus = {spoken_token(worker, match->first),
                                spoken_token(worker, match->last)};
    if (focus.first == UINT32_MAX || focus.last == UINT32_MAX)
        focus = SCORE_WHOLE;
    if (!(row->flags & POST_NO_TEXT))
        scorer_score(worker->shared->scorer, worker->score, worker->spoken, language, focus,
                     &score);
    row->brand = match->brand;
    row->role = match->role;
    row->address = match->address;
    row->language = (uint8_t)language;
    row->label = score.label;
    row->score_milli = score.score_milli;
    row->intents = score.intents;
    row->stage = score.stage;
    row->topic = score.topic;
    row->p_milli = score.label == LABEL_NONE ? 0 : score.p_milli[score.label + 1];
}

/* Matching and everything after it; only for posts that can match. */
static enum status use_post(struct worker *worker, const struct post *post, struct batch *batch,
                            struct fault *fault) {
    const struct match *matches;
    batch->tally.prefiltered++;
    enum status status = read_text(worker, post->text, fault);
    if (status != STATUS_OK)
        return status;
    enum language language = language_detect(worker->spoken, post->language_hint);
    stopwatch_mark(&worker->watch, TIMING_TEXT);
    size_t count = query_set_match(worker->shared->queries, worker->match, post, &worker->tokens,
                                   language, &matches);
    stopwatch_mark(&worker->watch, TIMING_MATCH);
    if (!count)
        return STATUS_OK;
    struct mention row = make_row(worker, post);
    for (size_t i = 0; i < count; i++) {
        stopwatch_mark(&worker->watch, TIMING_ROWS);
        score_row(worker, &matches[i], language, &row);
        stopwatch_mark(&worker->watch, TIMING_SCORE);
        if (!mention_rows_append(&batch->mentions, &row))
            return fault_memory(fault);
    }
    stopwatch_mark(&worker->watch, TIMING_ROWS);
    return STATUS_OK;
}

/* Second pass: a row for every brand in whose conversation the post is a reply that does not name
 * the brand itself. */
static enum status use_reply(struct worker *worker, const struct post *post, struct batch *batch,
                             struct fault *fault) {
    const struct reply_roots *roots = worker->shared->roots;
    uint64_t conversation = id_key(post, post->conversation);
    uint64_t reply_to = id_key(post, post->reply_to_id);
    const struct match *matches = NULL;
    size_t count = 0;
    bool read = false;
    enum language language = LANGUAGE_OTHER;
    if (!reply_roots_hold_any(roots, conversation, reply_to))
        return STATUS_OK;
    for (size_t brand = 0; brand < roots->brand_count; brand++) {
        if (!reply_roots_of(&roots->brands[brand]) ||
            !reply_roots_hold(roots, brand, conversation, reply_to, worker->roots_until_us))
            continue;
        if (!read) {
            enum status status = read_text(worker, post->text, fault);
            if (status != STATUS_OK)
                return status;
            language = language_detect(worker->spoken, post->language_hint);
            count = query_set_match(worker->shared->queries, worker->match, post, &worker->tokens,
                                    language, &matches);
            read = true;
        }
        /* there already: as a mention of the brand, its own voice, or addressed */
        bool matched = false;
        for (size_t i = 0; i < count; i++)
            matched |= matches[i].brand == brand;
        if (matched)
            continue;
        struct mention row = make_row(worker, post);
        struct match context = {.brand = (uint16_t)brand,
                                .role = ROLE_CONTEXT,
                                .first = UINT32_MAX,
                                .last = UINT32_MAX};
        score_row(worker, &context, language, &row);
        if (!mention_rows_append(&batch->mentions, &row))
            return fault_memory(fault);
    }
    return STATUS_OK;
}

/* The answer in a review's record speaks for every brand whose query the review holds. */
static enum status use_answer(struct worker *worker, const struct post *review,
                              const struct post *post, struct batch *batch, struct fault *fault) {
    const struct match *matches;
    if (!query_set_may_match(worker->shared->queries, review))
        return STATUS_OK;
    enum status status = read_text(worker, review->text, fault);
    if (status != STATUS_OK)
        return status;
    size_t count =
        query_set_match(worker->shared->queries, worker->match, review, &worker->tokens,
                        language_detect(worker->spoken, review->language_hint), &matches);
    status = read_text(worker, post->text, fault);
    if (status != STATUS_OK)
        return status;
    enum language language = language_detect(worker->spoken, post->language_hint);
    struct mention row = make_row(worker, post);
    for (size_t i = 0; i < count; i++) {
        const struct match own = {
            .brand = matches[i].brand, .role = ROLE_OWN, .first = UINT32_MAX, .last = UINT32_MAX};
        if (matches[i].role != ROLE_MENTION)
            continue;
        score_row(worker, &own, language, &row);
        if (!mention_rows_append(&batch->mentions, &row))
            return fault_memory(fault);
    }
    return STATUS_OK;
}

/* `review`: whose record holds the post, where that is the developer's answer. */
static enum status take_post(struct worker *worker, const struct post *review,
                             const struct post *post, struct batch *batch, struct fault *fault) {
    const struct worker_shared *shared = worker->shared;
    const struct reading *reading = worker->reading;
    bool embedded = post->flags & POST_EMBEDDED, reply = post->kind == POST_REPLY;
    bool developer = post->flags & POST_DEVELOPER;
    if (shared->roots && (!reply || embedded || developer))
        return STATUS_OK;
    if (post->created_at_us < reading->since_us || post->created_at_us >= reading->until_us)
        return STATUS_OK;
    if (shared->roots)
        return use_reply(worker, post, batch, fault);
    if (embedded)
        batch->tally.embedded++;
    else if (!tally_post(&batch->tally, post, channel_name(worker, post)))
        return fault_memory(fault);
    if (!embedded)
        dated_member_post(&worker->dated, post->created_at_us);
    /* another dump may have a copy from before */
    if (post->flags & POST_DELETED && post->id.len &&
        !tally_delete(&batch->tally, id_key(post, post->id)))
        return fault_memory(fault);
    if (shared->links && reply && !embedded) {
        /* for the second pass: when the last reply was written, and whom it answers where no
         * conversation says to what it belongs */
        reply_links_saw(&batch->links, post->created_at_us);
        if (post->conversation.len)
            batch->links.threaded |= UINT64_C(1) << post->platform;
        if (!post->conversation.len && post->id.len && post->reply_to_id.len) {
            struct reply_link link = {id_key(post, post->id), id_key(post, post->reply_to_id),
                                      post->created_at_us};
            if (!reply_links_append(&batch->links, &link, 1))
                return fault_memory(fault);
        }
    }
    stopwatch_mark(&worker->watch, TIMING_TALLY);
    if (shared->visit)
        return embedded ? STATUS_OK : shared->visit(worker, post, batch, fault);
    if (developer)
        return use_answer(worker, review, post, batch, fault);
    bool may_match = query_set_may_match(shared->queries, post);
    stopwatch_mark(&worker->watch, TIMING_MATCH);
    return may_match ? use_post(worker, post, batch, fault) : STATUS_OK;
}

/* Private messages are read where an account of a brand takes part. */
static bool is_others_thread(const struct worker *worker, const struct post *post) {
    const struct query_set *queries = worker->shared->queries;
    return post->flags & POST_PRIVATE && worker->reading->accounts_only &&
           (post->flags & POST_NOTE || !queries || !query_set_takes_part(queries, post));
}

static enum status take_or_leave(struct worker *worker, const struct post *review,
                                 const struct post *post, struct batch *batch,
                                 struct fault *fault) {
    if (!is_others_thread(worker, post))
        return take_post(worker, review, post, batch, fault);
    batch->tally.rejects[NOTICE_PRIVATE] += !(post->flags & POST_EMBEDDED);
    return STATUS_OK;
}

static bool take_deletion(struct tally *tally, enum platform platform,
                          const struct decoded *notice) {
    bool ok =
        !notice->deleted_id.len || tally_delete(tally, platform_key(platform, notice->deleted_id));
    uint64_t author = platform_key(platform, notice->deleted_author);
    return ok && (!author || tally_delete(tally, tally_deleted_author(author)));
}

static void count_reject(const struct worker *worker, const struct block *block,
                         const struct decoded *record, enum reject_reason reason,
                         struct tally *tally) {
    tally->rejects[reason]++;
    if (worker->shared->rejects)
        reject_file_add(worker->shared->rejects, block, record, reason);
}

/* The records of a block, which may be one of many of its member. */
static enum status read_block(struct worker *worker, const struct block *block, struct batch *batch,
                              struct fault *fault) {
    struct tally *tally = &batch->tally;
    struct decoded record;
    enum status status = STATUS_OK;
    enum platform platform = decode_platform(block->member->decode);
    struct buf *suggestion = worker->shared->suggestion;
    worker->member = block->member->decode;
    if (suggestion && !suggestion->len)
        status = decode_suggest(worker->member, suggestion, fault);
    batch_format(batch, decode_format_name(block->member->decode));
    batch->members += block->place.first;
    if (block->place.first && decode_is_torn(worker->member))
        batch_note(batch, true, decode_label(worker->member),
                   "begins in the middle of a JSON document: what stood before is missing");
    batch->bytes_out += block->bytes.len;
    decoder_begin(worker->decoder, block->member->decode, buf_as_span(&block->bytes),
                  &block->place);
    while (status == STATUS_OK) {
        stopwatch_record(&worker->watch);
        enum status next = decoder_next(worker->decoder, &record);
        stopwatch_mark(&worker->watch, TIMING_PARSE);
        if (next == STATUS_END)
            break;
        if (next == STATUS_FATAL)
            return fault_memory(fault);
        /* the record's own post or reject, then what is inside it: every post there that is not
         * embedded, and every reject, is a record too */
        tally->records += 1 + record.more_reject_count;
        if (record.reason == REJECT_NONE)
            status = take_or_leave(worker, &record.post, &record.post, batch, fault);
        else
            count_reject(worker, block, &record, record.reason, tally);
        for (size_t i = 0; i < record.more_count && status == STATUS_OK; i++) {
            tally->records += !(record.more[i].flags & POST_EMBEDDED);
            status = take_or_leave(worker, &record.post, &record.more[i], batch, fault);
        }
        for (size_t i = 0; i < record.more_reject_count; i++)
            count_reject(worker, block, &record, (enum reject_reason)record.more_rejects[i], tally);
        if (record.reason == NOTICE_DELETE && !take_deletion(tally, platform, &record))
            return fault_memory(fault);
    }
    uint64_t repairs[REPAIR_COUNT];
    decoder_repairs(worker->decoder, repairs);
    for (int i = 0; i < REPAIR_COUNT; i++)
        tally->repairs[i] += repairs[i];
    char odd[160];
    if (decoder_odd_row(worker->decoder, odd, sizeof odd))
        batch_note_row(batch, decode_label(block->member->decode), odd);
    int64_t exported = decoder_exported_s(worker->decoder);
    if (status == STATUS_OK && exported > 0 && !tally_exported(tally, platform, exported))
        return fault_memory(fault);
    return status;
}

/* What the name of the member says, once what was read of it is in the batch's tally. */
static enum status end_dated(struct worker *worker, enum platform platform, struct batch *batch,
                             struct fault *fault) {
    bool ok = worker->shared->roots ||
              dated_member_end(&worker->dated, platform, batch->tally.records > 0, &batch->tally);
    return ok ? STATUS_OK : fault_memory(fault);
}

enum status worker_block(struct worker *worker, const struct block *block, struct batch *batch,
                         struct fault *fault) {
    const struct decode_member *member = block->member->decode;
    dated_member_begin(&worker->dated, decode_path(member));
    enum status status = read_block(worker, block, batch, fault);
    return status == STATUS_OK ? end_dated(worker, decode_platform(member), batch, fault) : status;
}

enum status worker_packed(struct worker *worker, struct span packed, const char *label,
                          struct batch *batch, struct fault *fault) {
    struct source *source;
    struct block_reader reader;
    struct fault damage = {0};
    bool stopped = false;
    trouble_take();
    enum status status = source_open_packed(&source, packed, label, worker->shared->budget, fault);
    if (status == STATUS_SKIP) {
        batch_note(batch, true, label, fault->text);
        batch->members_skipped++;
        batch->trouble = trouble_take();
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    block_reader_begin(&reader, source, label, &worker->reading->decode, worker->shared->budget);
    dated_member_begin(&worker->dated, label);
    enum platform platform = PLATFORM_COUNT;
    while ((status = block_reader_next(&reader, &worker->block, &damage)) == STATUS_OK) {
        stopwatch_lap(&worker->watch, TIMING_DECOMPRESS);
        platform = decode_platform(worker->block.member->decode);
        status = read_block(worker, &worker->block, batch, fault);
        stopwatch_lap_records(&worker->watch);
        if (status != STATUS_OK)
            break;
        stopped = stop_wanted() != 0;
        if (stopped)
            break;
    }
    if (status == STATUS_SKIP) {
        /* bytes that end early are damage; a format that nobody knows is only passed over */
        batch_note(batch, reader.started, label, damage.text);
        batch->members_skipped += !reader.started;
    } else if (status == STATUS_FATAL && damage.text[0]) {
        *fault = damage;
    }
    batch->trouble = trouble_take();
    block_reader_end(&reader);
    source_close(source);
    if (stopped && status == STATUS_OK)
        return STATUS_END;
    if (status != STATUS_END && status != STATUS_SKIP)
        return status;
    return platform == PLATFORM_COUNT ? STATUS_OK : end_dated(worker, platform, batch, fault);
}
