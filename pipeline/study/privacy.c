/* What of a post may be shown: pseudonyms instead of people, and texts without their handles. */
#include "pipeline/study/study.h"

#include <stdio.h>
#include <stdlib.h>

enum status study_handles(struct study *study, struct fault *fault) {
    study->handles.all = study->config->plain_authors;
    for (size_t i = 0; i < study->config->brand_count; i++) {
        const struct brand *brand = &study->config->brands[i];
        for (size_t j = 0; j < brand->account_count; j++)
            if (brand->accounts[j].handle &&
                !public_handles_add(&study->handles, span_of(brand->accounts[j].handle)))
                return fault_memory(fault);
    }
    return STATUS_OK;
}

/* ---- pseudonyms ---- */

enum { CODE_LETTERS = 12, CODE_BITS = 5 };

/* 60 bits of SHA-256(key || author hash). */
static uint64_t pseudonym_code(const struct study *study, uint64_t author_hash) {
    unsigned char seed[DIGEST_SIZE + 8], sum[DIGEST_SIZE];
    uint64_t code = 0;
    memcpy(seed, study->key, DIGEST_SIZE);
    for (int i = 0; i < 8; i++)
        seed[DIGEST_SIZE + i] = (unsigned char)(author_hash >> (8 * i));
    digest_of((struct span){(const char *)seed, sizeof seed}, sum);
    for (int i = 0; i < CODE_LETTERS; i++)
        code |= (uint64_t)(sum[i] & 31) << (CODE_BITS * i);
    return code;
}

bool study_code_authors(struct study *study) {
    const struct mention_table *m = &study->mentions;
    uint64_t *codes = malloc((m->author_count + 1) * sizeof *codes);
    if (!codes)
        return false;
#pragma omp parallel for
    for (size_t i = 1; i < m->author_count; i++)
        codes[i] = pseudonym_code(study, m->authors[i]);
    study->author_codes = codes;
    return true;
}

void study_author(const struct study *study, size_t row, char *out, size_t size) {
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    const struct mention_table *m = &study->mentions;
    struct span author = mention_table_string(m, row, STRING_AUTHOR);
    if (m->role[row] == ROLE_OWN || public_handles_hold(&study->handles, author)) {
        row_text(out, size, author.at, author.len);
    } else if (m->author[row]) {
        uint32_t number = m->author[row];
        uint64_t code = study->author_codes ? study->author_codes[number]
                                            : pseudonym_code(study, m->authors[number]);
        char name[1 + CODE_LETTERS] = "u"; /* and 12 letters of base 32 */
        for (int i = 0; i < CODE_LETTERS; i++)
            name[1 + i] = letters[code >> (CODE_BITS * i) & 31];
        row_text(out, size, name, sizeof name);
    } else {
        row_text(out, size, "", 0);
    }
}

static bool is_handle_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* The end of a handle that begins at `at` (behind '@'); a dot or hyphen only inside. */
static size_t handle_end(struct span text, size_t at) {
    while (at < text.len && (is_handle_byte(text.at[at]) ||
                             ((text.at[at] == '.' || text.at[at] == '-' || text.at[at] == '@') &&
                              at + 1 < text.len && is_handle_byte(text.at[at + 1]))))
        at++;
    return at;
}

/* Where people have pages under their names; what follows in an address is theirs. */
static const char *const page_hosts[] = {
    "twitter.com/", "x.com/",        "facebook.com/",  "fb.com/",           "instagram.com/",
    "tiktok.com/",  "t.me/",         "threads.net/",   "linkedin.com/",     "vk.com/",
    "bsky.app/",    "reddit.com/u/", "youtube.com/c/", "youtube.com/user/", "reddit.com/user/",
};

enum { LEAD_MAX = 17 }; /* the longest of them */

/* `start` begins with a small letter. */
static bool starts_fold(struct span text, size_t at, const char *start) {
    if ((text.at[at] | 0x20) != start[0])
        return false; /* nearly always */
    size_t len = strlen(start);
    return text.len - at >= len && strncasecmp(text.at + at, start, len) == 0;
}

/* Bytes at `at` that lead to a name: "@", "/u/" or "u/" of Reddit, the host of a page. 0: none. */
static size_t lead_length(struct span text, size_t at) {
    if (text.at[at] == '@')
        return 1;
    if (at && (is_handle_byte(text.at[at - 1]) || text.at[at - 1] == '-'))
        return 0;
    if (starts_fold(text, at, "u/"))
        return 2;
    for (size_t i = 0; i < sizeof page_hosts / sizeof *page_hosts; i++)
        if (starts_fold(text, at, page_hosts[i]))
            return strlen(page_hosts[i]);
    return 0;
}

static size_t find_byte(struct span text, size_t from, char byte) {
    const char *at = from < text.len ? memchr(text.at + from, byte, text.len - from) : NULL;
    return at ? (size_t)(at - text.at) : text.len;
}

/* Where the next '@' and '/' are: every lead is an '@' or has a '/' among its bytes. */
struct signs {
    size_t at, slash;
};

/* The first place from `i` on where a lead may begin; the text's length when there is none. */
static size_t next_place(struct span text, size_t i, struct signs *next) {
    if (next->at < i)
        next->at = find_byte(text, i, '@');
    if (next->slash < i)
        next->slash = find_byte(text, i, '/');
    size_t place = next->slash == text.len ? text.len : next->slash;
    if (place < text.len)
        place = place > i + LEAD_MAX ? place - LEAD_MAX : i;
    return next->at < place ? next->at : place;
}

void study_shown_text(const struct study *study, size_t row, struct buf *out) {
    struct span text = mention_table_string(&study->mentions, row, STRING_TEXT);
    if (study->config->plain_authors) {
        buf_span(out, text);
        return;
    }
    struct signs next = {find_byte(text, 0, '@'), find_byte(text, 0, '/')};
    size_t copied = 0;
    for (size_t i = next_place(text, 0, &next); i < text.len; i = next_place(text, i, &next)) {
        size_t lead = lead_length(text, i), end = lead ? handle_end(text, i + lead) : 0;
        struct span handle = {text.at + i + lead, end > i + lead ? end - i - lead : 0};
        if (!handle.len || public_handles_hold(&study->handles, handle)) {
            i++;
            continue;
        }
        buf_add(out, text.at + copied, i + lead - copied);
        buf_text(out, "…");
        /* the rest of a page's address is its owner's too */
        while (lead > 2 && end < text.len && (unsigned char)text.at[end] > ' ' &&
               !strchr("\"'<>()", text.at[end]))
            end++;
        i = copied = end;
    }
    buf_add(out, text.at + copied, text.len - copied);
}

void study_shown_string(const struct study *study, size_t row, enum mention_string which,
                        struct buf *out) {
    const struct mention_table *m = &study->mentions;
    char author[64];
    switch (which) {
    case STRING_AUTHOR:
        study_author(study, row, author, sizeof author);
        buf_text(out, author);
        break;
    case STRING_TEXT:
        /* a text that its author took back is not kept */
        if (!(m->flags[row] & POST_DELETED))
            study_shown_text(study, row, out);
        break;
    case STRING_URL:
        if (study->config->plain_authors)
            buf_span(out, mention_table_string(m, row, STRING_URL));
        break;
    default:
        buf_span(out, mention_table_string(m, row, which));
        break;
    }
}
