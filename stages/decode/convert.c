#include "stages/decode/convert.h"

#include "stages/common/hash.h"
#include "stages/common/num.h"
#include "stages/decode/ids.h"
#include "stages/decode/post_time.h"
#include "stages/model/id_time.h"

/* Posts outside of this are errors of the dump. */
static const int64_t FIRST_US = INT64_C(631152000) * US_PER_S; /* 1990-01-01 */
static const int64_t LAST_US = INT64_C(4102444800) * US_PER_S; /* 2100-01-01 */

/* The vocabularies index arrays and share bytes. */
_Static_assert(FIELD_SPAN_COUNT == FIELD_SCOPE + 1, "the strings of a post come first");
_Static_assert(FIELD_COUNT <= UINT8_MAX, "struct row keeps a field in a byte");
_Static_assert(sizeof(struct value) == sizeof(struct span) + sizeof(void *), "a value is small");

struct span draft_join(struct draft *draft, struct span a, struct span b, struct span c) {
    char *at = arena_alloc(draft->arena, a.len + b.len + c.len + 1);
    if (!at)
        return (struct span){NULL, 0};
    const struct span parts[] = {a, b, c};
    size_t len = 0;
    for (int i = 0; i < 3; i++) {
        if (parts[i].len)
            memcpy(at + len, parts[i].at, parts[i].len);
        len += parts[i].len;
    }
    at[len] = 0;
    return (struct span){at, len};
}

static bool has_text(const struct value *value) {
    return value->type == VALUE_STRING || value->type == VALUE_NUMBER;
}

static bool is_true(const struct value *value) {
    if (value->type == VALUE_TRUE)
        return true;
    return has_text(value) && value->text.len && !span_is(value->text, "0") &&
           !span_is(value->text, "false") && !span_is(value->text, "False") &&
           !span_is(value->text, "FALSE");
}

static struct span value_span(struct draft *draft, const struct value *value) {
    if (!has_text(value))
        return (struct span){NULL, 0};
    switch (value->convert) {
    case CONVERT_ENTITIES:
        return entities_decode(draft->arena, value->text);
    case CONVERT_HTML:
        return html_text(draft->arena, value->text);
    case CONVERT_MOJIBAKE:
    case CONVERT_LINES:
        return mojibake_text(draft->arena, value->text);
    case CONVERT_MARKDOWN:
        return markdown_text(draft->arena, value->text);
    case CONVERT_MARKUP:
        return markup_text(draft->arena, value->text);
    default:
        return value->text;
    }
}

struct span draft_span(struct draft *draft, enum field field) {
    return value_span(draft, &draft->fields[field]);
}

/* What exports write where there is no such post or account. */
static bool is_nobody(struct span id) {
    static const char *const words[] = {"0",    "-1",   "[]",  "{}",  "root",  "none", "None",
                                        "null", "NULL", "nan", "NaN", "false", "False"};
    if (id.len > 5)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(id, words[i]))
            return true;
    return false;
}

/* pandas makes decimal numbers of ids in a column where some are missing: 119237.0. */
static struct span whole_number(struct span id) {
    if (id.len < 3 || id.at[id.len - 1] != '0' || id.at[id.len - 2] != '.')
        return id;
    for (size_t i = 0; i + 2 < id.len; i++)
        if (id.at[i] < '0' || id.at[i] > '9')
            return id;
    return (struct span){id.at, id.len - 2};
}

static bool is_list(struct span handle) {
    return handle.len == 2 && (span_is(handle, "[]") || span_is(handle, "{}"));
}

static inline void settle_id(struct span *id, bool reference) {
    if (!id->len)
        return;
    *id = whole_number(*id);
    if (reference && is_nobody(*id))
        *id = (struct span){NULL, 0};
}

/* Ids, and references to other posts and accounts where they mean one. */
static void settle_ids(struct post *post) {
    settle_id(&post->id, false);
    settle_id(&post->author_id, false);
    settle_id(&post->author_handle, false);
    settle_id(&post->conversation, true);
    settle_id(&post->repost_of, true);
    settle_id(&post->reply_to_id, true);
    settle_id(&post->reply_to_author_id, true);
    if (is_list(post->reply_to_author_handle))
        post->reply_to_author_handle = (struct span){NULL, 0};
    if (post->reply_to_id.len && span_equal(post->reply_to_id, post->id))
        post->reply_to_id = (struct span){NULL, 0}; /* a root that names itself */
}

static void fill_spans(struct draft *draft) {
    struct post *post = draft->post;
    struct span *const targets[FIELD_SPAN_COUNT] = {
        [FIELD_ID] = &post->id,
        [FIELD_AUTHOR_ID] = &post->author_id,
        [FIELD_AUTHOR_HANDLE] = &post->author_handle,
        [FIELD_TEXT] = &post->text,
        [FIELD_LANGUAGE] = &post->language_hint,
        [FIELD_REPLY_TO_ID] = &post->reply_to_id,
        [FIELD_REPLY_TO_AUTHOR_ID] = &post->reply_to_author_id,
        [FIELD_REPLY_TO_AUTHOR_HANDLE] = &post->reply_to_author_handle,
        [FIELD_CONVERSATION] = &post->conversation,
        [FIELD_REPOST_OF] = &post->repost_of,
        [FIELD_CHANNEL] = &post->channel,
        [FIELD_COUNTRY] = &post->country,
        [FIELD_URL] = &post->url,
        [FIELD_SCOPE] = &post->scope,
    };
    for (int i = 0; i < FIELD_SPAN_COUNT; i++) {
        *targets[i] = value_span(draft, &draft->fields[i]);
        if (i != FIELD_TEXT && targets[i]->len == 0)
            *targets[i] = (struct span){NULL, 0};
    }
    settle_ids(post);
}

/* Readers that infer types make numbers of ids. */
static void make_whole(struct draft *draft) {
    struct post *post = draft->post;
    struct span *const ids[] = {&post->id,        &post->reply_to_id, &post->conversation,
                                &post->repost_of, &post->author_id,   &post->reply_to_author_id};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (ids[i]->len)
            *ids[i] = id_whole(draft->arena, *ids[i]);
}

static int64_t count_of(const struct value *value) {
    int64_t count;
    if (!has_text(value))
        return -1;
    /* nearly all counts are plain digits */
    bool read = num_i64(value->text, &count) || num_count(value->text, &count);
    return read && count >= 0 ? count : -1;
}

static void join_title(struct draft *draft) {
    const struct value *title = &draft->fields[FIELD_TITLE];
    struct post *post = draft->post;
    if (!has_text(title) || title->text.len == 0)
        return;
    struct span head = value_span(draft, title);
    if (post->text.len == 0)
        post->text = head;
    else if (post->text.len < head.len || memcmp(post->text.at, head.at, head.len) != 0)
        post->text = draft_join(draft, head, SPAN_LITERAL("\n\n"), post->text);
}

struct span python_value(struct span text, const char *name) {
    size_t len = strlen(name);
    if (!text.len)
        return (struct span){NULL, 0};
    for (const char *at = text.at, *end = at + text.len;
         at < end && (at = memmem(at, (size_t)(end - at), name, len)); at += len) {
        const char *value = at + len;
        bool begins = at > text.at && strchr("'\"( ", at[-1]);
        value += value < end && (*value == '\'' || *value == '"');
        if (!begins || value == end || (*value != ':' && *value != '='))
            continue;
        for (value++; value < end && *value == ' ';)
            value++;
        bool quoted = value < end && (*value == '\'' || *value == '"');
        const char *stop = value + quoted;
        while (stop < end && (quoted ? *stop != *value : !strchr(",})] ", *stop)))
            stop++;
        return whole_number((struct span){value + quoted, (size_t)(stop - value) - quoted});
    }
    return (struct span){NULL, 0};
}

/* A table's `source` may be the program that wrote the post: that is no channel. */
static bool is_client(struct span name) {
    if (!name.len || !memchr("<TMHFIBd", *name.at, 8))
        return false;
    return span_starts(name, "<a href=") || span_starts(name, "Twitter for ") ||
           span_starts(name, "Twitter Web") || span_starts(name, "TweetDeck") ||
           span_starts(name, "Tweetbot") || span_starts(name, "Mobile Web (M") ||
           span_starts(name, "Hootsuite") || span_starts(name, "Instagram for ") ||
           span_starts(name, "Facebook for ") || span_starts(name, "Buffer") ||
           span_starts(name, "IFTTT") || span_starts(name, "dlvr.it");
}

static void fill_platform(const struct draft *draft, struct post *post) {
    const struct value *fields = draft->fields;
    struct guess_memo *memo = draft->guesses;
    enum platform named = PLATFORM_COUNT;
    if (has_text(&fields[FIELD_PLATFORM]))
        named = platform_guess(memo, fields[FIELD_PLATFORM].text);
    if (named == PLATFORM_COUNT && post->platform == PLATFORM_OTHER && post->url.len)
        named = platform_guess(memo, post->url);
    if (named != PLATFORM_COUNT)
        post->platform = (uint8_t)named;
    if (post->channel.len && is_client(post->channel))
        post->channel = (struct span){NULL, 0};
}

/* The sentiment that a tool states: a word in one of a few languages, or a number around 0. */
static enum label vendor_label(const struct value *value) {
    static const struct {
        const char *begin;
        enum label label;
    } words[] = {{"neg", LABEL_NEGATIVE}, {"n\xC3\xA9g", LABEL_NEGATIVE}, {"pos", LABEL_POSITIVE},
                 {"poz", LABEL_POSITIVE}, {"neu", LABEL_NEUTRAL},         {"oboj", LABEL_NEUTRAL}};
    struct span text = value->text;
    int64_t thousandths;
    while (text.len && (*text.at == ' ' || *text.at == '"'))
        text = (struct span){text.at + 1, text.len - 1};
    if (!has_text(value) || !text.len)
        return LABEL_NONE;
    if (num_scaled(text, 3, &thousandths) && thousandths >= -5000 && thousandths <= 5000)
        return thousandths < 0 ? LABEL_NEGATIVE : thousandths ? LABEL_POSITIVE : LABEL_NEUTRAL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t len = strlen(words[i].begin);
        if (text.len >= len && strncasecmp(text.at, words[i].begin, len) == 0)
            return words[i].label;
    }
    return LABEL_NONE;
}

/* Counts, flags and kind. */
static void fill_numbers(const struct value *fields, struct post *post) {
    post->likes = count_of(&fields[FIELD_LIKES]);
    post->replies = count_of(&fields[FIELD_REPLIES]);
    post->reposts = count_of(&fields[FIELD_REPOSTS]);
    post->views = count_of(&fields[FIELD_VIEWS]);
    post->followers = count_of(&fields[FIELD_FOLLOWERS]);
    post->vendor_sentiment = (int8_t)vendor_label(&fields[FIELD_VENDOR]);
    post->flags = is_true(&fields[FIELD_DELETED]) ? POST_DELETED : 0;
    if (is_true(&fields[FIELD_BOT]))
        post->flags |= POST_BOT;
    post->kind = POST_ORIGINAL;
    if (post->repost_of.len)
        post->kind = POST_REPOST;
    else if (fields[FIELD_QUOTE_OF].type > VALUE_STRING || fields[FIELD_QUOTE_OF].text.len)
        post->kind = POST_QUOTE;
    else if (post->reply_to_id.len || post->reply_to_author_id.len ||
             post->reply_to_author_handle.len)
        post->kind = POST_REPLY;
}

static enum reject_reason check(const struct post *post, const struct format *format,
                                enum reject_reason time) {
    if (post->created_at_us == TIME_NONE)
        return time == REJECT_NONE ? REJECT_NO_TIME : time;
    if (post->created_at_us < FIRST_US || post->created_at_us >= LAST_US)
        return REJECT_BAD_TIME;
    if (format->text_required && !post->text.at)
        return REJECT_NO_TEXT;
    return REJECT_NONE;
}

static bool states_time(const struct value *fields) {
    bool any = false;
    for (int i = 0; i < TIME_FIELDS; i++)
        any |= fields[FIELD_TIME + i].type != VALUE_ABSENT;
    return any;
}

/* Whether the record has anything of a post at all. */
static bool resembles_post(const struct value *fields) {
    return fields[FIELD_TEXT].type != VALUE_ABSENT || fields[FIELD_TITLE].type != VALUE_ABSENT ||
           (fields[FIELD_ID].type != VALUE_ABSENT && states_time(fields));
}

/* What the post does not say itself it takes from what it is nested in. */
static void inherit(struct post *post, const struct heritage *from) {
    if (!post->conversation.len)
        post->conversation = from->conversation;
    if (!post->channel.len)
        post->channel = from->channel;
    if (!post->scope.len)
        post->scope = from->scope;
    if (!post->author_id.len && !post->author_handle.len) {
        post->author_id = from->author_id;
        post->author_handle = from->author_handle;
    }
    if (!from->reply_to.len ||
        (post->reply_to_id.len && !span_equal(post->reply_to_id, from->reply_to)))
        return;
    post->reply_to_id = from->reply_to;
    if (!post->reply_to_author_id.len && !post->reply_to_author_handle.len) {
        post->reply_to_author_id = from->reply_to_author_id;
        post->reply_to_author_handle = from->reply_to_author_handle;
    }
    if (post->kind == POST_ORIGINAL)
        post->kind = POST_REPLY;
}

/* A repost says what its original says; its own text is cut, or only the original's mark. */
static void repeat_original(struct post *post, const struct post *original) {
    if (original->text.len)
        post->text = original->text;
    if (!post->repost_of.len)
        post->repost_of = original->id;
    post->kind = POST_REPOST;
}

static enum reject_reason notice_of(struct draft *draft, const struct format *format) {
    const struct value *deleted = &draft->fields[FIELD_DELETED_ID];
    const struct value *author = &draft->fields[FIELD_DELETED_AUTHOR];
    if (deleted->type != VALUE_ABSENT || author->type != VALUE_ABSENT) {
        draft->deleted_id = deleted->text;
        draft->deleted_author = author->text;
        return NOTICE_DELETE;
    }
    if (draft->fields[FIELD_CONTROL].type != VALUE_ABSENT)
        return NOTICE_CONTROL;
    return format->notice ? format->notice(draft) : REJECT_NONE;
}

enum reject_reason post_make(struct draft *draft, const struct format *format,
                             const struct decode_options *options, enum platform platform) {
    struct post *post = draft->post;
    enum reject_reason notice = notice_of(draft, format);
    if (notice != REJECT_NONE)
        return notice;
    bool by_names = !format->rows; /* nobody knows whether its ids are ids */
    post->platform = (uint8_t)platform;
    post->id_kind = ID_GIVEN;
    post->id_company = 0;
    fill_spans(draft);
    if (by_names || format->shape == SHAPE_CSV)
        make_whole(draft);
    if (format->holder || !(resembles_post(draft->fields) || draft->reposted)) {
        if (draft->from)
            inherit(post, draft->from);
        return REJECT_NOT_A_POST;
    }
    enum reject_reason time = time_fill(draft, options);
    join_title(draft);
    fill_platform(draft, post);
    fill_numbers(draft->fields, post);
    if (draft->reposted)
        repeat_original(post, draft->reposted);
    if (draft->from)
        inherit(post, draft->from);
    post->reply_to_time_us = TIME_NONE;
    post->participants = (struct span){NULL, 0};
    if (format->finish) {
        enum reject_reason reason = format->finish(draft);
        if (reason != REJECT_NONE)
            return reason;
    }
    if (format->own_account && !post->author_handle.len && !post->author_id.len)
        post->author_handle = span_of(options->owner ? options->owner : "account-owner");
    if (format->own_account && !post->author_id.len && options->owner_id)
        post->author_id = span_of(options->owner_id);
    if (post->flags & POST_PRIVATE && !options->private_messages)
        return NOTICE_PRIVATE;
    if (by_names)
        ids_settle(draft, draft->file);
    if (!post->author_id.len)
        post->author_id = post->author_handle;
    if (post->reply_to_id.len && post->reply_to_time_us == TIME_NONE)
        post->reply_to_time_us = id_time(post->platform, post->reply_to_id);
    enum reject_reason reason = check(post, format, time);
    if (reason == REJECT_NONE)
        time_spread(draft, options);
    return reason;
}

/* The number in decimal digits before `end`; returns where they begin. */
static char *decimal_before(char *end, int64_t number) {
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        *--end = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        *--end = '-';
    return end;
}

bool id_is_made(struct span id) {
    enum { MADE = 17 };
    if (id.len < MADE || id.at[0] != 'h' || (id.len > MADE && id.at[MADE] != '/'))
        return false;
    for (size_t i = 1; i < MADE; i++)
        if (!memchr("0123456789abcdef", id.at[i], 16))
            return false;
    return true;
}

struct span post_made_id(struct arena *arena, const struct post *post) {
    char time[24], id[17] = "h";
    char *digits = decimal_before(time + sizeof time, post_stated_us(post));
    const struct span parts[] = {span_of(platform_name((enum platform)post->platform)),
                                 {digits, (size_t)(time + sizeof time - digits)},
                                 post->author_id,
                                 post->text};
    uint64_t hash = hash_stable_join(parts, 4);
    for (int i = 16; i > 0; i--, hash >>= 4)
        id[i] = "0123456789abcdef"[hash & 15];
    return arena_copy(arena, (struct span){id, sizeof id});
}
