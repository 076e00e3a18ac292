/* The two foldings. Most text is ASCII and Polish letters, which go through tables; whatever else
 * comes is handed to utf8proc in segments of one base character with its marks, which bounds the
 * work per byte. */
#include "stages/text/fold.h"
#include "stages/text/latin.h"
#include "stages/text/text.h"

#include <endian.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <utf8proc.h>

#define MARKS_MAX 30
/* one base and its marks; a code point decomposes to 18 at most */
#define SEGMENT_MAX (MARKS_MAX + 1)
#define SEGMENT_OUT (SEGMENT_MAX * 18)
#define SEGMENT_BYTES (SEGMENT_OUT * 4)

bool forms_room(struct forms *forms, uint32_t more) {
    uint64_t need = (uint64_t)forms->len + more + FORMS_SLACK;
    if (need <= forms->cap)
        return true;
    if (need > UINT32_MAX / 2)
        return false;
    uint32_t cap = forms->cap ? forms->cap : 1024;
    while (cap < need)
        cap *= 2;
    char *at = realloc(forms->at, cap);
    if (!at)
        return false;
    forms->at = at;
    forms->cap = cap;
    return true;
}

static void put_byte(struct forms *forms, char byte) {
    forms->at[forms->len++] = byte;
}

static void put_codepoint(struct forms *forms, uint32_t cp) {
    char *at = forms->at + forms->len;
    forms->len += (uint32_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)at);
}

/* The word being folded: where the last base character began in text and form, so that a mark
 * behind it can take it back and fold both together; and the letter run for elongations. */
struct folding {
    struct forms *forms;
    struct folded *out;
    const unsigned char *text;
    uint32_t len, base_at, base_form;
    uint32_t previous, run;
};

static void track_letter(struct folding *folding, uint32_t cp) {
    folding->run = cp == folding->previous ? folding->run + 1 : 1;
    folding->previous = cp;
    if (folding->run >= 3)
        folding->out->elongated = true;
}

static void count_letter(struct folding *folding, bool upper) {
    struct folded *out = folding->out;
    if (out->letters == 0)
        out->first_upper = upper;
    out->letters++;
    out->upper += upper;
}

static bool joins_segment(uint32_t cp) {
    return char_class(cp) == CHAR_MARK || (cp >= 0x1160 && cp <= 0x11FF); /* Hangul V and T */
}

/* Collects the base at `at` and its marks; returns where the next base begins. */
static uint32_t segment_read(const struct folding *folding, uint32_t at, int32_t *segment,
                             uint32_t *count) {
    segment[0] = (int32_t)utf8_next(folding->text, folding->len, &at);
    *count = 1;
    while (at < folding->len && folding->text[at] >= 0x80) {
        uint32_t next = at;
        uint32_t cp = utf8_next(folding->text, folding->len, &next);
        bool mark = joins_segment(cp);
        if (!mark && char_class(cp) != CHAR_IGNORED)
            break;
        if (mark && *count < SEGMENT_MAX)
            segment[(*count)++] = (int32_t)cp;
        at = next;
    }
    return at;
}

/* NFC and case folding of a segment into out[SEGMENT_OUT]; the count, 0 when utf8proc refuses. */
static uint32_t segment_normal(const int32_t *segment, uint32_t count, int32_t *out) {
    utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STABLE;
    uint32_t len = 0;
    int bound = 0;
    for (uint32_t i = 0; i < count; i++) {
        utf8proc_ssize_t wrote =
            utf8proc_decompose_char(segment[i], out + len, SEGMENT_OUT - len, options, &bound);
        if (wrote < 0 || wrote > SEGMENT_OUT - (utf8proc_ssize_t)len)
            return 0;
        len += (uint32_t)wrote;
    }
    /* canonical order of marks: a stable insertion sort, as utf8proc only orders in its
     * whole-string call */
    for (uint32_t i = 1; i < len; i++) {
        int32_t cp = out[i];
        int class = utf8proc_get_property(cp)->combining_class;
        uint32_t j = i;
        for (; class > 0 && j > 0; j--) {
            if (utf8proc_get_property(out[j - 1])->combining_class <= class)
                break;
            out[j] = out[j - 1];
        }
        out[j] = cp;
    }
    utf8proc_ssize_t composed =
        utf8proc_normalize_utf32(out, len, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    return composed < 0 ? 0 : (uint32_t)composed;
}

/* The same for a base without marks. What becomes one code point, as most do, is kept, plus 1;
 * threads that make the same one write the same. */
static uint32_t lone_normal(int32_t base, int32_t *out) {
    enum { KEPT_NORMALS = 0x10000 };
    static _Atomic uint32_t kept_normals[KEPT_NORMALS];
    if (base >= KEPT_NORMALS)
        return segment_normal(&base, 1, out);
    uint32_t kept = atomic_load_explicit(&kept_normals[base], memory_order_relaxed);
    out[0] = (int32_t)kept - 1;
    if (kept)
        return 1;
    uint32_t count = segment_normal(&base, 1, out);
    if (count == 1)
        atomic_store_explicit(&kept_normals[base], (uint32_t)out[0] + 1, memory_order_relaxed);
    return count;
}

/* Folds the segment at text[at] through utf8proc; returns where the next one begins, or UINT32_MAX
 * out of memory. */
static uint32_t fold_segment(struct folding *folding, uint32_t at) {
    int32_t segment[SEGMENT_MAX], out[SEGMENT_OUT];
    uint32_t count;
    uint32_t next = segment_read(folding, at, segment, &count);
    if (!forms_room(folding->forms, SEGMENT_BYTES + 4 * (folding->len - next)))
        return UINT32_MAX;
    enum char_class class = char_class((uint32_t)segment[0]);
    if (class == CHAR_IGNORED)
        return next;
    count = count == 1 ? lone_normal(segment[0], out) : segment_normal(segment, count, out);
    folding->base_form = folding->forms->len;
    folding->base_at = at;
    for (uint32_t i = 0; i < count; i++)
        put_codepoint(folding->forms, (uint32_t)out[i]);
    if (class == CHAR_UPPER || class == CHAR_LOWER || class == CHAR_CJK) {
        count_letter(folding, class == CHAR_UPPER);
        track_letter(folding, count ? (uint32_t)out[0] : 0);
    }
    return next;
}

/* A mark follows a base that has been folded already: undo the base and fold them together. */
static uint32_t fold_marked(struct folding *folding, uint32_t at) {
    if (folding->base_at == UINT32_MAX)
        return fold_segment(folding, at);
    uint32_t base = folding->base_at, len;
    enum char_class class = char_class_at(folding->text, folding->len, base, &len);
    if (class == CHAR_UPPER || class == CHAR_LOWER || class == CHAR_CJK) {
        folding->out->letters--;
        folding->out->upper -= class == CHAR_UPPER;
    }
    folding->previous = 0;
    folding->forms->len = folding->base_form;
    folding->base_at = UINT32_MAX;
    return fold_segment(folding, base);
}

/* A character beyond ASCII at text[at]. */
static uint32_t fold_other(struct folding *folding, uint32_t at) {
    uint32_t next = at;
    uint32_t cp = utf8_next(folding->text, folding->len, &next);
    if (char_is_apostrophe(cp) || cp == 0x2010 || cp == 0x2011) {
        put_byte(folding->forms, char_is_apostrophe(cp) ? '\'' : '-');
        folding->base_at = UINT32_MAX; /* a mark behind it has no base */
        return next;
    }
    const struct latin *latin = cp < LATIN_END ? &latin_rows[cp - LATIN_FIRST] : NULL;
    if (latin && latin->lower) {
        folding->base_at = at;
        folding->base_form = folding->forms->len;
        put_codepoint(folding->forms, latin->lower);
        count_letter(folding, latin->kind == LATIN_UPPER);
        track_letter(folding, latin->lower);
        return next;
    }
    return joins_segment(cp) ? fold_marked(folding, at) : fold_segment(folding, at);
}

/* Shortens each run of three or more of one letter to one, in place, from `start` on. */
static void shorten_runs(struct forms *forms, uint32_t start) {
    const unsigned char *form = (const unsigned char *)forms->at;
    uint32_t to = start;
    for (uint32_t at = start; at < forms->len;) {
        unsigned char lead = form[at];
        uint32_t len = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        bool letter = len > 1 || ascii_class[lead] == CHAR_LOWER;
        if (len > forms->len - at)
            len = forms->len - at;
        uint32_t end = at + len;
        while (end + len <= forms->len && memcmp(form + end, form + at, len) == 0)
            end += len;
        uint32_t keep = letter && (end - at) / len >= 3 ? len : end - at;
        memmove(forms->at + to, forms->at + at, keep);
        to += keep;
        at = end;
    }
    forms->len = to;
}

bool fold_written(struct forms *forms, struct span word, struct folded *out) {
    *out = (struct folded){0};
    uint32_t len = (uint32_t)word.len;
    if (word.len > UINT32_MAX / 8 || !forms_room(forms, len * 2 + 8))
        return false;
    struct folding folding = {.forms = forms, .out = out, .len = len, .base_at = UINT32_MAX};
    folding.text = (const unsigned char *)word.at;
    for (uint32_t at = 0; at < len;) {
        unsigned char byte = folding.text[at];
        if (byte >= 0x80) {
            at = fold_other(&folding, at);
            if (at == UINT32_MAX)
                return false;
            continue;
        }
        unsigned char lower = ascii_word[byte];
        folding.base_at = at;
        folding.base_form = forms->len;
        put_byte(forms, (char)(lower ? lower : byte == '`' ? '\'' : byte));
        if (lower > '9') {
            count_letter(&folding, lower != byte);
            track_letter(&folding, lower);
        } else {
            folding.previous = 0;
        }
        at++;
    }
    /* three capitals of one kind are a Roman number or an acronym (III, AAA, WWW), not a cry */
    if (out->letters == 3 && out->upper == 3 && len == 3)
        out->elongated = false;
    return true;
}

bool fold_form(struct forms *forms, struct span word, struct folded *out) {
    uint32_t start = forms->len;
    if (!fold_written(forms, word, out))
        return false;
    if (out->elongated)
        shorten_runs(forms, start);
    return true;
}

/* Cyrillic and Greek letters that look like a Latin one, in pairs. */
static uint32_t lookalike(uint32_t cp) {
    static const struct {
        uint16_t cp;
        char latin;
    } twins[] = {{0x430, 'a'}, {0x435, 'e'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x443, 'y'},
                 {0x445, 'x'}, {0x456, 'i'}, {0x458, 'j'}, {0x455, 's'}, {0x4BB, 'h'}, {0x501, 'd'},
                 {0x43A, 'k'}, {0x43C, 'm'}, {0x442, 't'}, {0x43D, 'h'}, {0x432, 'b'}, {0x3B1, 'a'},
                 {0x3BF, 'o'}, {0x3C1, 'p'}, {0x3B5, 'e'}, {0x3B9, 'i'}, {0x3BA, 'k'}, {0x3BD, 'v'},
                 {0x3C4, 't'}, {0x3C5, 'u'}, {0x3C7, 'x'}, {0x3BC, 'm'}, {0x3B7, 'n'}};
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (twins[i].cp == cp)
            return (unsigned char)twins[i].latin;
    return cp;
}

static void put_plain(struct forms *forms, uint32_t cp, bool mixed) {
    if (mixed && cp >= 0x370)
        cp = lookalike(cp);
    if (cp >= LATIN_FIRST && cp < LATIN_END && latin_rows[cp - LATIN_FIRST].plain[0]) {
        const char *plain = latin_rows[cp - LATIN_FIRST].plain;
        put_byte(forms, plain[0]);
        if (plain[1])
            put_byte(forms, plain[1]);
        return;
    }
    put_codepoint(forms, cp);
}

/* One code point of a normal form: compatibility decomposition without its marks. */
static void plain_codepoint(struct forms *forms, uint32_t cp, bool mixed) {
    if (cp < LATIN_END && (cp < LATIN_FIRST || latin_rows[cp - LATIN_FIRST].plain[0])) {
        put_plain(forms, cp, mixed);
        return;
    }
    uint32_t dressed = char_dressed(cp);
    if (dressed) {
        put_byte(forms, (char)dressed);
        return;
    }
    int32_t out[32];
    int bound = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (int32_t)cp, out, 32,
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &bound);
    for (utf8proc_ssize_t i = 0; i < count && i < 32; i++)
        put_plain(forms, (uint32_t)out[i], mixed);
}

bool fold_plain(struct forms *forms, uint32_t start, uint32_t len) {
    if (!forms_room(forms, len * 4 + 128))
        return false;
    bool latin = false, other = false; /* both: letters of one script imitate the other's */
    for (uint32_t at = start; at < start + len;) {
        uint32_t cp = utf8_next((const unsigned char *)forms->at, start + len, &at);
        latin |= cp < 0x80 ? ascii_class[cp] == CHAR_LOWER : cp < LATIN_END;
        other |= cp >= 0x370 && cp < 0x530;
    }
    for (uint32_t at = start; at < start + len;) {
        uint32_t cp = utf8_next((const unsigned char *)forms->at, start + len, &at);
        if (cp >= LATIN_END && !forms_room(forms, 128 + (start + len - at) * 4))
            return false;
        plain_codepoint(forms, cp, latin && other);
    }
    return true;
}

size_t text_next_char(struct span text, uint32_t *codepoint) {
    uint32_t at = 0, len = text.len < 4 ? (uint32_t)text.len : 4;
    *codepoint = utf8_next((const unsigned char *)text.at, len, &at);
    return at;
}

static int make_plain_char(uint32_t codepoint, char out[TEXT_PLAIN_CHAR_MAX]) {
    if (char_is_apostrophe(codepoint))
        return -1;
    switch (char_class(codepoint)) {
    case CHAR_IGNORED:
        return 0;
    case CHAR_UPPER:
    case CHAR_LOWER:
    case CHAR_DIGIT:
    case CHAR_MARK:
    case CHAR_CJK:
        break;
    default:
        return -1;
    }
    int32_t segment = (int32_t)codepoint, normal[SEGMENT_OUT];
    uint32_t count = segment_normal(&segment, 1, normal);
    struct forms forms = {.at = out, .cap = TEXT_PLAIN_CHAR_MAX};
    for (uint32_t i = 0; i < count && forms.len + 76 <= TEXT_PLAIN_CHAR_MAX; i++)
        plain_codepoint(&forms, (uint32_t)normal[i], true);
    return (int)forms.len;
}

/* What was made of a code point before; 0 is nothing yet. Threads that make the same one write the
 * same. Bytes from the lowest on, then their number + 2, or KEPT_LONG for more than there is room
 * for. */
enum { KEPT_CODEPOINTS = 0x20000, KEPT_BYTES = 7, KEPT_LONG = 127 };
static _Atomic uint64_t plain_kept[KEPT_CODEPOINTS];
/* Those known to be nothing but letters of another script, a bit each: 16 KiB, which stay near. */
static _Atomic uint64_t foreign_kept[KEPT_CODEPOINTS / 64];

static void keep_plain(uint32_t codepoint, const char *plain, int len) {
    bool foreign = len > 0;
    for (int i = 0; i < len; i++)
        foreign &= (unsigned char)plain[i] >= 0x80;
    uint64_t kept = (uint64_t)(len > KEPT_BYTES ? KEPT_LONG : len + 2) << 56;
    for (int i = 0; i < len && len <= KEPT_BYTES; i++)
        kept |= (uint64_t)(unsigned char)plain[i] << 8 * i;
    /* first, so that who sees what was made sees this, too */
    atomic_fetch_or_explicit(&foreign_kept[codepoint / 64], (uint64_t)foreign << codepoint % 64,
                             memory_order_relaxed);
    atomic_store_explicit(&plain_kept[codepoint], kept, memory_order_release);
}

int text_plain_char(uint32_t codepoint, char out[TEXT_PLAIN_CHAR_MAX]) {
    if (codepoint >= KEPT_CODEPOINTS)
        return make_plain_char(codepoint, out);
    uint64_t kept = atomic_load_explicit(&plain_kept[codepoint], memory_order_relaxed);
    int tag = (int)(kept >> 56);
    if (tag && tag != KEPT_LONG) {
        uint64_t bytes = htole64(kept);
        memcpy(out, &bytes, KEPT_BYTES);
        return tag - 2;
    }
    int len = make_plain_char(codepoint, out);
    keep_plain(codepoint, out, len);
    return len;
}

static bool is_known_foreign(uint32_t codepoint) {
    uint64_t bits = atomic_load_explicit(&foreign_kept[codepoint / 64], memory_order_relaxed);
    return bits >> codepoint % 64 & 1;
}

/* Makes what is not known yet. */
static __attribute__((noinline)) bool is_foreign(uint32_t codepoint) {
    char plain[TEXT_PLAIN_CHAR_MAX];
    if (!atomic_load_explicit(&plain_kept[codepoint], memory_order_acquire))
        keep_plain(codepoint, plain, make_plain_char(codepoint, plain));
    return is_known_foreign(codepoint);
}

size_t text_foreign_run(struct span text) {
    const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;
    for (; end - at >= 3 && at[0] >> 4 == 0xE; at += 3) {
        uint32_t codepoint = (at[0] & 0xFu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
        if (at[1] >> 6 != 2 || at[2] >> 6 != 2 || codepoint < 0x800)
            break;
        if (!is_known_foreign(codepoint) && !is_foreign(codepoint))
            break;
    }
    return (size_t)((const char *)at - text.at);
}

bool text_is_upper(uint32_t codepoint) {
    return char_class(codepoint) == CHAR_UPPER;
}

uint32_t text_upper(uint32_t codepoint) {
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)codepoint);
}
