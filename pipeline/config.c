#include "pipeline/config.h"

#include "pipeline/config_care.h"

#include "stages/common/files.h"

#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_BYTES_MIN = 16, SMALLEST_CELL = 5 };

void config_init(struct config *config) {
    *config = (struct config){.timezone = "Europe/Warsaw",
                              .bucket_s = 300,
                              .detection = detect_options_default(),
                              .keep_text = true,
                              .smallest_cell = SMALLEST_CELL,
                              .care = care_settings_default()};
}

void config_release(struct config *config) {
    for (size_t i = 0; i < config->brand_count; i++)
        free((void *)config->brands[i].accounts);
    free(config->brands);
    free(config->lexicons);
    free(config->identity);
    zone_release(&config->zone);
    for (size_t i = 0; i < config->input_count; i++) {
        zone_release(&config->inputs[i].zone);
        mapping_free(config->inputs[i].mapping);
    }
    free(config->inputs);
    arena_release(&config->arena);
}

const char *config_keep(struct config *config, const char *text) {
    return arena_copy(&config->arena, span_of(text)).at;
}

struct brand *config_new_brand(struct config *config) {
    if (config->brand_count == config->brand_cap) {
        size_t cap = config->brand_cap ? config->brand_cap * 2 : 8;
        struct brand *brands = realloc(config->brands, cap * sizeof *brands);
        if (!brands)
            return NULL;
        config->brands = brands;
        config->brand_cap = cap;
    }
    config->brands[config->brand_count] = (struct brand){.inflect = true};
    return &config->brands[config->brand_count++];
}

struct input_settings *config_new_input(struct config *config) {
    struct input_settings *inputs =
        realloc(config->inputs, (config->input_count + 1) * sizeof *inputs);
    if (!inputs)
        return NULL;
    config->inputs = inputs;
    inputs[config->input_count] = (struct input_settings){0};
    return &inputs[config->input_count++];
}

enum status config_lexicon(struct config *config, const char *path, struct fault *fault) {
    const char **lexicons =
        realloc(config->lexicons, (config->lexicon_count + 1) * sizeof *lexicons);
    if (!lexicons)
        return fault_memory(fault);
    config->lexicons = lexicons;
    lexicons[config->lexicon_count] = config_keep(config, path);
    return lexicons[config->lexicon_count++] ? STATUS_OK : fault_memory(fault);
}

enum status config_brand(struct config *config, const char *spec, struct fault *fault) {
    const char *equals = strchr(spec, '=');
    if (!equals || equals == spec || !equals[1] || equals - spec > 63)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "-b wants ID=QUERY, for example -b norvia='norvia OR \"norvia polska\"'; "
                         "got \"%.100s\"",
                         spec);
    struct span id = arena_copy(&config->arena, (struct span){spec, (size_t)(equals - spec)});
    const char *query = config_keep(config, equals + 1);
    if (!id.at || !query)
        return fault_memory(fault);
    for (size_t i = 0; i < config->brand_count; i++) {
        if (strcmp(config->brands[i].id, id.at) == 0) {
            config->brands[i].query = query;
            return STATUS_OK;
        }
    }
    struct brand *brand = config_new_brand(config);
    if (!brand)
        return fault_memory(fault);
    brand->id = brand->name = id.at;
    brand->query = query;
    return STATUS_OK;
}

/* ---- checking ---- */

static enum status read_limit(const struct config *config, const struct input_settings *input,
                              const char *text, const char *name, int64_t *us,
                              struct fault *fault) {
    struct moment moment;
    if (!text)
        return STATUS_OK;
    if (!when_parse(span_of(text), input->day_first, &moment))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "%s \"%.60s\" is no date; write 2023-03-01 or 2023-03-01T12:00:00Z", name,
                         text);
    *us = moment.us;
    if (moment.naive)
        *us = zone_to_utc(&config->zone, floor_div(moment.us, US_PER_S)) * US_PER_S;
    return STATUS_OK;
}

static enum status load_mapping(struct config *config, struct input_settings *input,
                                struct fault *fault) {
    struct buf text;
    unsigned char sum[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    if (!input->mapping_path)
        return STATUS_OK;
    enum status status = mapping_read(&input->mapping, input->mapping_path, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&text, CONFIG_MAX_BYTES);
    status = file_read(input->mapping_path, &text, fault);
    digest_of(buf_as_span(&text), sum);
    digest_hex(sum, hex);
    input->mapping_digest = config_keep(config, hex);
    buf_release(&text);
    return status;
}

/* The settings that name a reading, in canonical form. A window is named by its moments, since a
 * date depends on the configuration's time zone. */
static enum status name_reading(struct config *config, struct input_settings *input,
                                struct fault *fault) {
    const struct reading *reading = &input->reading;
    json_t *root = json_object();
    if (input->timezone)
        json_object_set_new(root, "timezone", json_string(input->timezone));
    if (input->day_first || input->month_first)
        json_object_set_new(root, input->day_first ? "day_first" : "month_first", json_true());
    if (input->since)
        json_object_set_new(root, "since_us", json_integer(reading->since_us));
    if (input->until)
        json_object_set_new(root, "until_us", json_integer(reading->until_us));
    if (input->mapping_digest)
        json_object_set_new(root, "mapping_sha256", json_string(input->mapping_digest));
    if (input->format)
        json_object_set_new(root, "format", json_string(input->format));
    /* what follows from settings of the audit */
    if (config->private_messages != PRIVATE_OF_ACCOUNTS)
        json_object_set_new(root, "private", json_boolean(config->private_messages == PRIVATE_ON));
    if (!reading->decode.poland)
        json_object_set_new(root, "poland", json_false());
    char *text = json_object_size(root) ? json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    bool named = text || (root && !json_object_size(root));
    input->reading.text = text ? config_keep(config, text) : "";
    json_decref(root);
    free(text);
    return named && input->reading.text ? STATUS_OK : fault_memory(fault);
}

static enum status finish_input(struct config *config, struct input_settings *input,
                                struct fault *fault) {
    struct reading *reading = &input->reading;
    enum status status = STATUS_OK;
    reading->since_us = INT64_MIN;
    reading->until_us = INT64_MAX;
    if (input->timezone)
        status = zone_open(&input->zone, input->timezone, fault);
    if (status == STATUS_OK)
        status = read_limit(config, input, input->since, "--since", &reading->since_us, fault);
    if (status == STATUS_OK)
        status = read_limit(config, input, input->until, "--until", &reading->until_us, fault);
    if (status == STATUS_OK && reading->since_us >= reading->until_us)
        status = fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                           "no time lies between --since \"%.40s\" and --until \"%.40s\"",
                           input->since, input->until);
    if (status == STATUS_OK)
        status = load_mapping(config, input, fault);
    reading->decode = decode_options_default();
    reading->decode.zone = input->timezone ? &input->zone : NULL;
    reading->decode.poland = strcmp(config->timezone, "Europe/Warsaw") == 0 ? &config->zone : NULL;
    reading->accounts_only = config->private_messages == PRIVATE_OF_ACCOUNTS;
    reading->decode.private_messages = config->private_messages != PRIVATE_OFF;
    if (input->day_first || input->month_first)
        reading->decode.order = input->day_first ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
    reading->decode.format = input->format;
    reading->decode.mapping = input->mapping;
    return status == STATUS_OK ? name_reading(config, input, fault) : status;
}

/* A pattern is of the file's name, of its label, or of its label behind the name of the folder that
 * holds all inputs. */
static bool input_matches(const char *pattern, const struct input_path *path) {
    const char *slash = strrchr(path->label, '/'), *from = path->full;
    size_t full = strlen(path->full), label = strlen(path->label);
    if (fnmatch(pattern, path->label, 0) == 0 ||
        fnmatch(pattern, slash ? slash + 1 : path->label, 0) == 0)
        return true;
    if (full <= label + 1 || strcmp(path->full + full - label, path->label) != 0)
        return false;
    from += full - label - 1;
    while (from > path->full && from[-1] != '/')
        from--;
    return fnmatch(pattern, from, 0) == 0;
}

const struct reading *config_reading(const struct config *config, const struct input_path *path) {
    size_t i = 0;
    /* the last entry is there for every input */
    while (i + 1 < config->input_count && config->inputs[i].match &&
           !input_matches(config->inputs[i].match, path))
        i++;
    return &config->inputs[i].reading;
}

static bool has_control(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

static enum status check_brands(const struct config *config, struct fault *fault) {
    if (!config->brand_count)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "no brand to look for: give -b ID=QUERY, for example -b norvia=norvia, or "
                         "-c CONFIG.json (burza init writes one to start from)");
    for (size_t i = 0; i < config->brand_count; i++) {
        const struct brand *brand = &config->brands[i];
        /* the command line may hold any bytes; settings, shards and audits hold text */
        if (!text_is_whole(brand->id) || !text_is_whole(brand->name) ||
            !text_is_whole(brand->query))
            return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                             "the brand \"%.63s\" is not written in UTF-8; check the terminal's "
                             "encoding, or put it into a configuration file",
                             brand->id);
        if (has_control(brand->id) || has_control(brand->name))
            return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                             "the id and name of the brand \"%.63s\" may hold no line break, tab "
                             "or other control character",
                             brand->id);
    }
    return STATUS_OK;
}

/* Read now rather than after hours of scanning. */
static enum status load_key(struct config *config, struct fault *fault) {
    struct buf key;
    if (!config->key_file)
        return STATUS_OK;
    buf_init(&key, CONFIG_MAX_BYTES);
    enum status status = file_read(config->key_file, &key, fault);
    if (status == STATUS_OK && key.len < KEY_BYTES_MIN)
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "the key file \"%s\" holds %zu bytes; so short a key can be guessed: "
                           "fill it with at least %d, for example from /dev/urandom",
                           config->key_file, key.len, KEY_BYTES_MIN);
    digest_of(buf_as_span(&key), config->key);
    buf_release(&key);
    return status;
}

enum status config_finish(struct config *config, struct fault *fault) {
    enum status status = check_brands(config, fault);
    if (status == STATUS_OK)
        status = zone_open(&config->zone, config->timezone, fault);
    bool all = config->input_count && !config->inputs[config->input_count - 1].match;
    if (status == STATUS_OK && !all && !config_new_input(config))
        status = fault_memory(fault);
    for (size_t i = 0; i < config->input_count && status == STATUS_OK; i++)
        status = finish_input(config, &config->inputs[i], fault);
    if (status == STATUS_OK)
        status = load_key(config, fault);
    return status == STATUS_OK ? config_identities(config, fault) : status;
}

/* ---- writing ---- */

/* What is looked for in all dumps, and how it is scored. */
static json_t *scan_json(const struct config *config) {
    json_t *brands = json_array();
    for (size_t i = 0; i < config->brand_count; i++) {
        const struct brand *brand = &config->brands[i];
        json_t *accounts = json_array();
        for (size_t k = 0; k < brand->account_count; k++) {
            const struct brand_account *account = &brand->accounts[k];
            json_t *object = json_object();
            if (account->platform != PLATFORM_COUNT)
                json_object_set_new(object, "platform",
                                    json_string(platform_name(account->platform)));
            if (account->id)
                json_object_set_new(object, "id", json_string(account->id));
            if (account->handle)
                json_object_set_new(object, "handle", json_string(account->handle));
            json_array_append_new(accounts, object);
        }
        json_t *object =
            json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "id", brand->id, "name", brand->name,
                      "query", brand->query, "inflect", brand->inflect, "context",
                      brand->thread ? "thread" : "none", "accounts", accounts);
        if (json_array_append_new(brands, object) != 0) {
            json_decref(brands);
            return NULL;
        }
    }
    return json_pack("{s:o, s:s}", "brands", brands, "engine",
                     config->engine == ENGINE_RULES ? "rules" : "hybrid");
}

/* One object where it is for every input, else a list of them. */
static json_t *inputs_json(const struct config *config) {
    json_t *list = json_array();
    for (size_t i = 0; i < config->input_count; i++) {
        const struct input_settings *input = &config->inputs[i];
        json_array_append_new(list, json_pack("{s:s*, s:s*, s:b, s:o*, s:s*, s:s*, s:s*, s:s*}",
                                              "match", input->match, "timezone", input->timezone,
                                              "day_first", input->day_first, "month_first",
                                              input->month_first ? json_true() : NULL, "since",
                                              input->since, "until", input->until, "mapping_sha256",
                                              input->mapping_digest, "format", input->format));
    }
    if (json_array_size(list) != 1)
        return list;
    json_t *only = json_incref(json_array_get(list, 0));
    json_decref(list);
    return only;
}

/* A path that means the same in every folder. */
static json_t *path_json(const char *path) {
    char *whole = realpath(path, NULL);
    json_t *text = json_string(whole ? whole : path);
    free(whole);
    return text;
}

enum status config_text(const struct config *config, enum config_part part, struct buf *out,
                        struct fault *fault) {
    json_t *root = scan_json(config);
    if (!root)
        return fault_memory(fault);
    if (part == CONFIG_WHOLE)
        json_object_set_new(root, "input", inputs_json(config));
    if (part != CONFIG_SCAN) {
        static const char *const private_words[] = {NULL, "off", "on"};
        json_t *privacy = json_pack("{s:s, s:s, s:s, s:s*}", "authors",
                                    config->plain_authors ? "plain" : "pseudonym", "text",
                                    config->keep_text ? "keep" : "drop", "deleted",
                                    config->drop_deleted ? "drop" : "count", "private",
                                    private_words[config->private_messages]);
        static const char *const ids[] = {NULL, "keep", "hash", "drop"};
        if (config->ids != IDS_OF_POSTS)
            json_object_set_new(privacy, "ids", json_string(ids[config->ids]));
        if (config->cells_of_care)
            json_object_set_new(privacy, "smallest_cell", json_integer(config->smallest_cell));
        if (part == CONFIG_WHOLE && config->key_file)
            json_object_set_new(privacy, "key_file", path_json(config->key_file));
        json_object_set_new(root, "timezone", json_string(config->timezone));
        json_object_set_new(root, "bucket", json_integer(config->bucket_s));
        json_object_set_new(
            root, "detection",
            json_pack("{s:f}", "false_alarms_per_month", config->detection.false_alarms_per_month));
        json_object_set_new(root, "privacy", privacy);
        if (config->report.title || config->report.client || config->report.author)
            json_object_set_new(root, "report",
                                json_pack("{s:s*, s:s*, s:s*}", "title", config->report.title,
                                          "client", config->report.client, "author",
                                          config->report.author));
        json_object_set_new(root, "care", config_care_json(&config->care));
        if (config->identities_digest)
            json_object_set_new(root, "identities_sha256", json_string(config->identities_digest));
    }
    if (part == CONFIG_WHOLE && config->identities)
        json_object_set_new(root, "identities", path_json(config->identities));
    if (part == CONFIG_WHOLE && config->memory)
        json_object_set_new(root, "memory", json_string(config->memory));
    if (part == CONFIG_WHOLE) {
        json_t *lexicons = json_array();
        for (size_t i = 0; i < config->lexicon_count; i++)
            json_array_append_new(lexicons, path_json(config->lexicons[i]));
        json_object_set_new(root, "lexicons", lexicons);
    }
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(root);
    if (!text)
        return fault_memory(fault);
    buf_text(out, text);
    buf_char(out, '\n');
    free(text);
    return out->failed ? fault_memory(fault) : STATUS_OK;
}
