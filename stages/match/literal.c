/* Literals: which bytes of a form the prefilter waits for, and which four of them it looks for. */
#include "stages/match/filter.h"

static bool is_digit(unsigned char byte) {
    return byte >= '0' && byte <= '9';
}

/* Whether a blank may stand before plain[at]: 12345 may be written 12 345. `end`: of the digits. */
static bool may_part(struct span plain, size_t at, size_t *end) {
    if (!is_digit((unsigned char)plain.at[at]))
        return false;
    while (*end <= at || (*end < plain.len && is_digit((unsigned char)plain.at[*end])))
        ++*end;
    return at > 0 && is_digit((unsigned char)plain.at[at - 1]) && (*end - at) % 3 == 0;
}

/* Bytes of the stream; zero where it is, or may be, interrupted. */
static bool put_stream(const struct filter *filter, struct span plain, struct buf *out) {
    char last = 0;
    size_t digits_end = 0;
    for (size_t at = 0; at < plain.len; at++) {
        if (may_part(plain, at, &digits_end) && last) {
            buf_char(out, 0);
            last = 0;
        }
        unsigned char byte = (unsigned char)plain.at[at];
        uint8_t folded = byte < 0x80 ? filter->fold[byte] : byte;
        /* what a text may leave out may also stand in it: no literal reaches over it */
        char next = (char)(byte < 0x80 && folded == FOLD_SKIP ? 0 : folded);
        if (next != last)
            buf_char(out, next);
        last = next;
    }
    return !out->failed;
}

static bool put_plain(struct span text, struct buf *out) {
    while (text.len > 0) {
        uint32_t codepoint;
        char bytes[TEXT_PLAIN_CHAR_MAX];
        size_t step = text_next_char(text, &codepoint);
        int len = text_plain_char(codepoint, bytes);
        if (len < 0)
            buf_char(out, ' ');
        else
            buf_add(out, bytes, (size_t)len);
        text = (struct span){text.at + step, text.len - step};
    }
    return !out->failed;
}

/* The first of the longest runs, cut to the length of a literal. */
static struct span best_run(struct span stream) {
    struct span best = {stream.at, 0};
    for (size_t at = 0; at < stream.len; at++) {
        struct span run = {stream.at + at, 0};
        for (; at < stream.len && stream.at[at]; at++)
            run.len += run.len < LITERAL_MAX;
        if (run.len > best.len)
            best = run;
    }
    return best;
}

static fragment_letters fragment_at(struct span run, size_t x) {
    unsigned char w = x > 0 ? (unsigned char)run.at[x - 1] : 0;
    unsigned char z = x + 2 < run.len ? (unsigned char)run.at[x + 2] : 0;
    unsigned char from = (unsigned char)run.at[x], to = (unsigned char)run.at[x + 1];
    /* one character may stand for several letters beyond ASCII: then nothing is sure around them */
    bool ascii = (w | from | to | z) < 0x80;
    fragment_letters inner = (uint32_t)from << 16 | (uint32_t)to << 8;
    return ascii ? inner | (uint32_t)w << 24 | z : inner;
}

static struct literal run_literal(struct span stream, struct span run) {
    struct literal literal = {0};
    if (run.len < 2)
        return literal;
    literal.len = (uint8_t)run.len;
    for (size_t i = 0; i < run.len; i++)
        literal.bytes = literal.bytes << 8 | (unsigned char)run.at[i];
    literal.fragment = fragment_at(run, 0);
    for (size_t x = 1; x + 1 < run.len; x++) { /* the rarest is searched for */
        fragment_letters fragment = fragment_at(run, x);
        if (fragment_cost(fragment) < fragment_cost(literal.fragment))
            literal.fragment = fragment;
    }
    /* a word that begins with a digit may be a number, which has bounds of its own */
    literal.whole = run.len == stream.len && !is_digit((unsigned char)run.at[0]);
    return literal;
}

struct literal literal_of(const struct filter *filter, struct span text) {
    struct buf plain, stream;
    struct literal literal = {0}; /* also when out of memory: no literal is always right */
    buf_init(&plain, (size_t)UINT16_MAX * TEXT_PLAIN_CHAR_MAX);
    buf_init(&stream, (size_t)UINT16_MAX * TEXT_PLAIN_CHAR_MAX);
    if (put_plain(text, &plain) && put_stream(filter, buf_as_span(&plain), &stream))
        literal = run_literal(buf_as_span(&stream), best_run(buf_as_span(&stream)));
    buf_release(&plain);
    buf_release(&stream);
    return literal;
}
