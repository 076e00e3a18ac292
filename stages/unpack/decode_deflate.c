/* deflate (RFC 1951) as zip and 7z hold it: no header, no checksum of its own. Deflate by ISA-L;
 * Deflate64, which no library here reads, is the same with a window of 64 KiB and longer matches
 * (APPNOTE 4.4.5, method 9). */
#include "stages/unpack/codec.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#define MOST_AT_ONCE (1u << 30) /* ISA-L counts in 32 bits */

struct deflate {
    struct codec_stream stream;
    struct intake in;
    bool starved, ended;
    struct inflate_state state;
};

static enum status deflate_step(struct deflate *deflate, struct fault *fault) {
    struct inflate_state *state = &deflate->state;
    enum status status = deflate->starved ? intake_fill(&deflate->in, fault) : STATUS_OK;
    if (status == STATUS_END)
        return codec_damage(fault, "deflate", "is cut short");
    if (status != STATUS_OK)
        return status;
    uint32_t len =
        deflate->in.now.len < MOST_AT_ONCE ? (uint32_t)deflate->in.now.len : MOST_AT_ONCE;
    uint32_t room = state->avail_out;
    state->next_in = (uint8_t *)(uintptr_t)deflate->in.now.at; /* only read */
    state->avail_in = len;
    int error = isal_inflate(state);
    intake_skip(&deflate->in, len - state->avail_in);
    deflate->starved = state->avail_out > 0;
    deflate->ended = state->block_state == ISAL_BLOCK_FINISH;
    bool stuck = !deflate->ended && len && state->avail_in == len && state->avail_out == room;
    return error < 0 || stuck ? codec_damage(fault, "deflate", "is damaged") : STATUS_OK;
}

static enum status deflate_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                                struct fault *fault) {
    struct deflate *deflate = (struct deflate *)stream;
    enum status status = STATUS_OK;
    uint32_t room = cap < MOST_AT_ONCE ? (uint32_t)cap : MOST_AT_ONCE;
    deflate->state.next_out = (uint8_t *)to;
    deflate->state.avail_out = room;
    while (status == STATUS_OK && !deflate->ended && deflate->state.avail_out)
        status = deflate_step(deflate, fault);
    *got = room - deflate->state.avail_out;
    return status == STATUS_OK && deflate->ended ? STATUS_END : status;
}

static void deflate_close(struct codec_stream *stream) {
    free(stream);
}

enum status deflate_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct deflate *deflate = calloc(1, sizeof *deflate);
    if (!deflate)
        return fault_memory(fault);
    deflate->stream =
        (struct codec_stream){.feed = feed, .read = deflate_read, .close = deflate_close};
    intake_init(&deflate->in, feed);
    isal_inflate_init(&deflate->state);
    deflate->state.crc_flag = ISAL_DEFLATE;
    deflate->starved = true;
    *out = &deflate->stream;
    return STATUS_OK;
}

/* Deflate64 */

#define CODE_BITS 15
#define LITERAL_CODES 288
#define DISTANCE_CODES 32
#define WINDOW (64u << 10)
#define MATCH_MAX (65535u + 3)
#define ROOM (4 * WINDOW)

/* Every sequence of 15 bits: the symbol whose code begins it and the code's length; 0: none. */
struct code_table {
    uint16_t symbol_and_len[1 << CODE_BITS];
};

struct deflate64 {
    struct codec_stream stream;
    struct intake in;
    uint64_t bits;
    unsigned bit_count;
    enum { BLOCK_HEADER, STORED, CODED, LAST_DONE } place;
    bool last;
    size_t stored_left;
    struct code_table literals, distances;
    size_t used, given;         /* of `window`: behind the history */
    char window[WINDOW + ROOM]; /* history, then what was decoded and not handed out */
    size_t history;
    bool damaged;
    struct fault why;
};

/* Fills the bit buffer to at least `count` bits (57 at most); false before the end of the input. */
static bool want_bits(struct deflate64 *self, unsigned count, enum status *status,
                      struct fault *fault) {
    while (self->bit_count < count) {
        *status = intake_fill(&self->in, fault);
        if (*status != STATUS_OK)
            return false;
        self->bits |= (uint64_t)(unsigned char)self->in.now.at[0] << self->bit_count;
        self->bit_count += 8;
        intake_skip(&self->in, 1);
    }
    return true;
}

static uint32_t take_bits(struct deflate64 *self, unsigned count) {
    uint32_t value = (uint32_t)(self->bits & ((1ull << count) - 1));
    self->bits >>= count;
    self->bit_count -= count;
    return value;
}

/* False when the lengths are those of no code: over-subscribed (RFC 1951 3.2.2). */
static bool build_table(struct code_table *table, const unsigned char *lengths, size_t count) {
    unsigned counts[CODE_BITS + 1] = {0}, next[CODE_BITS + 2] = {0};
    memset(table, 0, sizeof *table);
    for (size_t i = 0; i < count; i++)
        counts[lengths[i]]++;
    counts[0] = 0;
    for (unsigned len = 1; len <= CODE_BITS; len++)
        next[len + 1] = (next[len] + counts[len]) << 1;
    for (size_t i = 0; i < count; i++) {
        unsigned len = lengths[i], code = len ? next[len]++ : 0, reversed = 0;
        if (!len)
            continue;
        if (code >= 1u << len)
            return false;
        for (unsigned bit = 0; bit < len; bit++)
            reversed |= (code >> bit & 1) << (len - 1 - bit);
        for (unsigned at = reversed; at < 1u << CODE_BITS; at += 1u << len)
            table->symbol_and_len[at] = (uint16_t)(i << 4 | len);
    }
    return true;
}

/* The next symbol; -1 when there is none: damage, or the end of the input. */
static int take_symbol(struct deflate64 *self, const struct code_table *table, enum status *status,
                       struct fault *fault) {
    enum status ended = STATUS_OK;
    want_bits(self, CODE_BITS, &ended, fault); /* near the end there may be fewer */
    unsigned entry = table->symbol_and_len[self->bits & ((1u << CODE_BITS) - 1)];
    unsigned len = entry & 15;
    if (ended != STATUS_OK && (ended != STATUS_END || len == 0 || len > self->bit_count)) {
        *status = ended;
        return -1;
    }
    if (len == 0)
        return -1;
    take_bits(self, len);
    return (int)(entry >> 4);
}

static bool fixed_tables(struct deflate64 *self) {
    unsigned char lengths[LITERAL_CODES + DISTANCE_CODES];
    for (size_t i = 0; i < LITERAL_CODES; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    memset(lengths + LITERAL_CODES, 5, DISTANCE_CODES);
    return build_table(&self->literals, lengths, LITERAL_CODES) &&
           build_table(&self->distances, lengths + LITERAL_CODES, DISTANCE_CODES);
}

/* The code lengths of a block (3.2.7). */
static bool read_lengths(struct deflate64 *self, unsigned char *lengths, size_t count,
                         enum status *status, struct fault *fault) {
    size_t done = 0;
    while (done < count) {
        int symbol = take_symbol(self, &self->literals, status, fault);
        if (symbol < 0)
            return false;
        if (symbol < 16) {
            lengths[done++] = (unsigned char)symbol;
            continue;
        }
        unsigned extra = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
        if (!want_bits(self, extra, status, fault))
            return false;
        size_t repeat = take_bits(self, extra) + (symbol == 18 ? 11 : 3);
        if ((symbol == 16 && done == 0) || repeat > count - done)
            return false;
        memset(lengths + done, symbol == 16 ? lengths[done - 1] : 0, repeat);
        done += repeat;
    }
    return true;
}

static bool dynamic_tables(struct deflate64 *self, enum status *status, struct fault *fault) {
    static const unsigned char order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                            11, 4,  12, 3, 13, 2, 14, 1, 15};
    unsigned char lengths[LITERAL_CODES + DISTANCE_CODES] = {0};
    if (!want_bits(self, 14, status, fault))
        return false;
    size_t literals = take_bits(self, 5) + 257, distances = take_bits(self, 5) + 1;
    size_t codes = take_bits(self, 4) + 4;
    for (size_t i = 0; i < codes; i++) {
        if (!want_bits(self, 3, status, fault))
            return false;
        lengths[order[i]] = (unsigned char)take_bits(self, 3);
    }
    if (literals > LITERAL_CODES || !build_table(&self->literals, lengths, 19))
        return false;
    memset(lengths, 0, sizeof lengths);
    return read_lengths(self, lengths, literals + distances, status, fault) &&
           build_table(&self->literals, lengths, literals) &&
           build_table(&self->distances, lengths + literals, distances);
}

static bool block_header(struct deflate64 *self, enum status *status, struct fault *fault) {
    if (!want_bits(self, 3, status, fault))
        return false;
    self->last = take_bits(self, 1);
    unsigned kind = take_bits(self, 2);
    self->place = kind ? CODED : STORED;
    if (kind == 1)
        return fixed_tables(self);
    if (kind == 2)
        return dynamic_tables(self, status, fault);
    take_bits(self, self->bit_count % 8);
    if (kind == 3 || !want_bits(self, 32, status, fault))
        return false;
    self->stored_left = take_bits(self, 16);
    return (take_bits(self, 16) ^ 0xFFFF) == self->stored_left;
}

static bool copy_stored(struct deflate64 *self, enum status *status, struct fault *fault) {
    char *to = self->window + self->history;
    while (self->stored_left && self->used < ROOM) {
        if (!want_bits(self, 8, status, fault))
            return false;
        to[self->used++] = (char)take_bits(self, 8);
        self->stored_left--;
    }
    if (!self->stored_left)
        self->place = self->last ? LAST_DONE : BLOCK_HEADER;
    return true;
}

/* Length and distance of a match whose length symbol was read; Deflate64 gives symbol 285 sixteen
 * bits more and has two distance symbols more. */
static bool copy_match(struct deflate64 *self, unsigned symbol, enum status *status,
                       struct fault *fault) {
    char *to = self->window + self->history + self->used;
    size_t len = symbol < 8 ? 3 + symbol : 0;
    unsigned extra = symbol < 8 ? 0 : symbol / 4 - 1;
    if (symbol == 28) {
        extra = 16;
        len = 3;
    } else if (symbol >= 8) {
        len = 3 + ((4ul + symbol % 4) << extra);
    }
    if (symbol > 28 || !want_bits(self, extra, status, fault))
        return false;
    len += take_bits(self, extra);
    int code = take_symbol(self, &self->distances, status, fault);
    if (code < 0)
        return false;
    extra = code < 4 ? 0 : (unsigned)code / 2 - 1;
    if (!want_bits(self, extra, status, fault))
        return false;
    size_t distance = code < 4 ? 1 + (size_t)code : 1 + ((2ul + (unsigned)code % 2) << extra);
    distance += take_bits(self, extra);
    if (distance > self->history + self->used)
        return false;
    const char *from = to - distance;
    for (size_t i = 0; i < len; i++)
        to[i] = from[i];
    self->used += len;
    return true;
}

static bool copy_coded(struct deflate64 *self, enum status *status, struct fault *fault) {
    while (self->used + MATCH_MAX <= ROOM) {
        int symbol = take_symbol(self, &self->literals, status, fault);
        if (symbol < 0)
            return false;
        if (symbol == 256) {
            self->place = self->last ? LAST_DONE : BLOCK_HEADER;
            return true;
        }
        if (symbol < 256)
            self->window[self->history + self->used++] = (char)symbol;
        else if (!copy_match(self, (unsigned)symbol - 257, status, fault))
            return false;
    }
    return true;
}

/* What was handed out becomes history. */
static void make_room(struct deflate64 *self) {
    size_t all = self->history + self->used, keep = all < WINDOW ? all : WINDOW;
    memmove(self->window, self->window + all - keep, keep);
    self->history = keep;
    self->used = self->given = 0;
}

/* Decodes until the room is full or the data ends; what was decoded before damage counts. */
static enum status fill_room(struct deflate64 *self, struct fault *fault) {
    enum status status = STATUS_OK;
    bool good = true;
    make_room(self);
    while (good && self->place != LAST_DONE && self->used + MATCH_MAX <= ROOM)
        good = self->place == BLOCK_HEADER ? block_header(self, &status, fault)
               : self->place == STORED     ? copy_stored(self, &status, fault)
                                           : copy_coded(self, &status, fault);
    if (good)
        return STATUS_OK;
    self->place = LAST_DONE;
    self->damaged = true;
    if (status == STATUS_OK || status == STATUS_END)
        codec_damage(fault, "Deflate64", status == STATUS_END ? "is cut short" : "is damaged");
    self->why = *fault;
    return status == STATUS_FATAL ? status : STATUS_SKIP;
}

static enum status deflate64_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                                  struct fault *fault) {
    struct deflate64 *self = (struct deflate64 *)stream;
    enum status status = STATUS_OK;
    *got = 0;
    if (self->given == self->used && self->damaged) {
        *fault = self->why;
        return STATUS_SKIP;
    }
    if (self->given == self->used && self->place == LAST_DONE)
        return STATUS_END;
    if (self->given == self->used)
        status = fill_room(self, fault);
    size_t left = self->used - self->given;
    *got = left < cap ? left : cap;
    memcpy(to, self->window + self->history + self->given, *got);
    self->given += *got;
    return status == STATUS_SKIP && self->given < self->used ? STATUS_OK : status;
}

enum status deflate64_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct deflate64 *self = calloc(1, sizeof *self);
    if (!self)
        return fault_memory(fault);
    self->stream =
        (struct codec_stream){.feed = feed, .read = deflate64_read, .close = deflate_close};
    intake_init(&self->in, feed);
    *out = &self->stream;
    return STATUS_OK;
}
