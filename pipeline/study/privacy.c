/* What of a post may be shown: pseudonyms, masked handles, and the posts of the audit. */
#include "pipeline/study/study.h"

#include <stdio.h>

bool study_may_name(const struct study *study, struct span handle) {
    if (study->config->plain_authors)
        return true;
    for (size_t i = 0; i < study->config->brand_count; i++) {
        const struct brand *brand = &study->config->brands[i];
        for (size_t j = 0; j < brand->account_count; j++) {
            const char *known = brand->accounts[j].handle;
            if (known && strlen(known) == handle.len &&
                strncasecmp(known, handle.at, handle.len) == 0)
                return true;
        }
    }
    return false;
}

/* "u" and 12 letters of base 32: SHA-256(key || author hash), 60 bits. */
static void pseudonym(const struct study *study, uint64_t author_hash, char out[16]) {
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    unsigned char seed[DIGEST_SIZE + 8], sum[DIGEST_SIZE];
    memcpy(seed, study->key, DIGEST_SIZE);
    for (int i = 0; i < 8; i++)
        seed[DIGEST_SIZE + i] = (unsigned char)(author_hash >> (8 * i));
    digest_of((struct span){(const char *)seed, sizeof seed}, sum);
    out[0] = 'u';
    for (int i = 0; i < 12; i++)
        out[1 + i] = letters[sum[i] & 31];
    out[13] = 0;
}

void study_author(const struct study *study, size_t row, char *out, size_t size) {
    const struct mentions *m = &study->mentions;
    struct span author = mentions_text(&m->author, row);
    if (m->role[row] == ROLE_OWN || study_may_name(study, author)) {
        row_text(out, size, author.at, author.len);
    } else if (m->author_hash[row]) {
        char name[16];
        pseudonym(study, m->author_hash[row], name);
        row_text(out, size, name, strlen(name));
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

/* The end of an address that begins at `at`. */
static size_t address_end(struct span text, size_t at) {
    while (at < text.len && (unsigned char)text.at[at] > ' ' && !strchr("\"'<>()", text.at[at]))
        at++;
    return at;
}

void study_shown_text(const struct study *study, size_t row, struct buf *out) {
    struct span text = mentions_text(&study->mentions.text, row);
    if (study->config->plain_authors) {
        buf_span(out, text);
        return;
    }
    size_t copied = 0;
    for (size_t i = 0; i < text.len;) {
        size_t lead = lead_length(text, i), end = lead ? handle_end(text, i + lead) : 0;
        struct span handle = {text.at + i + lead, end > i + lead ? end - i - lead : 0};
        if (!handle.len || study_may_name(study, handle)) {
            i++;
            continue;
        }
        buf_add(out, text.at + copied, i + lead - copied);
        buf_text(out, "…");
        i = copied = lead > 2 ? address_end(text, end) : end;
    }
    buf_add(out, text.at + copied, text.len - copied);
}

enum status study_posts(struct study *study, struct fault *fault) {
    const struct mentions *m = &study->mentions;
    struct mentions *posts = &study->audit.posts;
    struct buf text;
    bool ok = true;
    study->audit.keep_posts = study->config->keep_text;
    buf_init(&text, 1 << 20);
    for (size_t row = 0; row < m->count && ok && study->audit.keep_posts; row++) {
        char author[64];
        struct mention shown = mentions_row(m, row);
        bool dropped = study->config->drop_deleted && (m->flags[row] & POST_DELETED);
        if (dropped || !in_span(study, row))
            continue;
        buf_clear(&text);
        /* a text that its author took back is not kept */
        if (!(m->flags[row] & POST_DELETED))
            study_shown_text(study, row, &text);
        study_author(study, row, author, sizeof author);
        shown.author = span_of(author);
        shown.text = buf_as_span(&text);
        if (!study->config->plain_authors)
            shown.url = (struct span){0};
        ok = mentions_append(posts, &shown) && !text.failed;
    }
    buf_release(&text);
    return ok ? STATUS_OK : fault_memory(fault);
}
