#include "stages/decode/ids.h"

#include "stages/common/hash.h"

enum {
    ROW_DIGITS = 5,      /* a row number has at most so many */
    COUNTED_DIGITS = 11, /* a counter of a chat or a forum */
    SHORT_BYTES = 7,     /* of an id with letters that may count within something */
    CELL_DIGITS = 15,    /* what a spreadsheet's cell keeps */
    WIDE_EXPONENT = 11,  /* from here on a cell shows a number by its exponent, and rounded */
};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static size_t digits_at(struct span text, size_t at) {
    size_t from = at;
    while (at < text.len && is_digit(text.at[at]))
        at++;
    return at - from;
}

/* A number with a fraction or an exponent: 119237.0, 1.20453506881281E+18. */
struct scientific {
    struct span whole, fraction; /* digits before and behind the point */
    int exponent;
};

static bool read_scientific(struct span text, struct scientific *out) {
    size_t at = digits_at(text, 0);
    *out = (struct scientific){.whole = {text.at, at}};
    if (!at || at == text.len)
        return false;
    if (text.at[at] == '.' || text.at[at] == ',') {
        size_t len = digits_at(text, at + 1);
        out->fraction = (struct span){text.at + at + 1, len};
        at += 1 + len;
        if (!len)
            return false;
    }
    if (at == text.len)
        return true;
    bool plus = at + 1 < text.len && text.at[at + 1] == '+';
    if ((text.at[at] | 0x20) != 'e' || !(plus || out->fraction.len)) /* 5e01 is a name */
        return false;
    at += 1 + plus;
    size_t len = digits_at(text, at);
    for (size_t i = 0; i < len && i < 3; i++)
        out->exponent = out->exponent * 10 + (text.at[at + i] - '0');
    return len > 0 && len <= 3 && at + len == text.len;
}

static struct span without_zeros(struct span digits) {
    while (digits.len && digits.at[digits.len - 1] == '0')
        digits.len--;
    return digits;
}

struct span id_whole(struct arena *arena, struct span id) {
    enum { LONGEST = 40 };
    struct scientific number;
    if (id.len < 3 || id.len > LONGEST || !is_digit(id.at[0]) || !read_scientific(id, &number))
        return id;
    struct span fraction = without_zeros(number.fraction);
    size_t len = number.whole.len + (size_t)number.exponent;
    bool exact = fraction.len == (size_t)number.exponent || number.exponent < WIDE_EXPONENT;
    if (fraction.len > (size_t)number.exponent || !exact || len > LONGEST)
        return id;
    char *at = arena_alloc(arena, len + 1);
    if (!at)
        return id;
    memset(at, '0', len);
    memcpy(at, number.whole.at, number.whole.len);
    if (fraction.len)
        memcpy(at + number.whole.len, fraction.at, fraction.len);
    at[len] = 0;
    return (struct span){at, len};
}

/* Long numbers that end in so many zeros that a cell or a float cannot have kept more. */
enum id_kind id_look(struct span id) {
    struct scientific number;
    size_t digits = digits_at(id, 0);
    if (digits == id.len) {
        if (digits <= COUNTED_DIGITS)
            return digits <= ROW_DIGITS ? ID_ROW : ID_COUNTED;
        return digits > CELL_DIGITS && without_zeros(id).len <= CELL_DIGITS ? ID_ROUNDED
                                                                            : ID_LIKELY;
    }
    if (digits && read_scientific(id, &number))
        return ID_ROUNDED;
    return id.len <= SHORT_BYTES ? ID_COUNTED : ID_LIKELY;
}

/* Many posts may have an id that is written so. */
static void forget_rounded(struct span *id) {
    struct scientific number;
    if (id->len && is_digit(id->at[0]) && digits_at(*id, 0) < id->len &&
        read_scientific(*id, &number))
        *id = (struct span){NULL, 0};
}

/* A row number or a counter may begin anew in each chat, forum or thread. */
static uint32_t company_of(const struct post *post) {
    struct span thread =
        span_equal(post->conversation, post->id) ? (struct span){NULL, 0} : post->conversation;
    struct span fields[2] = {post->channel, thread};
    bool counts = post->id_kind == ID_COUNTED || post->id_kind == ID_ROW;
    if (!counts || !(post->channel.len + thread.len))
        return 0;
    uint64_t hash = hash_stable_join(fields, 2);
    return (uint32_t)(hash ^ hash >> 32);
}

void ids_settle(struct draft *draft, struct span file) {
    struct post *post = draft->post;
    post->id_kind = id_look(post->id);
    post->id_company = company_of(post);
    forget_rounded(&post->reply_to_id);
    forget_rounded(&post->conversation);
    forget_rounded(&post->repost_of);
    if (post->scope.len || !post->id.len)
        return;
    if (post->id_kind == ID_COUNTED)
        post->scope = post->channel;
    else if (post->id_kind == ID_ROW)
        post->scope =
            post->channel.len ? draft_join(draft, file, SPAN_LITERAL("/"), post->channel) : file;
}
