#include "pipeline/config.h"

#include "stages/common/files.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- reading ---- */

/* What a reader of one key needs. */
struct reader {
    struct config *config;
    struct span text;
    const char *name; /* of the file */
    struct fault *fault;
};

static enum status bad(const struct reader *r, const char *path, const char *what) {
    int line = json_line(r->text, path);
    return fault_set(r->fault, STATUS_FATAL, EXIT_DATA, "%s:%d: \"%s\" %s", r->name,
                     line ? line : 1, path, what);
}

static enum status want_text(const struct reader *r, const char *path, json_t *value,
                             const char **out) {
    if (!json_is_string(value))
        return bad(r, path, "must be a text in quotes");
    *out = config_keep(r->config, json_string_value(value));
    return *out ? STATUS_OK : fault_memory(r->fault);
}

static enum status want_bool(const struct reader *r, const char *path, json_t *value, bool *out) {
    if (!json_is_boolean(value))
        return bad(r, path, "must be true or false");
    *out = json_is_true(value);
    return STATUS_OK;
}

/* One of two words; *second says which. */
static enum status want_choice(const struct reader *r, const char *path, json_t *value,
                               const char *first_word, const char *second_word, bool *second) {
    const char *text = json_string_value(value);
    char what[120];
    snprintf(what, sizeof what, "must be \"%s\" or \"%s\"", first_word, second_word);
    if (!text || (strcmp(text, first_word) != 0 && strcmp(text, second_word) != 0))
        return bad(r, path, what);
    *second = strcmp(text, second_word) == 0;
    return STATUS_OK;
}

typedef enum status read_key(const struct reader *r, const char *path, json_t *value, size_t index);

struct key {
    const char *name;
    read_key *read;
};

/* Reads an object by a table of keys; an unknown key is an error that lists the known ones. */
static enum status read_object(const struct reader *r, const char *path, json_t *object,
                               const struct key *keys, size_t index) {
    const char *name;
    json_t *value;
    char where[400], what[400] = "is not a known key; known here:";
    if (!json_is_object(object))
        return bad(r, path, "must be an object in { }");
    json_object_foreach(object, name, value) {
        const struct key *key = keys;
        while (key->name && strcmp(key->name, name) != 0)
            key++;
        snprintf(where, sizeof where, "%s%s%s", path, path[0] ? "." : "", name);
        if (!key->name) {
            for (key = keys; key->name; key++)
                snprintf(what + strlen(what), sizeof what - strlen(what), " %s", key->name);
            return bad(r, where, what);
        }
        enum status status = key->read(r, where, value, index);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* -- brands -- */

static struct brand_account *last_account(const struct reader *r, size_t brand) {
    struct brand *b = &r->config->brands[brand];
    return (struct brand_account *)&b->accounts[b->account_count - 1];
}

static enum status read_account_platform(const struct reader *r, const char *path, json_t *value,
                                         size_t brand) {
    const char *text;
    enum status status = want_text(r, path, value, &text);
    if (status != STATUS_OK)
        return status;
    enum platform platform = platform_find(span_of(text));
    if (platform == PLATFORM_COUNT)
        return bad(r, path, "is no platform that burza knows (twitter, reddit, facebook, ...)");
    last_account(r, brand)->platform = platform;
    return STATUS_OK;
}

static enum status read_account_id(const struct reader *r, const char *path, json_t *value,
                                   size_t brand) {
    if (json_is_integer(value))
        return bad(r, path, "must be in quotes: ids are texts, long numbers would be rounded");
    return want_text(r, path, value, &last_account(r, brand)->id);
}

static enum status read_account_handle(const struct reader *r, const char *path, json_t *value,
                                       size_t brand) {
    enum status status = want_text(r, path, value, &last_account(r, brand)->handle);
    if (status == STATUS_OK && last_account(r, brand)->handle[0] == '@')
        last_account(r, brand)->handle++;
    return status;
}

static enum status read_accounts(const struct reader *r, const char *path, json_t *value,
                                 size_t brand) {
    static const struct key keys[] = {{"platform", read_account_platform},
                                      {"id", read_account_id},
                                      {"handle", read_account_handle},
                                      {0}};
    struct brand *b = &r->config->brands[brand];
    if (!json_is_array(value))
        return bad(r, path, "must be a list in [ ]");
    b->accounts = calloc(json_array_size(value) + 1, sizeof *b->accounts);
    if (!b->accounts)
        return fault_memory(r->fault);
    for (size_t i = 0; i < json_array_size(value); i++) {
        char where[400];
        snprintf(where, sizeof where, "%s[%zu]", path, i);
        b->account_count++;
        last_account(r, brand)->platform = PLATFORM_COUNT;
        enum status status = read_object(r, where, json_array_get(value, i), keys, brand);
        if (status != STATUS_OK)
            return status;
        if (!last_account(r, brand)->id && !last_account(r, brand)->handle)
            return bad(r, where, "needs an \"id\" or a \"handle\"");
    }
    return STATUS_OK;
}

static enum status read_brand_id(const struct reader *r, const char *path, json_t *v, size_t i) {
    return want_text(r, path, v, &r->config->brands[i].id);
}

static enum status read_brand_name(const struct reader *r, const char *path, json_t *v, size_t i) {
    return want_text(r, path, v, &r->config->brands[i].name);
}

static enum status read_brand_query(const struct reader *r, const char *path, json_t *v, size_t i) {
    return want_text(r, path, v, &r->config->brands[i].query);
}

static enum status read_brand_inflect(const struct reader *r, const char *path, json_t *v,
                                      size_t i) {
    return want_bool(r, path, v, &r->config->brands[i].inflect);
}

static enum status read_brand_context(const struct reader *r, const char *path, json_t *v,
                                      size_t i) {
    return want_choice(r, path, v, "none", "thread", &r->config->brands[i].thread);
}

static enum status check_brand(const struct reader *r, const char *path, size_t index) {
    const struct brand *brand = &r->config->brands[index];
    if (!brand->id || !brand->id[0])
        return bad(r, path, "needs an \"id\"");
    if (strlen(brand->id) > 63)
        return bad(r, path, "has an \"id\" longer than 63 bytes");
    for (size_t i = 0; i < index; i++)
        if (strcmp(r->config->brands[i].id, brand->id) == 0)
            return bad(r, path, "has an \"id\" that another brand has already");
    if (!brand->query)
        return bad(r, path, "needs a \"query\", for example \"norvia OR \\\"norvia polska\\\"\"");
    return STATUS_OK;
}

static enum status read_brands(const struct reader *r, const char *path, json_t *value,
                               size_t index) {
    static const struct key keys[] = {{"id", read_brand_id},
                                      {"name", read_brand_name},
                                      {"query", read_brand_query},
                                      {"inflect", read_brand_inflect},
                                      {"context", read_brand_context},
                                      {"accounts", read_accounts},
                                      {0}};
    (void)index;
    if (!json_is_array(value))
        return bad(r, path, "must be a list in [ ]");
    if (json_array_size(value) > BRANDS_MAX)
        return bad(r, path, "has more than 10,000 brands");
    for (size_t i = 0; i < json_array_size(value); i++) {
        char where[400];
        snprintf(where, sizeof where, "%s[%zu]", path, i);
        if (!config_new_brand(r->config))
            return fault_memory(r->fault);
        size_t at = r->config->brand_count - 1;
        enum status status = read_object(r, where, json_array_get(value, i), keys, at);
        if (status == STATUS_OK)
            status = check_brand(r, where, at);
        if (status != STATUS_OK)
            return status;
        if (!r->config->brands[at].name)
            r->config->brands[at].name = r->config->brands[at].id;
    }
    return STATUS_OK;
}

/* -- the rest -- */

static enum status read_timezone(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->timezone);
}

static enum status read_bucket(const struct reader *r, const char *path, json_t *v, size_t i) {
    static const struct {
        const char *name;
        int32_t seconds;
    } buckets[] = {{"5min", 300},   {"10min", 600}, {"15min", 900}, {"20min", 1200},
                   {"30min", 1800}, {"1h", 3600},   {"hour", 3600}};
    int64_t seconds = json_integer_value(v);
    (void)i;
    for (size_t k = 0; k < sizeof buckets / sizeof *buckets; k++)
        if (json_is_string(v) && strcmp(json_string_value(v), buckets[k].name) == 0)
            seconds = buckets[k].seconds;
    if (seconds < 300 || seconds > 3600 || 3600 % seconds != 0)
        return bad(r, path, "must be 5min, 10min, 15min, 20min, 30min or 1h");
    r->config->bucket_s = (int32_t)seconds;
    return STATUS_OK;
}

static enum status read_false_alarms(const struct reader *r, const char *path, json_t *v,
                                     size_t i) {
    (void)i;
    double number = json_number_value(v);
    if (!json_is_number(v) || !(number >= 0.05 && number <= 100))
        return bad(r, path, "must be a number from 0.05 to 100 (false alarms per brand and month)");
    r->config->detection.false_alarms_per_month = number;
    return STATUS_OK;
}

static enum status read_detection(const struct reader *r, const char *path, json_t *v, size_t i) {
    static const struct key keys[] = {{"false_alarms_per_month", read_false_alarms}, {0}};
    return read_object(r, path, v, keys, i);
}

static enum status read_authors(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_choice(r, path, v, "pseudonym", "plain", &r->config->plain_authors);
}

static enum status read_text(const struct reader *r, const char *path, json_t *v, size_t i) {
    bool drop;
    (void)i;
    enum status status = want_choice(r, path, v, "keep", "drop", &drop);
    if (status == STATUS_OK)
        r->config->keep_text = !drop;
    return status;
}

static enum status read_deleted(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_choice(r, path, v, "count", "drop", &r->config->drop_deleted);
}

static enum status read_key_file(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->key_file);
}

static enum status read_privacy(const struct reader *r, const char *path, json_t *v, size_t i) {
    static const struct key keys[] = {{"authors", read_authors},
                                      {"text", read_text},
                                      {"deleted", read_deleted},
                                      {"key_file", read_key_file},
                                      {0}};
    return read_object(r, path, v, keys, i);
}

static enum status read_engine(const struct reader *r, const char *path, json_t *v, size_t i) {
    bool rules;
    (void)i;
    enum status status = want_choice(r, path, v, "hybrid", "rules", &rules);
    if (status == STATUS_OK)
        r->config->engine = rules ? ENGINE_RULES : ENGINE_HYBRID;
    return status;
}

static enum status read_lexicons(const struct reader *r, const char *path, json_t *v, size_t i) {
    size_t index;
    json_t *item;
    enum status status = STATUS_OK;
    (void)i;
    if (!json_is_array(v))
        return bad(r, path, "must be a list of paths in [ ]");
    json_array_foreach(v, index, item) {
        if (!json_is_string(item))
            return bad(r, path, "must be a list of paths in [ ]");
        if ((status = config_lexicon(r->config, json_string_value(item), r->fault)) != STATUS_OK)
            return status;
    }
    return status;
}

static enum status read_naive_zone(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->naive_timezone);
}

static enum status read_day_first(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_bool(r, path, v, &r->config->day_first);
}

static enum status read_since(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->since);
}

static enum status read_until(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->until);
}

static enum status read_mapping(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->mapping_path);
}

static enum status read_mapping_digest(const struct reader *r, const char *path, json_t *v,
                                       size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->mapping_digest);
}

static enum status read_format(const struct reader *r, const char *path, json_t *v, size_t i) {
    (void)i;
    return want_text(r, path, v, &r->config->input_format);
}

static enum status read_input(const struct reader *r, const char *path, json_t *v, size_t i) {
    static const struct key keys[] = {
        {"timezone", read_naive_zone}, {"day_first", read_day_first},
        {"since", read_since},         {"until", read_until},
        {"mapping", read_mapping},     {"mapping_sha256", read_mapping_digest},
        {"format", read_format},       {0}};
    return read_object(r, path, v, keys, i);
}

enum status config_parse(struct config *config, struct span text, const char *name,
                         struct fault *fault) {
    static const struct key keys[] = {
        {"brands", read_brands},       {"timezone", read_timezone}, {"bucket", read_bucket},
        {"detection", read_detection}, {"privacy", read_privacy},   {"engine", read_engine},
        {"lexicons", read_lexicons},   {"input", read_input},       {0}};
    json_error_t error;
    struct reader reader = {config, text, name, fault};
    json_t *root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "%s:%d: column %d: %s", name, error.line,
                         error.column, error.text);
    enum status status = read_object(&reader, "", root, keys, 0);
    json_decref(root);
    return status;
}

enum status config_read(struct config *config, const char *path, struct fault *fault) {
    struct buf text;
    buf_init(&text, CONFIG_MAX_BYTES);
    enum status status = file_read(path, &text, fault);
    if (status == STATUS_OK)
        status = config_parse(config, buf_as_span(&text), path, fault);
    buf_release(&text);
    return status;
}
