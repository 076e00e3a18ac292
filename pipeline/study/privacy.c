/* What of a post may be shown: pseudonyms instead of people, and texts without their handles. */
#include "pipeline/study/study.h"

#include "stages/mask/mask.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

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

enum { CODE_LETTERS = 12, CODE_BITS = 5, AHEAD = 8 };

/* 60 bits of SHA-256(key || what is named). */
static uint64_t keyed_code(const struct study *study, struct span first, struct span second) {
    unsigned char sum[DIGEST_SIZE];
    struct digest digest;
    struct fault fault;
    uint64_t code = 0;
    if (digest_init(&digest, &fault) != STATUS_OK)
        return 0;
    digest_add(&digest, (struct span){(const char *)study->key, DIGEST_SIZE});
    digest_add(&digest, first);
    digest_add(&digest, second);
    digest_peek(&digest, sum);
    digest_release(&digest);
    for (int i = 0; i < CODE_LETTERS; i++)
        code |= (uint64_t)(sum[i] & 31) << (CODE_BITS * i);
    return code;
}

static uint64_t pseudonym_code(const struct study *study, uint64_t author_hash) {
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(author_hash >> (8 * i));
    return keyed_code(study, (struct span){bytes, sizeof bytes}, (struct span){NULL, 0});
}

/* A kind's letter and 12 letters of base 32. */
static void write_code(uint64_t code, char kind, char out[CODE_LETTERS + 1]) {
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    out[0] = kind;
    for (int i = 0; i < CODE_LETTERS; i++)
        out[1 + i] = letters[code >> (CODE_BITS * i) & 31];
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
    const struct mention_table *m = &study->mentions;
    struct span author = mention_table_string(m, row, STRING_AUTHOR);
    if (m->role[row] == ROLE_OWN || public_handles_hold(&study->handles, author)) {
        row_text(out, size, author.at, author.len);
    } else if (m->author[row]) {
        uint32_t number = m->author[row];
        char name[CODE_LETTERS + 1];
        write_code(study->author_codes ? study->author_codes[number]
                                       : pseudonym_code(study, m->authors[number]),
                   'u', name);
        row_text(out, size, name, sizeof name);
    } else {
        row_text(out, size, "", 0);
    }
}

/* ---- ids, counts ---- */

/* The brand's own posts have no need to hide. */
static enum ids_shown ids_of(const struct study *study, size_t row, bool posts) {
    enum ids_shown ids = study->config->ids;
    if (ids == IDS_OF_POSTS)
        ids = posts || study->config->plain_authors ? IDS_KEEP : IDS_HASH;
    bool own = study->mentions.role[row] == ROLE_OWN;
    return ids == IDS_HASH && own ? IDS_KEEP : ids;
}

static void shown_id(const struct study *study, size_t row, bool posts, char *out, size_t size) {
    const struct mention_table *m = &study->mentions;
    struct span id = mention_table_string(m, row, STRING_ID);
    char code[CODE_LETTERS + 1];
    enum ids_shown ids = ids_of(study, row, posts);
    if (ids == IDS_HASH && id.len) {
        write_code(keyed_code(study, span_of(platform_name(m->platform[row])), id), 'p', code);
        id = (struct span){code, sizeof code};
    }
    row_text(out, size, id.at, ids == IDS_DROP ? 0 : id.len);
}

void study_post_id(const struct study *study, size_t row, char *out, size_t size) {
    shown_id(study, row, false, out, size);
}

int64_t study_followers(const struct study *study, int64_t followers) {
    int64_t class = 1;
    if (study->config->plain_authors || followers < 1)
        return followers;
    while (class <= followers / 10)
        class *= 10;
    return class;
}

int64_t study_smallest_shown(const struct study *study) {
    return study->config->plain_authors ? 1 : study->config->smallest_cell;
}

/* The columns of care and journeys that count persons. */
static const struct {
    enum table_id table;
    const char *columns; /* names between blanks */
} person_counts[] = {
    {TABLE_RESPONSE, " customers "},
    {TABLE_TOUCHPOINTS, " authors "},
    {TABLE_TRANSITIONS, " authors "},
    {TABLE_OUTCOMES, " answered_n answered_yes unanswered_n unanswered_yes early "},
    {TABLE_JOURNEY, " authors reach_aware reach_appeal reach_ask reach_act reach_advocate asked "
                    "asked_then_acted actors advocates detractors "}};

static void hide_small(struct audit_table *table, const struct table_layout *layout,
                       const char *columns, int64_t least) {
    char name[80];
    for (size_t c = 0; c < layout->column_count; c++) {
        const struct column *column = &layout->columns[c];
        snprintf(name, sizeof name, " %s ", column->name);
        for (size_t i = 0; strstr(columns, name) && i < table->count; i++) {
            char *row = (char *)table->rows + i * layout->row_size;
            int32_t *count = (int32_t *)(void *)(row + column->offset);
            *count = *count > 0 && *count < least ? -1 : *count;
        }
    }
}

int32_t study_shown_cell(const struct study *study, int64_t count) {
    return count && count < study_smallest_shown(study) ? -1 : (int32_t)count;
}

enum status study_smallest_cell(struct study *study, struct fault *fault) {
    int64_t least = study_smallest_shown(study);
    (void)fault;
    for (size_t i = 0;
         study->config->cells_of_care && i < sizeof person_counts / sizeof *person_counts; i++)
        hide_small(&study->audit.tables[person_counts[i].table],
                   &table_layouts[person_counts[i].table], person_counts[i].columns, least);
    for (int i = 0; i < GRID_COUNT; i++) {
        struct grid *grid = &study->audit.grids[i];
        for (size_t k = 0; k < grid->times * study->config->brand_count; k++)
            if (grid->points[k].authors && grid->points[k].authors < least)
                grid->points[k].authors = -1;
    }
    return STATUS_OK;
}

/* ---- channels ---- */

/* "reddit/u_jan" is jan's page; where it begins in the channel's name. 0: it is none. */
static size_t own_page(struct span name) {
    static const char *const leads[] = {"u_", "u/", "user/", "/u/", "@"};
    const char *slash = memchr(name.at, '/', name.len);
    if (!slash)
        return 0;
    struct span channel = {slash + 1, name.len - (size_t)(slash + 1 - name.at)};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (channel.len > strlen(leads[i]) &&
            strncasecmp(channel.at, leads[i], strlen(leads[i])) == 0)
            return name.len - channel.len + strlen(leads[i]);
    return 0;
}

/* Where in each channel's name a person's begins: pages by their form, what is called as an author
 * of its posts is, and private chats, which are called as whom they are with. */
static void find_persons(const struct study *study, uint32_t *person) {
    const struct mention_table *m = &study->mentions;
    for (uint32_t i = 0; i < m->channels.count; i++)
        person[i] = (uint32_t)own_page(m->channels.names[i]);
    for (size_t row = 0; row < m->count; row++) {
        if (row + AHEAD < m->count)
            mention_table_expect(m, row + AHEAD);
        struct span name = m->channels.names[m->channel[row]];
        size_t platform = strlen(platform_name(m->platform[row])) + 1;
        struct span author = mention_table_string(m, row, STRING_AUTHOR);
        bool own = author.len && name.len == platform + author.len &&
                   memcmp(name.at + platform, author.at, author.len) == 0;
        bool chat =
            m->flags[row] & POST_PRIVATE && name.len > platform && !span_ends(name, "/private");
        if (!person[m->channel[row]] && (own || chat))
            person[m->channel[row]] = (uint32_t)platform;
    }
}

/* The channel under its owner's pseudonym; NULL when out of memory. */
static const char *name_channel(struct study *study, struct span name, size_t person) {
    const char *slash = memchr(name.at, '/', name.len);
    struct span owner = {name.at + person, name.len - person};
    enum platform platform = platform_find((struct span){name.at, (size_t)(slash - name.at)});
    struct buf shown;
    char code[CODE_LETTERS + 1];
    write_code(pseudonym_code(study, platform_key(platform, owner)), 'u', code);
    buf_init(&shown, 1024);
    buf_add(&shown, name.at, person);
    buf_add(&shown, code, sizeof code);
    const char *copy = arena_copy(&study->channel_names, buf_as_span(&shown)).at;
    buf_release(&shown);
    return copy;
}

/* Parts of a file's name that are a person's get pseudonyms: the same part the same. */
static void show_label(const struct study *study, char *label, size_t size) {
    char code[CODE_LETTERS + 1], shown[1024];
    size_t len = 0;
    struct span rest = span_of(label), part;
    while ((part = mask_label_person(rest)).len) {
        size_t before = (size_t)(part.at - rest.at);
        write_code(keyed_code(study, SPAN_LITERAL("label"), part), 'u', code);
        len += (size_t)snprintf(shown + len, sizeof shown - len, "%.*s%.*s", (int)before, rest.at,
                                (int)sizeof code, code);
        rest = (struct span){part.at + part.len, rest.len - before - part.len};
        if (len + rest.len + sizeof code >= sizeof shown)
            break;
    }
    if (!len)
        return;
    snprintf(shown + len, sizeof shown - len, "%.*s", (int)rest.len, rest.at);
    row_text(label, size, shown, strlen(shown));
}

/* Of what nothing could read, messages quote the beginning, which may name anybody; so may the
 * first row of a table, unless a column was understood: then it is its header. */
static void cut_quote(char *note, size_t size) {
    char *head = strstr(note, " (it begins with "),
         *columns = strstr(note, " Its columns, as understood: ");
    if (columns && !strstr(columns, " = "))
        head = columns;
    if (head)
        memset(head, 0, size - (size_t)(head - note));
}

static void show_labels(struct study *study) {
    const struct audit_table *table = &study->audit.tables[TABLE_INPUTS];
    struct input_row *inputs = table->rows;
    for (size_t i = 0; i < table->count; i++) {
        show_label(study, inputs[i].input, sizeof inputs[i].input);
        cut_quote(inputs[i].note, sizeof inputs[i].note);
        show_label(study, inputs[i].note, sizeof inputs[i].note);
    }
    struct reject_row *rejects = study->audit.tables[TABLE_REJECTS].rows;
    for (size_t i = 0; i < study->audit.tables[TABLE_REJECTS].count; i++)
        show_label(study, rejects[i].input, sizeof rejects[i].input);
}

enum status study_name_channels(struct study *study, struct fault *fault) {
    struct symbols *channels = &study->mentions.channels, *counted = &study->tally.channels;
    uint32_t *person = calloc(channels->count + 1, sizeof *person);
    bool ok = person != NULL;
    if (ok && !study->config->plain_authors) {
        find_persons(study, person);
        show_labels(study);
    }
    for (uint32_t i = 0; ok && i < channels->count; i++) {
        struct span name = channels->names[i];
        if (!person[i] || public_handles_hold(&study->handles, (struct span){name.at + person[i],
                                                                             name.len - person[i]}))
            continue;
        uint32_t also = symbols_find(counted, name);
        const char *shown = name_channel(study, name, person[i]);
        ok = shown != NULL;
        channels->names[i] = span_of(shown);
        if (also != SYMBOL_NONE)
            counted->names[also] = channels->names[i];
    }
    free(person);
    return ok ? STATUS_OK : fault_memory(fault);
}

void study_shown_text(const struct study *study, size_t row, struct buf *out) {
    struct span text = mention_table_string(&study->mentions, row, STRING_TEXT);
    if (study->config->plain_authors)
        buf_span(out, text);
    else
        mask_text(text, &study->handles, out);
}

void study_shown_string(const struct study *study, size_t row, enum mention_string which,
                        struct buf *out) {
    const struct mention_table *m = &study->mentions;
    char shown[256];
    switch (which) {
    case STRING_AUTHOR:
        study_author(study, row, shown, sizeof shown);
        buf_text(out, shown);
        break;
    case STRING_TEXT:
        /* a text that its author took back is not kept, nor one that was said in private, unless
         * somebody asks for those */
        if (!(m->flags[row] & POST_DELETED) &&
            (!(m->flags[row] & POST_PRIVATE) || study->config->private_messages == PRIVATE_ON))
            study_shown_text(study, row, out);
        break;
    case STRING_URL:
        if (study->config->plain_authors)
            buf_span(out, mention_table_string(m, row, STRING_URL));
        break;
    default:
        if (ids_of(study, row, true) == IDS_KEEP) {
            buf_span(out, mention_table_string(m, row, STRING_ID)); /* however long */
            break;
        }
        shown_id(study, row, true, shown, sizeof shown);
        buf_text(out, shown);
        break;
    }
}
