/* What of a post may be shown: pseudonyms, masked handles, and the posts of the audit. */
#include "pipeline/study/study.h"

#include <stdio.h>
#include <stdlib.h>

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
    const struct ledger *m = &study->ledger;
    struct span author = ledger_string(m, row, LEDGER_AUTHOR);
    if (m->role[row] == ROLE_OWN || study_may_name(study, author)) {
        row_text(out, size, author.at, author.len);
    } else if (m->author[row]) {
        char name[16];
        pseudonym(study, m->authors[m->author[row]], name);
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
    struct span text = ledger_string(&study->ledger, row, LEDGER_TEXT);
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

static void show(const void *context, size_t row, enum ledger_string which, struct buf *out) {
    const struct study *study = context;
    const struct ledger *m = &study->ledger;
    char author[64];
    switch (which) {
    case LEDGER_AUTHOR:
        study_author(study, row, author, sizeof author);
        buf_text(out, author);
        break;
    case LEDGER_TEXT:
        /* a text that its author took back is not kept */
        if (!(m->flags[row] & POST_DELETED))
            study_shown_text(study, row, out);
        break;
    case LEDGER_URL:
        if (study->config->plain_authors)
            buf_span(out, ledger_string(m, row, LEDGER_URL));
        break;
    default:
        buf_span(out, ledger_string(m, row, which));
        break;
    }
}

/* Channels get numbers in the order in which the kept posts name them. */
static bool number_channels(struct ledger *m, const uint32_t *rows, size_t count) {
    struct symbols names = {0};
    uint32_t *number = malloc((m->channels.count + 1) * sizeof *number);
    bool ok = number != NULL;
    if (ok)
        memset(number, 0xFF, (m->channels.count + 1) * sizeof *number);
    for (size_t i = 0; ok && i < count; i++) {
        uint32_t *to = &number[m->channel[rows[i]]];
        if (*to == SYMBOL_NONE)
            *to = symbols_intern(&names, m->channels.names[m->channel[rows[i]]]);
        ok = *to != SYMBOL_NONE;
        m->channel[rows[i]] = *to;
    }
    free(number);
    symbols_release(&m->channels);
    m->channels = names;
    return ok;
}

/* What only the steps before needed. */
static void forget_steps(struct study *study) {
    free(study->listed);
    study->listed = NULL;
    free(study->ledger.text_hash);
    study->ledger.text_hash = NULL;
}

enum status study_posts(struct study *study, struct fault *fault) {
    struct ledger *m = &study->ledger;
    size_t count = 0;
    if (!study->config->keep_text)
        return STATUS_OK;
    forget_steps(study);
    study->posts = malloc((m->count + 1) * sizeof *study->posts);
    for (size_t row = 0; study->posts && row < m->count; row++) {
        bool dropped = study->config->drop_deleted && (m->flags[row] & POST_DELETED);
        if (!dropped && in_span(study, row))
            study->posts[count++] = (uint32_t)row;
    }
    if (!study->posts || !number_channels(m, study->posts, count))
        return fault_memory(fault);
    study->audit.source = (struct post_source){
        .ledger = m, .rows = study->posts, .count = count, .show = show, .context = study};
    return STATUS_OK;
}
