/* The prefilter at work: the multi-literal search names words that may hold a literal, and only
 * these go through the stream, where each window of four bytes is looked up in a bitmap of the
 * literals' ends, and when it is there, the whole literal. */
#include "stages/match/filter.h"

/* The stream of a run as it is read, and the last bytes of it. */
struct stream {
    const struct filter *filter;
    const unsigned char *bytes;
    size_t len, at; /* of the text; behind the character that is being read */
    uint64_t window;
    size_t word; /* bytes since the last separator */
    uint8_t last;
    bool loose; /* words may begin and end anywhere: tags, handles, domains, other scripts */
};

/* Whether no letter follows but repetitions of the last. */
static bool is_word_end(const struct stream *stream) {
    const struct filter *filter = stream->filter;
    size_t at = stream->at;
    while (at < stream->len && stream->bytes[at] < 0x80 &&
           filter->fold[stream->bytes[at]] == stream->last)
        at++;
    if (at >= stream->len || stream->bytes[at] >= 0x80)
        return true;
    uint8_t next = filter->fold[stream->bytes[at]];
    return next == 0 || next == FOLD_SKIP;
}

static bool literal_stands(const struct stream *stream) {
    const struct filter *filter = stream->filter;
    for (unsigned left = filter->lengths[0]; left; left &= left - 1) {
        unsigned len = (unsigned)__builtin_ctz(left);
        if (bits_have(filter->literals[0], literal_hash(filter, stream->window, len)))
            return true;
    }
    for (unsigned left = filter->lengths[1]; left; left &= left - 1) {
        unsigned len = (unsigned)__builtin_ctz(left);
        bool stands = bits_have(filter->literals[1], literal_hash(filter, stream->window, len));
        if (stands && (stream->loose || (stream->word == len && is_word_end(stream))))
            return true;
    }
    return false;
}

static inline bool stream_put(struct stream *stream, uint8_t byte) {
    const struct filter *filter = stream->filter;
    if (byte == stream->last)
        return false;
    stream->last = byte;
    stream->word = byte ? stream->word + 1 : 0;
    stream->window = stream->window << 8 | byte;
    bool ends =
        bits_have(filter->suffixes[4], suffix_hash(stream->window, 4)) ||
        (filter->has[3] && bits_have(filter->suffixes[3], suffix_hash(stream->window, 3))) ||
        (filter->has[2] && bits_have(filter->suffixes[2], suffix_hash(stream->window, 2)));
    return ends && literal_stands(stream);
}

/* Where a code point of two bytes has its plain ones: whether that is a letter of another script,
 * in a filter whose literals have none. */
static inline bool is_foreign_pair(const struct filter *filter, uint16_t pair) {
    return filter->latin && pair & 0x80 && pair < PAIR_LONG;
}

/* The code point of two bytes at `next`, 0 when there is none. */
static inline uint32_t two_bytes(const unsigned char *next, size_t left) {
    bool whole = left > 1 && next[0] >= 0xC2 && next[0] < 0xE0 && (next[1] & 0xC0) == 0x80;
    return whole ? (next[0] & 0x1Fu) << 6 | (next[1] & 0x3Fu) : 0;
}

/* How many bytes at the beginning are letters of other scripts, where no literal has any. */
static inline size_t foreign_run(const struct filter *filter, const unsigned char *bytes,
                                 size_t len) {
    size_t run = 0, before;
    if (!filter->latin)
        return 0;
    do {
        uint32_t codepoint;
        before = run;
        while ((codepoint = two_bytes(bytes + run, len - run)) != 0 &&
               is_foreign_pair(filter, filter->pair[codepoint]))
            run += 2;
        if (run < len && bytes[run] >> 4 == 0xE)
            run += text_foreign_run((struct span){(const char *)bytes + run, len - run});
    } while (run > before);
    return run;
}

static bool put_plain(struct stream *stream, uint32_t codepoint) {
    char plain[TEXT_PLAIN_CHAR_MAX];
    int len = text_plain_char(codepoint, plain);
    bool found = len < 0 && stream_put(stream, 0);
    for (int i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)plain[i];
        uint8_t folded = byte < 0x80 ? stream->filter->fold[byte] : byte;
        if (folded != FOLD_SKIP || byte >= 0x80)
            found |= stream_put(stream, folded);
    }
    return found;
}

/* The character beyond ASCII at stream->at. */
static bool put_long(struct stream *stream) {
    const unsigned char *next = stream->bytes + stream->at;
    size_t left = stream->len - stream->at;
    size_t foreign =
        stream->filter->latin ? text_foreign_run((struct span){(const char *)next, left}) : 0;
    if (foreign) {
        /* nothing ends here, nothing reaches over it */
        stream->at += foreign;
        stream->window = UINT64_MAX;
        stream->last = UINT8_MAX;
        stream->loose = true;
        return false;
    }
    uint32_t codepoint = two_bytes(next, left);
    if (codepoint)
        stream->at += 2;
    else
        stream->at += text_next_char((struct span){(const char *)next, left}, &codepoint);
    uint16_t pair = codepoint < PAIR_END ? stream->filter->pair[codepoint] : PAIR_LONG;
    if (pair == PAIR_SKIP || pair == PAIR_LONG)
        stream->loose = true;
    if (pair == PAIR_SKIP)
        return false;
    if (pair == PAIR_LONG)
        return put_plain(stream, codepoint);
    if (is_foreign_pair(stream->filter, pair)) {
        stream->window = UINT64_MAX;
        stream->last = UINT8_MAX;
        stream->word++;
        return false;
    }
    bool found = stream_put(stream, (uint8_t)pair);
    if (pair >> 8)
        found |= stream_put(stream, (uint8_t)(pair >> 8));
    return found;
}

/* A text being read. No literal reaches over an ASCII separator, so that the runs between these
 * can be read one by one. */
struct reading {
    const struct filter *filter;
    const unsigned char *bytes;
    size_t len, done; /* bytes before `done` are read; 0 or a separator */
    size_t sign_end;  /* behind the last sign that was passed over */
};

/* Streams from `done` to the next separator. */
static bool rest_passes(struct reading *reading) {
    const struct filter *filter = reading->filter;
    const unsigned char *bytes = reading->bytes;
    size_t from = reading->done;
    struct stream stream = {.filter = filter, .bytes = bytes, .len = reading->len, .at = from};
    stream.loose = from > 0 && (bytes[from - 1] == '#' || bytes[from - 1] == '@');
    while (stream.at < stream.len) {
        unsigned char byte = bytes[stream.at];
        if (byte >= 0x80) {
            if (put_long(&stream))
                return true;
            continue;
        }
        uint8_t folded = filter->fold[byte];
        if (folded == 0)
            break;
        stream.at++;
        if (folded == FOLD_SKIP)
            stream.loose = true;
        else if (stream_put(&stream, folded))
            return true;
    }
    reading->done = stream.at;
    return false;
}

/* The run around byte `at`. */
static bool run_passes(struct reading *reading, size_t at) {
    const unsigned char *bytes = reading->bytes;
    /* back to the separator before it */
    while (at > reading->done && (bytes[at - 1] >= 0x80 || reading->filter->fold[bytes[at - 1]]))
        at--;
    reading->done = at;
    return rest_passes(reading);
}

/* Whether a character that separates begins at bytes[0]: dashes, quotation marks and dots (U+2010
 * to U+2027), signs (U+2500 to U+273F, U+27C0 to U+2BFF), pictographs (U+1F1C0 to U+1FBBF). Others
 * may separate, too. */
static bool is_sign(const unsigned char *bytes) {
    if (bytes[0] == 0xF0)
        return bytes[1] == 0x9F && bytes[2] >= 0x87 && bytes[2] <= 0xAE;
    if (bytes[0] != 0xE2)
        return false;
    if (bytes[1] == 0x80)
        return bytes[2] >= 0x90 && bytes[2] <= 0xA7;
    return (bytes[1] >= 0x94 && bytes[1] <= 0x9C) || (bytes[1] >= 0x9F && bytes[1] <= 0xAF);
}

/* Whether a word ends at byte `at`: outside of the text, too. */
static inline bool separates(const struct reading *reading, size_t at) {
    const unsigned char *bytes = reading->bytes;
    return at >= reading->len || (bytes[at] < 0x80 && reading->filter->fold[bytes[at]] == 0);
}

/* The run with a byte at `at` that may stand for any letter. */
static bool foreign_passes(struct reading *reading, size_t at) {
    const unsigned char *bytes = reading->bytes + at;
    if (at < reading->done)
        return false;
    if (reading->len - at >= 4) {
        /* zero width joiner and variation selector: parts of a pictograph */
        bool joiner = at == reading->sign_end && (memcmp(bytes, "\xE2\x80\x8D", 3) == 0 ||
                                                  memcmp(bytes, "\xEF\xB8\x8F", 3) == 0);
        if (joiner || is_sign(bytes)) {
            reading->sign_end = at + 3 + (bytes[0] == 0xF0);
            return false;
        }
    }
    /* words of other scripts are passed over without a stream */
    size_t end = at + foreign_run(reading->filter, bytes, reading->len - at);
    if (end > at && separates(reading, at - 1) && separates(reading, end)) {
        reading->done = end;
        return false;
    }
    return run_passes(reading, at);
}

/* Looks at the finds of the block that begins at `base`, from left to right: none lies before a run
 * that is read already without having been read with it. */
static bool finds_pass(struct reading *reading, size_t base, uint32_t finds) {
    const unsigned char *bytes = reading->bytes;
    uint32_t left = (finds | finds >> 16) & 0xFFFF;
    while (left) {
        unsigned bit = (unsigned)__builtin_ctz(left);
        size_t at = base + bit, y = at - 1;
        left &= left - 1;
        /* x and y of a fragment may meet before byte y */
        if (finds >> bit & 1 && at > 0 && y > reading->done && y < reading->len &&
            bits_have(reading->filter->byte_pairs, bytes[y - 1] * 256u + bytes[y]) &&
            run_passes(reading, y - 1))
            return true;
        if (finds >> (16 + bit) & 1 && foreign_passes(reading, at))
            return true;
        if (reading->done > at) /* nothing new before it */
            left &= reading->done - base < MULTI_LITERAL_BLOCK
                        ? UINT32_MAX << (reading->done - base)
                        : 0;
    }
    return false;
}

static bool find_and_read(struct reading *reading) {
    const struct multi_literal *multi_literal = &reading->filter->multi_literal;
    struct multi_literal_carry carry;
    uint32_t finds;
    size_t base = 0;
    multi_literal_begin(multi_literal, &carry);
    for (; base + MULTI_LITERAL_BLOCK <= reading->len; base += MULTI_LITERAL_BLOCK) {
        if (base + MULTI_LITERAL_BLOCK <= reading->done) {
            /* all of it was read with the word before, which nothing reaches over */
            multi_literal_begin(multi_literal, &carry);
            base =
                (reading->done - MULTI_LITERAL_BLOCK) / MULTI_LITERAL_BLOCK * MULTI_LITERAL_BLOCK;
            continue;
        }
        finds = multi_literal_block(multi_literal, &carry, reading->bytes + base);
        if (finds && finds_pass(reading, base, finds))
            return true;
    }
    /* with a byte behind the end, where the z of a find may be */
    unsigned char last[MULTI_LITERAL_BLOCK];
    memset(last, ' ', sizeof last);
    if (reading->len > base)
        memcpy(last, reading->bytes + base, reading->len - base);
    finds = multi_literal_block(multi_literal, &carry, last);
    return finds && finds_pass(reading, base, finds);
}

bool filter_passes(const struct filter *filter, struct span text) {
    if (filter->always)
        return true;
    if (!filter->lengths[0] &&
        !filter->lengths[1]) /* brands that are followed by their accounts alone */
        return false;
    struct reading reading = {.filter = filter, .bytes = (const unsigned char *)text.at};
    reading.len = text.len < TEXT_MAX_BYTES ? text.len : TEXT_MAX_BYTES;
    if (!filter->dense)
        return find_and_read(&reading);
    for (; reading.done < reading.len; reading.done++)
        if (rest_passes(&reading))
            return true;
    return false;
}

static void note_account(uint16_t brand, enum address address, void *context) {
    (void)brand;
    (void)address;
    *(bool *)context = true;
}

static void note_part(uint16_t brand, enum address address, void *context) {
    (void)brand;
    *(bool *)context |= address == ADDRESS_NONE || address == ADDRESS_REPLY;
}

bool query_set_takes_part(const struct query_set *set, const struct post *post) {
    bool found = false;
    accounts_find(set, post, note_part, &found);
    return found;
}

bool query_set_may_match(const struct query_set *set, const struct post *post) {
    if (filter_passes(set->filter, post->text))
        return true;
    if (set->filter->wants_url && post->url.len && filter_passes(set->filter, post->url))
        return true;
    bool found = false;
    accounts_find(set, post, note_account, &found);
    return found;
}
