/* The configuration file: tables of known keys, each with the place of its value. */
#include "pipeline/config.h"

#include "pipeline/config_care.h"

#include "stages/common/files.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* What all keys of one file share. */
struct config_source {
    struct config *config;
    struct span text;
    const char *name; /* of the file */
    struct fault *fault;
};

/* A known key of an object, and where its value goes in the struct that the object describes. */
struct key {
    const char *name;
    enum { KEY_TEXT, KEY_BOOL, KEY_CHOICE, KEY_OBJECT, KEY_OTHER } type;
    size_t offset;          /* of a const char * or a bool; not for objects and others */
    const char *choice[2];  /* the words for false and true */
    const struct key *keys; /* of an object that describes the same struct */
    enum status (*read)(const struct config_source *source, const char *path, json_t *value,
                        void *into);
};
#define KEYS_END                                                                                   \
    { NULL, KEY_OTHER, 0, {NULL, NULL}, NULL, NULL }
#define TEXT_KEY(name, type, field)                                                                \
    { name, KEY_TEXT, offsetof(type, field), {NULL, NULL}, NULL, NULL }
#define BOOL_KEY(name, type, field)                                                                \
    { name, KEY_BOOL, offsetof(type, field), {NULL, NULL}, NULL, NULL }
#define CHOICE_KEY(name, type, field, no, yes)                                                     \
    { name, KEY_CHOICE, offsetof(type, field), {no, yes}, NULL, NULL }
#define OBJECT_KEY(name, keys)                                                                     \
    { name, KEY_OBJECT, 0, {NULL, NULL}, keys, NULL }
#define OTHER_KEY(name, read)                                                                      \
    { name, KEY_OTHER, 0, {NULL, NULL}, NULL, read }

static enum status bad(const struct config_source *source, const char *path, const char *what) {
    int line = json_line(source->text, path);
    return fault_set(source->fault, STATUS_FATAL, EXIT_DATA, "%s:%d: \"%s\" %s", source->name,
                     line ? line : 1, path, what);
}

static enum status want_text(const struct config_source *source, const char *path, json_t *value,
                             const char **out) {
    if (!json_is_string(value))
        return bad(source, path, "must be a text in quotes");
    *out = config_keep(source->config, json_string_value(value));
    return *out ? STATUS_OK : fault_memory(source->fault);
}

/* One of two words. */
static enum status want_choice(const struct config_source *source, const char *path, json_t *value,
                               const char *const choice[2], bool *out) {
    const char *text = json_string_value(value);
    char what[120];
    snprintf(what, sizeof what, "must be \"%s\" or \"%s\"", choice[0], choice[1]);
    if (!text || (strcmp(text, choice[0]) != 0 && strcmp(text, choice[1]) != 0))
        return bad(source, path, what);
    *out = strcmp(text, choice[1]) == 0;
    return STATUS_OK;
}

/* Reads an object by a table of keys; an unknown key is an error that lists the known ones. */
static enum status read_object(const struct config_source *source, const char *path, json_t *object,
                               const struct key *keys, void *into);

static enum status read_key(const struct config_source *source, const char *path, json_t *value,
                            const struct key *key, void *into) {
    char *place = (char *)into + key->offset;
    switch (key->type) {
    case KEY_TEXT:
        return want_text(source, path, value, (const char **)place);
    case KEY_BOOL:
        if (!json_is_boolean(value))
            return bad(source, path, "must be true or false");
        *(bool *)place = json_is_true(value);
        return STATUS_OK;
    case KEY_CHOICE:
        return want_choice(source, path, value, key->choice, (bool *)place);
    case KEY_OBJECT:
        return read_object(source, path, value, key->keys, into);
    default:
        return key->read(source, path, value, into);
    }
}

static enum status read_object(const struct config_source *source, const char *path, json_t *object,
                               const struct key *keys, void *into) {
    const char *name;
    json_t *value;
    char where[400], what[400] = "is not a known key; known here:";
    if (!json_is_object(object))
        return bad(source, path, "must be an object in { }");
    json_object_foreach(object, name, value) {
        const struct key *key = keys;
        while (key->name && strcmp(key->name, name) != 0)
            key++;
        snprintf(where, sizeof where, "%s%s%s", path, path[0] ? "." : "", name);
        if (!key->name) {
            for (key = keys; key->name; key++)
                snprintf(what + strlen(what), sizeof what - strlen(what), " %s", key->name);
            return bad(source, where, what);
        }
        enum status status = read_key(source, where, value, key, into);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* -- brands -- */

static enum status read_account_platform(const struct config_source *source, const char *path,
                                         json_t *value, void *into) {
    struct brand_account *account = into;
    const char *text;
    enum status status = want_text(source, path, value, &text);
    if (status != STATUS_OK)
        return status;
    account->platform = platform_find(span_of(text));
    if (account->platform == PLATFORM_COUNT)
        return bad(source, path,
                   "is no platform that burza knows (twitter, reddit, facebook, ...)");
    return STATUS_OK;
}

static enum status read_account_id(const struct config_source *source, const char *path,
                                   json_t *value, void *into) {
    struct brand_account *account = into;
    if (json_is_integer(value))
        return bad(source, path, "must be in quotes: ids are texts, long numbers would be rounded");
    return want_text(source, path, value, &account->id);
}

static enum status read_account_handle(const struct config_source *source, const char *path,
                                       json_t *value, void *into) {
    struct brand_account *account = into;
    enum status status = want_text(source, path, value, &account->handle);
    if (status == STATUS_OK && account->handle[0] == '@')
        account->handle++;
    return status;
}

static enum status read_accounts(const struct config_source *source, const char *path,
                                 json_t *value, void *into) {
    static const struct key keys[] = {OTHER_KEY("platform", read_account_platform),
                                      OTHER_KEY("id", read_account_id),
                                      OTHER_KEY("handle", read_account_handle), KEYS_END};
    struct brand *brand = into;
    if (!json_is_array(value))
        return bad(source, path, "must be a list in [ ]");
    struct brand_account *accounts = calloc(json_array_size(value) + 1, sizeof *accounts);
    if (!accounts)
        return fault_memory(source->fault);
    brand->accounts = accounts;
    for (size_t i = 0; i < json_array_size(value); i++) {
        char where[400];
        snprintf(where, sizeof where, "%s[%zu]", path, i);
        brand->account_count++;
        accounts[i].platform = PLATFORM_COUNT;
        enum status status =
            read_object(source, where, json_array_get(value, i), keys, &accounts[i]);
        if (status != STATUS_OK)
            return status;
        if (!accounts[i].id && !accounts[i].handle)
            return bad(source, where, "needs an \"id\" or a \"handle\"");
    }
    return STATUS_OK;
}

static enum status check_brand(const struct config_source *source, const char *path, size_t index) {
    struct brand *brand = &source->config->brands[index];
    if (!brand->id || !brand->id[0])
        return bad(source, path, "needs an \"id\"");
    if (strlen(brand->id) > 63)
        return bad(source, path, "has an \"id\" longer than 63 bytes");
    for (size_t i = 0; i < index; i++)
        if (strcmp(source->config->brands[i].id, brand->id) == 0)
            return bad(source, path, "has an \"id\" that another brand has already");
    if (!brand->query)
        return bad(source, path,
                   "needs a \"query\", for example \"norvia OR \\\"norvia polska\\\"\"");
    if (!brand->name)
        brand->name = brand->id;
    return STATUS_OK;
}

static enum status read_brands(const struct config_source *source, const char *path, json_t *value,
                               void *into) {
    static const struct key keys[] = {TEXT_KEY("id", struct brand, id),
                                      TEXT_KEY("name", struct brand, name),
                                      TEXT_KEY("query", struct brand, query),
                                      BOOL_KEY("inflect", struct brand, inflect),
                                      CHOICE_KEY("context", struct brand, thread, "none", "thread"),
                                      OTHER_KEY("accounts", read_accounts),
                                      KEYS_END};
    struct config *config = into;
    if (!json_is_array(value))
        return bad(source, path, "must be a list in [ ]");
    if (json_array_size(value) > BRANDS_MAX)
        return bad(source, path, "has more than 10,000 brands");
    for (size_t i = 0; i < json_array_size(value); i++) {
        char where[400];
        snprintf(where, sizeof where, "%s[%zu]", path, i);
        struct brand *brand = config_new_brand(config);
        if (!brand)
            return fault_memory(source->fault);
        enum status status = read_object(source, where, json_array_get(value, i), keys, brand);
        if (status == STATUS_OK)
            status = check_brand(source, where, config->brand_count - 1);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* -- the rest -- */

static enum status read_bucket(const struct config_source *source, const char *path, json_t *value,
                               void *into) {
    static const struct {
        const char *name;
        int32_t seconds;
    } buckets[] = {{"5min", 300},   {"10min", 600}, {"15min", 900}, {"20min", 1200},
                   {"30min", 1800}, {"1h", 3600},   {"hour", 3600}};
    struct config *config = into;
    int64_t seconds = json_integer_value(value);
    for (size_t k = 0; k < sizeof buckets / sizeof *buckets; k++)
        if (json_is_string(value) && strcmp(json_string_value(value), buckets[k].name) == 0)
            seconds = buckets[k].seconds;
    if (seconds < 300 || seconds > 3600 || 3600 % seconds != 0)
        return bad(source, path, "must be 5min, 10min, 15min, 20min, 30min or 1h");
    config->bucket_s = (int32_t)seconds;
    return STATUS_OK;
}

static enum status read_false_alarms(const struct config_source *source, const char *path,
                                     json_t *value, void *into) {
    struct config *config = into;
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= 0.05 && number <= 100))
        return bad(source, path,
                   "must be a number from 0.05 to 100 (false alarms per brand and month)");
    config->detection.false_alarms_per_month = number;
    return STATUS_OK;
}

static enum status read_engine(const struct config_source *source, const char *path, json_t *value,
                               void *into) {
    static const char *const engines[2] = {"hybrid", "rules"};
    struct config *config = into;
    bool rules = false;
    enum status status = want_choice(source, path, value, engines, &rules);
    config->engine = rules ? ENGINE_RULES : ENGINE_HYBRID;
    return status;
}

static enum status read_lexicons(const struct config_source *source, const char *path,
                                 json_t *value, void *into) {
    size_t index;
    json_t *item;
    enum status status = STATUS_OK;
    if (!json_is_array(value))
        return bad(source, path, "must be a list of paths in [ ]");
    json_array_foreach(value, index, item) {
        if (!json_is_string(item))
            return bad(source, path, "must be a list of paths in [ ]");
        if ((status = config_lexicon(into, json_string_value(item), source->fault)) != STATUS_OK)
            return status;
    }
    return status;
}

/* -- care -- */

static enum status read_care(const struct config_source *source, const char *path, json_t *value,
                             void *into) {
    struct config *config = into;
    char where[400], what[300];
    if (!json_is_object(value))
        return bad(source, path, "must be an object in { }");
    switch (config_care_read(config, path, value, where, sizeof where, what, sizeof what)) {
    case STATUS_OK:
        return STATUS_OK;
    case STATUS_REJECT:
        return bad(source, where, what);
    default:
        return fault_memory(source->fault);
    }
}

static const struct key detection_keys[] = {OTHER_KEY("false_alarms_per_month", read_false_alarms),
                                            KEYS_END};

static enum status read_ids(const struct config_source *source, const char *path, json_t *value,
                            void *into) {
    static const char *const words[] = {"keep", "hash", "drop"};
    struct config *config = into;
    for (size_t i = 0; json_is_string(value) && i < sizeof words / sizeof *words; i++)
        if (strcmp(json_string_value(value), words[i]) == 0) {
            config->ids = (enum ids_shown)(IDS_KEEP + i);
            return STATUS_OK;
        }
    return bad(source, path, "must be \"keep\", \"hash\" or \"drop\"");
}

static enum status read_private(const struct config_source *source, const char *path, json_t *value,
                                void *into) {
    static const char *const words[] = {"accounts", "off", "on"};
    struct config *config = into;
    for (size_t i = 0; json_is_string(value) && i < sizeof words / sizeof *words; i++)
        if (strcmp(json_string_value(value), words[i]) == 0) {
            config->private_messages = (enum private_messages)i;
            return STATUS_OK;
        }
    return bad(source, path, "must be \"accounts\", \"off\" or \"on\"");
}

static enum status read_smallest_cell(const struct config_source *source, const char *path,
                                      json_t *value, void *into) {
    struct config *config = into;
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 1 || number > 1000)
        return bad(source, path, "must be a whole number from 1 (every count is shown) to 1000");
    config->smallest_cell = (int32_t)number;
    config->cells_of_care = true;
    return STATUS_OK;
}

static const struct key privacy_keys[] = {
    CHOICE_KEY("authors", struct config, plain_authors, "pseudonym", "plain"),
    CHOICE_KEY("text", struct config, keep_text, "drop", "keep"),
    CHOICE_KEY("deleted", struct config, drop_deleted, "count", "drop"),
    OTHER_KEY("private", read_private),
    OTHER_KEY("ids", read_ids),
    OTHER_KEY("smallest_cell", read_smallest_cell),
    TEXT_KEY("key_file", struct config, key_file),
    KEYS_END};

static const struct key input_keys[] = {
    TEXT_KEY("match", struct input_settings, match),
    TEXT_KEY("timezone", struct input_settings, timezone),
    BOOL_KEY("day_first", struct input_settings, day_first),
    BOOL_KEY("month_first", struct input_settings, month_first),
    TEXT_KEY("since", struct input_settings, since),
    TEXT_KEY("until", struct input_settings, until),
    TEXT_KEY("mapping", struct input_settings, mapping_path),
    TEXT_KEY("mapping_sha256", struct input_settings, mapping_digest),
    TEXT_KEY("format", struct input_settings, format),
    KEYS_END};

static enum status read_input(const struct config_source *source, const char *path, json_t *value,
                              size_t index, size_t count) {
    struct input_settings *input = config_new_input(source->config);
    if (!input)
        return fault_memory(source->fault);
    enum status status = read_object(source, path, value, input_keys, input);
    if (status == STATUS_OK && !input->match && index + 1 < count)
        return bad(source, path, "has no \"match\", so it is for every input and must come last");
    return status;
}

/* An object for every input, or a list of objects of which the first that matches counts. */
static enum status read_inputs(const struct config_source *source, const char *path, json_t *value,
                               void *into) {
    enum status status = STATUS_OK;
    (void)into;
    if (!json_is_array(value))
        return read_input(source, path, value, 0, 1);
    for (size_t i = 0; i < json_array_size(value) && status == STATUS_OK; i++) {
        char where[400];
        snprintf(where, sizeof where, "%s[%zu]", path, i);
        status = read_input(source, where, json_array_get(value, i), i, json_array_size(value));
    }
    return status;
}

static const struct key report_keys[] = {TEXT_KEY("title", struct config, report.title),
                                         TEXT_KEY("client", struct config, report.client),
                                         TEXT_KEY("author", struct config, report.author),
                                         KEYS_END};

static const struct key config_keys[] = {
    OTHER_KEY("brands", read_brands),
    TEXT_KEY("timezone", struct config, timezone),
    OTHER_KEY("bucket", read_bucket),
    OBJECT_KEY("detection", detection_keys),
    OBJECT_KEY("privacy", privacy_keys),
    OBJECT_KEY("report", report_keys),
    OTHER_KEY("care", read_care),
    TEXT_KEY("identities", struct config, identities),
    TEXT_KEY("identities_sha256", struct config, identities_digest),
    TEXT_KEY("memory", struct config, memory),
    OTHER_KEY("engine", read_engine),
    OTHER_KEY("lexicons", read_lexicons),
    OTHER_KEY("input", read_inputs),
    KEYS_END};

enum status config_parse(struct config *config, struct span text, const char *name,
                         struct fault *fault) {
    json_error_t error;
    struct config_source source = {config, text, name, fault};
    json_t *root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "%s:%d: column %d: %s", name, error.line,
                         error.column, error.text);
    enum status status = read_object(&source, "", root, config_keys, config);
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
