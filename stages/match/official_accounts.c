/* Official accounts: whose posts are the brand's own voice, and to whom others turn. */
#include "stages/match/query.h"

#include <stdlib.h>

/* Of length, first, middle and last byte, of handles and ids alike: a cheap test that nearly every
 * author fails. */
static unsigned account_mark(struct span name) {
    uint32_t bytes = (uint32_t)(name.at[0] & 0x1F) | (uint32_t)(name.at[name.len / 2] & 0x1F) << 5 |
                     (uint32_t)(name.at[name.len - 1] & 0x1F) << 10 | (uint32_t)name.len << 15;
    return bytes * UINT32_C(0x9E3779B1) >> 20;
}

static bool is_marked(const struct query_set *set, struct span name) {
    unsigned mark = account_mark(name);
    return set->account_marks[mark / 64] >> mark % 64 & 1;
}

static struct span bare_name(struct span name, bool is_id) {
    if (!is_id && name.len && name.at[0] == '@')
        name = (struct span){name.at + 1, name.len - 1};
    return name;
}

/* A handle without @ and in lower case, an id as it is; false when it is empty or too long. */
static bool fold_name(struct span name, bool is_id, char *out, struct span *folded) {
    name = bare_name(name, is_id);
    if (name.len == 0 || name.len > ACCOUNT_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        bool upper = !is_id && name.at[i] >= 'A' && name.at[i] <= 'Z';
        out[i] = (char)(upper ? name.at[i] + 32 : name.at[i]);
    }
    *folded = (struct span){out, name.len};
    return true;
}

static int by_hash(const void *left, const void *right) {
    const struct account *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->brand > b->brand) - (a->brand < b->brand);
}

static enum status add_account(struct query_set *set, uint16_t brand, uint8_t platform,
                               const char *name, bool is_id, struct fault *fault) {
    char bytes[ACCOUNT_NAME_MAX];
    struct span folded;
    if (!name || !fold_name(span_of(name), is_id, bytes, &folded))
        return STATUS_OK;
    struct account *account = &set->accounts[set->account_count];
    *account = (struct account){.hash = token_hash(folded), .brand = brand, .is_id = is_id};
    account->platform = platform;
    unsigned mark = account_mark(folded);
    set->account_marks[mark / 64] |= UINT64_C(1) << mark % 64;
    account->text_len = (uint16_t)folded.len;
    if (!is_id)
        set->handle_lengths[folded.len / 64] |= UINT64_C(1) << folded.len % 64;
    set->account_count++;
    return query_keep(set, folded, &account->text, fault);
}

enum status accounts_index(struct query_set *set, const struct brand *brands, size_t count,
                           struct fault *fault) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += brands[i].account_count * 2;
    if (total == 0)
        return STATUS_OK;
    set->accounts = calloc(total, sizeof *set->accounts);
    if (!set->accounts)
        return fault_memory(fault);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < brands[i].account_count; j++) {
            const struct brand_account *account = &brands[i].accounts[j];
            uint8_t platform = (uint8_t)account->platform;
            enum status status = add_account(set, (uint16_t)i, platform, account->id, true, fault);
            if (status == STATUS_OK)
                status = add_account(set, (uint16_t)i, platform, account->handle, false, fault);
            if (status != STATUS_OK)
                return status;
        }
    }
    qsort(set->accounts, set->account_count, sizeof *set->accounts, by_hash);
    return STATUS_OK;
}

static uint32_t lower_bound(const struct query_set *set, uint64_t hash) {
    uint32_t low = 0, high = set->account_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->accounts[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A post that is searched for the names of accounts. */
struct search {
    const struct query_set *set;
    const struct post *post;
    account_visit *visit;
    void *context;
};

static void find_name(const struct search *search, struct span name, bool is_id,
                      enum address address) {
    const struct query_set *set = search->set;
    char bytes[ACCOUNT_NAME_MAX];
    struct span folded, bare = bare_name(name, is_id);
    if (bare.len == 0 || !is_marked(set, bare) || !fold_name(name, is_id, bytes, &folded))
        return;
    uint64_t hash = token_hash(folded);
    for (uint32_t i = lower_bound(set, hash); i < set->account_count; i++) {
        const struct account *account = &set->accounts[i];
        if (account->hash != hash)
            return;
        bool here =
            account->platform == PLATFORM_COUNT || account->platform == search->post->platform;
        if (here && account->is_id == is_id &&
            span_equal(query_string(set, account->text, account->text_len), folded))
            search->visit(account->brand, address, search->context);
    }
}

/* ---- @handles in a text ---- */

static bool is_handle_byte(unsigned char byte) {
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte == '_';
}

/* Whether `text` begins with a letter beyond ASCII rather than with a mark or a pictograph. */
static bool is_letter(struct span text) {
    char plain[TEXT_PLAIN_CHAR_MAX];
    uint32_t codepoint;
    text_next_char(text, &codepoint);
    return text_plain_char(codepoint, plain) > 0;
}

/* Whether a letter, digit, _ or @ ends right before text.at[at]: no handle begins there. */
static bool follows_word(struct span text, size_t at) {
    if (at == 0)
        return false;
    unsigned char byte = (unsigned char)text.at[at - 1];
    if (byte < 0x80)
        return is_handle_byte(byte) || byte == '@';
    size_t from = at - 1;
    while (from > 0 && at - from < 4 && ((unsigned char)text.at[from] & 0xC0) == 0x80)
        from--;
    return is_letter((struct span){text.at + from, at - from});
}

/* Whether the name goes on at text.at[at]. */
static bool precedes_word(struct span text, size_t at) {
    if (at >= text.len)
        return false;
    unsigned char byte = (unsigned char)text.at[at];
    return byte < 0x80 ? is_handle_byte(byte)
                       : is_letter((struct span){text.at + at, text.len - at});
}

static void find_handles(const struct search *search) {
    const uint64_t *lengths = search->set->handle_lengths;
    struct span text = search->post->text;
    if (text.len > TEXT_MAX_BYTES)
        text.len = TEXT_MAX_BYTES;
    for (size_t from = 0; from < text.len;) {
        const char *sign = memchr(text.at + from, '@', text.len - from);
        if (!sign)
            return;
        from = (size_t)(sign - text.at) + 1;
        if (follows_word(text, from - 1))
            continue;
        /* what may be a handle here is as long as some account's */
        for (size_t i = 0; i < sizeof search->set->handle_lengths / sizeof *lengths; i++)
            for (uint64_t left = lengths[i]; left; left &= left - 1) {
                size_t len = i * 64 + (size_t)__builtin_ctzll(left);
                if (len <= text.len - from && !precedes_word(text, from + len))
                    find_name(search, (struct span){text.at + from, len}, false, ADDRESS_HANDLE);
            }
    }
}

/* A name that may be an id or a handle. */
static void find_either(const struct search *search, struct span name, enum address address) {
    if (!name.len || (name.at[0] != '@' && !is_marked(search->set, name)))
        return;
    find_name(search, name, true, address);
    find_name(search, name, false, address);
}

void accounts_find(const struct query_set *set, const struct post *post, account_visit *visit,
                   void *context) {
    const struct search search = {set, post, visit, context};
    if (set->account_count == 0)
        return;
    if (post->author_id.at == post->author_handle.at) {
        find_either(&search, post->author_handle, ADDRESS_NONE);
    } else {
        find_name(&search, post->author_id, true, ADDRESS_NONE);
        find_name(&search, post->author_handle, false, ADDRESS_NONE);
    }
    if (post->kind == POST_REPOST)
        return;
    if (post->reply_to_author_id.len) {
        find_name(&search, post->reply_to_author_id, true, ADDRESS_REPLY);
        find_name(&search, post->reply_to_author_handle, false, ADDRESS_REPLY);
    } else {
        find_either(&search, post->reply_to_author_handle, ADDRESS_REPLY);
    }
    for (struct span rest = post->participants; rest.len;) {
        const char *stop = memchr(rest.at, '\n', rest.len);
        size_t len = stop ? (size_t)(stop - rest.at) : rest.len;
        find_either(&search, (struct span){rest.at, len}, ADDRESS_REPLY);
        rest = (struct span){rest.at + len + (stop != NULL), rest.len - len - (stop != NULL)};
    }
    find_either(&search, post->channel, ADDRESS_CHANNEL);
    find_handles(&search);
}
